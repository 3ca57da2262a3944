"""Every class of contract once: how one is made, what can befall it, how it ends, and what its bills add up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from carousel.contracts.backstop import Backstop
from carousel.contracts.bond import FACE_CENTS, Bond, BondTerms
from carousel.contracts.bond_book import Bonds
from carousel.contracts.build_plan import BuildPlan
from carousel.contracts.capacity_terms import CapacityTerms
from carousel.contracts.capital_call import CallTerms, CapitalCall
from carousel.contracts.chip_order import ChipOrder
from carousel.contracts.compute import ComputeContract
from carousel.contracts.convertible import Convertible
from carousel.contracts.equity_ticket import EquityTicket
from carousel.contracts.flotation import Flotation, offer_of, plan
from carousel.contracts.guarantee import Guarantee
from carousel.contracts.guidance import Guidance
from carousel.contracts.lease_vehicle import LeaseVehicle
from carousel.contracts.line_choice import LineChoice
from carousel.contracts.milestone import MilestoneInvestment, TrancheChoice, tranche_cents
from carousel.contracts.phase import Phase
from carousel.contracts.promised import PublicContract
from carousel.contracts.purchases import Purchases
from carousel.contracts.revolving_line import RevolvingLine
from carousel.contracts.vendor_loan import VendorLoan
from carousel.contracts.warrant import Warrant
from carousel.engine.calendar import DAYS_PER_MONTH
from carousel.ledger.causes import Cause
from carousel.ledger.registers import SecurityKind
from carousel.scenarios import schema, schema_deals, schema_options, schema_vendor

from .conftest import notary, promise

PARTIES = ("Lab", "Cloud", "Maker", "Fund")
LAB, CLOUD, MAKER, FUND = range(4)
SHARE_CENTS = 7_001
SUPPLY = schema.ChipSupply(
    name="Chips", buyer="Cloud", supplier="Maker", chips_usd_per_gw=3.333e9 + 0.07, other_usd_per_gw=1.7e9 + 0.01
)
Made = Any
"""A contract whose class is known to its case alone."""


@dataclass(frozen=True)
class Case:
    """One class; `parts` brings a fresh one to what it asks for, and returns the parts and what they must add up to."""

    make: Callable[[Any], Made]
    parts: Callable[[Made, Any], tuple[list[int], int]] = lambda contract, desk: ([], 0)
    befalls: tuple[Callable[[Made], object], ...] = ()
    ends: tuple[Callable[[Made, Any], object], ...] = ()


def desk():
    """A notary with books that know four parties, and a lab's share."""
    made = notary()
    for name in PARTIES:
        made.books.journal.open_inside(name)
    made.books.registers.open_security("Lab", SecurityKind.PRIVATE)
    return made


def month(contract, at):
    """A month passes; its bills are entered and returned."""
    for _ in range(DAYS_PER_MONTH):
        at.clock.tick()
    bills = list(contract.due_on(at.clock.day) if isinstance(contract, Bond) else contract.due())
    for bill in bills:
        at.bills.add(bill)
    return bills


def pay(contract, at, cents=None):
    """Its first open bill is paid, whole unless a sum is named."""
    for bill in at.bills.due[:1]:
        paid = bill.cents if cents is None else min(cents, bill.cents)
        bill.pay(paid)
        contract.on_cash(bill, paid)
        contract.on_settled(bill, paid, paid)
        if not bill.cents:
            contract.on_paid(bill)
    at.bills.drop_paid()


def late(contract, at):
    """Its first open bill is not paid."""
    for bill in at.bills.due[:1]:
        bill.run_late(bill.cents)
        contract.on_late(bill, 1.0)


def made(case):
    """A contract of a class, public where that can be, and its desk."""
    at = desk()
    contract = case.make(at)
    if isinstance(contract, PublicContract):
        contract.known_from_start()
    return contract, at


def _terms(**facts):
    base = {
        "customer": "Lab", "customer_account": LAB, "provider": "Cloud", "provider_account": CLOUD,
        "price_usd_per_mw_year": 10_000.01, "build_gw_per_year_max": 1.5, "build_months": 7, "first_service_month": 0,
        "net_margin": 0.1, "term_months": 6, "supplies": (SUPPLY,),
    }  # fmt: skip
    return CapacityTerms(**(base | facts))


def _compute(at):
    return ComputeContract(at, promise(), 0.0, _terms(), delivered_mw=333)


def _plan(at):
    plan = schema_vendor.BuildPlan(
        name="Plan", provider="Cloud", capacity_gw=4.0, price_usd_per_gw_year=1e9, net_margin=0.2, demand_gw=1.0,
        demand_growth_per_year=0.3, delivered_gw=0.5,
    )  # fmt: skip
    mine = promise(name="Plan", payer="Cloud", payee="Cloud")
    return BuildPlan(at, mine, 0.0, _terms(customer="Cloud", customer_account=CLOUD), plan=plan)


def _milestone(at):
    terms = schema_deals.MilestoneInvestment(
        name="Letter", investor="Maker", investee="Lab", amount_usd_per_gw=1e9 + 0.01, capacity_gw=2.5
    )
    mine = promise(payer="Maker", payee="Lab", beneficiary="Maker", announced_cents=250_000_000_003)
    return MilestoneInvestment(at, mine, 0.0, terms)


def _ticket(at):
    terms = schema_deals.EquityTicket(
        name="Ticket", investor="Maker", investee="Lab", amount_usd=1e6, closes=date(2025, 11, 1)
    )
    issuer = SimpleNamespace(security=0, account=LAB, price_cents=SHARE_CENTS)
    mine = promise(name="Ticket", payer="Maker", payee="Lab", beneficiary="Maker", announced_cents=10**8)
    return EquityTicket(at, mine, 0.0, terms, issuer=issuer)


def _warrant(at):
    at.books.registers.open_security("Maker", SecurityKind.SHARE)
    terms = schema_options.Warrant(
        name="Warrant", grantor="Maker", holder="Lab", shares=1_000, strike_usd=0.03, tranches=3, capacity_gw=2.5,
        first_price_usd=10.0, last_price_usd=70.0, expires=date(2026, 7, 1),
    )  # fmt: skip
    issuer = SimpleNamespace(security=1, account=MAKER, price_cents=SHARE_CENTS, share_volatility_per_year=0.4)
    mine = promise(name="Warrant", payer="Maker", payee="Lab", beneficiary="Maker", announced_cents=7_000_000)
    return Warrant(at, mine, 0.0, terms, issuer=issuer)


def _convertible(at):
    registers = at.books.registers
    registers.open_security("Maker", SecurityKind.SHARE)
    terms = schema_options.Convertible(
        name="Notes", issuer="Maker", holder="Fund", amount_usd=1e6, coupon_per_year=0.01, premium_share=0.1,
        called_above_share=0.5, closes=date(2025, 10, 1),
    )  # fmt: skip
    issuer = SimpleNamespace(
        name="Maker", security=1, account=MAKER, price_cents=SHARE_CENTS, share_volatility_per_year=0.4
    )
    mine = promise(name="Notes", payer="Fund", payee="Maker", beneficiary="Maker", announced_cents=10**8)
    return Convertible(at, mine, 0.0, terms, issuer=issuer, bonds=Bonds(registers))


def place(contract, at):
    """What it offers is bought by the fund."""
    offer, registers = contract.notes_offered(), at.books.registers
    if offer is None:
        return
    security = registers.open_security(f"Notes {registers.n_securities}", SecurityKind.BOND)
    terms = BondTerms(
        name="Notes", issuer=offer.issuer, issuer_account=offer.account, security=security, luck="Notes",
        coupon_per_year=offer.coupon_per_year, maturity_day=offer.maturity_day, issue_day=at.clock.day,
        contract=contract.number, is_traded=False, right=offer.right,
    )  # fmt: skip
    notes = contract._bonds.enter(terms)
    registers.issue(security, FUND, offer.cents // FACE_CENTS)
    contract.notes_placed(notes)


def _vehicle(at):
    terms = schema_vendor.LeaseVehicle(
        name="Rented", vehicle="Fund", lessee="Cloud", lender="Maker", limit_usd=1e7, spread_per_year=0.03, years=0.5,
    )  # fmt: skip
    mine = promise(name="Rented", payer="Cloud", payee="Fund", beneficiary="Cloud", announced_cents=10**9)
    lender = SimpleNamespace(means_cents=10**12)
    return LeaseVehicle(at, mine, 0.0, terms, lender=lender, bonds=Bonds(at.books.registers))


def _chips_come(contract, at, cents=10**8 + 7):
    """Chips of so many cents stand in the cloud's halls."""
    contract.taken_cents += cents
    contract.plant.chips.enter(cents, at.clock.day, 1386)
    contract.chips_arrived(_compute(at), cents)


def _let(contract, at):
    """Six level rents of a month and a tenth of the price at the end: at the rate of the rent, what chips have cost."""
    _chips_come(contract, at)
    parts = [bill.cents for _ in range(6) for bill in month(contract, at)]
    growth = 1 + (at.rules.riskless_rate_per_year + 0.03 + 0.0025) / 12
    cost, residual = 10**8 + 7, 10**7
    rent = (cost - residual * growth**-6) / sum(growth**-k for k in range(1, 7))
    return parts, round(6 * rent) + residual


def _backstop(at):
    terms = schema_vendor.Backstop(
        name="Backstop", backer="Maker", cloud="Cloud", limit_usd=123_456.78, expires=date(2027, 3, 1)
    )
    idle = SimpleNamespace(relet_mw=77, terms=SimpleNamespace(price_usd_per_mw_year=10_000.01))
    mine = promise(name="Backstop", payer="Maker", payee="Cloud", beneficiary="Cloud", announced_cents=12_345_678)
    return Backstop(at, mine, 0.0, terms, builder=SimpleNamespace(contracts=[idle]))


def _listing(at):
    terms = schema_options.Flotation(name="Listing", lab="Lab", lock_up_months=3)
    return Flotation(at, plan(terms).promise, 0.0, terms)


def _place(contract):
    """It is listed, unless it is already."""
    if contract.is_alive and not contract.is_listed:
        contract.placed(offer_of(7.77e12, 999, 0.1, 0.2), 123)


def _sold(contract, at):
    """What is sold is announced, committed and paid at once; no bill comes."""
    _place(contract)
    bills = [bill.cents for _ in range(4) for bill in month(contract, at)]
    return [*bills, contract.paid_cents], contract.promise.announced_cents


def _lock_up_over(contract, at):
    _place(contract)
    for _ in range(4):
        month(contract, at)


def _standby(at):
    terms = schema_deals.RevolvingLine(name="Standby", lender="Fund", borrower="Cloud", limit_usd=1e6)
    mine = promise(name="Standby", payer="Fund", payee="Cloud", beneficiary="", announced_cents=10**8)
    return RevolvingLine(at, mine, 0.0, terms)


def _draw_note(contract):
    """A note of 123,000 USD, as far as there is room."""
    registers = contract._notary.books.registers
    units = min(123, contract.room_cents(0.02) // FACE_CENTS)
    if not units:
        return
    security = registers.open_security(f"Note {registers.n_securities}", SecurityKind.BOND)
    registers.issue(security, FUND, units)
    terms = BondTerms(
        name="Note", issuer="Cloud", issuer_account=CLOUD, security=security, coupon_per_year=0.05,
        maturity_day=contract.maturity_day, luck="Note",
    )  # fmt: skip
    contract.drawn(Bond(terms, registers))


def _drawn_twice(contract, at):
    """What is drawn and what is left are the limit."""
    _draw_note(contract)
    _draw_note(contract)
    return [contract.drawn_cents, contract.room_cents(0.02)], 10**8


def _loan(at):
    terms = schema_vendor.VendorLoan(
        name="Line", lender="Maker", borrower="Cloud", committed_usd=1e6, drawn_usd=10_000.03, financed_share=0.5,
        spread_per_year=0.03, draw_months=2, repayment_months=7,
    )  # fmt: skip
    return VendorLoan(at, promise(name="Line", payer="Maker", payee="Cloud", announced_cents=10**8), 0.0, terms)


def _purchases(at):
    terms = schema_vendor.Customer(
        name="Buys", buyer="Cloud", supplier="Maker", purchases_usd_per_year=1e6, revenue_usd_per_year=9e5,
        growth_per_year=0.1, hazard_per_year=0.05,
    )  # fmt: skip
    return Purchases(at, terms, net_margin=0.2, in_own_earnings=1.0)


def _bought(contract, at):
    """Bills add up to what is bought; a twelfth of a year's purchases is wanted at first."""
    contract.buy(7)
    contract.buy(contract.wanted_cents() - 7)
    return [bill.cents for bill in at.bills.due], round(10**8 / 12)


def _guarantee(at):
    return Guarantee(at, schema_vendor.Guarantee(name="Surety", guarantor="Maker", issuer="Cloud", limit_usd=100.0))


def _call(at):
    return CapitalCall(
        CallTerms(
            investor="Fund",
            investor_account=FUND,
            lab="Lab",
            cents=10**7,
            price_cents=SHARE_CENTS,
            announcement=-1,
            deadline_month=6,
        )
    )


def _bond(at):
    registers = at.books.registers
    security = registers.open_security("Series", SecurityKind.BOND)
    for account, units in ((FUND, 7), (MAKER, 4)):
        registers.issue(security, account, units)
    terms = BondTerms(
        name="Series", issuer="Cloud", issuer_account=CLOUD, security=security, coupon_per_year=0.0517,
        maturity_day=3 * DAYS_PER_MONTH, luck="Series",
    )  # fmt: skip
    return Bond(terms, registers)


def _building(contract, at):
    """A phase of odd size is billed month by month and equipped in three deliveries."""
    phase = Phase(megawatts=127, start_month=0, order_month=1, service_month=7)
    contract.start(phase)
    whole = contract.construction_cents(phase) + contract.chips_left_cents(phase)
    for _ in range(phase.months):
        contract.bill_construction(phase, MAKER)
    contract.order(phase)
    for megawatts in (50, 13, 64):
        contract.deliver(phase, megawatts, [(SUPPLY, MAKER)])
    return [bill.cents for bill in at.bills.due], whole


def _closing(contract, at):
    """The whole sum in whole shares."""
    parts = [bill.cents for _ in range(6) for bill in month(contract, at)]
    return parts, 10**8 // SHARE_CENTS * SHARE_CENTS


def _vesting(contract, at):
    """All the capacity is there, tranche by tranche, at a price above the last threshold."""
    parts = []
    for megawatts in (900.0, 0.0, 800.0, 800.0):
        contract.deploy(megawatts)
        parts += [bill.cents for bill in month(contract, at)]
    return parts, 3 * 1_000


def _converted(contract, at):
    """A share is dear enough for the issuer to call: what becomes shares and what is left in cash are the face."""
    month(contract, at)
    place(contract, at)
    contract._issuer.price_cents = 11_552
    month(contract, at)
    set_off = [cents for (payer, _, _), cents in at.bills.set_off.items() if payer == MAKER]
    return set_off + [bill.cents for bill in at.bills.due], 10**8


def _used_up(contract, at):
    """Month by month what stands idle, in the end what is left of the limit."""
    parts = []
    while contract.is_alive:
        parts += [bill.cents for bill in month(contract, at)]
        while at.bills.due:
            pay(contract, at, cents=100_000)
    return parts, 12_345_678


def _exercised(contract, at):
    _vesting(contract, at)
    while at.bills.due:
        pay(contract, at, cents=1_000)


def _repaying(contract, at):
    """What is drawn at the end of the draws comes back in instalments."""
    contract.begin_draw()
    contract.draw(3_333_331)
    owed, parts = contract.outstanding_cents, []
    for _ in range(12):
        parts += [bill.cents for bill in month(contract, at) if bill.cause is Cause.VENDOR_REPAYMENT]
        while at.bills.due:
            pay(contract, at)
    return parts, owed


def _repaid(contract, at):
    _repaying(contract, at)
    contract.end_if_repaid()


def _draw(contract):
    if contract.undrawn_cents:
        contract.draw(min(999, contract.undrawn_cents))


def _called(contract, at):
    """Three bondholders call more than the limit."""
    left = contract.call({FUND: 5_003, CLOUD: 4_999, LAB: 3_001})
    return [bill.cents for bill in at.bills.due] + list(left.values()), 5_003 + 4_999 + 3_001


def _answered(contract, at):
    """What was called is paid."""
    _called(contract, at)
    while at.bills.due:
        pay(contract, at)


def _matured(contract, at):
    """From maturity on the face of every unit falls due."""
    bills = [bill for _ in range(3) for bill in month(contract, at)]
    return [bill.cents for bill in bills if bill.cause is Cause.MATURITY], 11 * FACE_CENTS


def _tranches(contract, at):
    """Two and a half GW: two whole tranches and a half."""
    return [tranche_cents(contract.terms, number) for number in range(3)], 250_000_000_003 - 1


def _paid_call(contract, at):
    """Two payments for whole shares, and a rest that buys none."""
    shares = contract.left_cents // SHARE_CENTS
    for part in (shares // 3, shares - shares // 3):
        contract.pay(part * SHARE_CENTS)
    return [shares * SHARE_CENTS, contract.left_cents], 10**7


def _term_over(contract, at):
    for _ in range(contract.terms.term_months):
        month(contract, at)


def _subscribed(contract, at):
    for _ in range(6):
        month(contract, at)
        pay(contract, at, cents=12_345)
        pay(contract, at)


def _complete(contract, at):
    for _ in range(3):
        contract.decide()
        contract.tranche_paid(contract.due_cents, TrancheChoice.PAY)
    contract.end_if_complete()


def _start_and_serve(contract):
    phase = Phase(megawatts=11, start_month=0, order_month=0, service_month=1)
    contract.start(phase)
    contract.put_into_service(phase)


CAPACITY = (_start_and_serve, lambda c: c.month_begins(), lambda c: c.close(), lambda c: c.building_slows())
CASES: dict[type, Case] = {
    ComputeContract: Case(
        _compute, _building, (*CAPACITY, lambda c: c.renegotiate(), lambda c: c.lose_customer()),
        (_term_over, lambda c, at: c.lose_customer()),
    ),
    BuildPlan: Case(_plan, _building, (*CAPACITY, lambda c: c.serve_today(), lambda c: c.covered(0.5))),
    MilestoneInvestment: Case(
        _milestone, _tranches,
        (lambda c: c.deploy(400.0), lambda c: c.tranche_paid(7, TrancheChoice.CUT), lambda c: c.decide(),
         lambda c: c.end_if_complete(), lambda c: c.end(9)),
        (_complete, lambda c, at: c.end(9)),
    ),
    ChipOrder: Case(
        lambda at: ChipOrder(at, "Cloud", "Maker", 1.0), befalls=(lambda c: c.reprice(10**9, 0.5, 25.0),),
        ends=(lambda c, at: c.on_default("Cloud"),),
    ),
    VendorLoan: Case(
        _loan, _repaying,
        (lambda c: c.begin_draw(), _draw, lambda c: c.review(LineChoice.CUT),
         lambda c: c.review(LineChoice.HOLD), lambda c: c.review(LineChoice.WITHDRAW), lambda c: c.end_if_repaid()),
        (_repaid, lambda c, at: c.review(LineChoice.WITHDRAW)),
    ),
    Purchases: Case(
        _purchases, _bought, (lambda c: c.buy(5_000), lambda c: c.fails(1.0)),
        (lambda c, at: c.on_default("Cloud"),),
    ),
    Guarantee: Case(
        _guarantee, _called, (lambda c: c.call({FUND: 7}),),
        (_answered, lambda c, at: c.on_default("Maker"), lambda c, at: c.on_default("Cloud")),
    ),
    Guidance: Case(lambda at: Guidance(at, promise(payer="Cloud"), 0.0), ends=(lambda c, at: c.on_default("Cloud"),)),
    EquityTicket: Case(_ticket, _closing, ends=(_subscribed,)),
    Warrant: Case(
        _warrant, _vesting, (lambda c: c.deploy(900.0), lambda c: c.chips_ordered()),
        (_exercised, lambda c, at: [month(c, at) for _ in range(11)]),
    ),
    Convertible: Case(
        _convertible, _converted,
        (lambda c: place(c, c._notary), lambda c: c.cost_ahead_cents,
         *(lambda c, cents=cents: setattr(c._issuer, "price_cents", cents) for cents in (1, 7_700, 20_000))),
        (_converted, lambda c, at: c.notes_placed(None)),
    ),
    LeaseVehicle: Case(
        _vehicle, _let, (lambda c: _chips_come(c, c._notary, 999), lambda c: c.raised_cents()), (_let,)
    ),
    Backstop: Case(
        _backstop, _used_up,
        tuple(lambda c, mw=mw: setattr(c._builder.contracts[0], "relet_mw", mw) for mw in (0, 9, 10**7)),
        (_used_up, lambda c, at: [month(c, at) for _ in range(19)]),
    ),
    Flotation: Case(_listing, _sold, (_place,), (_lock_up_over, lambda c, at: c.on_default("Lab"))),
    RevolvingLine: Case(_standby, _drawn_twice, (_draw_note,), (lambda c, at: c.on_default("Cloud"),)),
    Bond: Case(_bond, _matured, (lambda c: c.write_down(0.4), lambda c: c.retire()), (lambda c, at: c.retire(),)),
    CapitalCall: Case(
        _call, _paid_call, (lambda c: c.pay(3 * SHARE_CENTS), lambda c: c.miss()), (_paid_call, lambda c, at: c.miss())
    ),
}  # fmt: skip
UNBILLED = {ChipOrder, Guidance}
"""What asks for no money of its own."""

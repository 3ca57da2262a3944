"""Lend: vendors' customers draw their lines for the vendors' bills; lenders look at their borrowers and provide."""

from __future__ import annotations

from ..agents.cloud import CloudProvider
from ..agents.credit_standing import fair_spread, lab_spread, own_spread, plain_spread, stress_of
from ..agents.lab import AiLab
from ..agents.listed_firm import ListedFirm
from ..agents.vendor_credit import decide_draw, decide_line, fear_of_cuts, is_overcommitted
from ..contracts.bills import Bill
from ..contracts.build_plan import BuildPlan
from ..contracts.promise import in_bn
from ..contracts.vendor_loan import VendorLoan
from ..ledger.causes import Cause
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from .world import World


def draw_lines(world: World) -> list[tuple[Bill, int]]:
    """Every borrower draws for its lender's bills, which are paid with it at once; returns (bill, cents paid).

    A lender without the cash lends what it has.
    """
    contracts, rules = world.contracts, world.scenario_data.behaviour
    paid: list[tuple[Bill, int]] = []
    withheld = contracts.lending.withheld_share
    fears = {lender: fear_of_cuts(withheld(lender), rules.line_fear) for lender in contracts.lending.lenders}
    for loan in world.clock.in_keyed_order(contracts.lending.loans):
        is_idle = not loan.is_public or loan.is_held or not loan.undrawn_cents
        if loan.is_lost or is_idle or loan.lender in contracts.in_default:
            continue
        bills = [bill for bill in contracts.bills.due if loan.finances(bill)]
        draw = decide_draw(
            bill_cents=sum(bill.cents for bill in bills),
            undrawn_cents=loan.undrawn_cents,
            general_left_cents=loan.general_left_cents,
            financed_share=loan.terms.financed_share,
            stress=max(stress_of(world.cast.firm_by_account.get(loan.borrower)), fears[loan.lender]),
            run_per_month=rules.line_run_per_month,
        )
        paid += _draw_for(world, loan, bills, draw.for_bills_cents)
        _draw_ahead(world, loan, draw.ahead_cents)
    contracts.bills.drop_paid()
    return paid


def _draw_for(world: World, loan: VendorLoan, bills: list[Bill], wanted_cents: int) -> list[tuple[Bill, int]]:
    """Draw and pay bills in their order, as far as the lender has the cash: it comes straight back to it."""
    journal, paid, left = world.books.journal, [], wanted_cents
    for bill in bills:
        while left > 0 and bill.cents > 0:
            amount = min(left, bill.cents, journal.balance(loan.lender))
            if amount <= 0:
                break
            _hand_over(world, loan, amount)
            journal.post(bill.payer, bill.payee, amount, bill.cause, bill.contract)
            bill.pay(amount)
            left -= amount
            paid.append((bill, amount))
    loan.drawn(wanted_cents - left, "for its bills")
    if left > 0 and bills:
        loan.not_honoured(left)
    return paid


def _draw_ahead(world: World, loan: VendorLoan, wanted_cents: int) -> None:
    """Draw cash before the line can be cut."""
    amount = min(wanted_cents, max(0, world.books.journal.balance(loan.lender)))
    if amount > 0:
        _hand_over(world, loan, amount, ahead=True)
        loan.drawn(amount, "ahead of need")
    if amount < wanted_cents:
        loan.not_honoured(wanted_cents - amount)


def _hand_over(world: World, loan: VendorLoan, cents: int, *, ahead: bool = False) -> None:
    """Cash to the borrower (which may start a lap), principal to the lender."""
    loan.begin_draw()
    step = world.contracts.lap_step(loan.payer, loan.payee)
    world.books.journal.post(loan.lender, loan.borrower, cents, Cause.VENDOR_LOAN, loan.number, step)
    loan.draw(cents, ahead=ahead)


def watch_loans(world: World) -> None:
    """After a month's settlement: lenders look at their borrowers, cut lines, and provide for losses they expect."""
    short = {lender: _is_short(world, lender) for lender in world.contracts.lending.lenders}
    for loan in world.contracts.lending.loans:
        loan.end_if_repaid()
        if loan.is_open and loan.is_in_force:
            _review_line(world, loan, is_short=short[loan.lender])
    provide(world)


def _is_short(world: World, lender: int) -> bool:
    """Whether a lender has promised more than its own means cover."""
    lending, least = world.contracts.lending, world.scenario_data.behaviour.line_cover_min
    free_cents = world.books.journal.balance(lender) - lending.provided_by(lender)
    return is_overcommitted(free_cents, lending.undrawn_of(lender), least)


def _review_line(world: World, loan: VendorLoan, *, is_short: bool) -> None:
    """Its lender keeps, holds, cuts (once a quarter) or withdraws what is undrawn."""
    borrower = world.cast.firm(loan.payee)
    choice = decide_line(
        belief=loan.credibility,
        is_late=bool(world.contracts.bills.late_cents(loan.borrower)) or loan.has_late_bills,
        is_short=is_short,
        spread_per_year=spread_of(world, loan.payee),
        coverage=borrower.coverage() if isinstance(borrower, CloudProvider) else None,
        terms=loan.terms,
        rules=world.scenario_data.behaviour,
    )
    loan.review(choice)


def spread_of(world: World, name: str) -> float:
    """Credit spread per year of a borrower by itself: the market's for a listed firm, that of its hazard for an
    unlisted customer, a rating's for others."""
    firm, sight = world.cast.firm(name), world.cast.sight
    if isinstance(firm, ListedFirm):
        return own_spread(firm, sight)
    if isinstance(firm, AiLab):
        return lab_spread(firm, sight)
    account = world.books.journal.account(name)
    buying = world.contracts.purchases_of(account)
    if buying is None or sight.late_cents(account) or sight.is_in_default(account):
        return plain_spread(account, sight)
    return buying.spread_per_year(world.contracts.bonds.asked_ratio())


def provide(world: World) -> None:
    """Provisions for expected losses on loans and guarantees, from the borrowers' spreads; a large charge is news."""
    lending, cast = world.contracts.lending, world.cast
    if not (lending.loans or lending.guarantees):
        return
    charges: dict[str, int] = {}
    for loan in lending.loans:
        if not loan.is_lost:
            charges[loan.payer] = charges.get(loan.payer, 0) + loan.provide(spread_of(world, loan.payee))
    for given in lending.guarantees:
        issuer = cast.listed_by_name[given.payee]
        charge = given.provide(
            own_spread(issuer, cast.sight),
            issuer.debt_cents,
            can_be_called=given in world.contracts.callable_guarantees(given.payee),
        )
        charges[given.payer] = charges.get(given.payer, 0) + charge
    world.contracts.notary.loan_changed()
    if world.clock.day:
        for name, charge in charges.items():
            _tell_charge(world, name, charge)


def _tell_charge(world: World, name: str, charge_cents: int) -> None:
    """A charge that owners notice: an event, and tomorrow an announcement."""
    if world.cast.listed_by_name[name].charge_provision(charge_cents):
        detail = "expected losses on what it lent and guaranteed"
        world.chronicle.note(Happening.PROVISION, agent=name, cents=charge_cents, detail=detail)
        text = f"{name} provides {in_bn(charge_cents):.2f} bn USD for losses on loans to its customers"
        world.chronicle.announce_tomorrow(
            Draft(firm=name, instrument=Instrument.GUIDANCE, text=text, announced_cents=charge_cents, direction=-1)
        )


def review_plans(world: World) -> None:
    """A month's news about builders for their own customers: earnings over debt service move belief in all they
    promised."""
    for cloud in world.cast.clouds:
        if not cloud.plans or cloud.is_defaulted:
            continue
        coverage = cloud.coverage()
        if coverage is None:
            continue
        for contract in world.contracts.of(cloud.name):
            if isinstance(contract, BuildPlan) or (isinstance(contract, VendorLoan) and contract.payee == cloud.name):
                contract.covered(coverage)


def mark_bonds(world: World) -> None:
    """Mark every issuer's spread and every series' price to today's share prices."""
    cast, bonds = world.cast, world.contracts.bonds
    spreads = {
        issuer: fair_spread(cast.listed_by_name[bonds.behind[issuer]], cast.listed_by_name, cast.sight)
        for issuer in bonds.by_issuer
    }
    bonds.mark(spreads, world.scenario_data.behaviour.riskless_rate_per_year, world.clock.day)

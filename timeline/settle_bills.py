"""Settle: once a month everything due is cleared together; what is not paid is late, then renegotiated, then lost."""

from __future__ import annotations

from collections.abc import Sequence

from ..agents.chip_maker import ChipMaker
from ..contracts.base import Contract
from ..contracts.bills import Bill
from ..contracts.capacity import CapacityContract
from ..contracts.compute import ComputeContract
from ..contracts.promised import PublicContract
from ..contracts.purchases import Purchases
from ..engine.calendar import DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..ledger.dues import Due, clear_dues, default_losses
from ..ledger.payment_plan import plan_payments
from ..narrative.chronicle import Happening
from .defaults import declare
from .lend import draw_lines, review_plans, watch_loans
from .payments import pay_or_owe
from .place_notes import place_notes
from .world import World


def settle_bills(world: World) -> None:
    """On the last day of a month bills, coupons, maturities and debts in one clearing (docs/odd.md); on other days
    what is scheduled for the day."""
    bills = world.contracts.bills
    due_today = bills.due_on(world.clock.day)
    if not world.clock.is_month_end:
        if due_today:
            waiting = bills.set_aside(due_today)
            _clear(world)
            bills.keep_due(waiting)
            world.contracts.refresh_bills()
        return
    bills.keep_due(due_today)
    _bill_month(world)
    place_notes(world)
    for bill, paid_cents in draw_lines(world):
        _cash_moved(world, bill, paid_cents)
        _pass_on(world, bill, paid_cents)
        if not bill.cents:
            _judge(world, bill, 0)
    if bills.due:
        _clear(world)
    for contract in world.contracts.promises:
        contract.close_month()
    review_plans(world)
    world.contracts.refresh_bills()
    watch_loans(world)


def _bill_month(world: World) -> None:
    """A month of every contract: capacity, then bonds, then loans, then all others."""
    contracts = world.contracts
    for cloud in world.cast.clouds:
        _bill(world, cloud.contracts)
    for lab in world.cast.labs:
        _bill(world, lab.lets)
    for bond in list(contracts.bonds.series):
        contracts.bonds.billed.claim(bond.claim())
        for bill in bond.due_on(world.clock.day):
            contracts.bills.add(bill)
        if bond.units and bond.is_matured:
            contracts.bonds.retire(bond)
    _bill(world, contracts.lending.loans)
    _bill(world, contracts.others)


def _bill(world: World, contracts: Sequence[Contract]) -> None:
    for contract in contracts:
        for bill in contract.due():
            world.contracts.bills.add(bill)


def _clear(world: World) -> None:
    """One clearing of all bills: gross payments first so that cash keeps its origin, then set-off of what goes
    round."""
    book, rules, journal = world.contracts.bills, world.scenario_data.behaviour, world.books.journal
    bills = book.take_due()
    dues = [Due(b.payer, b.payee, b.cents, b.rank, b.contract, b.cause) for b in bills]
    cash = {bill.payer: max(0, journal.balance(bill.payer)) for bill in bills}
    settlements = clear_dues(dues, cash, alpha=rules.recovery_own_assets, beta=rules.recovery_claims)
    plan = plan_payments(settlements, cash)
    in_cash = dict.fromkeys(range(len(bills)), 0)
    for index, amount in plan.payments:
        bill = bills[index]
        journal.post(bill.payer, bill.payee, amount, bill.cause, bill.contract, _lap_step(world, bill))
        _cash_moved(world, bill, amount)
        in_cash[index] += amount
    for index, amount in plan.payments:
        _pass_on(world, bills[index], amount)
    for payer, lost_cents in default_losses(settlements, cash).items():
        lost = min(lost_cents, journal.balance(payer))
        if lost > 0:
            journal.post(payer, world.cast.suppliers, lost, Cause.DEFAULT_COST)
    for index, (bill, settlement) in enumerate(zip(bills, settlements, strict=True)):
        contract = world.contracts.by_number(bill.contract)
        if contract is not None:
            contract.on_settled(bill, settlement.paid_cents, in_cash[index])
    for index, amount in plan.set_off:
        book.note_set_off(bills[index], amount)
    for bill, settlement in zip(bills, settlements, strict=True):
        book.note_settled(bill, settlement.paid_cents)
        _judge(world, bill, settlement.shortfall_cents)
    for account in sorted({bill.payer for bill in book.due}):
        _out_of_patience(world, account)


def _lap_step(world: World, bill: Bill) -> int:
    """1 if the money may come back to its payer along contracts and supplies."""
    contract = world.contracts.by_number(bill.contract)
    if contract is None or not contract.starts_lap:
        return 0
    return world.contracts.lap_step(contract.payer, contract.payee)


def _cash_moved(world: World, bill: Bill, cents: int) -> None:
    """Cash has moved under a promise: its own account, and that of the announcement that made it public."""
    contract = world.contracts.by_number(bill.contract)
    if contract is not None:
        contract.on_cash(bill, cents)


def _pass_on(world: World, bill: Bill, paid_cents: int) -> None:
    """A chip maker pays the cost of the chips it has just been paid for."""
    if bill.cause is Cause.CHIP_BILL:
        maker = world.cast.firm_by_account[bill.payee]
        assert isinstance(maker, ChipMaker)
        cost = maker.cost_of_chips_cents(paid_cents)
        pay_or_owe(world, maker.account, world.cast.suppliers, cost, Cause.RUNNING_COSTS)
        _book_sale(world, bill, maker, (paid_cents - cost) / 100)


def _book_sale(world: World, bill: Bill, maker: ChipMaker, profit_usd: float) -> None:
    """Chips that are paid for are earned; they take the place of what letters of intent and lines had promised."""
    contract = world.contracts[bill.contract]
    if isinstance(contract, Purchases):
        contract.earn(profit_usd)
        return
    assert isinstance(contract, CapacityContract)
    buyer, counts = contract.terms.provider, world.beliefs.in_own_earnings(maker.name, 1.0)
    world.contracts.orders_of(buyer, maker.name, counts).earn(profit_usd)
    for promise in world.contracts.retired_by_sales(maker.name, buyer, contract.terms.customer):
        promise.earn(profit_usd)


def _judge(world: World, bill: Bill, shortfall_cents: int) -> None:
    """Paid in full is evidence for the payer; short is late, noted, announced, and due again next month."""
    contract = world.contracts.by_number(bill.contract)
    if shortfall_cents <= 0:
        if contract is not None:
            contract.on_paid(bill)
        return
    names = world.books.journal.names
    payer, payee = names[bill.payer], names[bill.payee]
    kind = Happening.BILL_LATE if bill.months_late == 0 else Happening.BILL_MISSED
    detail = bill.cause.name.lower()
    world.chronicle.note(kind, agent=payer, counterparty=payee, cents=shortfall_cents, detail=detail)
    share = shortfall_cents / bill.cents
    bill.run_late(shortfall_cents)
    world.contracts.bills.keep_due([bill])
    touched: list[PublicContract] = [contract] if contract is not None and not contract.is_debt else []
    for promise in touched or world.contracts.of(payer):
        promise.on_late(bill, share)


def _out_of_patience(world: World, account: int) -> None:
    """Past the grace period: compute contracts are renegotiated, then cancelled; other creditors call a default."""
    grace = world.scenario_data.behaviour.grace_months
    overdue = [bill for bill in world.contracts.bills.of_payer(account) if bill.months_late > grace]
    rented = {bill.contract for bill in overdue if bill.cause is Cause.COMPUTE_BILL}
    living = sorted(number for number in rented if world.contracts[number].is_alive)
    for number in living:
        contract = world.contracts[number]
        assert isinstance(contract, ComputeContract)
        if contract.can_be_renegotiated:
            contract.renegotiate()
        else:
            _cancel(world, contract)
    others = [bill for bill in overdue if bill.contract not in living]
    if others:
        declare(world, account, others)


def _cancel(world: World, contract: ComputeContract) -> None:
    """The customer has defaulted on this contract; on its last one it has defaulted altogether."""
    left = contract.lose_customer()
    customer = world.cast.firm_by_account[contract.terms.customer_account]
    if not world.contracts.compute_of(customer.name) and not customer.is_defaulted:
        declare(world, customer.account, [])
    for bill in left:
        world.contracts.bills.schedule(world.clock.day + DAYS_PER_YEAR, bill)

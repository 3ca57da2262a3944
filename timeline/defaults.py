"""Default: what cannot be paid is written down, promises fall, and owners lose more than creditors."""

from __future__ import annotations

from collections.abc import Iterable

from ..agents.cloud import CloudProvider
from ..agents.lab import AiLab
from ..agents.listed_firm import ListedFirm
from ..contracts.bills import Bill
from ..contracts.chips_buyer import ChipsBuyer
from ..engine.calendar import DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from .payments import collect
from .world import World

SERVICE = (Cause.COUPON, Cause.VENDOR_INTEREST, Cause.VENDOR_REPAYMENT)
"""What is owed on debts whose principal is written down as such."""


def declare(world: World, account: int, overdue: list[Bill]) -> None:
    """A party is in default: all it owes falls due and is written down, its promises are void, it raises no more."""
    name, bills = world.books.journal.names[account], world.contracts.bills
    firm = world.cast.firm_by_account.get(account)
    buying = world.contracts.purchases_of(account)
    is_first = (firm is not None and not firm.is_defaulted) or (buying is not None and buying.is_alive)
    lost = bills.of_payer(account) if firm is not None else overdue
    bills.drop(lost)
    if is_first:  # a default brings stretched arrears and later debts forward
        lost = lost + bills.unschedule(payer=account)
    cents, losses = _give_up(world, lost, is_first=is_first)
    cents += sum(loan.lose(lost) for loan in world.contracts.lending.loans if loan.borrower == account)
    if isinstance(firm, ListedFirm):
        firm.write_down(cents)
    is_plain = firm is None and buying is None
    kind = Happening.DEFAULT if is_plain or is_first else Happening.WRITTEN_OFF
    world.chronicle.note(kind, agent=name, cents=cents, detail="bills written off after the grace period")
    if is_plain or not is_first:
        return
    world.contracts.declare_default(account)
    if firm is None:
        for promise in world.contracts.of(name):
            promise.on_default(name)
        return
    if isinstance(firm, ListedFirm):
        for holder, lost_cents in _write_down(world, firm).items():
            losses[holder] = losses.get(holder, 0) + lost_cents
        _call_guarantees(world, name, losses)
    else:
        firm.mark_down_in_default()
    _void(world, firm)
    _tell(world, firm)


def _give_up(world: World, lost: Iterable[Bill], *, is_first: bool) -> tuple[int, dict[int, int]]:
    """Bills will never be paid, but in a first default for a share of matured face and one of what trade creditors are
    owed, which fall due in a year.

    Returns cents lost, loans' principal aside, and what bondholders lose of coupons and matured face, by account.
    """
    rules, bills, later = world.scenario_data.behaviour, world.contracts.bills, world.clock.day + DAYS_PER_YEAR
    total, by_holder = 0, dict[int, int]()
    for bill in lost:
        keep, owed = rules.recovery_of_junior_claims, bill.cents
        if bill.cause is Cause.MATURITY:
            keep = rules.recovery_of_face
        left = bills.recover([bill], keep if is_first and bill.cause not in SERVICE else 0.0)
        gone = owed - sum(bill.cents for bill in left)
        if bill.cause in (Cause.COUPON, Cause.MATURITY):
            by_holder[bill.payee] = by_holder.get(bill.payee, 0) + gone
        if bill.cause is not Cause.VENDOR_REPAYMENT:
            total += gone
        for bill_left in left:
            bills.schedule(later, bill_left)
    return total, by_holder


def _write_down(world: World, firm: ListedFirm) -> dict[int, int]:
    """Bondholders keep a part of face value; shareholders gain nothing by it, and the business is worth less.

    Returns what each bondholder lost, in cents.
    """
    rules = world.scenario_data.behaviour
    total, by_holder = world.contracts.bonds.write_down(firm.name, rules.recovery_of_face)
    firm.write_down(total)
    world.beliefs.scale_earnings(firm.index, 1 - rules.distress_cost_share)
    return by_holder


def _call_guarantees(world: World, issuer: str, losses_cents: dict[int, int]) -> None:
    """Bondholders call what they lost; several guarantors answer in the order of the scenario until it is made good."""
    left = {account: cents for account, cents in losses_cents.items() if cents > 0}
    for given in world.contracts.callable_guarantees(issuer):
        if not left:
            return
        left = given.call(left)


def _void(world: World, firm: ListedFirm | AiLab) -> None:
    """Contracts and investments of a defaulted party end; a defaulted cloud keeps no phase without its chips."""
    for call in world.contracts.calls:
        call.on_default(firm.name)
    world.contracts.drop_ended_calls()
    if isinstance(firm, CloudProvider):
        for contract in firm.contracts:
            contract.abandon_unequipped()
    for promise in world.contracts.of(firm.name):
        promise.on_default(firm.name)
        if isinstance(promise, ChipsBuyer):
            collect(world, world.cast.other_customers, promise.buyer, promise.raised_cents(), Cause.REVENUE_OTHER)


def _tell(world: World, firm: ListedFirm | AiLab) -> None:
    """Everybody knows tomorrow."""
    world.chronicle.announce_tomorrow(
        Draft(
            firm=firm.name,
            instrument=Instrument.GUIDANCE,
            text=f"{firm.name} defaults",
            announced_cents=round(100 * world.cast.value_usd(firm.name)),
            direction=-1,
        )
    )

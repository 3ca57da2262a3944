"""Default: what cannot be paid is written down, promises fall, and owners lose more than creditors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.commitments import BUILDS, Status
from ..agents.lab import VALUE_IN_DEFAULT
from ..agents.listed_firm import ListedFirm
from ..ledger.causes import Cause
from ..narrative.announcements import Instrument
from .beliefs import set_status
from .credit_book import RECOVERY_OF_FACE
from .vendor_finance import call_guarantees, lose_loans

if TYPE_CHECKING:
    from ..model import CarouselModel
    from .credit_book import Series
    from .dues import Claim

VOIDED = (*BUILDS, "milestone", "vendor_loan")
"""Kinds of commitments that end with the default of a party."""
COST_OF_DISTRESS = 0.20
"""Share of earning power that a default destroys. Source: Andrade & Kaplan (1998), J. Finance 53(5): 10 to 23 %."""


def declare(model: CarouselModel, account: int, overdue: list[Claim]) -> None:
    """A party is in default: all it owes falls due and is written down, its promises are void, it raises no more."""
    name = model.name_of(account)
    firm = model.firm_by_account.get(account)
    lost = [c for c in model.dues.claims if c.payer == account] if firm is not None else overdue
    model.dues.claims = [c for c in model.dues.claims if c not in lost]
    if firm is not None and not firm.is_defaulted:
        lost += _unscheduled(model, account)
    matured = [c for c in lost if c.cause is Cause.MATURITY]
    losses = {c.payee: 0 for c in lost if c.cause in (Cause.COUPON, Cause.MATURITY)}
    for claim in lost:
        if claim.payee in losses and claim.cause in (Cause.COUPON, Cause.MATURITY):
            kept = int(claim.cents * RECOVERY_OF_FACE) if claim.cause is Cause.MATURITY else 0
            losses[claim.payee] += claim.cents - kept
    for claim in matured:
        claim.cents = int(claim.cents * RECOVERY_OF_FACE)
        claim.months_late = 0
        model.dues.scheduled.setdefault(model.day + 252, []).append(claim)
    cents = sum(c.cents for c in lost if c not in matured and c.cause is not Cause.VENDOR_REPAYMENT)
    cents += lose_loans(model, account, lost)
    kind = "written_off" if firm is not None and firm.is_defaulted else "default"
    model.note(kind, agent=name, cents=cents, detail="bills written off after the grace period")
    if firm is None or firm.is_defaulted:
        return
    firm.is_defaulted = True
    if isinstance(firm, ListedFirm):
        firm.written_down_cents += cents
        for holder, lost_cents in _write_down(model, firm).items():
            losses[holder] = losses.get(holder, 0) + lost_cents
        call_guarantees(model, name, losses)
    else:
        firm.price_cents = max(1, int(firm.price_cents * VALUE_IN_DEFAULT))
    _void(model, name)
    model.announce_tomorrow(
        firm=name,
        counterparty="",
        instrument=Instrument.GUIDANCE,
        text=f"{name} defaults",
        cents=round(100 * model.firm_value_usd(name)),
        direction=-1,
    )


def _unscheduled(model: CarouselModel, account: int) -> list[Claim]:
    """Take a defaulter's stretched arrears and later debts off the calendar: a default brings them forward."""
    brought_forward = []
    for day, later in list(model.dues.scheduled.items()):
        brought_forward += [c for c in later if c.payer == account]
        model.dues.scheduled[day] = [c for c in later if c.payer != account]
    return brought_forward


def _write_down(model: CarouselModel, firm: ListedFirm) -> dict[int, int]:
    """Bondholders keep a part of face value; shareholders gain nothing by it, and the business is worth less.

    Returns what each bondholder lost, in cents.
    """
    losses: dict[int, int] = {}
    for series in model.credit.by_issuer.get(firm.name, ()):
        face = max(1, int(series.face_cents * RECOVERY_OF_FACE))
        for buyer in model.bond_buyers:
            held = int(model.books.registers.holdings[buyer.account, series.security])
            if held:
                losses[buyer.account] = losses.get(buyer.account, 0) + held * (series.face_cents - face)
        firm.written_down_cents += (series.face_cents - face) * model.credit.units(series)
        series.face_cents = face
    model.beliefs.values_of_funds.scale_earnings(firm.index, 1 - COST_OF_DISTRESS)
    model.credit.changed()
    return losses


def _void(model: CarouselModel, name: str) -> None:
    """Contracts and investments of a defaulted party end; a defaulted cloud keeps no phase without its chips."""
    model.capital_calls = [call for call in model.capital_calls if call.lab.name != name]
    for cloud in model.clouds:
        if cloud.name == name:
            for build in cloud.buildouts:
                build.phases = [p for p in build.phases if p.has_chips]
    for commitment in model.commitments_of(name):
        if commitment.kind in VOIDED:
            if commitment.kind in BUILDS:
                model.buildout_of(commitment.number).close()
            set_status(
                model, commitment, Status.CANCELLED, text=f"{name} defaults: {commitment.name} is void", direction=-1
            )


def retire_bonds(model: CarouselModel, series: Series) -> None:
    """A series has come due: its units leave the registers, the claims for its face value remain until paid."""
    registers = model.books.registers
    for buyer in model.bond_buyers:
        units = int(registers.holdings[buyer.account, series.security])
        if units:
            registers.retire(series.security, buyer.account, units)
    model.credit.retire(series)

"""Settle: once a month everything due is cleared together; what is not paid is late, then renegotiated, then lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.chip_maker import ChipMaker
from ..agents.commitments import Commitment, Status
from ..ledger.causes import Cause
from ..ledger.dues import Due, clear_dues, default_losses
from ..ledger.payment_plan import plan_payments
from ..narrative.credibility import Evidence
from .beliefs import set_status
from .defaults import declare, retire_bonds
from .dues_book import SENIOR_BONDS, TRADE, Claim, DuesBook, chip_cost_cents, schedule_obligation
from .vendor_finance import bill_loans, draw_lines, review_plans, watch_loans

if TYPE_CHECKING:
    from ..model import CarouselModel

__all__ = [
    "SENIOR_BONDS",
    "TRADE",
    "Claim",
    "DuesBook",
    "chip_cost_cents",
    "paid_under",
    "renegotiate",
    "schedule_obligation",
    "settle_dues",
]

STRETCH_MONTHS = 12
"""Months over which arrears are spread in a renegotiation."""
MAY_BE_LATE = (Status.BINDING, Status.DELIVERING, Status.RENEGOTIATED)


def paid_under(model: CarouselModel, number: int, cause: Cause, paid_cents: int) -> None:
    """Cash has moved under a promise: its own account, and that of the announcement that made it public."""
    if number < 0 or cause not in (Cause.COMPUTE_BILL, Cause.MILESTONE):
        return
    commitment = model.beliefs.commitments[number]
    commitment.paid_cents += paid_cents
    if commitment.announcement >= 0:
        model.announcements.pay(commitment.announcement, paid_cents)


def settle_dues(model: CarouselModel) -> None:
    """On the last day of a month: bills, coupons, maturities and obligations in one clearing (MODEL.md s. 8)."""
    book = model.dues
    due_today = book.scheduled.pop(model.day, [])
    if not model.is_month_end:
        if due_today:
            waiting, book.claims = book.claims, due_today
            _clear(model)
            book.claims.extend(waiting)
            book.refresh_owed()
        return
    book.claims.extend(due_today)
    _bill_compute(model)
    _bill_bonds(model)
    bill_loans(model)
    for claim, paid_cents in draw_lines(model):
        paid_under(model, claim.contract, claim.cause, paid_cents)
        _pass_on(model, claim, paid_cents)
        if not claim.cents:
            _judge(model, claim, 0)
    if book.claims:
        _clear(model)
    _watch_runways(model)
    review_plans(model)
    book.refresh_owed()
    watch_loans(model)


def _bill_compute(model: CarouselModel) -> None:
    """Take-or-pay: a month of the capacity that is in service, whether used or not."""
    for cloud in model.clouds:
        for build in cloud.buildouts:
            contract = model.beliefs.commitments[build.contract]
            if build.is_own or not contract.is_alive:
                continue
            if build.end_month is not None and model.month >= build.end_month:
                set_status(model, contract, Status.DONE)
                build.close()
                continue
            bill_cents = round(100 * build.billable_mw * build.price_usd_per_mw_year / 12)
            lab = model.lab_by_name[build.customer]
            model.dues.add(lab.account, cloud.account, bill_cents, Cause.COMPUTE_BILL, contract=build.contract)


def _bill_bonds(model: CarouselModel) -> None:
    """Coupons monthly on the face value; the face value itself at maturity."""
    holdings = model.books.registers.holdings
    for series in list(model.credit.series):
        units = model.credit.units(series)
        if not units:
            continue
        matures = model.day >= series.maturity_day
        coupon = round(series.face_cents * series.coupon_per_year / 12)
        for buyer in model.bond_buyers:
            held = holdings.item(buyer.account, series.security)
            if held:
                model.dues.add(
                    series.issuer_account, buyer.account, held * coupon, Cause.COUPON, seniority=SENIOR_BONDS
                )
                if matures:
                    model.dues.add(
                        series.issuer_account,
                        buyer.account,
                        held * series.face_cents,
                        Cause.MATURITY,
                        seniority=SENIOR_BONDS,
                    )
        if matures:
            retire_bonds(model, series)


def _clear(model: CarouselModel) -> None:
    """One clearing of all claims: gross payments first so that cash keeps its origin, then set-off of what goes
    round."""
    book, rules, journal = model.dues, model.behaviour, model.books.journal
    claims, book.claims = _merged(book.claims), []
    dues = [Due(c.payer, c.payee, c.cents, c.seniority, c.contract, c.cause) for c in claims]
    cash = {c.payer: max(0, journal.balance(c.payer)) for c in claims}
    settlements = clear_dues(dues, cash, alpha=rules.recovery_own_assets, beta=rules.recovery_claims)
    plan = plan_payments(settlements, cash)
    for index, amount in plan.payments:
        claim = claims[index]
        journal.post(claim.payer, claim.payee, amount, claim.cause, claim.contract)
        paid_under(model, claim.contract, claim.cause, amount)
    for index, amount in plan.payments:
        _pass_on(model, claims[index], amount)
    for payer, lost_cents in default_losses(settlements, cash).items():
        lost = min(lost_cents, journal.balance(payer))
        if lost > 0:
            journal.post(payer, model.suppliers, lost, Cause.DEFAULT_COST)
    in_cash = dict.fromkeys(range(len(claims)), 0)
    for index, amount in plan.payments:
        in_cash[index] += amount
    for index, settlement in enumerate(settlements):
        claim = claims[index]
        model.loans.settled(claim.contract, claim.cause, settlement.paid_cents, in_cash[index])
    book.set_off_cents += sum(amount for _, amount in plan.set_off)
    for claim, settlement in zip(claims, settlements, strict=True):
        book.settled_between[claim.payer, claim.payee] += settlement.paid_cents
        _judge(model, claim, settlement.shortfall_cents)
    for account in sorted({c.payer for c in book.claims}):
        _out_of_patience(model, account)


def _merged(claims: list[Claim]) -> list[Claim]:
    """Claims of the same kind and age between the same parties as one: a month of running costs is one bill."""
    merged: dict[tuple[object, ...], Claim] = {}
    for c in claims:
        key = (c.payer, c.payee, c.seniority, c.cause, c.contract, c.months_late)
        if key in merged:
            merged[key].cents += c.cents
        else:
            merged[key] = c
    return list(merged.values())


def _pass_on(model: CarouselModel, claim: Claim, paid_cents: int) -> None:
    """A chip maker pays the cost of the chips it has just been paid for."""
    if claim.cause is Cause.CHIP_BILL:
        maker = model.firm_by_account[claim.payee]
        assert isinstance(maker, ChipMaker)
        cost = round(paid_cents * (1 - maker.facts.net_margin))
        model.pay_or_owe(maker.account, model.suppliers, cost, Cause.RUNNING_COSTS)


def _judge(model: CarouselModel, claim: Claim, shortfall_cents: int) -> None:
    """Paid in full is evidence for the payer; short is late, noted, announced, and due again next month."""
    is_loan = claim.cause in (Cause.VENDOR_INTEREST, Cause.VENDOR_REPAYMENT)
    commitment = model.beliefs.commitments[claim.contract] if claim.contract >= 0 else None
    if shortfall_cents <= 0:
        if commitment is not None and commitment.is_alive and claim.cause is Cause.VENDOR_INTEREST:
            model.beliefs.learn(commitment, Evidence.PAID_ON_TIME, model.behaviour)
        if commitment is not None and claim.cause is Cause.COMPUTE_BILL:
            if not claim.months_late:
                model.beliefs.learn(commitment, Evidence.PAID_ON_TIME, model.behaviour)
            if commitment.status is Status.LATE and not any(c.contract == claim.contract for c in model.dues.claims):
                set_status(model, commitment, Status.DELIVERING)
        return
    payer, payee = model.name_of(claim.payer), model.name_of(claim.payee)
    kind = "bill_late" if claim.months_late == 0 else "bill_missed"
    model.note(kind, agent=payer, counterparty=payee, cents=shortfall_cents, detail=claim.cause.name.lower())
    share = shortfall_cents / claim.cents
    claim.cents, claim.months_late = shortfall_cents, claim.months_late + 1
    model.dues.claims.append(claim)
    touched = [commitment] if commitment is not None and not is_loan else model.commitments_of(payer)
    for promise in touched:
        if promise is not None and promise.is_alive:
            evidence = Evidence.LATE if claim.months_late == 1 else Evidence.MISSED
            model.beliefs.learn(promise, evidence, model.behaviour, share)
    if commitment is not None and claim.cause is Cause.COMPUTE_BILL and commitment.status in MAY_BE_LATE:
        set_status(model, commitment, Status.LATE, text=f"{payer} does not pay {payee} on time", direction=-1)


def _out_of_patience(model: CarouselModel, account: int) -> None:
    """Past the grace period: compute contracts are renegotiated, then cancelled; other creditors call a default."""
    overdue = [c for c in model.dues.claims if c.payer == account and c.months_late > model.behaviour.grace_months]
    contracts = {c.contract for c in overdue if c.cause is Cause.COMPUTE_BILL}
    for number in sorted(contracts):
        commitment = model.beliefs.commitments[number]
        if commitment.is_alive and commitment.renegotiations < model.behaviour.renegotiations_max:
            renegotiate(model, commitment)
        else:
            _cancel(model, commitment)
    others = [c for c in overdue if c.cause is not Cause.COMPUTE_BILL]
    if others:
        declare(model, account, others)


def renegotiate(model: CarouselModel, commitment: Commitment, *, is_relief: bool = False) -> None:
    """Cut what is not delivered, stretch what is overdue: the contract's letter changes, and its profit with it.

    Relief that a lab asks for before it is late is no strike against it.
    """
    build = model.buildout_of(commitment.number)
    undelivered = commitment.contracted_mw - build.started_mw
    cut = int(model.behaviour.renegotiation_cut * max(0, undelivered))
    kept = (commitment.contracted_mw - cut) / commitment.contracted_mw
    commitment.contracted_mw -= cut
    build.contracted_mw = commitment.contracted_mw
    commitment.profit_usd_per_year *= kept
    lost_cents = int(commitment.committed_cents * (1 - kept))
    commitment.committed_cents -= lost_cents
    if commitment.announcement >= 0:
        model.announcements.commit(commitment.announcement, -lost_cents)
    commitment.renegotiations += not is_relief
    stretched_cents = _stretch(model, commitment.number)
    model.beliefs.learn(commitment, Evidence.RENEGOTIATED, model.behaviour)
    terms = [f"{cut} MW cut"] if cut else []
    terms += ["arrears stretched over a year"] if stretched_cents else []
    text = f"{commitment.payer} and {commitment.payee} renegotiate: {', '.join(terms) or 'terms eased'}"
    cents = lost_cents + stretched_cents
    set_status(model, commitment, Status.RENEGOTIATED, text=text, direction=-1, cents=cents)


def _stretch(model: CarouselModel, number: int) -> int:
    """Spread a contract's overdue bills over the coming months, to the cent; returns their sum."""
    book = model.dues
    overdue = [c for c in book.claims if c.contract == number and c.cause is Cause.COMPUTE_BILL]
    book.claims = [c for c in book.claims if not (c.contract == number and c.cause is Cause.COMPUTE_BILL)]
    for claim in overdue:
        for i in range(STRETCH_MONTHS):
            part = claim.cents * (i + 1) // STRETCH_MONTHS - claim.cents * i // STRETCH_MONTHS
            if part:
                later = Claim(claim.payer, claim.payee, part, claim.seniority, claim.cause, claim.contract)
                book.scheduled.setdefault(model.day + 21 * (i + 1), []).append(later)
    return sum(claim.cents for claim in overdue)


def _cancel(model: CarouselModel, commitment: Commitment) -> None:
    """The customer has defaulted on this contract: arrears are lost, capacity stands idle and is re-let at a
    discount."""
    book = model.dues
    lost = [c for c in book.claims if c.contract == commitment.number and c.cause is Cause.COMPUTE_BILL]
    book.claims = [c for c in book.claims if c not in lost]
    for day, later in list(book.scheduled.items()):
        lost += [c for c in later if c.contract == commitment.number]
        book.scheduled[day] = [c for c in later if c.contract != commitment.number]
    build = model.buildout_of(commitment.number)
    build.close()
    lost_cents = sum(c.cents for c in lost)
    model.note(
        "default",
        agent=commitment.payer,
        counterparty=commitment.payee,
        cents=lost_cents,
        detail=f"arrears of {commitment.name} written off",
    )
    if commitment.is_alive:
        text = f"{commitment.payer} defaults: {commitment.name} is cancelled"
        set_status(model, commitment, Status.CANCELLED, text=text, direction=-1)
    lab = model.lab_by_name[commitment.payer]
    others = [c for c in model.commitments_of(lab.name) if c.kind == "compute" and c.payer == lab.name]
    if not others and not lab.is_defaulted:
        declare(model, lab.account, [])


def _watch_runways(model: CarouselModel) -> None:
    """A month's news about every lab's cash: runway, and revenue over promises, move the credibility of all around
    it."""
    for lab in model.labs:
        runway = lab.runway_months(model.day, model.bills_usd_per_year(lab))
        promised = model.promised_usd_per_year(lab)
        for commitment in model.commitments_of(lab.name):
            model.beliefs.learn(commitment, Evidence.RUNWAY, model.behaviour, runway)
            if promised > 0:
                model.beliefs.learn(
                    commitment, Evidence.COVERAGE, model.behaviour, lab.run_rate_usd_per_year / promised
                )

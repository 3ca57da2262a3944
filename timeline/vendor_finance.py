"""Vendor financing, month by month: draws, instalments, provisions, lines cut, guarantees called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.cloud import CloudProvider
from ..agents.commitments import Status
from ..agents.lab import AiLab
from ..agents.listed_firm import ListedFirm
from ..agents.vendor_finance import (
    LineChoice,
    decide_draw,
    decide_line,
    default_probability,
    expected_loss_cents,
    instalment_cents,
)
from ..engine.calendar import DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..ledger.units import split
from ..market.credit import rating_from_coverage
from ..narrative import credibility
from ..narrative.announcements import Instrument
from ..narrative.credibility import Evidence
from ..scenarios.schema_vendor import LoanRank
from .beliefs import set_status
from .credit_book import HORIZON_YEARS, RECOVERY_OF_FACE
from .dues_book import SENIOR_BONDS, SUBORDINATED, TRADE, Claim

if TYPE_CHECKING:
    from ..model import CarouselModel
    from .loan_book import GuaranteeGiven, Loan

RANKS = {LoanRank.SENIOR: SENIOR_BONDS, LoanRank.TRADE: TRADE, LoanRank.SUBORDINATED: SUBORDINATED}
RECOVERY = {LoanRank.SENIOR: RECOVERY_OF_FACE, LoanRank.TRADE: 0.25, LoanRank.SUBORDINATED: 0.25}
"""Share of principal a lender keeps in a default. Source: Moody's long-run averages: senior unsecured bonds about 40 %,
junior subordinated about 25 %; a trade creditor is taken to get no more than that."""
NEWSWORTHY = 0.02
"""Charge for expected losses, relative to yearly earnings, above which it is an announcement of its own."""


def bill_loans(model: CarouselModel) -> None:
    """A month's interest on what is drawn; after the draws, equal instalments of the principal."""
    book = model.loans
    rate = model.behaviour.riskless_rate_per_year
    for loan in book.loans:
        owed = loan.outstanding_cents
        months = model.month - loan.terms.draw_months
        if months == 0 and loan.is_open:
            loan.is_open = False
            loan.to_repay_cents = owed
        if loan.is_lost or not owed:
            continue
        rank = RANKS[loan.terms.rank]
        interest = round(owed * (rate + loan.terms.spread_per_year) / 12)
        model.dues.add(
            loan.borrower, loan.lender, interest, Cause.VENDOR_INTEREST, seniority=rank, contract=loan.number
        )
        if not loan.to_repay_cents and months > 0:
            loan.to_repay_cents = owed
        if 1 <= months <= loan.terms.repayment_months:
            part = instalment_cents(loan.to_repay_cents, loan.terms.repayment_months, months)
            due = min(part, owed - _claimed_cents(model, loan))
            model.dues.add(
                loan.borrower, loan.lender, due, Cause.VENDOR_REPAYMENT, seniority=rank, contract=loan.number
            )


def _claimed_cents(model: CarouselModel, loan: Loan) -> int:
    """Principal that has fallen due and is not paid yet."""
    return sum(c.cents for c in model.dues.claims if c.contract == loan.number and c.cause is Cause.VENDOR_REPAYMENT)


def stress_of(model: CarouselModel, account: int) -> float:
    """How far a borrower's other funding has failed, in [0, 1]: need no lender placed, or what a lab no longer asks."""
    firm = model.firm_by_account.get(account)
    if isinstance(firm, CloudProvider):
        return firm.unplaced_share
    return 1 - firm.ask_share if isinstance(firm, AiLab) else 0.0


def draw_lines(model: CarouselModel) -> list[tuple[Claim, int]]:
    """Every borrower draws for its lender's bills, which are paid with it at once; returns (bill, cents paid).

    A lender without the cash lends what it has.
    """
    paid: list[tuple[Claim, int]] = []
    for loan in model.in_keyed_order(model.loans.loans):
        if loan.is_lost or loan.is_held or not loan.undrawn_cents or model.is_in_default(loan.lender):
            continue
        bills = [c for c in model.dues.claims if _is_financed(loan, c)]
        draw = decide_draw(
            bill_cents=sum(c.cents for c in bills),
            undrawn_cents=loan.undrawn_cents,
            general_left_cents=loan.general_left_cents,
            financed_share=loan.terms.financed_share,
            stress=stress_of(model, loan.borrower),
            run_per_month=model.behaviour.line_run_per_month,
        )
        paid += _draw_for(model, loan, bills, draw.for_bills_cents)
        _draw_ahead(model, loan, draw.ahead_cents)
    model.dues.claims = [c for c in model.dues.claims if c.cents > 0]
    return paid


def _is_financed(loan: Loan, claim: Claim) -> bool:
    """Whether a claim is a bill of the lender for what it sells, no interest or instalment."""
    is_debt = claim.cause in (Cause.VENDOR_INTEREST, Cause.VENDOR_REPAYMENT, Cause.COUPON, Cause.MATURITY)
    return claim.payer == loan.borrower and claim.payee == loan.lender and not is_debt


def _draw_for(model: CarouselModel, loan: Loan, bills: list[Claim], wanted_cents: int) -> list[tuple[Claim, int]]:
    """Draw and pay bills in their order, as far as the lender has the cash: it comes straight back to it."""
    paid = []
    left = wanted_cents
    for claim in bills:
        while left > 0 and claim.cents > 0:
            amount = min(left, claim.cents, model.books.journal.balance(loan.lender))
            if amount <= 0:
                break
            _begin(model, loan)
            model.loans.draw(loan, amount)
            model.books.journal.post(claim.payer, claim.payee, amount, claim.cause, claim.contract)
            claim.cents -= amount
            left -= amount
            paid.append((claim, amount))
    _tell_draw(model, loan, wanted_cents - left, "for its bills")
    if left > 0 and bills:
        _not_honoured(model, loan, left)
    return paid


def _draw_ahead(model: CarouselModel, loan: Loan, wanted_cents: int) -> None:
    """Draw cash before the line can be cut."""
    amount = min(wanted_cents, max(0, model.books.journal.balance(loan.lender)))
    if amount > 0:
        _begin(model, loan)
        model.loans.draw(loan, amount, ahead=True)
        _tell_draw(model, loan, amount, "ahead of need")
    if amount < wanted_cents:
        _not_honoured(model, loan, wanted_cents - amount)


def _begin(model: CarouselModel, loan: Loan) -> None:
    commitment = model.beliefs.commitments[loan.number]
    if commitment.is_alive and commitment.status is Status.BINDING:
        set_status(model, commitment, Status.DELIVERING)


def _tell_draw(model: CarouselModel, loan: Loan, amount_cents: int, why: str) -> None:
    if amount_cents > 0:
        commitment = model.beliefs.commitments[loan.number]
        commitment.paid_cents += amount_cents
        if commitment.announcement >= 0:
            model.announcements.pay(commitment.announcement, amount_cents)
        model.note(
            "loan_drawn", agent=loan.terms.borrower, counterparty=loan.terms.lender, cents=amount_cents, detail=why
        )


def _not_honoured(model: CarouselModel, loan: Loan, missing_cents: int) -> None:
    model.note("line_not_honoured", agent=loan.terms.lender, counterparty=loan.terms.borrower, cents=missing_cents)


def planned_draws_cents(model: CarouselModel, account: int, bills_cents: dict[str, int]) -> int:
    """What a borrower counts on drawing for the bills to come, by vendor: the planned part, within the lines."""
    planned = 0
    for loan in model.loans.loans:
        if loan.borrower == account and not loan.is_held:
            bills = bills_cents.get(loan.terms.lender, 0)
            planned += min(loan.undrawn_cents, round(loan.terms.financed_share * bills))
    return min(planned, sum(bills_cents.values()))


def service_cents(model: CarouselModel, account: int, months: int) -> int:
    """Interest and instalments a borrower owes over the next months, on what is drawn now."""
    total = 0
    rate = model.behaviour.riskless_rate_per_year
    for loan in model.loans.loans:
        owed = loan.outstanding_cents
        if loan.borrower == account and owed and not loan.is_lost:
            total += round(owed * (rate + loan.terms.spread_per_year) * months / 12)
            due_months = max(0, min(months, model.month + months - loan.terms.draw_months))
            total += min(owed, round((loan.to_repay_cents or owed) * due_months / loan.terms.repayment_months))
    return total


def watch_loans(model: CarouselModel) -> None:
    """After a month's settlement: lenders look at their borrowers, cut lines, and provide for losses they expect."""
    for loan in model.loans.loans:
        commitment = model.beliefs.commitments[loan.number]
        if not loan.outstanding_cents and not loan.is_open and commitment.is_alive:
            set_status(model, commitment, Status.DONE)
        if loan.is_open and commitment.is_alive:
            _review_line(model, loan)
    if model.loans.loans or model.loans.guarantees:
        provide(model)


def _review_line(model: CarouselModel, loan: Loan) -> None:
    """Keep, hold, halve (once a quarter) or withdraw what is undrawn."""
    commitment = model.beliefs.commitments[loan.number]
    choice = decide_line(
        belief=credibility.credibility(commitment.log_odds, 0.0),
        is_late=bool(model.dues.late_cents(loan.borrower)) or any(c.months_late for c in _claims_on(model, loan)),
        spread_per_year=spread_of(model, loan.terms.borrower),
        covenant_spread_per_year=loan.terms.covenant_spread_per_year,
    )
    if choice is LineChoice.HOLD and not loan.is_held:
        model.note("line_held", agent=loan.terms.lender, counterparty=loan.terms.borrower, cents=loan.undrawn_cents)
    loan.is_held = choice is LineChoice.HOLD
    if choice is LineChoice.WITHDRAW or (choice is LineChoice.HALVE and model.is_quarter_end):
        _cut_line(model, loan, withdraw=choice is LineChoice.WITHDRAW)


def _claims_on(model: CarouselModel, loan: Loan) -> list[Claim]:
    return [c for c in model.dues.claims if c.contract == loan.number]


def _cut_line(model: CarouselModel, loan: Loan, *, withdraw: bool) -> None:
    """The lender lends less than it promised: all that is undrawn, or half of it."""
    undrawn = loan.undrawn_cents
    cut = undrawn if withdraw else undrawn // 2
    commitment = model.beliefs.commitments[loan.number]
    if cut <= 0:
        return
    loan.committed_cents -= cut
    loan.is_open = not withdraw
    model.loans.version += 1
    lender, borrower = loan.terms.lender, loan.terms.borrower
    model.note("line_cut", agent=lender, counterparty=borrower, cents=cut, detail="withdrawn" if withdraw else "halved")
    if not withdraw:
        commitment.profit_usd_per_year *= loan.committed_cents / (loan.committed_cents + cut)
    text = f"{lender} {'withdraws' if withdraw else 'halves'} its line to {borrower}"
    status = Status.CANCELLED if withdraw else Status.RENEGOTIATED
    set_status(model, commitment, status, text=text, direction=-1, cents=cut)


def spread_of(model: CarouselModel, name: str) -> float:
    """Credit spread of a borrower by itself: the market's for a listed firm; for others the rating spread of how far
    revenue and cash of a year cover what it must pay in it (the mapping is assumed)."""
    firm = model.listed_by_name.get(name) or model.lab_by_name.get(name)
    if isinstance(firm, ListedFirm):
        return model.credit.own_spread(firm)
    account = model.books.journal.account(name)
    if model.dues.late_cents(account) or model.is_in_default(account):
        return rating_from_coverage(0.5).spread_per_year
    if isinstance(firm, AiLab):
        out = firm.costs_usd_per_year(model.day) + model.bills_usd_per_year(firm)
        income = firm.run_rate_usd_per_year * (1 - firm.facts.revenue_share) + firm.cash_cents / 100
        return rating_from_coverage(2 * income / out if out else 100.0).spread_per_year
    owed = model.dues.owed_cents(account) + model.loans.owed_by(account)
    cash = model.books.journal.balance(account)
    return rating_from_coverage(2 * cash / owed if owed else 100.0).spread_per_year


def provide(model: CarouselModel) -> None:
    """Provisions for expected losses on loans and guarantees, from the borrowers' spreads; a large charge is news."""
    floor = model.behaviour.spread_floor_per_year
    charges: dict[str, int] = {}
    for loan in model.loans.loans:
        if loan.is_lost:
            continue
        loss = 1 - RECOVERY[loan.terms.rank]
        ends = loan.terms.draw_months + loan.terms.repayment_months
        years = max(1 / 12, min(HORIZON_YEARS, (ends - model.month) / 12))
        chance = default_probability(max(floor, spread_of(model, loan.terms.borrower)), floor, loss, years)
        before, loan.provision_cents = loan.provision_cents, expected_loss_cents(loan.outstanding_cents, chance, loss)
        charges[loan.terms.lender] = charges.get(loan.terms.lender, 0) + loan.provision_cents - before
    for given in model.loans.guarantees:
        before, given.provision_cents = given.provision_cents, _guarantee_provision_cents(model, given)
        charges[given.terms.guarantor] = charges.get(given.terms.guarantor, 0) + given.provision_cents - before
    model.loans.version += 1
    if model.day == 0:
        return
    for name, charge in charges.items():
        _tell_charge(model, name, charge)


def _guarantee_provision_cents(model: CarouselModel, given: GuaranteeGiven) -> int:
    """Expected call: what the guarantee covers of the bonds' loss, times the chance of a default."""
    if given.called_cents or given not in model.loans.guarantees_for(given.terms.issuer):
        return 0
    issuer = model.listed_by_name[given.terms.issuer]
    loss, floor = 1 - RECOVERY_OF_FACE, model.behaviour.spread_floor_per_year
    chance = default_probability(max(floor, model.credit.own_spread(issuer)), floor, loss, HORIZON_YEARS)
    covered = min(given.limit_cents, round(issuer.debt_cents * loss))
    return expected_loss_cents(covered, chance, 1.0)


def _tell_charge(model: CarouselModel, name: str, charge_cents: int) -> None:
    """A charge that owners notice: an event, and tomorrow an announcement."""
    lender = model.listed_by_name[name]
    lender.provisioned_cents += charge_cents
    if charge_cents >= NEWSWORTHY * 100 * lender.earnings_usd_per_year:
        model.note("provision", agent=name, cents=charge_cents, detail="expected losses on what it lent and guaranteed")
        model.announce_tomorrow(
            firm=name,
            counterparty="",
            instrument=Instrument.GUIDANCE,
            text=f"{name} provides {charge_cents / 1e11:.2f} bn USD for losses on loans to its customers",
            cents=charge_cents,
            direction=-1,
        )


def lose_loans(model: CarouselModel, account: int, lost: list[Claim]) -> int:
    """A borrower is in default: all but the recovery of its loans is written off, the rest falls due in a year; what
    is not paid of it then is lost as well. Returns cents written off."""
    lost_cents = 0
    for loan in model.loans.loans:
        if loan.borrower != account:
            continue
        keep = int(loan.outstanding_cents * RECOVERY[loan.terms.rank])
        write_off = loan.outstanding_cents - keep
        if loan.is_lost:
            overdue = (c for c in lost if c.contract == loan.number and c.cause is Cause.VENDOR_REPAYMENT)
            keep, write_off = 0, sum(c.cents for c in overdue)
        if write_off:
            model.loans.write_off(loan, write_off)
            lost_cents += write_off
            lender, borrower = loan.terms.lender, loan.terms.borrower
            model.note("loan_written_off", agent=lender, counterparty=borrower, cents=write_off)
        if keep:
            rank = RANKS[loan.terms.rank]
            claim = Claim(account, loan.lender, keep, rank, Cause.VENDOR_REPAYMENT, loan.number)
            model.dues.scheduled.setdefault(model.day + DAYS_PER_YEAR, []).append(claim)
        loan.is_lost, loan.is_open, loan.provision_cents = True, False, 0
        loan.committed_cents = loan.drawn_cents
    return lost_cents


def call_guarantees(model: CarouselModel, issuer: str, losses_cents: dict[int, int]) -> None:
    """Bondholders call what they lost, up to the limit; it falls due at the next settlement, ranking with bonds.

    Several guarantors answer in the order of the scenario until the loss is made good.
    """
    left = {account: cents for account, cents in losses_cents.items() if cents > 0}
    for given in model.loans.guarantees_for(issuer):
        total = min(given.limit_cents, sum(left.values()))
        if total <= 0:
            return
        for account, part in zip(left, split(total, list(left.values())), strict=True):
            if part:
                model.dues.add(
                    given.guarantor, account, part, Cause.GUARANTEE_CALL, seniority=SENIOR_BONDS, contract=given.number
                )
                left[account] -= part
        left = {account: cents for account, cents in left.items() if cents > 0}
        given.called_cents, given.provision_cents = total, 0
        model.loans.version += 1
        model.note("guarantee_called", agent=given.terms.guarantor, counterparty=issuer, cents=total)
        commitment = model.beliefs.commitments[given.number]
        if commitment.is_alive:
            set_status(model, commitment, Status.DELIVERING)
        model.announce_tomorrow(
            firm=given.terms.guarantor,
            counterparty=issuer,
            instrument=Instrument.GUIDANCE,
            text=f"{given.terms.guarantor} must answer for {total / 1e11:.2f} bn USD of {issuer}'s bonds",
            cents=total,
            direction=-1,
        )


def review_plans(model: CarouselModel) -> None:
    """A month's news about builders for their own customers: earnings over debt service move belief in all they
    promised."""
    for cloud in model.clouds:
        plans = [model.own_demand[b.contract] for b in cloud.buildouts if b.is_own]
        if not plans or cloud.is_defaulted:
            continue
        owed = 100 * model.credit.coupons_usd_per_year(cloud.name) + service_cents(model, cloud.account, 12)
        if owed <= 0:
            continue
        earned = 100 * model.business_usd_per_year(cloud)
        for commitment in model.commitments_of(cloud.name):
            if commitment.kind == "build_plan" or (commitment.kind == "vendor_loan" and commitment.payee == cloud.name):
                model.beliefs.learn(commitment, Evidence.COVERAGE, model.behaviour, max(0.0, earned / owed))

"""Promised, committed, paid: the account of every promise, and what vendors lent to their customers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from ....contracts.promised import PublicContract
from ....contracts.vendor_loan import VendorLoan
from ....scenarios.schema import Scenario
from ....scenarios.schema_world import DEALS
from .outcome import Kind, Outcome, Values
from .seen import Seen


def promises(scenario: Scenario) -> Sequence[str]:
    """Names of contracts, investments, tickets, plans and loans."""
    return [deal.name for kind, made_of in DEALS.items() if made_of.is_promise for deal in getattr(scenario, kind)]


def lenders(scenario: Scenario) -> Sequence[str]:
    """Vendors that lend to their customers."""
    return sorted({loan.lender for loan in scenario.vendor_loan})


def _of_promises(of: Callable[[PublicContract], int]) -> Callable[[Seen], Values]:
    """Whole cents by name of the promise."""
    return lambda seen: {promise.name: of(promise) for promise in seen.model.contracts.promises}


def _of_lenders(of: Callable[[VendorLoan], int]) -> Callable[[Seen], Values]:
    def measure(seen: Seen) -> Values:
        sums: Counter[str] = Counter()
        for loan in seen.model.contracts.lending.loans:
            sums[loan.payer] += of(loan)
        return sums

    return measure


def _account(pattern: str, meaning: str, of: Callable[[PublicContract], int]) -> Outcome:
    return Outcome(
        pattern=f"{pattern}.PROMISE", unit="US cents", kind=Kind.WHOLE, meaning=meaning, labels=promises,
        measure=_of_promises(of), absent=0,
    )  # fmt: skip


def _lent(pattern: str, meaning: str, of: Callable[[VendorLoan], int]) -> Outcome:
    return Outcome(
        pattern=f"{pattern}.VENDOR", unit="US cents", kind=Kind.WHOLE, meaning=meaning, labels=lenders,
        measure=_of_lenders(of), absent=0,
    )  # fmt: skip


OUTCOMES = (
    _account("announced", "amount announced under a promise", lambda promise: promise.row().announced_cents),
    _account("committed", "amount made binding under it so far", lambda promise: promise.row().committed_cents),
    _account("paid", "cash paid under it so far", lambda promise: promise.row().paid_cents),
    Outcome(
        pattern="credibility.PROMISE",
        unit="probability",
        meaning="public belief that a promise is honoured",
        labels=promises,
        measure=lambda seen: {promise.name: promise.credibility for promise in seen.model.contracts.promises},
    ),
    _lent("lent", "drawn by a vendor's customers since their lines were opened", lambda loan: loan.drawn_cents),
    _lent("owed", "what a vendor's customers owe it on loans", lambda loan: loan.outstanding_cents),
    _lent("written_off", "principal that a vendor has lost on loans", lambda loan: loan.written_off_cents),
)

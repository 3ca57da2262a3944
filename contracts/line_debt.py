"""What is drawn on a line, as debt by the standard: a linear amortizer (LAM) that draws raise and payments lower."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from ..engine.calendar import DAYS_PER_MONTH
from ..ledger.units import Carry, nth_part
from .actus.axes import RUN_DAYS
from .actus.cycles import MONTHLY
from .actus.payoffs import payoff
from .actus.redemptions import payments_from
from .actus.state import Moment, State
from .actus.terms import Cyclic, Terms
from .actus.transitions import transition
from .actus.words import ContractType, EventType


@lru_cache(maxsize=64)
def line_terms(draw_months: int, repayment_months: int) -> Terms:
    """A line by the standard: interest every month, then principal in equal parts after the months of draws."""
    first = DAYS_PER_MONTH * (draw_months + 1)
    return Terms(
        kind=ContractType.LAM,
        initial_exchange=0,
        maturity=first + DAYS_PER_MONTH * (repayment_months - 1),
        interest=Cyclic(DAYS_PER_MONTH, MONTHLY),
        redemption=Cyclic(first, MONTHLY),
    )


@lru_cache(maxsize=64)
def redemption_days(terms: Terms) -> tuple[int, ...]:
    """Days on which a part of the principal falls due, that of maturity last."""
    return tuple(payments_from(terms, 0))


class LineDebt:
    """The state of a line, moved by what is drawn, billed and paid; principal in whole cents."""

    def __init__(self, terms: Terms, day: int, cents: int) -> None:
        self.terms = terms
        self.state = State(since=day, notional=cents, base=cents)
        self._interest = Carry()

    @property
    def cents(self) -> int:
        """Principal owed."""
        return int(self.state.notional)

    def amend(self, terms: Terms) -> None:
        """It is repaid otherwise from now on."""
        self.terms = terms

    def _moment(self, day: int, cents: int | None = None) -> Moment:
        return Moment(day, RUN_DAYS.years(self.state.since, day), cents)

    def draw(self, cents: int, day: int) -> None:
        """So much more is owed."""
        self.state = transition(EventType.PI, self.state, self.terms, self._moment(day, cents))

    def redeem(self, cents: int, day: int) -> None:
        """So much has been paid back."""
        self.state = transition(EventType.PR, self.state, self.terms, self._moment(day, cents))

    def write_off(self, cents: int) -> None:
        """So much will never be paid."""
        self.state = self.state.owing(self.state.notional - cents, self.terms)

    def interest_cents(self, day: int, rate_per_year: float) -> int:
        """Interest accrued at this rate and due now; what is cut off is carried to the next."""
        state, moment = self.state._replace(rate_per_year=rate_per_year), self._moment(day)
        due = payoff(EventType.IP, state, self.terms, moment)
        self.state = transition(EventType.IP, state, self.terms, moment)
        return self._interest.take(due)

    def instalment_cents(self, day: int, principal_cents: int) -> int:
        """Part of the principal that falls due on a day: equal parts that add up to it, to the cent; 0 on others."""
        days = redemption_days(self.terms)
        return nth_part(Fraction(principal_cents, len(days)), days.index(day) + 1) if day in days else 0

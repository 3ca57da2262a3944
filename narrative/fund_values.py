"""What every fund makes of earnings, promises, stories and the books: its value of every listed share, each day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from ..engine.calendar import DAYS_PER_YEAR
from ..scenarios.schema import ActiveFund, Listing
from . import valuation_kernels as kernels
from .sentiment import Sentiment
from .valuation_kernels import Firms, Floats, Ints, Investors, Promises


class Listed(Protocol):
    """A listed firm, as far as beliefs go."""

    @property
    def name(self) -> str: ...
    @property
    def slot(self) -> int: ...
    @property
    def account(self) -> int: ...
    @property
    def security(self) -> int: ...
    @property
    def facts(self) -> Listing: ...


class Fund(Protocol):
    """An active fund, as far as beliefs go."""

    @property
    def slot(self) -> int: ...
    @property
    def facts(self) -> ActiveFund: ...


class Coming(NamedTuple):
    """A lab that may be listed, as far as beliefs go; `security` is the class of its shares by which funds value it."""

    name: str
    slot: int
    account: int
    security: int
    daily_volatility: float


class FundValues:
    """The owner of the valuation: earnings and multiples of the F listed firms, traits of the I funds, and the promises
    and claims of the day."""

    def __init__(self, *, firms: Firms, earnings_growth_per_day: Floats, investors: Investors) -> None:
        """`earnings_growth_per_day` float[F] are factors, 1 for none.

        Raises: ValueError if the arrays of firms or of investors differ in length, or weights do not sum to one.
        """
        lengths = {len(column) for column in (*firms, earnings_growth_per_day)}
        if len(lengths) > 1 or len({len(column) for column in investors}) > 1:
            raise ValueError(
                f"arrays of firms {sorted(lengths)}, of investors {[len(c) for c in investors]}: allowed: equal"
            )
        self.firms, self.investors = firms, investors
        self.earnings_growth_per_day = earnings_growth_per_day
        self._owed_cents = firms.claims_cents.copy()
        self._plain_firms, self._plain_investors = tuple(firms), tuple(investors)
        nobody = np.zeros(0)
        self._promises: tuple[np.ndarray, ...] = (nobody, np.zeros(0, np.int64), nobody, nobody)

    @property
    def base_earnings_usd(self) -> Floats:
        """Earnings of each firm without its promises, USD a year, float[F]."""
        return self.firms.earnings_usd_per_year

    @property
    def price_earnings(self) -> Floats:
        """Multiple of each firm's earnings, float[F]."""
        return self.firms.price_earnings

    def take(self, earnings_growth_per_day: Floats, funds: Sequence[ActiveFund]) -> None:
        """Earnings grow at other rates, funds are otherwise minded."""
        self.earnings_growth_per_day = earnings_growth_per_day
        self.investors = self.investors._replace(
            disposition=np.array([fund.disposition for fund in funds], dtype=float),
            sensitivity=np.array([fund.sensitivity for fund in funds], dtype=float),
        )
        self._plain_investors = tuple(self.investors)

    def grow(self) -> None:
        """A day's growth of earnings."""
        earnings = self.firms.earnings_usd_per_year
        earnings *= self.earnings_growth_per_day

    def scale_earnings(self, firm: int, factor: float) -> None:
        """A report or a default: one firm's earnings times `factor`."""
        self.firms.earnings_usd_per_year[firm] *= factor

    def take_out_of_earnings(self, firm: int, profit_usd_per_year: float) -> None:
        """What a promise is believed to bring is in the opening price: it leaves base earnings, which stay at least a
        dollar."""
        earnings = self.firms.earnings_usd_per_year
        earnings[firm] = max(1.0, earnings[firm] - profit_usd_per_year)

    def see_lab(self, row: int, value_usd: float) -> None:
        """What a lab's shares are worth today without its story, in the place of earnings at a multiple of one."""
        earnings = self.firms.earnings_usd_per_year
        earnings[row] = value_usd

    def set_promises(self, promises: Promises) -> None:
        """The promises that count from now on.

        Raises: ValueError if its arrays differ in length, or a promise feeds a firm that does not exist.
        """
        lengths, last = [len(column) for column in promises], len(self.base_earnings_usd) - 1
        if len(set(lengths)) > 1:
            raise ValueError(f"arrays of promises have lengths {lengths}, allowed: equal")
        firms = promises.firm.tolist()
        if firms and not -1 <= min(firms) <= max(firms) <= last:
            raise ValueError(f"firms of promises are {promises.firm}, allowed: -1 (none that is listed) to {last}")
        self._promises = tuple(promises)

    def set_claims(self, claims_cents: Sequence[int]) -> None:
        """Claims on each firm before its cash, from now on."""
        self._owed_cents[:] = claims_cents

    def see_bills(self, bills_cents: Sequence[int]) -> None:
        """What owners see of each firm's bills to come: today's claims are those of the books and these."""
        np.add(self._owed_cents, bills_cents, out=self.firms.claims_cents)

    def without_moods(self, values_cents: Ints, sentiment: Sentiment, balances_cents: Ints) -> Floats:
        """What firms of these market values would be worth without the sentiment in them, at least a cent, float[F].

        (V + D) exp(-e) - D: the valuation rule read backwards.
        """
        owed_cents = self.firms.claims_cents - balances_cents[self.firms.accounts]
        felt = sentiment.in_values[:-1] + sentiment.in_values[-1]
        found: Floats = np.maximum(1.0, (values_cents + owed_cents) * np.exp(-felt) - owed_cents)
        return found

    def in_parts(self, log_multiple: Floats, balances_cents: Ints) -> tuple[Floats, Floats, Floats]:
        """What the valuation rule makes of the listed firms without moods and single funds' views, float[F] in cents:
        earnings without promises less what is owed net of cash; what promises add; what the story adds to both."""
        firms, believed = self.firms, np.zeros_like(self.base_earnings_usd)
        kernels.believed_earnings(self.base_earnings_usd, self._promises, 0.0, believed)
        owed_cents = firms.claims_cents - balances_cents[firms.accounts]
        base, whole = (100 * firms.price_earnings * usd for usd in (self.base_earnings_usd, believed))
        story: Floats = whole * np.expm1(log_multiple[: len(base)])
        return base - owed_cents, whole - base, story

    def revalue(
        self, out: tuple[Floats, Floats], log_multiple: Floats, sentiment: Sentiment, books: tuple[Ints, Ints]
    ) -> None:
        """Every fund's value of every share, and the mean of them, into `out`: float[I, F] and float[F], in cents.

        `log_multiple` float[F or more] begins with the listed firms; `books` are balances in cents by account and units
        outstanding by security, int64.
        """
        stories = log_multiple, sentiment.in_values, sentiment.private
        kernels.values_of_day(out, self._plain_firms, self._plain_investors, self._promises, stories, books)


def values_at_opening(
    listed: Sequence[Listed], funds: Sequence[Fund], benchmark: Floats, coming: Sequence[Coming] = ()
) -> FundValues:
    """The funds' valuation at the opening, before anything is promised or owed; what labs are worth is told every
    day."""
    facts = [firm.facts for firm in listed]
    rows: list[Listed | Coming] = [*listed, *coming]
    price_earnings = [firm.price_usd * firm.shares / firm.earnings_usd_per_year for firm in facts]
    return FundValues(
        firms=Firms(
            earnings_usd_per_year=np.array([firm.earnings_usd_per_year for firm in facts] + [0.0] * len(coming)),
            price_earnings=np.array(price_earnings + [1.0] * len(coming)),
            accounts=np.array([firm.account for firm in rows], dtype=np.int64),
            securities=np.array([firm.security for firm in rows], dtype=np.int64),
            claims_cents=np.zeros(len(rows), np.int64),
        ),
        earnings_growth_per_day=growth_per_day(facts, len(coming)),
        investors=Investors(
            disposition=np.array([fund.facts.disposition for fund in funds]),
            sensitivity=np.array([fund.facts.sensitivity for fund in funds]),
            benchmark=benchmark,
        ),
    )


def growth_per_day(listed: Sequence[Listing], labs: int = 0) -> Floats:
    """Factor of a day's growth of earnings, float[F]; what labs are worth grows by no rate."""
    growth = [math.exp(math.log1p(firm.earnings_growth_per_year) / DAYS_PER_YEAR) for firm in listed]
    return np.array(growth + [1.0] * labs, dtype=float)

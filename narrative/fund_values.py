"""What every fund makes of earnings, promises, stories and the books: its value of every listed share, each day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..scenarios.schema import ActiveFund
from . import valuation_kernels as kernels
from .sentiment import Sentiment
from .valuation_kernels import Firms, Floats, Ints, Investors, Promises


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

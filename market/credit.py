"""Credit: what a lender asks of a borrower, what a bond is worth, and who gets it when a new one is placed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..engine.calendar import DAYS_PER_MONTH
from ..engine.kernels import njit
from ..ledger.units import CENTS_LIMIT, split

YIELD_MIN, YIELD_MAX = -0.99, 100.0
"""Yields per year at which a bond has a price."""


def normal_cdf(x: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def discount(rate_per_year: float, years: float) -> float:
    """Present value of 1 due in `years` at a continuously compounded rate: exp(-rate years)."""
    return math.exp(-rate_per_year * years)


def _merton_d2(leverage: float, asset_volatility_per_year: float, years: float) -> float:
    width = asset_volatility_per_year * math.sqrt(years)
    return -math.log(leverage) / width - 0.5 * width


def _check_positive(**numbers: float) -> None:
    for name, number in numbers.items():
        if not (number > 0 and math.isfinite(number)):
            raise ValueError(f"{name}: came {number!r}, allowed: a finite number above 0")


def required_spread(leverage: float, asset_volatility_per_year: float, years: float) -> float:
    """Credit spread per year that makes risky debt fair in Merton's model: s = -(1/T) ln[N(d2) + N(-d1) / L].

    `leverage` L is the face value of debt, commitments included, discounted at the riskless rate, over asset value.

    Raises: ValueError if an argument is not positive.
    Source: Merton (1974), Journal of Finance 29(2), eq. 14.
    """
    if not (0 < leverage < math.inf and 0 < asset_volatility_per_year < math.inf and 0 < years < math.inf):
        _check_positive(leverage=leverage, asset_volatility_per_year=asset_volatility_per_year, years=years)
    d2 = _merton_d2(leverage, asset_volatility_per_year, years)
    d1 = d2 + asset_volatility_per_year * math.sqrt(years)
    # the expected loss, 1 - N(d2) - N(-d1) / L, keeps its digits where the spread is tiny
    loss = normal_cdf(-d2) - normal_cdf(-d1) / leverage
    if loss > 0.5:
        return -math.log(normal_cdf(d2) + normal_cdf(-d1) / leverage) / years
    return max(0.0, -math.log1p(-loss) / years)


class Rating(NamedTuple):
    """A grade, and the default spread per year that goes with it."""

    grade: str
    spread_per_year: float


RATINGS = (
    (8.5, Rating("AAA", 0.0059)),
    (6.5, Rating("AA", 0.0070)),
    (4.25, Rating("A", 0.0107)),
    (2.5, Rating("BBB", 0.0147)),
    (2.0, Rating("BB", 0.0221)),
    (1.5, Rating("B", 0.0361)),
    (0.2, Rating("CCC", 0.0851)),
    (-math.inf, Rating("D", 0.2000)),
)
"""Least interest coverage of each main grade, large firms. Source: Damodaran, Ratings and spreads, January 2024."""


def rating_from_coverage(coverage: float) -> Rating:
    """Rating of a large firm whose operating income is `coverage` times its interest (inf without debt).

    Raises: ValueError if it is not a number.
    """
    if math.isnan(coverage):
        raise ValueError("coverage: came nan, allowed: a number")
    return next(rating for least, rating in RATINGS if coverage >= least)


@njit(cache=True)
def price_per_face(coupon_per_year: float, yield_per_year: float, days_left: int) -> float:
    """Value of a bond per unit of face at a yield compounded monthly; see `bond_price_cents`."""
    if days_left <= 0:
        return 1.0
    coupons = -(-days_left // DAYS_PER_MONTH)
    first_month = (days_left - (coupons - 1) * DAYS_PER_MONTH) / DAYS_PER_MONTH
    monthly = math.log1p(yield_per_year / 12)
    # annuity of n payments, the first one now; expm1 keeps it exact near a yield of zero
    annuity = math.expm1(-coupons * monthly) / math.expm1(-monthly) if monthly else float(coupons)
    at_first = coupon_per_year / 12 * annuity + math.exp(-(coupons - 1) * monthly)
    return math.exp(-first_month * monthly) * at_first


def bond_price_cents(
    coupon_per_year: float, spread_per_year: float, riskless_per_year: float, days_left: int, face_cents: int
) -> int:
    """Present value of a bond's monthly coupons and face, accrued interest included, to the nearest cent.

    Coupons fall on maturity and every 21 trading days before. The yield is riskless rate plus spread, compounded
    monthly: a bond that pays its yield as coupon is worth its face on every coupon day, and on the last one as well.

    Raises: ValueError if a number is out of range.
    """
    bond_yield = riskless_per_year + spread_per_year
    if not YIELD_MIN <= bond_yield <= YIELD_MAX or not 0 <= coupon_per_year <= YIELD_MAX:
        came = (coupon_per_year, spread_per_year, riskless_per_year)
        raise ValueError(f"came rates {came!r}, allowed: coupon >= 0, yield {YIELD_MIN} to {YIELD_MAX}")
    if days_left < 0 or not 0 <= face_cents < CENTS_LIMIT:
        raise ValueError(f"came {days_left} days, face {face_cents}; allowed: days >= 0, face of 0 to 2**53 - 1 cents")
    return round(face_cents * price_per_face(coupon_per_year, bond_yield, days_left))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """A buyer (account) takes this much of a new issue at this spread per year or more. Raises: ValueError."""

    buyer: int
    cents: int
    spread_per_year: float

    def __post_init__(self) -> None:
        if isinstance(self.cents, bool) or not isinstance(self.cents, int) or not 0 < self.cents < CENTS_LIMIT:
            raise ValueError(f"bid of {self.cents!r}, allowed: a whole number of cents, 1 to 2**53 - 1")
        if not math.isfinite(self.spread_per_year):
            raise ValueError(f"bid at a spread of {self.spread_per_year!r}, allowed: a finite number")


@dataclass(frozen=True, slots=True)
class BookResult:
    """The spread everybody gets, (buyer, cents) of everybody who is allotted something, and their sum."""

    spread_per_year: float
    allotments: tuple[tuple[int, int], ...]
    placed_cents: int


def uniform_price_book(bids: Sequence[Bid], wanted_cents: int, spread_limit_per_year: float) -> BookResult:
    """Place a new issue: the lowest spreads first, all at the spread of the last one needed, whole up to the limit.

    Bids at the marginal spread share what is left in proportion to their size, exactly. A short book is placed in part.
    With nothing placed the spread is the limit.

    Raises: ValueError if the wanted amount is negative.
    Source: uniform-price auction as in US Treasury auctions, 31 CFR 356.20.
    """
    if wanted_cents < 0:
        raise ValueError(f"wanted {wanted_cents!r} cents, allowed: 0 or more")
    left, marginal = int(wanted_cents), spread_limit_per_year
    allotted: dict[int, int] = {}
    for spread in sorted({bid.spread_per_year for bid in bids if bid.spread_per_year <= spread_limit_per_year}):
        if left == 0:
            break
        level = [bid for bid in bids if bid.spread_per_year == spread]
        placed = min(left, sum(bid.cents for bid in level))
        for bid, part in zip(level, split(placed, [bid.cents for bid in level]), strict=True):
            if part:
                allotted[bid.buyer] = allotted.get(bid.buyer, 0) + part
        left -= placed
        marginal = spread
    return BookResult(marginal, tuple(allotted.items()), int(wanted_cents) - left)

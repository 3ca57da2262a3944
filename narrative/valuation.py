"""What an investor thinks a share is worth: earnings, believed promises, a multiple, a story, less debt.

The boom's core error is visible here: a commitment of a few years is capitalised at a perpetual multiple.
"""

from __future__ import annotations

import math

from ..engine.kernels import njit
from .logistic import logistic

PREMIUM_LOG_MAX = 5.0
"""Log points by which story, sentiment and private view together may move a value: a factor of 150, far beyond what the
bundled scenarios reach. No behaviour, so no row of its table: it keeps every legal file's prices finite."""


@njit(cache=True)
def believed_share(log_odds: float, disposition: float, delivered_share: float) -> float:
    """Part of a promise that an investor counts: c = w + (1 - w) logistic(l + b).

    What is delivered, the share w, is no longer a matter of belief. The log-odds l are public, the disposition b is the
    investor's own.
    """
    believed = logistic(log_odds + disposition)
    return delivered_share + (1.0 - delivered_share) * believed


@njit(cache=True)
def story_in_value(sensitivity: float, log_multiple: float, sentiment: float, private: float) -> float:
    """What stories multiply a value by: exp(s x + e + e_own), all in log points but the sensitivity s; the sum stays
    within `PREMIUM_LOG_MAX`."""
    premium = sensitivity * log_multiple + sentiment + private
    return math.exp(min(max(premium, -PREMIUM_LOG_MAX), PREMIUM_LOG_MAX))


@njit(cache=True)
def value_per_share(
    earnings_usd_per_year: float, price_earnings: float, story: float, debt_like_usd: float, shares: float
) -> float:
    """Value of a share in cents, at least one: V = (E M story - D) / shares.

    The earnings E contain the believed part of every promise's profit; D are claims on the firm less its cash.
    """
    equity_usd = earnings_usd_per_year * price_earnings * story - debt_like_usd
    return max(100.0 * equity_usd / shares, 1.0)


@njit(cache=True)
def next_view(view: float, draw: float, persistence: float, per_day: float) -> float:
    """Tomorrow's private view of an investor on a share, log points: e' = rho e + sigma eps."""
    return persistence * view + per_day * draw


@njit(cache=True)
def disagreement(own_today: float, market_today: float, own_usual: float, market_usual: float) -> float:
    """How much investors disagree today, 1 on a usual day: noise of a share and the market today over the usual one.

    Source: Tauchen & Pitts (1983), Econometrica 51(2).
    """
    return math.hypot(own_today, market_today) / math.hypot(own_usual, market_usual)


def deal_multiple(own_price_earnings: float, market_price_earnings: float, reversion: float) -> float:
    """Multiple at which the profit of a new deal is capitalised: 1 / M = (1 - r) / M_own + r / M_market.

    Earnings yields drift towards each other, so a high multiple is not paid for ever, and never on everything that a
    firm adds: as the own multiple grows without limit (earnings near zero), M tends to M_market / r.

    Raises: ValueError if a multiple is not above zero or the reversion is no share.
    Source: Beaver & Morse (1978), Financial Analysts Journal 34(4): price-earnings ratios revert within years.
    """
    if not (own_price_earnings > 0 and market_price_earnings > 0 and 0 <= reversion <= 1):
        raise ValueError(
            f"multiples {own_price_earnings} and {market_price_earnings}, reversion {reversion}; "
            "allowed: above 0, above 0, 0 to 1"
        )
    return 1.0 / ((1.0 - reversion) / own_price_earnings + reversion / market_price_earnings)


def lab_value_usd(sales_usd_per_year: float, multiple: float, log_multiple: float) -> float:
    """Value of a private lab in USD: annualised revenue x revenue multiple x exp(narrative log-multiple), which moves
    it within `PREMIUM_LOG_MAX`."""
    return sales_usd_per_year * multiple * math.exp(min(max(log_multiple, -PREMIUM_LOG_MAX), PREMIUM_LOG_MAX))

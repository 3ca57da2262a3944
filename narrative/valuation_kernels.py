"""Loops over investors and firms of the valuation rule, and the mean of what they find."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..engine.kernels import njit
from .valuation import believed_share, story_in_value, value_per_share

Floats = np.ndarray
Ints = np.ndarray


class Firms(NamedTuple):
    """The F listed firms; loops read them as a plain tuple, in this order."""

    earnings_usd_per_year: Floats
    price_earnings: Floats
    accounts: Ints
    securities: Ints
    claims_cents: Ints
    """Claims on each firm before its cash, int64[F]."""


class Investors(NamedTuple):
    """The I investors, float[I] each; loops read them as a plain tuple, in this order."""

    disposition: Floats
    sensitivity: Floats
    benchmark: Floats
    """Weights in the common value, summing to one."""


class Promises(NamedTuple):
    """The K promises that count; loops read them as a plain tuple, in this order."""

    profit_usd_per_year: Floats
    """At full run-rate, float[K]."""
    firm: Ints
    """Who earns it, int64[K], -1 for nobody that is listed; a promise that feeds two firms is two entries."""
    log_odds: Floats
    delivered_share: Floats


@njit(cache=True)
def believed_earnings(base_usd_per_year: Floats, promises: tuple, disposition: float, out: Floats) -> None:
    """Fill `out` float[F] with each firm's earnings and the profit of its promises, as far as an investor counts it."""
    profit, firm, log_odds, delivered_share = promises
    out[:] = base_usd_per_year
    for k in range(firm.size):
        if firm[k] >= 0:
            out[firm[k]] += believed_share(log_odds[k], disposition, delivered_share[k]) * profit[k]


@njit(cache=True)
def value_into(
    values_cents: Floats, firms: tuple, investors: tuple, promises: tuple, stories: tuple, books: tuple
) -> None:
    """Fill float[I, F] with the value per share of each firm to each investor, in cents, at what the books have today.

    `stories` are log_multiple float[F or more], the sentiment in values float[F + 1] with the market's last, and
    private views float[I, F]; `books` balances in cents and units outstanding, int64, read at the firms' accounts and
    securities.
    """
    earnings, price_earnings, accounts, securities, claims_cents = firms
    disposition, sensitivity, _ = investors
    log_multiple, felt, private = stories
    balances, outstanding = books
    for i in range(disposition.size):
        believed_earnings(earnings, promises, disposition[i], values_cents[i])
        for f in range(accounts.size):
            sentiment = felt[f] + felt[accounts.size]
            story = story_in_value(sensitivity[i], log_multiple[f], sentiment, private[i, f])
            debt_like_usd = (claims_cents[f] - balances[accounts[f]]) / 100.0
            shares = float(outstanding[securities[f]])
            values_cents[i, f] = value_per_share(values_cents[i, f], price_earnings[f], story, debt_like_usd, shares)


@njit(cache=True)
def common_value_into(common_cents: Floats, benchmark: Floats, values_cents: Floats) -> None:
    """Fill float[F] with the mean value of each share over investors, in cents, by their weights float[I]:
    exp(sum_i q_i log V_if), added up in the investors' order on every machine."""
    for f in range(common_cents.size):
        total = 0.0
        for i in range(benchmark.size):
            total += benchmark[i] * math.log(values_cents[i, f])
        common_cents[f] = math.exp(total)


@njit(cache=True)
def values_of_day(out: tuple, firms: tuple, investors: tuple, promises: tuple, stories: tuple, books: tuple) -> None:
    """`value_into`, then `common_value_into`; `out` are values_cents float[I, F] and common_cents float[F]."""
    values_cents, common_cents = out
    value_into(values_cents, firms, investors, promises, stories, books)
    common_value_into(common_cents, investors[2], values_cents)

"""The call auction finds the Walrasian price as ladders get finer: closed forms for linear and iso-elastic demands.

Source: Walras (1874); for the auction, the rule of the closing call auctions of Euronext and Xetra.
"""

import numpy as np
import pytest
from carousel.market.auction_price_kernels import NO_CROWD, clearing_price
from carousel.market.ladder_kernels import fund_ladders
from hypothesis import given, settings
from hypothesis import strategies as st

TRADER = st.tuples(st.integers(1, 1000), st.integers(2_000, 8_000))
"""Slope in shares per cent, and the price in cents at which the trader wants no other position than it has."""


def linear_ladder(slope, indifference, grid):
    """(limit, signed shares) of a demand h + slope (indifference - p), in steps at the prices of a rising grid."""
    orders = []
    for side, prices in ((1, reversed(grid)), (-1, grid)):
        position = 0
        for p in prices:
            wanted = slope * (indifference - p)
            if side * wanted > side * position:
                orders.append((p, wanted - position))
                position = wanted
    return orders


def even_factors(rungs, reach):
    """Rungs at even distances, 1 -+ reach k / rungs."""
    offsets = reach * np.arange(1, rungs + 1) / rungs
    return np.concatenate([1 - offsets[::-1], 1 + offsets])


def clear(limits, shares, reference):
    return clearing_price((np.sign(shares), np.abs(shares), limits), NO_CROWD, reference)


@pytest.mark.parametrize("spacing", [256, 64, 16, 4, 1])
@settings(deadline=None, max_examples=25)
@given(traders=st.lists(TRADER, min_size=2, max_size=6))
def test_linear_demands_clear_at_their_weighted_price_to_within_one_rung(spacing, traders):
    closed_form = sum(slope * p for slope, p in traders) / sum(slope for slope, _ in traders)
    grid = range(1_024, 10_240, spacing)
    orders = [order for slope, p in traders for order in linear_ladder(slope, p, grid)]
    limits, shares = np.array(orders, np.int64).T.copy()
    price, volume = clear(limits, shares, 5_000)
    if volume:
        assert abs(price - closed_form) <= spacing
    else:
        # no two rungs of different traders meet: all agree to within two rungs
        assert max(p for _, p in traders) - min(p for _, p in traders) <= 2 * spacing


@pytest.mark.parametrize("rungs", [8, 32, 128, 512])
@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32), funds=st.integers(2, 8), eta=st.floats(0.3, 4))
def test_iso_elastic_funds_clear_at_their_closed_form_price_to_within_two_rungs(rungs, seed, funds, eta):
    rng = np.random.default_rng(seed)
    values = rng.uniform(48_000, 52_000, (funds, 1))
    scales = rng.uniform(1e6, 1e9, (funds, 1))
    indifference = rng.uniform(46_000, 54_000, (funds, 1))
    held = np.rint(scales * (values / indifference) ** eta).astype(np.int64)
    closed_form = ((scales * values**eta).sum() / held.sum()) ** (1 / eta)
    factors = even_factors(rungs, reach=0.4)
    budgets = np.full((funds, 1), 2**52)
    limits, shares, _, _ = fund_ladders((values, scales, np.array([eta])), held, budgets, factors)
    price, volume = clear(limits, shares, 50_000)
    # the widest distance between a fund's neighbouring limits, rounding to the cent included
    rung_cents = np.diff(factors).max() * indifference.max() + 1
    if volume:
        assert abs(price - closed_form) <= 2 * rung_cents
    else:
        assert indifference.max() - indifference.min() <= 2 * rung_cents

"""Institutions' demand: news passes through to prices, flows move them by one over the elasticity, more so in
aggregate."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.agents.fund_demand_kernels import (
    TOLERANCE,
    anchor_prices,
    own_price_elasticities,
    shares_left,
    wanted_shares,
)
from hypothesis import given, settings
from hypothesis import strategies as st

ETA, ETA_SECTOR, ETA_MACRO = ELASTICITIES = 1.2, 0.5, 0.2
ABSORBED_MAX = 0.2
ONE_SECTOR = np.zeros(3, np.int64)
NO_FLOW = np.zeros(3, np.int64)
PRICES = np.array([24151.0, 17667.0, 40000.0])
SHARES = np.array([2.5e9, 2.2e10, 3.6e10])
BENCHMARK = np.array([0.5, 0.3, 0.2])
HELD = np.outer(BENCHMARK, SHARES).astype(np.int64)


def sent(net_bought):
    """An order of account 9 in every share."""
    return np.array([[f, 9, shares, 1] for f, shares in enumerate(net_bought.tolist())], np.int64)


def wanted(prices, values):
    out = np.empty((3, 3))
    wanted_shares(prices, (values, BENCHMARK), (SHARES, ONE_SECTOR), ELASTICITIES, out)
    return out


def settle(values, held=HELD, net_bought=NO_FLOW):
    prices, want = PRICES.copy(), np.empty((3, 3))
    left = shares_left(held, sent(net_bought), ABSORBED_MAX)
    gap = anchor_prices(left, (values, BENCHMARK), (SHARES, ONE_SECTOR), ELASTICITIES, prices, want)
    assert gap < TOLERANCE * 1e3
    return prices


def test_at_fair_value_everybody_wants_the_benchmark():
    np.testing.assert_allclose(wanted(PRICES, np.tile(PRICES, (3, 1))), HELD, rtol=1e-12)


@given(st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=3))
@settings(max_examples=50, deadline=None)
def test_news_agreed_by_all_passes_through_to_prices_one_for_one(news):
    values = PRICES * np.exp(news)
    np.testing.assert_allclose(settle(np.tile(values, (3, 1))), values, rtol=1e-7)


def test_selling_one_percent_of_the_whole_market_moves_it_by_one_percent_over_the_macro_elasticity():
    sold = (HELD * 1.001).astype(np.int64)
    moved = np.log(settle(np.tile(PRICES, (3, 1)), sold) / PRICES)
    np.testing.assert_allclose(moved, -np.log(1.001) / ETA_MACRO, rtol=1e-4)


def test_one_small_share_moves_by_about_one_over_the_micro_elasticity():
    sold = HELD.astype(float)
    sold[:, 0] *= 1.001
    moved = np.log(settle(np.tile(PRICES, (3, 1)), sold.astype(np.int64)) / PRICES)
    weight = PRICES[0] * SHARES[0] / (PRICES @ SHARES)
    general = -np.log(1.001) * ((1 - weight) / ETA + weight / ETA_MACRO)
    assert moved[0] == pytest.approx(general, rel=1e-3)


def test_the_own_price_elasticity_is_the_slope_of_demand():
    out, values = np.empty(3), np.tile(PRICES, (3, 1))
    own_price_elasticities(PRICES, (SHARES, ONE_SECTOR), ELASTICITIES, out)
    for f in range(3):
        bumped = PRICES.copy()
        bumped[f] *= np.exp(1e-6)
        slope = np.log(wanted(bumped, values)[0, f] / wanted(PRICES, values)[0, f]) / 1e-6
        assert -slope == pytest.approx(out[f], rel=1e-4)


def test_funds_anchor_where_they_would_just_absorb_what_others_send():
    """Selling one percent to others is the same as wanting one percent less than is held."""
    bought = (HELD.sum(axis=0) * 0.01).astype(np.int64)
    moved = np.log(settle(np.tile(PRICES, (3, 1)), net_bought=bought) / PRICES)
    np.testing.assert_allclose(moved, -np.log(0.99) / ETA_MACRO, rtol=1e-4)


class TestSectors:
    """Ten sectors of ten shares each, all alike: a flow meets another elasticity at each level."""

    N = 100
    sector = np.repeat(np.arange(10), 10)
    prices = np.full(N, 10_000.0)
    shares = np.full(N, 1e9)
    held = np.outer(BENCHMARK, shares).astype(np.int64)

    def moved(self, members, size=0.001):
        """Log price change of `members` when others buy `size` of their float."""
        bought = np.zeros(self.N, np.int64)
        bought[members] = (self.shares[members] * size).astype(np.int64)
        prices, wanted = self.prices.copy(), np.empty((3, self.N))
        funds = np.tile(self.prices, (3, 1)), BENCHMARK
        left = shares_left(self.held, sent(bought), ABSORBED_MAX)
        gap = anchor_prices(left, funds, (self.shares, self.sector), ELASTICITIES, prices, wanted)
        assert gap < TOLERANCE * 1e3
        return float(np.log(prices / self.prices)[members].mean()) / -np.log(1 - size)

    def test_one_share_meets_mostly_the_micro_elasticity(self):
        expected = 0.9 / ETA + 0.1 * (0.9 / ETA_SECTOR + 0.1 / ETA_MACRO)
        assert self.moved([0]) == pytest.approx(expected, rel=1e-3)

    def test_a_sector_meets_mostly_the_sector_elasticity(self):
        assert self.moved(list(range(10))) == pytest.approx(0.9 / ETA_SECTOR + 0.1 / ETA_MACRO, rel=1e-3)

    def test_the_market_meets_the_macro_elasticity(self):
        assert self.moved(list(range(100))) == pytest.approx(1 / ETA_MACRO, rel=1e-3)

    def test_the_own_price_elasticity_is_the_slope_of_nested_demand(self):
        out, values = np.empty(self.N), np.tile(self.prices, (3, 1))
        own_price_elasticities(self.prices, (self.shares, self.sector), ELASTICITIES, out)
        demand = []
        for bump in (0.0, 1e-6):
            prices, wanted = self.prices.copy(), np.empty((3, self.N))
            prices[7] *= np.exp(bump)
            wanted_shares(prices, (values, BENCHMARK), (self.shares, self.sector), ELASTICITIES, wanted)
            demand.append(wanted[0, 7])
        assert -np.log(demand[1] / demand[0]) / 1e-6 == pytest.approx(out[7], rel=1e-4)

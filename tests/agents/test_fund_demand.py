"""Institutions' demand: news passes through to prices, flows move them by one over the elasticity, more so in
aggregate."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from carousel.agents.fund_demand import left_to_hold, log_price_step, own_price_elasticity, tilt
from carousel.agents.fund_demand_kernels import (
    TOLERANCE,
    anchor_prices,
    own_price_elasticities,
    shares_left,
    wanted_shares,
)
from carousel.agents.fund_desk import FundDesk, NoAnchor
from carousel.ledger.books import Books
from carousel.scenarios.behaviour import Behaviour
from hypothesis import given, settings
from hypothesis import strategies as st

ETA, ETA_SECTOR, ETA_MACRO = ELASTICITIES = 1.2, 0.5, 0.2
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
    wanted_shares(prices, values, BENCHMARK, SHARES, ONE_SECTOR, ELASTICITIES, out)
    return out


def settle(values, held=HELD, net_bought=NO_FLOW):
    prices, want = PRICES.copy(), np.empty((3, 3))
    left = shares_left(held, sent(net_bought))
    gap = anchor_prices(left, values, BENCHMARK, SHARES, ONE_SECTOR, ELASTICITIES, prices, want)
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
    own_price_elasticities(PRICES, SHARES, ONE_SECTOR, ELASTICITIES, out)
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


def test_a_tilt_is_the_ratio_of_value_to_price_to_the_elasticity():
    assert tilt(4.0, 1.0, 0.5) == pytest.approx(2.0)
    assert tilt(1.0, 4.0, 0.5) == pytest.approx(0.5)


def test_the_own_price_elasticity_weighs_share_sector_and_market():
    expected = 1.2 * 0.75 + 0.25 * (0.5 * 0.6 + 0.2 * 0.4)
    assert own_price_elasticity(0.25, 0.4, ELASTICITIES) == pytest.approx(expected)


@pytest.mark.parametrize(("net_bought", "left"), [(0, 100), (10, 90), (-10, 110), (50, 80), (-50, 120)])
def test_funds_absorb_an_imbalance_up_to_a_part_of_what_they_hold(net_bought, left):
    assert left_to_hold(100.0, net_bought) == pytest.approx(left)


def test_a_step_answers_the_gaps_of_share_sector_and_market_by_their_elasticities():
    assert log_price_step(0.03, 0.02, 0.01, ELASTICITIES) == pytest.approx(0.01 / 0.2 + 0.01 / 0.5 + 0.01 / 1.2)
    assert log_price_step(0.0, 0.0, 1.0, ELASTICITIES) == 0.5
    assert log_price_step(0.0, 0.0, -1.0, ELASTICITIES) == -0.5


def board_of(values):
    """Three shares in one sector and the three funds of `HELD`, accounts 0 to 2."""
    return SimpleNamespace(
        common_cents=PRICES.copy(), values_cents=values, fund_benchmark=BENCHMARK, fund_float=SHARES,
        sector=ONE_SECTOR, registers=SimpleNamespace(holdings=HELD), fund_accounts=np.arange(3),
        securities=np.arange(3), anchor_cents=np.zeros(3), wanted_shares=np.zeros((3, 3)), elasticity=np.zeros(3),
        indicative_cents=np.zeros(3, np.int64),
    )  # fmt: skip


RULES = Behaviour(micro_elasticity=ETA, sector_elasticity=ETA_SECTOR, macro_elasticity=ETA_MACRO)


def test_the_board_gets_the_anchor_what_is_wanted_there_and_how_demand_answers():
    board = board_of(np.tile(PRICES, (3, 1)))
    bought = (HELD.sum(axis=0) * 0.01).astype(np.int64)
    FundDesk(Books(), RULES).anchor(board, sent(bought), day=1)
    np.testing.assert_allclose(np.log(board.anchor_cents / PRICES), -np.log(0.99) / ETA_MACRO, rtol=1e-4)
    np.testing.assert_allclose(board.wanted_shares, 0.99 * HELD, rtol=1e-6)
    assert board.indicative_cents.tolist() == np.rint(board.anchor_cents).astype(int).tolist()
    slopes = np.empty(3)
    own_price_elasticities(board.anchor_cents, SHARES, ONE_SECTOR, ELASTICITIES, slopes)
    assert board.elasticity.tolist() == slopes.tolist()


def test_an_anchor_that_does_not_settle_is_no_anchor():
    """Funds that hold next to nothing of what they want: no price within reach makes them want it."""
    board = board_of(np.tile(PRICES, (3, 1)))
    board.registers.holdings = np.ones((3, 3), np.int64)
    with pytest.raises(NoAnchor) as refused:
        FundDesk(Books(), RULES).anchor(board, sent(NO_FLOW), day=4)
    assert refused.value.day == 4


def test_without_funds_the_board_stays_as_it_is():
    board = board_of(np.tile(PRICES, (3, 1)))
    board.fund_accounts = np.zeros(0, np.int64)
    FundDesk(Books(), RULES).anchor(board, sent(NO_FLOW), day=1)
    assert board.anchor_cents.tolist() == [0.0, 0.0, 0.0]


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
        values = np.tile(self.prices, (3, 1))
        left = shares_left(self.held, sent(bought))
        gap = anchor_prices(left, values, BENCHMARK, self.shares, self.sector, ELASTICITIES, prices, wanted)
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
        own_price_elasticities(self.prices, self.shares, self.sector, ELASTICITIES, out)
        demand = []
        for bump in (0.0, 1e-6):
            prices, wanted = self.prices.copy(), np.empty((3, self.N))
            prices[7] *= np.exp(bump)
            wanted_shares(prices, values, BENCHMARK, self.shares, self.sector, ELASTICITIES, wanted)
            demand.append(wanted[0, 7])
        assert -np.log(demand[1] / demand[0]) / 1e-6 == pytest.approx(out[7], rel=1e-4)

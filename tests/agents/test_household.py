"""Households: exact endowments and saving, orders within their means, and the same bits as plain NumPy."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise
from types import SimpleNamespace

import mesa
import numpy as np
import pytest
from carousel.agents import household_kernels as kernels
from carousel.agents.endowment import Endowment, EndowmentError
from carousel.agents.household import Holders, RetailHolder
from carousel.agents.household_orders import Demand, FillError, demand_parameters, order_grid
from carousel.engine import chance
from carousel.engine.chance import Decision
from carousel.engine.columns import ColumnAgentSet, ColumnError, install_columns
from carousel.engine.row_ranges import ThreadsError, on_threads
from carousel.narrative.contagion import block_mixing
from carousel.tests.oracles.draws import unit, words
from carousel.tests.oracles.households import INT32_MAX, orders_by_numpy, split_by_integers, start_by_numpy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

DEMAND = Demand(
    extrapolation_sensitivity=0.3, enthusiasm_tilt=0.1, tired_tilt=0.5, trade_gap_share=0.3, limit_tolerance=0.005
)
BYTES_PER_ROW = sum(np.dtype(column.dtype).itemsize for column in Holders.COLUMNS.values())
PRICE = 60_000


def endowed(n=500, seed=7, **changes):
    plain = {
        "total_cash_cents": 10**6 * n,
        "total_etf_shares": 20 * n,
        "etf_price_cents": PRICE,
        "wealth_sigma": 1.0,
        "lean_spread": 0.5,
        "enthusiastic_share": 0.2,
        "tired_share": 0.1,
        "blocks": 8,
        "attention_spread": 0.5,
        "extrapolation_spread": 1.0,
        "tired_tilt": 0.5,
        "attention_per_day": 0.2,
        "enthusiasm_tilt": DEMAND.enthusiasm_tilt,
    }
    return Holders.endow(n, Endowment(**(plain | changes)), seed=seed)


def ordered(holders, *, day=3, reference_cents=PRICE, extrapolated_return=0.1, demand=DEMAND):
    low_cents, levels = order_grid(reference_cents, demand.limit_tolerance)
    buy_hist, sell_hist = np.empty(levels, np.int64), np.empty(levels, np.int64)
    totals = holders.decide_orders(
        day=day,
        reference_cents=reference_cents,
        extrapolated_return=extrapolated_return,
        demand=demand,
        low_cents=low_cents,
        buy_hist=buy_hist,
        sell_hist=sell_hist,
    )
    return totals, low_cents, buy_hist, sell_hist


# --- endowment


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 300),
    cash=st.integers(0, 2**53 - 1),
    shares=st.integers(0, 2**31 - 1) | st.integers(0, 2**53 - 1),
    sigma=st.floats(0, 3),
    seed=st.integers(0, 2**63 - 1),
)
def test_an_endowment_sums_to_both_totals_to_the_cent_and_the_share(n, cash, shares, sigma, seed):
    try:
        holders = endowed(n, total_cash_cents=cash, total_etf_shares=shares, wealth_sigma=sigma, seed=seed)
    except EndowmentError:
        # only a holder of more shares than 32 bits hold may refuse: a test below sees it
        assert shares > INT32_MAX
        return
    assert sum(holders.cash_cents.tolist()) == cash == holders.total_cash_cents()
    assert sum(holders.etf_shares.tolist()) == shares == holders.total_etf_shares()
    assert holders.cash_cents.min() >= 0
    assert holders.etf_shares.min() >= 0


def test_an_endowment_is_the_exact_integer_split_by_log_normal_wealth():
    holders = endowed(400, wealth_sigma=1.3)
    rows = np.arange(400)
    wealth = [math.exp(1.3 * z) for z in chance.normals(7, int(Decision.HOLDER_ENDOWMENT), 0, rows).tolist()]
    lean = unit(words(7, Decision.HOLDER_TRAITS, 0, 400)).tolist()
    for_cash = [int(w * 2.0**20 * (1.5 - u)) + 1 for w, u in zip(wealth, lean, strict=True)]
    for_shares = [int(w * 2.0**20 * (0.5 + u)) + 1 for w, u in zip(wealth, lean, strict=True)]
    start_cash = start_by_numpy(7, Decision.HOLDER_ENDOWMENT, 1, sum(for_cash))
    start_shares = start_by_numpy(7, Decision.HOLDER_ENDOWMENT, 2, sum(for_shares))
    assert holders.cash_cents.tolist() == split_by_integers(400 * 10**6, for_cash, start_cash)
    assert holders.etf_shares.tolist() == split_by_integers(20 * 400, for_shares, start_shares)
    assert holders.saving_weight.tolist() == [int(w * 256) + 1 for w in wealth]


def test_the_dispersion_of_wealth_is_the_one_asked_for():
    holders = endowed(40_000, total_etf_shares=0, total_cash_cents=10**14, wealth_sigma=1.0)
    log_weight = np.log(holders.saving_weight.astype(np.float64))
    # standard error of a standard deviation of n normals, and the weights' rounding to whole numbers
    assert abs(log_weight.std() - 1.0) < 4 / math.sqrt(2 * 40_000) + 1 / 256


def test_traits_have_the_means_asked_for():
    n = 40_000
    holders = endowed(n)
    counts = holders.counts()
    assert counts.shape == (8, 3)
    assert counts.sum() == n
    for state, share in enumerate((0.7, 0.2, 0.1)):
        assert abs(counts[:, state].sum() / n - share) < 4 * math.sqrt(share * (1 - share) / n)
    assert abs(holders.attention.mean() - 0.2) < 4 * 0.1 / math.sqrt(3 * n)
    assert abs(holders.extrapolation.mean() - 1.0) < 4 / math.sqrt(3 * n)
    assert abs(counts.sum(axis=1) / n - 1 / 8).max() < 4 * math.sqrt(7 / 64 / n)


def test_traits_are_the_keyed_draws_within_their_spreads():
    h = endowed(300, attention_per_day=0.2, attention_spread=0.25, extrapolation_spread=0.4, blocks=5)
    draws = [unit(words(7, Decision.HOLDER_TRAITS, trait, 300)) for trait in range(5)]
    assert h.extrapolation == pytest.approx(0.6 + 0.8 * draws[1], rel=1e-6)
    assert h.attention == pytest.approx(0.15 + 0.1 * draws[2], rel=1e-6)
    assert h.block.tolist() == (5 * draws[3]).astype(int).tolist()
    assert h.state.tolist() == [1 if u < 0.2 else 2 if u < 0.2 + 0.1 else 0 for u in draws[4].tolist()]


def test_the_base_share_is_the_actual_one_less_what_the_story_adds():
    h = endowed(300, enthusiasm_tilt=0.1, tired_tilt=0.25)
    held = h.etf_shares.astype(np.int64) * PRICE
    tilt = np.array([0.0, 0.1, -0.025])[h.state]
    assert h.desired_share == pytest.approx(held / (h.cash_cents + held) - tilt, abs=1e-6)


@pytest.mark.parametrize("lean", [0.0, 0.2, 1.0])
def test_the_parts_of_wealth_lean_apart_by_the_spread_asked_for(lean):
    h = endowed(4000, wealth_sigma=0.0, lean_spread=lean, total_etf_shares=4000 * 1000)
    parts = h.etf_shares / h.etf_shares.mean()
    assert abs(parts - 1).max() <= lean + 0.02
    assert parts.std() == pytest.approx(lean / math.sqrt(3), abs=0.02)
    if lean:
        assert np.corrcoef(h.cash_cents, h.etf_shares)[0, 1] < -0.99


@pytest.mark.parametrize("mean", [0.0, 0.001, 0.95, 1.0])
def test_attention_stays_a_probability_around_its_mean(mean):
    attention = endowed(20_000, attention_per_day=mean).attention
    assert attention.min() >= 0
    assert attention.max() <= 1
    assert abs(attention.mean(dtype=np.float64) - mean) <= 4 * min(mean, 1 - mean) / math.sqrt(20_000) + 1e-9


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"total_cash_cents": -1}, "total_cash_cents"),
        ({"total_cash_cents": 2**53}, "total_cash_cents"),
        ({"total_etf_shares": 3 * 2**40}, "more than 2147483647 each; use more holders"),
        ({"etf_price_cents": 0}, "etf_price_cents"),
        ({"wealth_sigma": float("nan")}, "wealth_sigma"),
        ({"enthusiastic_share": 0.7, "tired_share": 0.7}, "enthusiastic_share"),
        ({"blocks": 65}, "blocks"),
        ({"n": 0}, "n is 0"),
    ],
)
def test_an_impossible_endowment_is_refused_with_the_number_that_is_wrong(changes, match):
    n = changes.pop("n", 10)
    with pytest.raises(EndowmentError, match=match):
        endowed(n, **changes)


def test_a_holder_takes_at_most_45_bytes():
    holders = endowed(3)
    assert BYTES_PER_ROW <= 45
    assert sum(array.nbytes for array in holders.arrays().values()) == BYTES_PER_ROW * 3


def test_a_store_refuses_a_holder_in_a_block_that_does_not_exist():
    holders = endowed(50, blocks=8)
    with pytest.raises(ValueError, match="blocks"):
        Holders(holders.arrays(), seed=1, blocks=7)
    with pytest.raises(ColumnError):
        Holders(holders.arrays() | {"cash_cents": np.full(50, -1)}, seed=1, blocks=8)


def test_arrays_rebuild_the_same_holders():
    holders = endowed(50)
    again = Holders({name: array.copy() for name, array in holders.arrays().items()}, seed=holders.seed, blocks=8)
    assert ordered(holders)[0] == ordered(again)[0]
    assert np.array_equal(holders.order_shares, again.order_shares)


# --- orders


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 3000),
    seed=st.integers(0, 2**40),
    day=st.integers(0, 5040),
    price=st.integers(1, 10**7),
    past=st.floats(-1, 2),
    sigma=st.floats(0, 3),
    cuts=st.lists(st.integers(0, 3000), max_size=4),
)
def test_orders_are_the_bits_of_plain_numpy_for_any_chunking(n, seed, day, price, past, sigma, cuts):
    h = endowed(n, seed=seed, etf_price_cents=price, wealth_sigma=sigma)
    totals, low_cents, buy_hist, sell_hist = ordered(h, day=day, reference_cents=price, extrapolated_return=past)
    orders, limits, attentive = orders_by_numpy(
        h, day=day, reference_cents=price, extrapolated_return=past, demand=DEMAND
    )
    assert np.array_equal(h.order_shares, orders)
    assert np.array_equal(h.order_limit_cents, limits)
    buys, sells = orders > 0, orders < 0
    assert totals == (attentive, orders[buys].sum(), -orders[sells].sum(), (orders * limits)[buys].sum())
    levels = len(buy_hist)
    by_level = np.bincount(limits[buys] - low_cents, weights=orders[buys], minlength=levels)
    assert np.array_equal(buy_hist, by_level.astype(np.int64))
    by_level = np.bincount(limits[sells] - low_cents, weights=-orders[sells], minlength=levels)
    assert np.array_equal(sell_hist, by_level.astype(np.int64))

    rows, shares, limits_of = h.open_orders()
    assert np.array_equal(rows, np.flatnonzero(orders))
    assert np.array_equal(shares, orders[rows])
    assert np.array_equal(limits_of, limits[rows])

    whole = h.order_shares.copy(), h.order_limit_cents.copy()
    h.order_shares[:], h.order_limit_cents[:] = 0, 0
    buy_parts, sell_parts = np.zeros(levels, np.int64), np.zeros(levels, np.int64)
    bounds = [0, *sorted(min(cut, n) for cut in cuts), n]
    pull = DEMAND.extrapolation_sensitivity * past
    listed = []
    for first, last in pairwise(bounds):
        ordering = np.empty(last - first, np.int32)
        done = kernels.decide_rows(
            h.order_columns()[0], (h.state, h.desired_share, h.extrapolation, h.attention), (first, last),
            (seed, day, price, pull), tuple(DEMAND[1:]), (low_cents, buy_parts, sell_parts),
            (h.order_shares, h.order_limit_cents, ordering),
        )  # fmt: skip
        listed += ordering[: done[0]].tolist()
    assert np.array_equal(h.order_shares, whole[0])
    assert np.array_equal(h.order_limit_cents, whole[1])
    assert np.array_equal(buy_parts, buy_hist)
    assert np.array_equal(sell_parts, sell_hist)
    assert listed == rows.tolist()


def two_days(h, threads, chunk, monkeypatch):
    """Everything that two days of story, orders and full fills leave behind, with so many threads and rows a chunk."""
    monkeypatch.setenv("CAROUSEL_THREADS", str(threads))
    monkeypatch.setattr("carousel.agents.household.CHUNK", chunk)
    h = Holders({name: array.copy() for name, array in h.arrays().items()}, seed=h.seed, blocks=h.blocks)
    left, counts = [], h.counts()
    for day in (4, 5):
        h.tell_story(
            counts, block_mixing(8, 0.7), day=day, news=0.4, extrapolated_return=0.1,
            parameters=(0.3, 0.2, 0.5, 0.1, 0.8, 0.15),
        )  # fmt: skip
        totals, _, buy_hist, sell_hist = ordered(h, day=day)
        orders = h.open_orders()
        h.apply_fills(orders.shares, PRICE, orders.rows)
        arrays = (counts, buy_hist, sell_hist, *orders, *h.arrays().values())
        left += [totals, *(array.tobytes() for array in arrays)]
    assert np.array_equal(counts, h.counts())
    return left


@pytest.mark.parametrize(("threads", "chunk"), [(1, 1), (2, 64), (2, 1000), (7, 333), (64, 100)])
def test_any_number_of_threads_and_rows_a_chunk_leaves_the_same_bits(threads, chunk, monkeypatch):
    h = endowed(3000)
    assert two_days(h, threads, chunk, monkeypatch) == two_days(h, 1, 10**6, monkeypatch)


@pytest.mark.parametrize("came", ["0", "65", "two", "-1", "1.5", "99999999999999999999", "²"])
def test_a_number_of_threads_that_cannot_be_had_is_refused_by_name(came, monkeypatch):
    monkeypatch.setenv("CAROUSEL_THREADS", came)
    with pytest.raises(ThreadsError, match=r"CAROUSEL_THREADS.*from 1 to 64"):
        ordered(endowed(10))


def test_the_first_fault_of_any_thread_is_raised():
    def fail(first, last):
        if first:
            raise KeyError(first)

    with pytest.raises(KeyError):
        on_threads(fail, 10, 2)


def test_orders_survive_a_rebuild_and_the_next_day_takes_them_back():
    h = endowed(500)
    ordered(h)
    again = Holders({name: array.copy() for name, array in h.arrays().items()}, seed=h.seed, blocks=h.blocks)
    copied = pickle.loads(pickle.dumps(h))
    for other in (again, copied):
        assert all(np.array_equal(*pair) for pair in zip(h.open_orders(), other.open_orders(), strict=True))
        ordered(other, day=4)
        assert np.array_equal(other.open_orders().rows, np.flatnonzero(other.order_shares))
    assert len(pickle.dumps(h)) < 500 * (BYTES_PER_ROW + 1) + 4000


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 400),
    seed=st.integers(0, 2**40),
    price=st.integers(1, 10**8),
    past=st.floats(-10, 10),
    gap_share=st.floats(0, 1.5),
    tolerance=st.floats(0, 0.2),
    cash=st.integers(0, 10**12),
    shares=st.integers(0, 10**6),
)
def test_no_order_costs_more_than_the_cash_or_sells_more_than_the_shares(
    n, seed, price, past, gap_share, tolerance, cash, shares
):
    h = endowed(n, seed=seed, total_cash_cents=cash, total_etf_shares=shares, attention_per_day=1.0)
    demand = Demand(5.0, 0.5, 0.5, gap_share, tolerance)
    totals, low_cents, _, _ = ordered(h, reference_cents=price, extrapolated_return=past, demand=demand)
    assert totals.attentive == n
    orders, limits = h.order_shares.astype(object), h.order_limit_cents.astype(object)
    assert all(order * limit <= money for order, limit, money in zip(orders, limits, h.cash_cents, strict=True))
    assert all(-order <= held for order, held in zip(orders, h.etf_shares, strict=True))
    assert all(low_cents <= limit <= 2 * price - low_cents for limit in limits[orders != 0])
    assert all(limit >= price for limit in limits[orders > 0])
    assert all(limit <= price for limit in limits[orders < 0])
    assert totals.reserved_cents <= cash


def test_the_opening_brings_no_flow_of_its_own():
    h = endowed(5000, attention_per_day=1.0)
    totals, *_ = ordered(h, extrapolated_return=0.0)
    assert totals.attentive == 5000
    # base shares are rounded to 24 bits: at most a share or so of random rounding
    assert abs(h.order_shares).max() <= 1
    assert totals.buy_shares + totals.sell_shares <= 5


@pytest.mark.parametrize("past", [-0.4, 0.4])
def test_holders_buy_after_rises_and_sell_after_falls(past):
    totals, *_ = ordered(endowed(5000), extrapolated_return=past)
    assert (totals.buy_shares > 0, totals.sell_shares > 0) == (past > 0, past < 0)


def test_who_catches_the_story_buys_and_who_tires_sells():
    for state, sign in ((1, 1), (2, -1)):
        h = endowed(2000, enthusiastic_share=0.0, tired_share=0.0, attention_per_day=1.0)
        h.state[:] = state
        ordered(h, extrapolated_return=0.0)
        assert sign * h.order_shares.astype(np.int64).sum() > 0
        assert (sign * h.order_shares).min() >= -1


def test_as_many_holders_look_at_their_account_as_attention_says():
    n, days = 20_000, 10
    h = endowed(n)
    looks = sum(ordered(h, day=day)[0].attentive for day in range(days))
    expected = h.attention.sum(dtype=np.float64) * days
    assert abs(looks - expected) < 4 * math.sqrt(expected)


def test_fractions_of_a_share_are_ordered_without_bias():
    n = 20_000
    h = endowed(n, attention_per_day=1.0)
    h.cash_cents[:], h.etf_shares[:], h.state[:], h.desired_share[:] = 10 * PRICE, 0, 0, 0.125
    totals, *_ = ordered(h, extrapolated_return=0.0)
    per_holder = DEMAND.trade_gap_share * 1.25
    assert set(h.order_shares.tolist()) == {0, 1}
    assert abs(totals.buy_shares / n - per_holder) < 4 * math.sqrt(per_holder * (1 - per_holder) / n)


def test_a_holder_more_does_not_change_the_draws_of_the_others():
    few, many = endowed(300), endowed(301, total_cash_cents=300 * 10**6, total_etf_shares=6000)
    for name, array in few.arrays().items():
        many.arrays()[name][:300] = array
    ordered(few)
    ordered(many)
    assert np.array_equal(few.order_shares, many.order_shares[:300])
    assert np.array_equal(few.order_limit_cents, many.order_limit_cents[:300])


def test_histograms_that_do_not_cover_the_limits_are_refused():
    h = endowed(10)
    low_cents, levels = order_grid(PRICE, DEMAND.limit_tolerance)
    good = np.zeros(levels, np.int64)
    for low, hist in ((low_cents + 1, good), (low_cents, good[:-1]), (low_cents, good.astype(np.int32))):
        with pytest.raises(ValueError, match="order histogram"):
            h.decide_orders(
                day=1, reference_cents=PRICE, extrapolated_return=0.0, demand=DEMAND, low_cents=low,
                buy_hist=good, sell_hist=hist,
            )  # fmt: skip


@pytest.mark.parametrize("price", [0, 2**31])
def test_a_price_beyond_32_bits_is_refused(price):
    with pytest.raises(ValueError, match="beyond"):
        order_grid(price, 0.005)


@pytest.mark.parametrize("past", [float("nan"), float("inf")])
def test_a_past_return_that_is_no_number_is_refused(past):
    with pytest.raises(ValueError, match="extrapolated return"):
        ordered(endowed(10), extrapolated_return=past)


def test_demand_reads_the_behavioural_table():
    assert demand_parameters(SimpleNamespace(**DEMAND._asdict(), other=1)) == DEMAND


# --- fills


def test_fills_move_cash_and_shares_and_say_what_changed_in_all():
    h = endowed(2000)
    ordered(h, extrapolated_return=0.3)
    cash, shares = h.cash_cents.copy(), h.etf_shares.copy()
    fills = (h.order_shares // 2).astype(np.int32)
    price = PRICE
    net_shares, net_cents = h.apply_fills(fills, price)
    assert net_shares == fills.astype(np.int64).sum()
    assert net_cents == -net_shares * price
    assert np.array_equal(h.etf_shares, shares + fills)
    assert np.array_equal(h.cash_cents, cash - fills.astype(np.int64) * price)


def test_full_fills_of_buys_at_the_dearest_limit_leave_nobody_below_zero():
    h = endowed(2000, total_cash_cents=10**8)
    ordered(h, extrapolated_return=5.0)
    fills = np.where(h.order_shares > 0, h.order_shares, 0).astype(np.int32)
    h.apply_fills(fills, PRICE)
    assert fills.any()
    assert h.cash_cents.min() >= 0


def test_fills_are_applied_once():
    h = endowed(100)
    fills = np.zeros(100, np.int32)
    with pytest.raises(ValueError, match="no open orders"):
        h.apply_fills(fills, PRICE)
    ordered(h)
    h.apply_fills(fills, PRICE)
    with pytest.raises(ValueError, match="no open orders"):
        h.apply_fills(fills, PRICE)


@pytest.mark.parametrize("past", [0.5, -0.5])
@pytest.mark.parametrize("fault", ["beyond order", "beyond limit", "wrong side", "no order", "no means"])
def test_one_wrong_fill_is_refused_by_row_and_nothing_is_booked(past, fault):
    h = endowed(2000)
    _, low_cents, buy_hist, _ = ordered(h, extrapolated_return=past)
    row = int(np.flatnonzero(h.order_shares)[-7])
    side = int(np.sign(h.order_shares[row]))
    fills, price = h.order_shares.copy(), PRICE
    if fault == "beyond order":
        fills[row] += side
    elif fault == "wrong side":
        fills[row] = -side
    elif fault == "no order":
        row = int(np.flatnonzero(h.order_shares == 0)[-3])
        fills[row] = 1
    elif fault == "no means":
        h.cash_cents[row], h.etf_shares[row] = 0, 0
    else:
        price = low_cents + len(buy_hist) if side > 0 else low_cents - 1
        row = int(np.flatnonzero(h.order_shares)[0])
    before = {name: array.copy() for name, array in h.arrays().items()}
    with pytest.raises(FillError) as caught:
        h.apply_fills(fills, price)
    assert (caught.value.row, caught.value.fill) == (row, fills[row])
    assert all(np.array_equal(array, h.arrays()[name]) for name, array in before.items())


@pytest.mark.parametrize("rows", [[3, 3], [5, 3], [-1, 2], [2, 10]])
def test_fills_of_rows_that_do_not_ascend_or_exist_are_refused(rows):
    h = endowed(10, attention_per_day=1.0)
    ordered(h, extrapolated_return=0.5)
    assert (h.order_shares[[3, 5, 2, 9]] > 1).all()
    before = h.etf_shares.copy()
    with pytest.raises(ValueError, match="row"):
        h.apply_fills(np.ones(2, np.int32), PRICE, np.array(rows, np.int32))
    assert np.array_equal(h.etf_shares, before)


def test_fills_of_another_length_are_refused():
    h = endowed(10)
    ordered(h)
    with pytest.raises(ValueError, match="shape"):
        h.apply_fills(np.zeros(9, np.int32), PRICE)


# --- saving


@settings(max_examples=80, deadline=None)
@given(
    total=st.integers(0, 2**53 - 1),
    weights=st.lists(st.integers(0, INT32_MAX), min_size=1, max_size=60),
    seed=st.integers(0, 2**63 - 1),
    day=st.integers(0, 5040),
)
def test_saving_is_split_exactly_as_with_unlimited_integers(total, weights, seed, day):
    assume(sum(weights) > 0)
    h = endowed(len(weights), seed=seed, total_cash_cents=0)
    h.saving_weight[:] = weights
    h.pay_saving(total, day=day)
    paid = h.cash_cents.tolist()
    assert sum(paid) == total
    start = start_by_numpy(seed, Decision.HOLDER_SAVING, day, sum(weights))
    assert paid == split_by_integers(total, weights, start)


def test_a_few_cents_of_saving_reach_everybody_in_the_long_run():
    n, days = 50, 400
    h = endowed(n, total_cash_cents=0)
    h.saving_weight[:] = 1
    for day in range(days):
        h.pay_saving(5, day=day)
    # each holder is paid with probability 5/50 a day
    assert abs(h.cash_cents / days - 0.1).max() < 5 * math.sqrt(0.1 * 0.9 / days)


@pytest.mark.parametrize("total", [-1, 2**53])
def test_saving_that_cannot_be_split_is_refused(total):
    h = endowed(10)
    with pytest.raises(ValueError, match="saving"):
        h.pay_saving(total, day=1)
    h.saving_weight[:] = 0
    with pytest.raises(ValueError, match="saving"):
        h.pay_saving(100, day=1)


# --- as Mesa agents


class Town(mesa.Model):
    """A model of households and one ordinary agent."""

    def __init__(self, rng=None):
        super().__init__(rng=rng)
        self.holders = endowed(100)
        install_columns(self, ColumnAgentSet(self.holders))
        mesa.Agent(self)


def test_holders_are_found_as_mesa_agents_and_cannot_assign_themselves_money():
    town = Town(rng=1)
    holders = town.agents_by_type[RetailHolder]
    assert len(town.agents) == 101
    assert holders.agg("cash_cents", sum) == 100 * 10**6
    holder = holders[5]
    assert isinstance(holder, RetailHolder)
    for name in ("cash_cents", "etf_shares", "order_shares", "block", "atention"):
        with pytest.raises(AttributeError):
            setattr(holder, name, 1)
    holder.attention = 0.5
    assert town.holders.attention[5] == 0.5


def test_the_data_collector_reads_holders_by_kind():
    town = Town(rng=1)
    collector = mesa.DataCollector(
        model_reporters={"shares": lambda m: m.holders.total_etf_shares()},
        agenttype_reporters={RetailHolder: {"cash_cents": "cash_cents", "state": "state"}},
    )
    collector.collect(town)
    table = collector.get_agenttype_vars_dataframe(RetailHolder)
    assert table["cash_cents"].tolist() == town.holders.cash_cents.tolist()
    assert collector.get_model_vars_dataframe()["shares"].tolist() == [2000]


def test_a_pickled_town_goes_on_with_the_same_bits():
    town = Town(rng=1)
    back = pickle.loads(pickle.dumps(town))
    assert ordered(town.holders)[0] == ordered(back.holders)[0]
    assert np.array_equal(town.holders.order_shares, back.holders.order_shares)
    assert back.agents_by_type[RetailHolder].store is back.holders

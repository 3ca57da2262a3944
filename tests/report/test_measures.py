"""The measures on hand-made tables, with numbers worked out by hand."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from carousel.ledger.flows import Flow
from carousel.report import measures_market as market
from carousel.report import measures_origin as origin
from carousel.report import measures_promises as promises
from carousel.report import measures_turn as turn
from carousel.tests.conftest import START

CHIPS = {"flow": Flow.CHIP_REVENUE, "rule": "pro-rata"}


def test_what_each_class_brought_in_a_quarter_is_what_came_since_the_one_before(hand_made):
    cells = {21: (10, 0), 63: (40, 5), 105: (40, 25), 126: (45, 30)}
    rows = pd.concat(
        hand_made.origins(hand_made.two_pockets("pro-rata", customers, savers, 0), day)
        for day, (customers, savers) in cells.items()
    )
    table = origin.origins_per_quarter(rows, **CHIPS)
    assert set(table.loc[table["last_day"] == 63, "first_day"]) == {0}
    assert set(table.loc[table["last_day"] == 126, "first_day"]) == {63}
    brought = table.set_index(["last_day", "origin_class"])["cents"].to_dict()
    assert brought == {
        (63, "AI customers"): 40, (63, "bond savers"): 5, (126, "AI customers"): 5, (126, "bond savers"): 25,
    }  # fmt: skip
    assert table["date"].tolist() == [START + timedelta(days=day) for day in table["last_day"]]


def test_origin_shares_are_the_parts_of_each_pocket(hand_made):
    table = origin.origin_shares(hand_made.all_tables()["origins"], **CHIPS)
    assert table.to_dict("records") == [
        {"origin_class": "AI customers", "cents": 600, "share": 0.6},
        {"origin_class": "bond savers", "cents": 400, "share": 0.4},
    ]


def test_the_range_covers_all_tracing_rules(hand_made):
    table = origin.origin_shares_over_rules(hand_made.all_tables()["origins"], **CHIPS)
    rows = [tuple(r) for r in table.itertuples(index=False)]
    assert rows == [("AI customers", 600, 0.6, 0.5, 0.7), ("bond savers", 400, 0.4, 0.3, 0.5)]


def test_a_pocket_that_only_another_rule_sees_is_in_the_range(hand_made):
    rows = [
        ("pro-rata", "NVIDIA", Flow.CHIP_REVENUE, "A", "AI customers", 0, 10),
        ("fifo", "NVIDIA", Flow.CHIP_REVENUE, "B", "bank credit", 0, 10),
    ]
    table = origin.origin_shares_over_rules(hand_made.origins(rows), **CHIPS)
    assert [tuple(r) for r in table.itertuples(index=False)] == [
        ("AI customers", 10, 1.0, 0.0, 1.0),
        ("bank credit", 0, 0.0, 0.0, 1.0),
    ]


def test_origins_are_cumulative_so_only_the_last_day_counts(hand_made):
    rows = hand_made.pd.concat(
        [
            hand_made.origins(hand_made.two_pockets("pro-rata", 1, 1, 1), day=21),
            hand_made.origins(hand_made.two_pockets("pro-rata", 30, 10, 5), day=42),
        ]
    )
    assert origin.origin_shares(rows, **CHIPS)["cents"].tolist() == [30, 10]
    assert origin.origin_shares(rows, **CHIPS, day=41)["cents"].tolist() == [1, 1]


def test_recycled_share_and_laps(hand_made):
    rows = hand_made.all_tables()["origins"]
    assert origin.recycled_share(rows, **CHIPS) == 0.1
    assert origin.recycled_share(rows, flow=Flow.CHIP_REVENUE, rule="lifo", receiver="NVIDIA") == 0.2
    assert origin.laps(rows, **CHIPS).to_dict("records") == [
        {"lap": 0, "cents": 900, "share": 0.9},
        {"lap": 1, "cents": 100, "share": 0.1},
    ]
    nothing = rows[rows["lap"] == 1].assign(lap=2, cents=0)
    assert origin.laps(pd.concat([rows, nothing]), **CHIPS)["lap"].tolist() == [0, 1]
    assert math.isnan(origin.recycled_share(rows, flow=Flow.COMPUTE_REVENUE, rule="pro-rata"))
    assert origin.receivers(rows, Flow.CHIP_REVENUE) == ["NVIDIA"]
    assert origin.receivers(rows, Flow.COMPUTE_REVENUE) == []


@pytest.mark.parametrize(
    ("other", "gain", "external", "multiplier"),
    [(15e9, 0.2, 0.8, 1.25), (25e9, 1 / 6, 5 / 6, 1.2), (0.0, 2 / 7, 5 / 7, 1.4)],
)
def test_the_loop_of_constant_costs_has_its_closed_form(other, gain, external, multiplier):
    loop = origin.loop_arithmetic(chips_usd=35e9, other_usd=other, recycled_usd=10e9)
    assert loop.gain == pytest.approx(gain, rel=1e-12)
    assert loop.external_share == pytest.approx(external, rel=1e-12)
    assert loop.multiplier == pytest.approx(multiplier, rel=1e-12)


def test_a_loop_that_returns_everything_has_no_end_and_a_loop_without_chips_is_none():
    assert origin.loop_arithmetic(chips_usd=10, other_usd=0, recycled_usd=10).multiplier == math.inf
    with pytest.raises(ValueError, match="chips > 0"):
        origin.loop_arithmetic(chips_usd=0, other_usd=1, recycled_usd=1)


def test_the_loop_from_cash_paid_agrees_with_the_terms(hand_made):
    tables = hand_made.all_tables()
    assert origin.loop_arithmetic_paid(tables["journal"]) == origin.loop_arithmetic(
        chips_usd=35, other_usd=15, recycled_usd=10
    )
    assert origin.loop_arithmetic_paid(tables["journal"].iloc[:0]) is None


def test_flow_of_funds_adds_up_between_classes_and_quarters(hand_made):
    tables = hand_made.all_tables()
    table = origin.flow_of_funds(tables["journal"], tables["positions"])
    assert [tuple(r) for r in table.itertuples(index=False)] == [
        ("2025Q3", "NVIDIA", "OpenAI", 10_00),
        ("2025Q3", "clouds", "NVIDIA", 35_00),
        ("2025Q3", "clouds", "suppliers", 15_00),
        ("2025Q4", "OpenAI", "clouds", 6_00),
    ]


def test_value_gained_per_announced_and_per_paid_dollar(hand_made):
    table = hand_made.all_tables()["announcements"]
    assert promises.value_gained_per_announced(table) == 24_300 / 30_000
    assert promises.value_gained_per_paid(table) == 24_300 / 600
    total = promises.circle_promises(table)
    assert (total.announced_cents, total.committed_cents, total.paid_cents) == (30_000, 30_000, 600)
    assert [facts["number"] for facts, _ in promises.announced_committed_paid(table)] == [0, 1, 2]
    assert promises.day0_returns(table)["day0_return"].to_dict() == {0: 0.36, 1: -0.2}
    empty = promises.promises_of([])
    assert (empty.value_gained_per_announced, empty.value_gained_per_paid) == (None, None)


@pytest.mark.parametrize(
    ("column", "nothing"),
    [("direction", 0), ("announced_cents", 0), ("market_value_before_cents", 0), ("value_gained_cents", None)],
)
def test_a_promise_without_a_direction_a_sum_or_a_measured_value_is_not_in_the_ratio(hand_made, column, nothing):
    table = hand_made.all_tables()["announcements"].astype({"value_gained_cents": object})
    table.loc[table["number"] == 0, column] = nothing
    total = promises.circle_promises(table)
    assert (total.announced_cents, total.committed_cents, total.paid_cents) == (0, 0, 0)
    assert (total.value_gained_per_announced, total.value_gained_per_paid) == (None, None)


def test_what_is_announced_or_paid_is_listed_and_who_was_worth_nothing_has_no_return(hand_made):
    tables = hand_made.all_tables()
    table = tables["announcements"].copy()
    table["announced_cents"], table["paid_cents"] = [0, 0, 1], [1, 0, 0]
    assert [facts["number"] for facts, _ in promises.announced_committed_paid(table)] == [0, 2]
    for worth, known in ((0, False), (1, True)):
        table["market_value_before_cents"] = worth
        moves = promises.listed_moves_only(table, tables["daily"])
        assert moves.loc[moves["number"] == 0, "day0_return"].notna().tolist() == [known]


def test_the_circles_value_is_clouds_chip_makers_and_labs_against_the_rest(hand_made):
    tables = hand_made.all_tables()
    values = market.circle_value(tables["daily"], tables["firms"])
    assert values["circle_cents"].tolist() == [550_00, 700_00, 550_00, 430_00]
    assert values["labs_cents"].tolist() == [50_00, 100_00, 100_00, 60_00]
    assert values["rest_cents"].tolist() == [1000_00] * 4
    assert values["relative"].tolist() == [1.0, 700 / 550, 1.0, 430 / 550]


def test_a_fall_of_the_whole_index_is_no_relative_fall(hand_made):
    tables = hand_made.all_tables()
    daily = tables["daily"].copy()
    half = (daily["day"] == 63) & (daily["kind"] == "share")
    daily.loc[half, "market_value_cents"] = (
        daily.loc[daily["day"].eq(0) & daily["kind"].eq("share"), "market_value_cents"].to_numpy() // 2
    )
    firms = tables["firms"].copy()
    firms.loc[(firms["day"] == 63) & (firms["kind"] == "lab"), "valuation_cents"] = 25_00
    assert market.circle_value(daily, firms)["relative"].tolist()[-1] == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(
    ("values", "peak_day", "trough_day", "drawdown"),
    [
        ([1, 2, 1, 3, 2.4], 11, 12, 0.5),
        ([1, 2, 3], 10, 10, 0.0),
        ([4, 2, 8, 2, 9], 12, 13, 0.75),
        ([5], 10, 10, 0.0),
        ([2, 2, 1, 1], 10, 12, 0.5),
    ],
)
def test_peak_and_trough_are_the_deepest_fall(values, peak_day, trough_day, drawdown):
    fall = market.peak_and_trough(np.arange(10, 10 + len(values)), np.array(values, dtype=float))
    assert (fall.peak_day, fall.trough_day, fall.drawdown) == (peak_day, trough_day, drawdown)
    assert fall.days == trough_day - peak_day


def test_a_fall_does_not_depend_on_the_unit_of_a_series():
    days, values = np.array([3, 4, 5, 6]), np.array([0.5, 0.8, 0.2, 0.6])
    for unit in (1e-6, 1.0, 1e12):
        fall = market.peak_and_trough(days, values * unit)
        assert (fall.peak_day, fall.trough_day, fall.days) == (4, 5, 1)
        assert fall.drawdown == pytest.approx(0.75)
    nothing = market.peak_and_trough(days, values * 0)
    assert (nothing.peak_day, nothing.drawdown) == (3, 0.0)


def test_no_day_has_no_peak():
    with pytest.raises(ValueError, match="no day"):
        market.peak_and_trough(np.array([]), np.array([]))


@pytest.mark.parametrize(
    ("kinds", "delivered", "name"),
    [
        ([], 1.0, "expansion"),
        ([], None, "expansion"),
        (["bill_late", "down_round"], 0.5, "expansion"),
        (["round_failed"], 1.0, "stall"),
        ([], 0.49, "stall"),
        (["round_failed", "build_slowed"], 0.1, "stall"),
        (["renegotiated"], 1.0, "reversal"),
        (["bill_missed"], None, "reversal"),
        (["cancelled", "build_slowed"], 0.1, "reversal"),
        (["default"], 1.0, "default"),
        (["default", "renegotiated"], 0.1, "default"),
    ],
)
def test_the_regime_rule(hand_made, kinds, delivered, name):
    events = hand_made.frame("events", [(5, kind, "OpenAI", "Oracle", 0, "") for kind in kinds])
    verdict = turn.regime(events, delivered, has_promises=True)
    assert verdict.name == name
    assert verdict.reasons
    assert turn.regime(events, delivered, has_promises=False).name == "none"


def test_the_chain_tells_each_step_once_in_order_with_its_largest_amount(hand_made):
    chain = turn.turning_chain(hand_made.all_tables()["events"], 0, 63)
    assert [(link.kind, link.day, link.cents, link.times) for link in chain] == [
        ("round_failed", 22, 7_000, 1),
        ("bill_late", 30, 300, 2),
        ("renegotiated", 45, 0, 1),
    ]
    assert [link.kind for link in turn.turning_chain(hand_made.all_tables()["events"], 41, 44)] == []


def test_gains_per_class_count_cash_and_holdings_and_cash_sums_to_zero(hand_made):
    positions = hand_made.all_tables()["positions"]
    end = market.gain_and_loss_per_class(positions)
    assert end.to_dict("records") == [
        {
            "group": "households",
            "net_cash_cents": -60,
            "value_start_cents": 500,
            "value_cents": 350,
            "gain_cents": -210,
        },
        {"group": "clouds", "net_cash_cents": 50, "value_start_cents": 0, "value_cents": 0, "gain_cents": 50},
        {"group": "suppliers", "net_cash_cents": 10, "value_start_cents": 0, "value_cents": 0, "gain_cents": 10},
    ]
    assert end.attrs["day"] == 63
    for day in (None, 0, 21, 22, 62):
        assert market.gain_and_loss_per_class(positions, day)["net_cash_cents"].sum() == 0
    assert market.gain_and_loss_per_class(positions, 40).attrs["day"] == 21


def test_premium_spreads_and_runway(hand_made):
    tables = hand_made.all_tables()
    premium = market.etf_premium(tables["daily"])
    assert premium == pytest.approx({"mean": 0.01, "mean_size": 0.01, "largest_size": 0.01}, rel=1e-9)
    assert market.etf_premium(tables["daily"].iloc[:0]) == {}
    assert market.spreads(tables["firms"])["Oracle"] == {
        "first": 0.01,
        "highest": 0.01 + 63 / 1e4,
        "last": 0.01 + 63 / 1e4,
    }
    assert market.runway(tables["firms"]) == {"OpenAI": {"first": 12.0, "lowest": 12.0 - 6.3, "last": 12.0 - 6.3}}


def test_capacity_counts_compute_contracts_only(hand_made):
    assert promises.capacity(hand_made.all_tables()["commitments"]) == (4500, 500)

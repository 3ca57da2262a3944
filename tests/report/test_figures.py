"""The figures: written, not empty, wide enough to read, without a screen; the circle's picture balances."""

from __future__ import annotations

import itertools
import sys
from datetime import date, timedelta

import numpy as np
import pytest
from carousel.report.figure_flow import circle_cash
from carousel.report.figure_flow_shapes import spread
from carousel.report.figure_promises import credibility_and_multipliers
from carousel.report.figure_style import date_axis, levels, new_figure, percent_axis, styled
from carousel.report.figures import draw_all
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread

NAMES = {
    "market_values",
    "money_flow",
    "origin_shares",
    "promised_and_paid",
    "credibility_and_multipliers",
    "gain_and_loss",
}


def test_every_figure_is_written_wide_and_not_blank(hand_made, tmp_path):
    paths = draw_all(hand_made.all_tables(), tmp_path / "figures", rule="pro-rata")
    assert {p.stem for p in paths} == NAMES
    for path in paths:
        image = imread(path)
        assert image.shape[1] == 1200
        assert image[..., :3].std() > 0.02, path
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_a_run_without_a_market_still_gets_its_figures(hand_made, tmp_path):
    empty = {name: hand_made.frame(name, []) for name in hand_made.all_tables()}
    paths = draw_all(empty, tmp_path, rule="pro-rata")
    assert {p.stem for p in paths} == NAMES
    assert all(p.stat().st_size > 1000 for p in paths)


def test_the_same_run_gives_the_same_files(hand_made, tmp_path):
    one = draw_all(hand_made.all_tables(), tmp_path / "one", rule="pro-rata")
    two = draw_all(hand_made.all_tables(), tmp_path / "two", rule="pro-rata")
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_belief_that_never_moves_is_told_in_words_and_draws_no_line(hand_made):
    tables = hand_made.all_tables()
    rows = tables["commitments"].iloc[[0, 0, 0, 0, 0]].reset_index(drop=True)
    rows = rows.assign(
        commitment=["a contract", "a contract", "a line of credit", "a line of credit", "an order of the last month"],
        credibility=[0.5, 0.4, 0.81, 0.81, 0.82],
    )
    for believed, drawn, told in (
        (rows, ["a contract", "an order of the last month"], ["a line of credit, 81 %"]),
        (rows[2:4], ["a line of credit"], []),
    ):
        with styled():
            figure = credibility_and_multipliers(tables | {"commitments": believed})
        upper = figure.axes[0]
        assert [line.get_label() for line in upper.get_lines()] == drawn
        words = " ".join(text.get_text() for text in upper.texts).replace("\n", " ")
        assert words == "".join(f"Not drawn, for nothing moved it: {each}." for each in told)


def test_the_pictured_circle_balances_at_every_node(hand_made):
    tables = hand_made.all_tables()
    circle, nodes = circle_cash(tables["journal"], tables["firms"])
    assert circle == {("lab", "cloud"): 6_00.0, ("cloud", "chip_maker"): 35_00.0, ("chip_maker", "lab"): 10_00.0}
    assert nodes["cloud"].sources == {"Own business and cash": 44_00.0}
    assert nodes["cloud"].sinks == {"Construction, power grid": 15_00.0}
    for name, node in nodes.items():
        enters = sum(node.sources.values()) + sum(c for (_, to), c in circle.items() if to == name)
        leaves = sum(node.sinks.values()) + sum(c for (frm, _), c in circle.items() if frm == name)
        assert enters == leaves


def test_labels_of_one_row_never_touch():
    places = sorted(np.random.default_rng(0).uniform(0, 100, 40).tolist())
    rows = levels(places, 7.0)
    for row in set(rows):
        mine = [p for p, r in zip(places, rows, strict=True) if r == row]
        assert all(b - a >= 7.0 for a, b in itertools.pairwise(mine))
    places = spread([270.0] * 3 + [600.0] * 4 + [930.0] * 2, 110.0)
    assert all(b - a >= 109.999 for a, b in itertools.pairwise(places))
    assert places[-1] <= 1200


@given(
    st.lists(st.sampled_from([270.0, 600.0, 930.0]), min_size=1, max_size=9).map(sorted),
    st.floats(min_value=40.0, max_value=124.0),
)
def test_labels_are_spread_in_order_inside_the_drawing(wanted, gap):
    places = spread(wanted, gap)
    assert len(places) == len(wanted)
    assert all(b - a >= gap - 1e-9 for a, b in itertools.pairwise(places))
    assert places[-1] <= 1170 - gap / 2 + 1e-9
    if len(set(wanted)) == len(wanted):
        assert places == wanted


def test_equal_wishes_are_centred_and_the_last_give_way():
    assert spread([600.0] * 3, 100.0) == [500.0, 600.0, 700.0]
    assert spread([930.0] * 5, 124.0) == [612.0, 736.0, 860.0, 984.0, 1108.0]


@pytest.mark.parametrize(
    ("ticks", "said"),
    [
        ([-0.01, 0.0, 0.01], ["-1 %", "0 %", "1 %"]),
        ([0.0, 0.005, 0.01], ["0.0 %", "0.5 %", "1.0 %"]),
        ([0.0, 0.0025], ["0.00 %", "0.25 %"]),
    ],
)
def test_ticks_of_percents_are_told_apart(ticks, said):
    axis = new_figure(4).add_subplot().yaxis
    percent_axis(axis)
    assert axis.get_major_formatter().format_ticks(ticks) == said


@pytest.mark.parametrize("days", [1, 2, 3, 20])
def test_dates_along_the_bottom_are_days_however_few(days):
    axes = new_figure(4).add_subplot()
    axes.plot([date(2026, 3, 11), date(2026, 3, 11) + timedelta(days=days)], [0, 1])
    date_axis(axes)
    assert all(place == int(place) for place in axes.get_xticks())
    assert 2 <= len(axes.get_xticks()) <= 10

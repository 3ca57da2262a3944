"""The figures: written, not empty, wide enough to read, without a screen; the circle's picture balances."""

from __future__ import annotations

import itertools
import sys
from datetime import date, timedelta
from io import BytesIO

import numpy as np
import pytest
from carousel.engine.legible import legible
from carousel.report.figure_flow import circle_cash
from carousel.report.figure_flow_shapes import spread
from carousel.report.figure_foot import foot_of_run
from carousel.report.figure_gains import paired_bars
from carousel.report.figure_promises import credibility_and_multipliers
from carousel.report.figure_style import date_axis, levels, log_axis, new_figure, percent_axis, picture, styled
from carousel.report.figures import draw_all, every_figure
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread
from matplotlib.text import Text

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
    assert {p.name for p in paths} == {f"{name}.{kind}" for name in NAMES for kind in ("png", "svg")}
    for path in (p for p in paths if p.suffix == ".png"):
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


MANIFEST = {"scenario": "two $, a\ttab", "seed": 7, "digest": "0123456789abcdef" * 4}
FOOT = "Scenario two $, a tab · seed 7 · 9 Sep 2025 to 11 Nov 2025 · history 0123456789abcdef"


def test_every_figure_says_at_its_foot_what_it_shows_of_which_run(hand_made):
    tables = hand_made.all_tables()
    foot = foot_of_run(MANIFEST, tables)
    for name, draw in every_figure(tables, rule="pro-rata", foot=foot).items():
        with styled():
            figure = draw()
            plain = every_figure(tables, rule="pro-rata")[name]()
        assert [text.get_text() for text in figure.texts if text.get_gid() == "foot"] == [FOOT], name
        assert not [text for text in plain.texts if text.get_gid() == "foot"]
        strips = [imread(BytesIO(picture(each))).shape[0] for each in (figure, plain)]
        assert strips[0] - strips[1] == 34, name


def test_the_foot_of_a_run_without_a_day_names_no_period(hand_made):
    empty = {name: hand_made.frame(name, []) for name in ("daily", "firms")}
    assert legible(foot_of_run(MANIFEST, empty)) == FOOT.replace("9 Sep 2025 to 11 Nov 2025 · ", "")


@pytest.mark.parametrize("draw", ["origin_shares", "gain_and_loss", "promised_and_paid"])
def test_a_legend_lies_between_axes_and_foot(hand_made, draw):
    with styled():
        figure = every_figure(hand_made.all_tables(), rule="pro-rata", foot="here")[draw]()
        picture(figure)
        (legend,), renderer = figure.legends, figure.canvas.get_renderer()
        box = legend.get_window_extent(renderer)
        assert box.y0 >= figure.transFigure.transform((0, 0))[1]
        assert all(box.y1 <= axes.get_tightbbox(renderer).y0 for axes in figure.axes)


@pytest.mark.parametrize("draw", sorted(NAMES))
def test_no_text_is_smaller_than_nine_points(hand_made, draw):
    with styled():
        figure = every_figure(hand_made.all_tables(), rule="pro-rata", foot="here")[draw]()
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 9


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1, 2000, [1, 10, 100, 1000]),
        (65, 250, [70, 100, 150, 200]),
        (3, 90, [5, 10, 20, 50]),
        (0, 5, []),
    ],
)
def test_ticks_of_a_log_axis_are_round_and_at_least_four_where_that_is_possible(low, high, ticks):
    axes = new_figure(4).add_subplot()
    log_axis(axes.yaxis)
    found = axes.yaxis.get_major_locator().tick_values(low, high)
    assert found == ticks


def test_a_bar_of_trillions_does_not_flatten_one_of_billions():
    with styled():
        axes = new_figure(4).add_subplot()
        paired_bars(axes, np.arange(2), ["households", "market makers"], [6e14, 1e12], [-6e14, -1e12])
        low, high = axes.get_xlim()
        length = [axes.transData.transform((cents, 0))[0] for cents in (0.0, 1e12, 6e14)]
    assert (length[1] - length[0]) / (length[2] - length[0]) > 0.15
    assert (low, high) == pytest.approx((-high, high))


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

"""Where each wording, rounding and choice of what is shown changes: the last text that fits, and the first that does
not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from carousel.history.tables import TRACED_CLASSES
from carousel.ledger.flows import Flow
from carousel.report import answer_who_paid, figure_flow, figures, store, wording
from carousel.report.answer_text import Context
from carousel.report.figure_flow_shapes import spread
from carousel.report.figure_market import MARKED_MAX, _marked_announcements
from carousel.report.figure_origins import _panel_title
from carousel.report.figure_promises import _wrapped
from carousel.report.figure_style import PALETTE, FigureCanvasAgg, color_of, levels, new_figure
from carousel.report.number_words import markdown_table, number, plain
from carousel.scenarios.loader import load
from carousel.tests.conftest import frame, origins
from carousel.tests.report.hand_made_runs import busy_tables


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.00"), (9.994, "9.99"), (10.0, "10.0"), (0.0999, "0.0999"), (0.1, "0.100"), (99.5, "99.5"),
        (99.94, "99.9"), (1000.0, "1,000"), (1.5e-4, "0.000150"), (0.99e-4, "9.9e-05"), (-0.99e-4, "-9.9e-05"),
        (float("nan"), "–"), (float("-inf"), "–"), (-0.5, "-0.500"),
    ],
)  # fmt: skip
def test_three_figures_count(value, text):
    assert number(value) == text


def test_a_table_says_its_numbers_with_three_figures_and_its_counts_whole():
    table = pd.DataFrame({"a_name": ["x|y"], "share": [0.12345], "count": [12345], "is_it": [True]})
    assert markdown_table(table.astype(object)) == [
        "| a name | share | count | is it |",
        "|---|---|---|---|",
        "| x\\|y | 0.123 | 12,345 | True |",
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("inf"), None), (0.5, 0.5), (1, 1), (None, None), (True, True), ("a", "a"),
        (date(2025, 1, 2), "2025-01-02"), ((1, [float("nan")]), [1, [None]]), ({1: pd.Series([2]).iloc[0]}, {"1": 2}),
    ],
)  # fmt: skip
def test_data_for_json_is_plain(value, said):
    assert plain(value) == said
    assert type(plain(value)) is type(said)


@pytest.mark.parametrize(
    ("name", "words"),
    [("AI customers", "AI customers"), ("bond_savers", "bond savers"), ("A class", "a class"), ("AIx", "AIx"),
     ("legacy", "money from before the start"), ("", ""), ("X", "x")],
)  # fmt: skip
def test_inside_a_sentence_only_an_abbreviation_keeps_its_capitals(name, words):
    assert wording.inside(name) == words


@pytest.mark.parametrize(
    ("width", "text"),
    [(13, "one two three"), (12, "one two…"), (9, "one two…"), (8, "one…"), (5, "one…"), (4, "one…"), (3, "on…")],
)
def test_a_text_is_cut_at_a_words_end(width, text):
    assert wording.cut("one two three", width) == text


def test_one_name_two_names_and_signs():
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b"]) == "a and b"
    assert wording.cut("one, two", 6) == "one…"
    assert (wording.percent(None), wording.percent(float("nan")), wording.percent(0.1234, 1)) == ("–", "–", "12.3 %")
    assert (wording.signed_percent(None), wording.signed_percent(float("nan"))) == ("–", "–")
    assert (wording.ratio(None), wording.ratio(float("nan")), wording.ratio(99.5)) == ("–", "–", "99.50")
    assert wording.signed_percent(-0.1) == "-10.0 %"
    assert [wording.signed_percent(tiny) for tiny in (-1e-9, 0.0, 1e-9)] == ["0.0 %"] * 3
    assert wording.signed_percent(-1e-9, 0) == "0 %"
    assert (wording.dollars(1_00), wording.dollars(99), wording.dollars(100_50)) == ("$1", "$0.99", "$100")
    assert (wording.dollars(2_345_000_00), wording.dollars(999_500_00)) == ("$2.35 m", "$1.00 m")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a" * 16 + " " + "b" * 17, 1), ("a" * 16 + " " + "b" * 18, 2), ("a" * 40, 1), ("aa " * 30, 3),
        ("a" * 34 + " b" * 17 + " c" * 17, 3), ("a" * 34 + " b" * 17 + " c" * 17 + " d", 3), ("", 1),
    ],
)  # fmt: skip
def test_a_promise_is_told_on_three_lines_of_34_signs(text, lines):
    told = _wrapped(text)
    assert len(told.split("\n")) == lines
    whole = " ".join(text.split())
    assert told.replace("\n", " ") == whole or (told.endswith("…") and whole.startswith(told[:-1].replace("\n", " ")))
    assert told.endswith("…") == (len(told.replace("\n", " ").removesuffix("…")) < len(whole))


def test_a_label_of_fifteen_signs_stands_on_two_lines():
    assert figure_flow._two_lines("abcdefg hijklm") == "Abcdefg hijklm"
    assert figure_flow._two_lines("abcdefg hijklmn") == "Abcdefg\nhijklmn"
    assert figure_flow._two_lines("one two three four") == "One two\nthree four"
    assert figure_flow._two_lines("onewordthatislong") == "Onewordthatislong"


def test_three_uses_are_named_and_a_fourth_is_among_the_others():
    assert figure_flow._few({"c": 1.0, "b": 1.0, "a": 2.0, "none": 0.0}) == {"a": 2.0, "b": 1.0, "c": 1.0}
    assert list(figure_flow._few({"d": 0.5, "c": 1.0, "b": 1.0, "e": 0.25, "a": 2.0}).items()) == [
        ("a", 2.0), ("b", 1.0), ("c", 1.0), ("Other", 0.75),
    ]  # fmt: skip


@pytest.mark.parametrize(("more", "title"), [(0, "Sales of {}"), (1, "Sales of 2 firms")])
def test_a_panels_title_has_at_most_36_signs(more, title):
    names = ["Meridian", "H" * (36 - len("Sales of Meridian and ") + more)]
    assert _panel_title("Sales of {}", names) == title.format(wording.listed(names))


def test_labels_that_just_fit_stand_in_one_row_and_at_their_places():
    assert levels([0, 1, 2], 1) == [0, 0, 0]
    assert levels([0, 1, 2, 2], 2) == [0, 1, 0, 2]
    assert levels([], 1) == []
    assert spread([100.0, 200.0, 250.0], 100.0) == [100.0, 200.0, 300.0]
    assert spread([1115.0, 1125.0], 100.0) == [1020.0, 1120.0]
    again = len(PALETTE)
    assert list(color_of(map(str, range(again + 1))).values())[again] == color_of("a")["a"] != color_of("ab")["b"]


def test_every_class_of_money_has_a_colour_of_its_own():
    assert len(set(PALETTE)) == len(PALETTE) >= len(TRACED_CLASSES)
    assert isinstance(new_figure(1.0).canvas, FigureCanvasAgg)


@pytest.mark.parametrize(
    ("last", "left_out"),
    [
        ([("guidance", 1, 9, 50), ("guidance", 0, 9, -70)], 8),
        ([("guidance", 1, 9, -70), ("guidance", 0, 9, 50)], 9),
        ([("guidance", 1, 9_000, None), ("guidance", 0, 9, 1)], 8),
        ([("contract", 0, 9_000, 5), ("guidance", 1, 9, 6)], 8),
        ([("contract", 0, 9, 6), ("guidance", 1, 9_000, 5)], 9),
        ([("guidance", 1, 9, 900), ("equity", 1, 1, None)], 8),
        ([("contract", 1, 1, 0), ("equity", 1, 9_000, 9)], 7),
    ],
)
def test_promises_are_marked_before_rounds_and_rounds_before_the_reports_that_moved_most(last, left_out):
    """Seven promises and a round, and two more: nine are marked."""
    first = [("order", 1, 10, 1)] * (MARKED_MAX - 2) + [("equity", 1, 10, 1)]
    said = [
        (n, n, "Oracle", "", kind, f"text {n}", direction, sum_, 0, 0, 10_000, 0.0, 0.0, gain, "dollars")
        for n, (kind, direction, sum_, gain) in enumerate([*first, *last])
    ]
    marked = _marked_announcements(busy_tables() | {"announcements": frame("announcements", said)})
    assert marked["number"].tolist() == [n for n in range(MARKED_MAX + 1) if n != left_out]


def context(cells, scenario=None):
    tables = busy_tables() | {"origins": origins(cells, day=63)}
    return Context(tables=tables, scenario=scenario or load("ai-2025"), rule="pro-rata")


def test_a_class_of_half_a_percent_is_shown_and_of_less_is_not():
    cells = [("pro-rata", "NVIDIA", Flow.CHIP_REVENUE, n, n, 0, c) for n, c in (("a", 9_901), ("b", 50), ("c", 49))]
    (table, *_) = answer_who_paid.who_paid(context(cells)).section.tables
    assert [row[0] for row in table.rows] == ["A", "B", "All, in dollars"]


def test_laps_are_named_and_eight_pockets_are_told():
    cells = [("pro-rata", "NVIDIA", Flow.CHIP_REVENUE, f"p{lap}", f"c{lap}", lap, 100 + lap) for lap in range(8)]
    cells += [("pro-rata", "NVIDIA", Flow.CHIP_REVENUE, "p8", "c8", 7, 50)]
    part = answer_who_paid.who_paid(context(cells))
    _, pockets, laps, *_ = part.section.tables
    assert [row[0] for row in pockets.rows] == [f"p{n}" for n in range(7, -1, -1)]
    assert [row[0] for row in laps.rows] == [
        "Fresh from outside", "Once round", *(f"{n} times round" for n in range(2, 7)), "Seven times or more",
    ]  # fmt: skip
    assert part.headlines[0].count(" from ") == 3


@pytest.mark.parametrize("chips_usd", [0.0, 0.5])
def test_a_loop_without_chips_has_no_row(chips_usd):
    scenario = load("ai-2025")
    supply = [one.model_copy(update={"chips_usd_per_gw": chips_usd}) for one in scenario.supply]
    told = replace(
        context([]), scenario=SimpleNamespace(supply=supply, milestone=scenario.milestone, contract=scenario.contract)
    )
    _, measures = answer_who_paid._loop_table(told)
    assert any("terms" in name for name in measures) == (chips_usd > 0)


def test_figures_make_their_folder_with_all_above_it_and_may_find_it(tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "every_figure", lambda _, rule, foot: {})
    for _ in range(2):
        assert figures.draw_all({}, tmp_path / "a" / "b", rule="pro-rata") == []
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, None),
        ({"HEAD": "abc\n"}, "abc"),
        ({"HEAD": "ref: refs/heads/main\n", "refs/heads/main": "def\n"}, "def"),
        ({"HEAD": "ref: refs/heads/main\n", "packed-refs": "# packed\n123 refs/heads/x\n456 refs/heads/main\n"}, "456"),
        ({"HEAD": "ref: refs/heads/main\n", "packed-refs": "# packed\n"}, None),
        ({"HEAD": "ref: refs/heads/main\n"}, None),
    ],
)
def test_the_commit_is_read_where_git_keeps_it(tmp_path, monkeypatch, files, found):
    monkeypatch.setattr(store, "__file__", str(tmp_path / "report" / "store.py"))
    for name, text in files.items():
        path = tmp_path / ".git" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert store.commit() == found

"""The answer of a run: sentences with the right numbers, tables that add up, data that JSON can hold."""

from __future__ import annotations

import itertools
import json
from datetime import date

import pytest
from carousel.report import wording
from carousel.report.answer import assemble, plain
from carousel.report.answer_text import AnswerTable
from carousel.report.number_words import number
from carousel.scenarios.loader import load
from carousel.tests.report.hand_made_runs import busy_tables, vendor_tables


@pytest.fixture
def answer(hand_made):
    return assemble(hand_made.all_tables(), load("ai-2025"), seed=3, tracing="pro-rata", planned_mw=1000)


def test_the_headlines_can_be_quoted(answer):
    assert answer.headlines == (
        "Who paid? Of $10 that NVIDIA received for the circle's chips, 60 % (50–70) came from AI customers "
        "and 40 % (30–50) from bond savers; 10.0 % had been round the circle before.",
        "What moved? Promises of $300 added $243 of market value on their days (0.81 per announced dollar); "
        "$6 has been paid under them: 40.50 dollars of market value per dollar paid.",
        "Who is left holding? Households lost $2.10; no class of holders has gained.",
        "Did it turn? Reversal: 1 renegotiation; 1 failed round. "
        "Market value of the circle went from $550 to $430; its deepest fall was 39 %, "
        "from 30 Sep 2025 to 11 Nov 2025.",
    )


def test_the_markdown_has_the_four_questions_and_sound_tables(answer):
    page = answer.to_markdown()
    for question in ("Who paid?", "Promised, committed, paid", "Who is left holding?", "Did it turn?"):
        assert f"## {question}" in page
    lines = page.splitlines()
    for above, line in itertools.pairwise(lines):
        if above.startswith("|") and line.startswith("|"):
            assert above.replace("\\|", "").count("|") == line.replace("\\|", "").count("|")
    assert "OpenAI buys compute \\| 300" in page
    assert "| Once round | 10.00 % |" in page
    assert "0.200 | 80.0 % | 1.25 |" in page
    assert "nan" not in page.lower().replace("finan", "")


def test_where_the_peak_is_the_end_its_table_stands_once(hand_made):
    tables = hand_made.all_tables()
    for times, titles in (
        (1, ["On the day of the highest market value, ", "At the end, "]),
        (100, ["At the end, the peak of market value, "]),
    ):
        is_last = tables["daily"]["day"] == tables["daily"]["day"].max()
        value = tables["daily"]["market_value_cents"]
        daily = tables["daily"].assign(market_value_cents=value.where(~is_last, times * value))
        answer = assemble(tables | {"daily": daily}, load("ai-2025"), seed=3, tracing="pro-rata", planned_mw=1000)
        (held,) = (section.tables for section in answer.sections if section.title == "Who is left holding?")
        assert [table.title.rstrip("0123456789 NovSept") for table in held] == [t.rstrip() for t in titles]
        both = answer.measures["gain_and_loss_per_class"]
        assert (both["peak"] == both["end"]) == (times > 1)


def test_the_data_is_json_and_holds_every_measure(answer):
    data = json.loads(json.dumps(answer.to_json(), allow_nan=False))["measures"]
    assert data["recycled_share"]["revenue from the circle:all"] == {"fifo": 0.05, "lifo": 0.2, "pro-rata": 0.1}
    assert data["regime"] == "reversal"
    assert data["value_gained_per_announced"] == 0.81
    assert data["gain_and_loss_per_class"]["end"]["day"] == 63
    assert sum(row["net_cash_cents"] for row in data["gain_and_loss_per_class"]["peak"]["classes"]) == 0
    assert {"etf_premium", "spreads", "runway", "flow_of_funds", "laps", "loop_arithmetic", "turning_chain"} <= set(
        data
    )


def test_a_history_without_anything_still_has_an_answer(hand_made):
    empty = {name: hand_made.frame(name, []) for name in hand_made.all_tables()}
    answer = assemble(empty, load("joke"), seed=0, tracing="pro-rata")
    assert "No chip of the circle has been paid for yet." in answer.headlines[0]
    json.dumps(answer.to_json(), allow_nan=False)
    assert answer.to_markdown()


def test_what_json_does_not_hold_is_refused():
    with pytest.raises(TypeError, match="object"):
        plain({"a": object()})


@pytest.mark.parametrize(("tables", "scenario"), [(busy_tables, "ai-2025"), (vendor_tables, "vendor-loans")])
def test_a_table_has_a_total_exactly_where_its_last_row_is_of_all(tables, scenario):
    answer = assemble(tables(), load(scenario), seed=3, tracing="pro-rata", planned_mw=1000)
    marked = [
        (table.has_total, any(str(cell).startswith("All") for cell in table.rows[-1]))
        for section in answer.sections
        for table in section.tables
        if table.rows
    ]
    assert all(has_total == is_of_all for has_total, is_of_all in marked)
    assert {has_total for has_total, _ in marked} == {True, False}


@pytest.mark.parametrize(
    ("change", "said"),
    [(0, "No class of holders has lost so far"), (-500, "no class of holders has gained"), (500, "gained most, $5")],
)
def test_who_neither_gained_nor_lost_is_no_winner_and_no_loser(change, said):
    """Nobody's holdings change but one class's, and no cash moves."""
    tables = busy_tables()
    held = tables["positions"].copy()
    held[["cash_in_cents", "cash_out_cents"]] = 0
    held["market_value_cents"] = 1_000
    one = held["group"].eq(held["group"].iloc[0]) & held["day"].eq(held["day"].max())
    held.loc[one, "market_value_cents"] = 1_000 + change
    answer = assemble(tables | {"positions": held}, load("ai-2025"), seed=3, tracing="pro-rata", planned_mw=1000)
    (headline,) = [line for line in answer.headlines if line.startswith("Who is left holding?")]
    assert said in headline


def test_a_table_with_a_ragged_row_is_refused():
    with pytest.raises(ValueError, match="1 cells; allowed: 2"):
        AnswerTable("t", ("a", "b"), (("x",),))


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (446_000_000_000_000, "$4.46 tn"),
        (1_230_000_000_000, "$12.3 bn"),
        (1_000_000_000_000, "$10.0 bn"),
        (999_400_000_000, "$9.99 bn"),
        (10_000_000_000_000, "$100 bn"),
        (9_994_000_000_000, "$99.9 bn"),
        (100_000_000, "$1.00 m"),
        (10_050, "$100"),
        (9_950, "$99.50"),
        (-1, "-$0.01"),
        (99_999_999_999, "$1.00 bn"),
        (12_345_600, "$123,456"),
        (12_000_000_000, "$120 m"),
        (-500, "-$5"),
        (12, "$0.12"),
        (0, "$0"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_dollars_are_said_with_three_digits(cents, text):
    assert wording.dollars(cents) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (1e-4, "0.000100"), (9e-5, "9e-05"), (-1e-4, "-0.000100"), (9.99, "9.99"), (99.9, "99.9"),
        (100.0, "100"), (-100.4, "-100"), (12345.6, "12,346"), (float("inf"), "–"),
    ],
)  # fmt: skip
def test_numbers_are_said_with_three_figures_that_count(value, text):
    assert number(value) == text


def test_small_words():
    assert wording.percent(0.123) == "12 %"
    assert wording.signed_percent(0.3617) == "+36.2 %"
    assert wording.ratio(0.8133) == "0.81"
    assert wording.ratio(1234.5) == "1,234"
    assert (wording.ratio(99.99), wording.ratio(100.0), wording.ratio(-100.0)) == ("99.99", "100", "-100")
    assert wording.label("bond_savers") == "Bond savers"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.listed([]) == "nobody"
    assert wording.spoken_date(date(2025, 9, 10)) == "10 Sep 2025"
    assert wording.cut("one two three", 9) == "one two…"

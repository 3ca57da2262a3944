"""The answer of a circle that sells equipment on the vendor's own credit: its words, its loans, what was promised."""

from __future__ import annotations

import json

import pytest
from carousel.report.answer import assemble
from carousel.report.answer_holding import vendor_claims
from carousel.report.figure_flow import circle_cash, titles_of
from carousel.report.figure_origins import _panel_title
from carousel.report.measures_promises import standing_promises
from carousel.report.wording import CHIPS, EQUIPMENT, cast_of
from carousel.scenarios.loader import load
from carousel.tests.report.hand_made_runs import OPERATOR, VENDOR, vendor_tables

AI_WORDS = ("chip", "Chip", "cloud", "Cloud", "AI lab", "Compute")


@pytest.fixture
def tables():
    return vendor_tables()


@pytest.fixture
def answer(tables):
    return assemble(tables, load("vendor-loans"), seed=3, tracing="pro-rata")


def test_who_builds_for_its_own_customers_buys_equipment_and_who_builds_for_a_lab_buys_chips():
    assert cast_of(["build_plan", "vendor_loan"]) == EQUIPMENT
    assert cast_of(["compute", "milestone"]) == cast_of([]) == cast_of(["compute", "build_plan"]) == CHIPS


def test_no_word_of_the_answer_is_one_of_chips_and_clouds(answer):
    page = answer.to_markdown()
    assert [word for word in AI_WORDS if word in page] == []
    assert "| Equipment vendors |" in page
    assert "| Network operators |" in page
    assert "Equipment sales (Northlight Systems)" in page
    assert "| Capacity in service | 400 MW of 1,000 contracted |" in page


def test_the_answer_of_a_circle_of_chips_keeps_its_words(hand_made):
    page = assemble(hand_made.all_tables(), load("ai-2025"), seed=3, tracing="pro-rata").to_markdown()
    assert all(word in page for word in ("Chip sales (NVIDIA)", "Compute sales", "Lab spending", "| Clouds |"))
    assert "quipment" not in page


def test_loans_and_guarantees_are_promises_though_no_day_announced_them(answer, tables):
    assert (
        "What was promised? Northlight Systems had promised its customers loans of $1,000 and guarantees of up to $300 "
        "before the start; $250 of it has been paid out."
    ) in answer.headlines
    page = answer.to_markdown()
    assert "| a line | Northlight Systems | Polar Fibre | $1,000 | $250 | 50 % |" in page
    assert "| a guarantee | Northlight Systems | Polar Fibre | $300 | $0 | 80 % |" in page
    assert "| All |  |  | $1,300 | $250 |  |" in page
    assert [p.name for p in standing_promises(tables["commitments"])] == ["a line", "a guarantee"]
    assert "Nothing was" not in page


def test_a_provision_is_bad_news_and_no_promise(answer):
    page = answer.to_markdown()
    assert "provides 60 for losses | $60 | -10.0 % | -10.0 % | -$900 |" in page
    assert "Running accounts" not in page
    assert answer.measures["announced_cents"] == 0


def test_a_down_round_is_bad_news_that_was_paid_and_keeps_its_account(tables, hand_made):
    sums = 70_00, 70_00, 70_00, 9_000_00
    down = (0, 40, VENDOR, "", "equity", "raises 70 (down round)", -1, *sums, -0.1, -0.1, 0, "dollars")
    tables["announcements"] = hand_made.frame("announcements", [down])
    page = assemble(tables, load("vendor-loans"), seed=3, tracing="pro-rata").to_markdown()
    assert "raises 70 (down round) | $70 | $70 | $70 |" in page
    assert "Bad news" not in page


def test_what_a_vendor_is_owed_is_worth_its_principal_less_the_expected_loss(answer, tables):
    (claim,) = answer.measures["vendor_claims"]["end"]
    assert claim == {
        "vendor": VENDOR,
        "owed_cents": 250_00,
        "expected_loss_cents": 60_00,
        "worth_cents": 190_00,
        "guaranteed_cents": 300_00,
        "expected_calls_cents": 20_00,
    }
    assert (
        "Who is left holding the loans? Northlight Systems is owed $250 by its customers, worth $190 after the losses "
        "it expects."
    ) in answer.headlines
    assert "| Northlight Systems | $250 | $60 | $190 | $300 | $20 |" in answer.to_markdown()
    assert vendor_claims(tables["loans"], 62)[0]["owed_cents"] == 0


def test_the_vendors_loans_add_nothing_to_what_all_classes_hold(answer):
    """One firm's claim is another's debt: holders gain what they hold and took out, no more."""
    classes = answer.measures["gain_and_loss_per_class"]["end"]["classes"]
    assert {row["group"]: row["value_cents"] for row in classes} == {
        "households": 350_00, "chip makers": 0, "clouds": 0,
    }  # fmt: skip


def test_the_answer_is_json_and_one_without_loans_has_no_line_about_them(answer, hand_made):
    json.dumps(answer.to_json(), allow_nan=False)
    plain = assemble(hand_made.all_tables(), load("ai-2025"), seed=3, tracing="pro-rata")
    assert not [line for line in plain.headlines if "loan" in line]
    assert not {"vendor_claims", "standing_promises", "vendor_finance"} & set(plain.measures)


def test_the_figures_use_the_same_words(tables):
    _, nodes = circle_cash(tables["journal"], tables["firms"], EQUIPMENT)
    assert "Equipment costs, profit" in nodes["chip_maker"].sinks
    assert titles_of(EQUIPMENT) == {
        "lab": "AI labs", "cloud": "Network operators", "chip_maker": "Equipment vendors",
    }  # fmt: skip
    assert titles_of(CHIPS)["cloud"] == "Clouds"


def test_a_panel_names_one_firm_and_counts_many():
    assert _panel_title("Sales of {}", ["Northlight Systems"]) == "Sales of Northlight Systems"
    assert _panel_title("Building by {}", ["Meridian Networks", "Harbour Telecom"]) == "Building by 2 firms"
    assert len(_panel_title("Sales of {}", ["A firm whose name is much too long for a panel"])) <= 36


def test_vendors_are_told_in_the_order_of_their_names(hand_made, tables):
    lines = [
        (63, f"line of {vendor}", "loan", vendor, OPERATOR, 1_000_00, owed, 0, 0, 0, owed, 0, 0, 0.09, 0.0)
        for vendor, owed in (("Zenith", 10_00), ("Alpha", 20_00), (VENDOR, 30_00))
    ]
    answer = assemble(
        tables | {"loans": hand_made.frame("loans", lines)}, load("vendor-loans"), seed=3, tracing="pro-rata"
    )
    names = ["Alpha", VENDOR, "Zenith"]
    assert [vendor["vendor"] for vendor in answer.measures["vendor_finance"]] == names
    assert [claim["vendor"] for claim in answer.measures["vendor_claims"]["end"]] == names

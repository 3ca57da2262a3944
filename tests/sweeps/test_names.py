"""Patterns of outcomes: what they stand for, in which order, and one line for what stands for nothing."""

from __future__ import annotations

import pickle

import pytest
from carousel.cli.app import app
from carousel.docs import outcomes_page
from carousel.experiments.sweeps.outcomes import (
    OUTCOMES,
    UnknownOutcome,
    describe,
    names_of,
    series_names_of,
    types_of,
)
from carousel.scenarios.loader import load
from typer.testing import CliRunner

RULES = ("pro-rata", "fifo", "lifo")
ASKED = {
    "letter-halved": ["market_value.*", "payer_share.spending.OpenAI.*", "regime", "paid.*"],
    "when-it-reverses": ["turned", "drawdown", "first_day.bill_missed"],
    "which-payer-breaks-it": ["turned", "regime", "drawdown", "recycled_share.*", "gain.*"],
    "who-pays": ["payer_share.*", "recycled_share.*", "regime", "worst_loser"],
}
"""What four questions ask for."""


@pytest.fixture(scope="module")
def scenario():
    return load("ai-2025")


@pytest.mark.parametrize("question", ASKED)
def test_what_the_questions_ask_for_is_there(scenario, question):
    names = names_of(ASKED[question], scenario)
    for pattern in ASKED[question]:
        assert any(name.startswith(pattern.partition(".")[0]) for name in names), pattern
    assert set(types_of(names).values()) <= {int, float, str}
    assert series_names_of(["market_value.*", "cash.OpenAI", "spread.Oracle"], scenario)


def test_a_pattern_without_a_rule_means_every_rule_that_is_traced(scenario):
    every = names_of(["payer_share.spending.OpenAI.AI customers"], scenario)
    assert every == tuple(f"payer_share.{rule}.spending.OpenAI.AI customers" for rule in RULES)
    assert names_of(["payer_share.spending.OpenAI.AI customers"], scenario, tracing=["fifo"]) == every[1:2]
    assert names_of([every[2]], scenario, tracing=["fifo"]) == every[2:]  # a rule that is named is meant
    assert all(".lifo." in name for name in names_of(["recycled_share.lifo.*"], scenario))


def test_names_stand_in_the_registrys_order_once_however_they_are_asked_for(scenario):
    asked = ["worst_loser", "gain.*", "regime", "gain.households", "turned"]
    names = names_of(asked, scenario)
    assert names == names_of(asked[::-1], scenario)
    assert len(set(names)) == len(names)
    assert names[:2] == ("regime", "turned")
    assert names[-1] == "worst_loser"


def test_a_star_stands_for_any_text_and_nothing_else_does(scenario):
    assert names_of(["market_value.*A*"], scenario) == ("market_value.NVIDIA", "market_value.OpenAI")
    assert names_of(["*"], scenario)[0] == "regime"
    for pattern in ("regim?", "reg[i]me", "regime.*", "Regime", ""):
        with pytest.raises(UnknownOutcome):
            names_of([pattern], scenario)


@pytest.mark.parametrize(
    ("pattern", "nearest"),
    [
        ("regine", "regime"),
        ("market_value.NVIDA", "market_value.NVIDIA"),
        ("payer_share.spending.OpenAi.AI customers", "payer_share.spending.OpenAI.AI customers"),
        ("first_day.bill_mised", "first_day.bill_missed"),
        ("payer_shares.*", "payer_share.RULE.FLOW.RECEIVER.CLASS"),
    ],
)
def test_an_unknown_name_is_one_line_with_the_nearest(scenario, pattern, nearest):
    with pytest.raises(UnknownOutcome) as refused:
        names_of(["regime", pattern], scenario)
    assert refused.value.pattern == pattern
    assert nearest in refused.value.nearest
    assert "\n" not in str(refused.value)
    assert "allowed: " in str(refused.value)
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)


def test_what_has_no_course_is_no_series(scenario):
    with pytest.raises(UnknownOutcome, match="daily course"):
        series_names_of(["payer_share.*"], scenario)


def test_worlds_of_several_scenarios_have_the_names_of_all(scenario):
    wide = load("ai-2025-wide-september")
    names = names_of(["market_value.*"], scenario, wide)
    assert set(names) == {*names_of(["market_value.*"], scenario), *names_of(["market_value.*"], wide)}


def test_every_name_of_every_bundled_scenario_is_its_own():
    for name in ("ai-2025", "ai-2025-wide-september", "ai-2025-ticket", "vendor-loans", "joke"):
        names = [full for told in describe(load(name)) for full in told.names]
        assert len(set(names)) == len(names)


def test_the_command_prints_name_unit_and_meaning():
    told = CliRunner().invoke(app, ["outcomes"], terminal_width=200)
    assert told.exit_code == 0
    assert all(outcome.pattern in told.stdout for outcome in OUTCOMES)
    named = CliRunner().invoke(app, ["outcomes", "joke"]).stdout
    assert "cash.The lab" in named
    assert "US cents" in named
    assert "market_value" not in named


def test_the_page_of_outcomes_is_what_the_registry_says():
    """After a change of the registry: `python docs/outcomes_page.py`."""
    assert outcomes_page.PAGE.read_text() == outcomes_page.page(), "run: python docs/outcomes_page.py"
    assert all(f"`{outcome.pattern}`" in outcomes_page.page() for outcome in OUTCOMES)


def test_the_example_of_the_page_runs(capsys):
    exec(outcomes_page.EXAMPLE.strip("`").removeprefix("python"), {})
    assert capsys.readouterr().out.split()[1] == "43"

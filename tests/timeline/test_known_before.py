"""What was announced before the start has been thought over by then, and is in the opening price."""

from __future__ import annotations

import math

import pytest
from carousel.agents.credit_standing import VOLATILITY_MAX
from carousel.contracts.compute import ComputeContract
from carousel.market.credit import required_spread
from carousel.model import CarouselModel
from carousel.narrative.doubt import coverage_pull
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import parse

WEEKDAYS = 112
"""From 10 September 2025 until a start on 13 February 2026."""
KNOWN = """extends = "ai-2025"
start_date = 2026-02-13
remove = [
    "contract.OpenAI-Oracle compute", "milestone.NVIDIA-OpenAI investment", "capital_call.April round, second closing",
]
[[contract]]
name = "Known"
customer = "OpenAI"
provider = "Oracle"
capacity_gw = 4.5
price_usd_per_gw_year = 13e9
years = 5.0
net_margin = 0.1
known_since = 2025-09-10
"""


def opened(text: str) -> tuple[CarouselModel, ComputeContract]:
    model = CarouselModel(parse(text), rng=1, days=2, holders=240)
    return model, next(model.contracts.kind(ComputeContract))


def test_belief_has_gone_towards_what_the_customer_can_bring_up_day_by_day():
    """l = l_0 + (1 - (1 - k)^n) pull after n days at the share k a day."""
    model, contract = opened(KNOWN)
    lab, rules = model.cast.lab_by_name["OpenAI"], model.scenario_data.behaviour
    assert lab.seen_coverage is not None
    pull = coverage_pull(lab.seen_coverage, lab.judgement, rules)
    moved = (1 - (1 - rules.reflection_per_day) ** WEEKDAYS) * pull
    assert contract.log_odds - contract.opening_log_odds == pytest.approx(moved, abs=1e-9)
    assert contract.public_day == -WEEKDAYS


def test_its_bill_has_been_noticed_and_is_in_the_opening_price():
    model, contract = opened(KNOWN)
    oracle, rules = model.cast.cloud_by_name["Oracle"], model.scenario_data.behaviour
    assert contract.noticed_share == pytest.approx(1 - math.exp(-WEEKDAYS / rules.bill_notice_days))
    assert oracle.opening.bills_cents == oracle.bill_seen_cents() > 0


def test_what_is_believed_of_it_is_taken_out_of_base_earnings_so_that_the_price_stays():
    model, contract = opened(KNOWN)
    oracle = model.cast.cloud_by_name["Oracle"]
    believed = contract.credibility * contract.promise.profit_usd_per_year
    base = float(model.beliefs.base_earnings_usd[oracle.index])
    assert base == pytest.approx(oracle.facts.earnings_usd_per_year - believed, rel=1e-9)


def test_without_the_date_it_is_believed_as_if_new_and_its_bill_is_news():
    model, contract = opened(KNOWN.replace("known_since = 2025-09-10\n", ""))
    assert contract.log_odds == contract.opening_log_odds
    assert contract.noticed_share == 0
    assert model.cast.cloud_by_name["Oracle"].opening.bills_cents == 0


@pytest.mark.parametrize(
    "line", ["known_since = 2026-02-13", "known_since = 2025-09-10\nannounced = 2026-03-02"], ids=["late", "twice"]
)
def test_what_was_known_was_known_before_the_start(line):
    with pytest.raises(ScenarioError) as caught:
        parse(KNOWN.replace("known_since = 2025-09-10", line))
    assert caught.value.key_path == "contract.Known.known_since"


@pytest.mark.parametrize("leverage", [1e-6, 1.0, 3.0, 1e12, 1e18])
def test_at_the_highest_volatility_a_spread_is_still_a_number(leverage):
    """Beyond it both terms of Merton's formula are nothing to the last digit, and their logarithm has no value."""
    assert math.isfinite(required_spread(leverage, VOLATILITY_MAX, 5.0))
    with pytest.raises(ValueError, match="math domain"):
        required_spread(3.0, 1e6, 5.0)

"""What is believed, without a model: earnings, surprises, news, and who hears whose story."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from carousel.engine.chance import slot_of
from carousel.narrative.announcements import AnnouncementBoard, Draft, Instrument
from carousel.narrative.beliefs import Beliefs, Heard, Sale
from carousel.narrative.credibility import credibility, start_log_odds
from carousel.narrative.network import Link
from carousel.scenarios.behaviour import Behaviour

RULES = Behaviour()
WORTH = {"chips": 3000.0, "cloud": 1000.0, "lab": 500.0, "": 0.0}


def firm(name, price_usd, earnings, volatility=0.022):
    """A listed firm of 100 shares."""
    facts = SimpleNamespace(
        price_usd=price_usd, shares=100, earnings_usd_per_year=earnings, earnings_growth_per_year=0.08,
        daily_volatility=volatility,
    )  # fmt: skip
    return SimpleNamespace(name=name, slot=slot_of(name), account=0, security=0, facts=facts)


def opened():
    """Two listed firms, a lab and a fund."""
    fund = SimpleNamespace(slot=slot_of("fund"), facts=SimpleNamespace(disposition=0.0, sensitivity=1.0))
    listed = [firm("chips", 30.0, 100.0), firm("cloud", 10.0, 50.0, volatility=0.088)]
    return Beliefs(listed, ["lab"], [fund], np.ones(1), rules=RULES, seed=1)


def heard(instrument=Instrument.CONTRACT, **changes):
    """Shocks after one announcement by the cloud of a quarter of its worth, half of the holders tired."""
    beliefs = opened()
    draft = Draft("cloud", instrument, "news", **({"announced_cents": 25_000} | changes))
    beliefs.hear(AnnouncementBoard().schedule(1, draft), Heard(0.2, 0.5, 1.0), WORTH)
    return beliefs.shock.tolist()


def test_multiples_are_those_of_the_opening_prices():
    beliefs = opened()
    assert beliefs.price_earnings.tolist() == [30.0, 20.0]
    assert beliefs.market_price_earnings == pytest.approx(4000 / 150)


def test_good_news_is_heard_by_who_has_not_caught_the_story_and_bad_news_by_all_who_are_not_tired():
    plain = RULES.announcement_impulse * 0.5 * 2.0
    assert heard() == pytest.approx([0.0, plain * 0.3 / 2, 0.0])
    assert heard(direction=-1) == pytest.approx([0.0, -RULES.bad_news_weight * plain * 0.5 / 2, 0.0])
    assert heard(direction=0) == [0.0, 0.0, 0.0]


def test_who_receives_a_stake_is_vouched_for_as_far_as_the_stake_is_believed():
    """A stake of half the lab's worth counts as a fifth."""
    shocks = heard(Instrument.LETTER_OF_INTENT, endorsed="lab")
    believed = credibility(start_log_odds(Instrument.LETTER_OF_INTENT, RULES, 0.2), 0.0)
    assert shocks[2] == pytest.approx(RULES.endorsement_impulse * believed * math.sqrt(0.2) * 0.3 / 2)
    assert shocks[1] > 0


def test_a_surprise_shocks_its_own_firm():
    beliefs = opened()
    beliefs.surprise("cloud", -0.1)
    assert beliefs.shock.tolist() == pytest.approx([0.0, -0.1 * RULES.surprise_impulse, 0.0])


def test_a_promise_known_before_leaves_base_earnings_of_listed_firms_only():
    beliefs = opened()
    beliefs.take_out_of_base("chips", 30.0)
    beliefs.take_out_of_base("lab", 30.0)
    beliefs.take_out_of_base("cloud", 80.0)
    assert beliefs.base_earnings_usd.tolist() == [70.0, 1.0]
    assert beliefs.scale_earnings(0, 0.5) == 35.0


def test_the_network_counts_a_planned_sale_over_revenue_and_itself():
    beliefs = opened()
    sales = [Sale("chips", "cloud", 20.0), Sale("chips", "cloud", 10.0), Sale("cloud", "lab", 5.0)]
    ties = ([Link(0, 2, 1.0, 10.0)], [])
    beliefs.rebuild_network(sales, {"chips": 70.0}, ties, np.array([0.0, 0.0]))
    expected = np.zeros((3, 3))
    expected[0, 1], expected[1, 2], expected[0, 2] = 0.3, 0.5, 0.1
    assert beliefs.weights == pytest.approx(expected)


def test_two_members_of_the_index_hear_each_other_by_weight():
    beliefs = opened()
    beliefs.rebuild_network([], {}, ([], []), np.array([30.0, 10.0]))
    assert beliefs.weights == pytest.approx(np.array([[0, 0.25, 0], [0.75, 0, 0], [0, 0, 0]]))


def test_values_look_anew_only_where_something_has_changed():
    beliefs = opened()
    assert [beliefs.needs_promises(count) for count in (0, 0, 1, 1)] == [True, False, True, False]
    claims = [(0, 0, 0), (0, 0, 0), (0, 1, 0)]
    assert [beliefs.needs_claims(versions) for versions in claims] == [True, False, True]

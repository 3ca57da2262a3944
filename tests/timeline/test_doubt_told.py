"""A promise falls into doubt at a month's end when belief passes what boards need, and again only after it rose."""

from __future__ import annotations

import pytest
from carousel.engine.calendar import DAYS_PER_MONTH
from carousel.model import CarouselModel
from carousel.narrative.chronicle import Happening
from carousel.narrative.logistic import logistic

DAYS = 8 * DAYS_PER_MONTH
CONTRACT = "OpenAI-Oracle compute"


@pytest.fixture(scope="module")
def seen():
    """Belief at every month's end beside what was told then, in a world whose lab hardly grows."""
    model, rows = CarouselModel("ai-2025", rng=2, days=DAYS, monetisation_growth_per_year=0.7), []
    (contract,) = [c for c in model.contracts.promises if c.name == CONTRACT]
    while model.running:
        model.step()
        told = [e for e in model.chronicle.events if e.kind is Happening.DOUBTED and CONTRACT in e.detail]
        rows.append((model.clock.day, contract.credibility, told))
    return model, rows


def test_doubt_is_told_when_belief_at_a_months_end_has_fallen_below_what_boards_need(seen):
    model, rows = seen
    bound, above, expected = model.scenario_data.behaviour.belief_to_pay, True, []
    for day, belief, _ in rows[DAYS_PER_MONTH - 1 :: DAYS_PER_MONTH]:
        if above and belief < bound:
            expected.append(day)
        above = belief >= bound
    assert [day for day, _, told in rows if told] == expected != []


def test_it_says_whose_promise_how_far_it_is_believed_and_what_is_left_of_it(seen):
    model, rows = seen
    (event,) = next(told for *_, told in rows if told)
    (contract,) = [c for c in model.contracts.promises if c.name == CONTRACT]
    assert (event.agent, event.counterparty) == ("OpenAI", "Oracle")
    assert event.cents == contract.promise.announced_cents
    assert 0 < int(event.detail.rpartition(" ")[2].rstrip("%")) <= 33


def test_it_falls_again_only_after_it_rose(seen):
    model, _ = seen
    (contract,) = [c for c in model.contracts.promises if c.name == CONTRACT]
    contract.shift(-contract.log_odds)  # a half
    answers = []
    for log_odds in (0.0, -2.0, 0.0, 1.5, -0.6, -0.8):
        contract.shift(log_odds)
        answers.append((round(float(logistic(contract.log_odds)), 2), contract.falls_into_doubt()))
    assert answers == [(0.5, False), (0.12, True), (0.12, False), (0.38, False), (0.25, True), (0.13, False)]

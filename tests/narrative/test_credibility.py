"""How promises are believed: where belief starts, what moves it, and that it can always move back."""

from __future__ import annotations

import math

import pytest
from carousel.narrative.announcements import Instrument
from carousel.narrative.credibility import Evidence, credibility, moved, shift, start_log_odds
from carousel.scenarios import schema
from carousel.scenarios.behaviour import Behaviour
from hypothesis import given, settings
from hypothesis import strategies as st

BEHAVIOUR = Behaviour()


def test_the_kinds_of_promise_are_those_of_scenario_files():
    assert [kind.value for kind in Instrument] == [kind.value for kind in schema.Instrument]


def test_even_odds_are_believed_by_half():
    assert credibility(0.0, 0.0) == 0.5
    assert credibility(math.log(3), 0.0) == pytest.approx(0.75)
    assert isinstance(credibility(1.0, 2.0), float)


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_belief_is_a_probability_for_any_log_odds(log_odds, disposition):
    assert 0.0 <= credibility(log_odds, disposition) <= 1.0


def test_a_trusting_investor_believes_more():
    believed = [credibility(0.5, disposition) for disposition in (-1.0, 0.0, 1.0)]
    assert believed == sorted(set(believed))
    assert believed[0] == pytest.approx(1 / (1 + math.exp(0.5)))


def test_an_order_is_believed_more_than_a_contract_and_that_more_than_a_letter_of_intent():
    order, contract, letter = (
        start_log_odds(kind, BEHAVIOUR) for kind in (Instrument.ORDER, Instrument.CONTRACT, Instrument.LETTER_OF_INTENT)
    )
    assert order > contract > letter


@pytest.mark.parametrize("instrument", list(Instrument))
def test_every_kind_of_promise_starts_somewhere(instrument):
    assert math.isfinite(start_log_odds(instrument, BEHAVIOUR))


@pytest.mark.parametrize("evidence", [Evidence.PAID_ON_TIME, Evidence.DELIVERED])
def test_good_news_raises_belief_in_proportion(evidence):
    assert shift(evidence, BEHAVIOUR, 2.0) == 2 * shift(evidence, BEHAVIOUR) > 0


@pytest.mark.parametrize("evidence", [Evidence.LATE, Evidence.MISSED, Evidence.RENEGOTIATED])
def test_bad_news_lowers_belief_in_proportion(evidence):
    assert shift(evidence, BEHAVIOUR, 2.0) == 2 * shift(evidence, BEHAVIOUR) < 0


def test_a_surprise_moves_belief_by_its_sign():
    assert shift(Evidence.SURPRISE, BEHAVIOUR, -0.1) == -shift(Evidence.SURPRISE, BEHAVIOUR, 0.1) < 0


def test_a_builders_coverage_is_judged_by_its_log_and_bounded():
    weight = BEHAVIOUR.evidence_coverage
    assert shift(Evidence.COVERAGE, BEHAVIOUR, 1.0) == 0.0
    assert shift(Evidence.COVERAGE, BEHAVIOUR, 0.5) == pytest.approx(-weight * math.log(2))
    assert shift(Evidence.COVERAGE, BEHAVIOUR, 0.0) == -3 * weight
    assert shift(Evidence.COVERAGE, BEHAVIOUR, math.inf) == weight


@pytest.mark.parametrize("size", [-1.0, math.nan, math.inf])
def test_evidence_of_impossible_size_is_refused(size):
    with pytest.raises(ValueError, match="size of missed evidence"):
        shift(Evidence.MISSED, BEHAVIOUR, size)


@settings(deadline=None)
@given(st.lists(st.floats(-20, 20), max_size=20))
def test_log_odds_never_leave_their_bounds(increments):
    log_odds = 0.0
    for increment in increments:
        log_odds = moved(log_odds, increment, 8.0)
        assert -8.0 <= log_odds <= 8.0


def test_a_promise_as_large_as_its_firm_has_half_the_odds():
    small, large = (start_log_odds(Instrument.CONTRACT, BEHAVIOUR, size) for size in (0.0, 1.0))
    assert math.exp(small - large) == pytest.approx(2.0)


@settings(deadline=None)
@given(st.floats(0, 1e6), st.floats(1, 100))
def test_what_is_believed_of_a_sum_rises_with_it_and_levels_off(size, times):
    def believed(s):
        return s * credibility(start_log_odds(Instrument.CONTRACT, BEHAVIOUR, s), 0.0)

    assert believed(size) <= believed(size * times) * (1 + 1e-12)
    # log-odds stop at -8, far beyond any deal: 1,000 times the firm
    assert believed(min(size, 1e3)) < math.exp(BEHAVIOUR.contract_log_odds)


def test_a_negative_size_is_refused():
    with pytest.raises(ValueError, match="allowed: 0 or more"):
        start_log_odds(Instrument.CONTRACT, BEHAVIOUR, -0.1)

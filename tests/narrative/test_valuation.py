"""What a share is worth to whom: the valuation rule against a slow oracle and by its economic meaning."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.narrative.valuation import (
    deal_multiple,
    lab_value_usd,
    private_noise_step,
    value_per_share,
    value_per_share_into,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def world(investors: int, firms: int, commitments: int, seed: int) -> dict[str, np.ndarray]:
    """Made-up arguments of `value_per_share`, in its order."""
    random = np.random.default_rng(seed)
    return {
        "base_earnings_usd_per_year": random.uniform(1e9, 1e11, firms),
        "commitment_profit_usd_per_year": random.uniform(-1e9, 5e10, commitments),
        "commitment_firm": random.integers(-1, firms, commitments),
        "commitment_log_odds": random.uniform(-8, 8, commitments),
        "delivered_share": random.uniform(0, 1, commitments),
        "disposition": random.uniform(-2, 2, investors),
        "price_earnings": random.uniform(10, 60, firms),
        "sensitivity": random.uniform(0, 2, investors),
        "log_multiple": random.uniform(-0.5, 0.5, firms),
        "sentiment": random.uniform(-0.3, 0.3, firms),
        "private": random.uniform(-0.1, 0.1, (investors, firms)),
        "debt_like_usd": random.uniform(0, 1e12, firms),
        "shares": random.integers(10**8, 10**10, firms),
    }


def oracle(w: dict[str, np.ndarray], i: int, f: int) -> float:
    """The valuation rule for one investor and one firm, term by term."""
    earnings = float(w["base_earnings_usd_per_year"][f])
    for k, firm in enumerate(w["commitment_firm"]):
        if firm == f:
            believed = 1 / (1 + math.exp(-(w["commitment_log_odds"][k] + w["disposition"][i])))
            done = w["delivered_share"][k]
            earnings += (done + (1 - done) * believed) * w["commitment_profit_usd_per_year"][k]
    story = math.exp(w["sensitivity"][i] * w["log_multiple"][f] + w["sentiment"][f] + w["private"][i, f])
    value = (earnings * w["price_earnings"][f] * story - w["debt_like_usd"][f]) / w["shares"][f]
    return max(100 * value, 1.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 8), st.integers(0, 2**32))
def test_the_value_of_a_share_follows_the_rule_term_by_term(investors, firms, commitments, seed):
    w = world(investors, firms, commitments, seed)
    values = value_per_share(*w.values())
    expected = [[oracle(w, i, f) for f in range(firms)] for i in range(investors)]
    assert np.allclose(values, expected, rtol=1e-12, atol=0)
    out = np.empty_like(values)
    value_per_share_into(out, *w.values())
    assert (out == values).all()


def one_firm(**changes: object) -> float:
    """Value in cents of a firm of 10 USD earnings, multiple 20, one share, and one commitment of 10 USD a year."""
    w = {
        "base_earnings_usd_per_year": np.array([10.0]),
        "commitment_profit_usd_per_year": np.array([10.0]),
        "commitment_firm": np.array([0]),
        "commitment_log_odds": np.array([0.0]),
        "delivered_share": np.array([0.0]),
        "disposition": np.array([0.0]),
        "price_earnings": np.array([20.0]),
        "sensitivity": np.array([1.0]),
        "log_multiple": np.array([0.0]),
        "sentiment": np.array([0.0]),
        "private": np.array([[0.0]]),
        "debt_like_usd": np.array([0.0]),
        "shares": np.array([1]),
    } | changes
    return float(value_per_share(*w.values())[0, 0])


def test_a_promise_believed_by_half_is_capitalised_at_the_perpetual_multiple():
    assert one_firm() == pytest.approx(100 * (10 + 5) * 20)


def test_what_is_delivered_needs_no_belief():
    assert one_firm(delivered_share=np.array([1.0]), commitment_log_odds=np.array([-8.0])) == pytest.approx(100 * 400)


def test_debt_is_taken_off_and_a_share_is_worth_at_least_a_cent():
    assert one_firm(debt_like_usd=np.array([100.0])) == pytest.approx(100 * 200)
    assert one_firm(debt_like_usd=np.array([1e6])) == 1.0


def test_an_investor_without_sensitivity_does_not_hear_the_story():
    deaf = one_firm(sensitivity=np.array([0.0]), log_multiple=np.array([1.0]))
    assert deaf == one_firm()
    assert one_firm(log_multiple=np.array([1.0])) == pytest.approx(math.e * deaf)


@pytest.mark.parametrize("firm", [-2, 1])
def test_a_commitment_of_a_firm_that_does_not_exist_is_refused(firm):
    with pytest.raises(ValueError, match="commitment_firm"):
        one_firm(commitment_firm=np.array([firm]))


def test_a_private_view_fades_by_its_persistence():
    view = np.array([[0.1, -0.2]])
    private_noise_step(view, np.array([[1.0, -1.0]]), 0.5, 0.01)
    assert view == pytest.approx(np.array([[0.06, -0.11]]))


def test_a_lab_is_valued_by_its_run_rate():
    assert lab_value_usd(10e9, 30.0, 0.0) == 300e9
    assert lab_value_usd(10e9, 30.0, math.log(2)) == pytest.approx(600e9)


def test_a_deal_is_capitalised_between_the_own_and_the_markets_multiple():
    assert deal_multiple(30.0, 30.0, 0.5) == pytest.approx(30.0)
    assert deal_multiple(60.0, 30.0, 0.5) == pytest.approx(40.0)
    assert deal_multiple(60.0, 30.0, 0.0) == pytest.approx(60.0)
    assert deal_multiple(60.0, 30.0, 1.0) == pytest.approx(30.0)


def test_no_multiple_of_a_deal_grows_without_limit():
    """A firm with hardly any earnings: 1 / M tends to reversion / market."""
    assert deal_multiple(1e12, 30.0, 0.5) == pytest.approx(60.0)


@pytest.mark.parametrize("facts", [(0.0, 30.0, 0.5), (30.0, -1.0, 0.5), (30.0, 30.0, 1.1)])
def test_impossible_multiples_are_refused(facts):
    with pytest.raises(ValueError, match="allowed"):
        deal_multiple(*facts)

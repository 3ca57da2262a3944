"""What a share is worth to whom: the valuation rule against a slow oracle and by its economic meaning."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.narrative.fund_values import FundValues
from carousel.narrative.sentiment import Sentiment
from carousel.narrative.valuation import (
    believed_share,
    deal_multiple,
    disagreement,
    lab_value_usd,
    next_view,
    story_in_value,
    value_per_share,
)
from carousel.narrative.valuation_kernels import Firms, Investors, Promises, common_value_into, value_into
from carousel.scenarios.behaviour import Behaviour
from hypothesis import given, settings
from hypothesis import strategies as st


class World:
    """Made-up arguments of `value_into`: accounts and securities in an order of their own, one node more than firms."""

    def __init__(self, investors: int, firms: int, promises: int, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.firms = Firms(
            earnings_usd_per_year=random.uniform(1e9, 1e11, firms),
            price_earnings=random.uniform(10, 60, firms),
            accounts=random.permutation(firms + 2)[:firms],
            securities=random.permutation(firms + 2)[:firms],
            claims_cents=random.integers(0, 10**14, firms),
        )
        self.investors = Investors(
            disposition=random.uniform(-2, 2, investors),
            sensitivity=random.uniform(0, 2, investors),
            benchmark=np.full(investors, 1.0 / investors),
        )
        self.promises = Promises(
            profit_usd_per_year=random.uniform(-1e9, 5e10, promises),
            firm=random.integers(-1, firms, promises),
            log_odds=random.uniform(-8, 8, promises),
            delivered_share=random.uniform(0, 1, promises),
        )
        self.stories = (
            random.uniform(-0.5, 0.5, firms + 1),
            random.uniform(-0.3, 0.3, firms + 1),
            random.uniform(-0.1, 0.1, (investors, firms)),
        )
        self.books = random.integers(0, 10**13, firms + 2), random.integers(10**8, 10**10, firms + 2)

    def values(self) -> np.ndarray:
        """Value per share of each firm to each investor."""
        out = np.empty((len(self.investors.disposition), len(self.firms.accounts)))
        value_into(out, tuple(self.firms), tuple(self.investors), tuple(self.promises), self.stories, self.books)
        return out

    def expected(self, i: int, f: int) -> float:
        """The valuation rule for one investor and one firm, term by term."""
        earnings = float(self.firms.earnings_usd_per_year[f])
        for k, firm in enumerate(self.promises.firm):
            if firm == f:
                believed = 1 / (1 + math.exp(-(self.promises.log_odds[k] + self.investors.disposition[i])))
                done = self.promises.delivered_share[k]
                earnings += (done + (1 - done) * believed) * self.promises.profit_usd_per_year[k]
        log_multiple, felt, private = self.stories
        story = math.exp(self.investors.sensitivity[i] * log_multiple[f] + felt[f] + felt[-1] + private[i, f])
        debt_usd = (int(self.firms.claims_cents[f]) - int(self.books[0][self.firms.accounts[f]])) / 100
        equity_usd = earnings * self.firms.price_earnings[f] * story - debt_usd
        return max(100 * equity_usd / int(self.books[1][self.firms.securities[f]]), 1.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 8), st.integers(0, 2**32))
def test_the_value_of_a_share_follows_the_rule_term_by_term(investors, firms, promises, seed):
    w = World(investors, firms, promises, seed)
    expected = [[w.expected(i, f) for f in range(firms)] for i in range(investors)]
    assert np.allclose(w.values(), expected, rtol=1e-12, atol=0)


def test_the_common_value_is_the_weighted_geometric_mean():
    out = np.empty(2)
    common_value_into(out, np.array([0.25, 0.75]), np.array([[100.0, 7.0], [1600.0, 7.0]]))
    assert out == pytest.approx([800.0, 7.0])


def one_firm(log_odds: float = 0.0, delivered_share: float = 0.0, story: float = 1.0, debt_usd: float = 0.0) -> float:
    """Value in cents of a firm of 10 USD earnings, multiple 20, one share, and one promise of 10 USD a year."""
    return value_per_share(10.0 + 10.0 * believed_share(log_odds, 0.0, delivered_share), 20.0, story, debt_usd, 1.0)


def test_a_promise_believed_by_half_is_capitalised_at_the_perpetual_multiple():
    assert one_firm() == pytest.approx(100 * (10 + 5) * 20)


def test_what_is_delivered_needs_no_belief():
    assert one_firm(log_odds=-8.0, delivered_share=1.0) == pytest.approx(100 * 400)


def test_an_investor_believes_by_its_disposition():
    assert believed_share(0.5, -0.5, 0.0) == pytest.approx(0.5)
    assert believed_share(0.5, 0.6, 0.2) == pytest.approx(0.2 + 0.8 / (1 + math.exp(-1.1)))


def test_debt_is_taken_off_and_a_share_is_worth_at_least_a_cent():
    assert one_firm(debt_usd=100.0) == pytest.approx(100 * 200)
    assert one_firm(debt_usd=1e6) == 1.0


def test_an_investor_without_sensitivity_does_not_hear_the_story():
    assert story_in_value(0.0, 1.0, 0.0, 0.0) == 1.0
    assert story_in_value(2.0, 0.1, 0.03, -0.01) == pytest.approx(math.exp(0.22))
    assert one_firm(story=story_in_value(1.0, 1.0, 0.0, 0.0)) == pytest.approx(math.e * one_firm())


def test_a_private_view_fades_by_its_persistence():
    assert next_view(0.1, 1.0, 0.5, 0.01) == pytest.approx(0.06)
    assert next_view(-0.2, -1.0, 0.5, 0.01) == pytest.approx(-0.11)


def test_investors_disagree_as_share_and_market_are_wild():
    assert disagreement(0.03, 0.04, 0.03, 0.04) == 1.0
    assert disagreement(0.06, 0.08, 0.03, 0.04) == pytest.approx(2.0)
    assert disagreement(0.0, 0.08, 0.0, 0.04) == pytest.approx(2.0)


def owner(w: World, growth: float = 1.0) -> FundValues:
    """The funds' valuation of a made-up world, its promises entered."""
    values = FundValues(
        firms=w.firms, earnings_growth_per_day=np.full(len(w.firms.accounts), growth), investors=w.investors
    )
    values.set_promises(w.promises)
    return values


def test_the_funds_revalue_at_the_sentiment_of_the_day_and_the_books():
    w = World(3, 2, 4, 1)
    sentiment = Sentiment(
        seed=1, slots=np.arange(3), daily_volatility=np.full(2, 0.02), private_slots=np.arange(6).reshape(3, 2),
        rules=Behaviour(),
    )  # fmt: skip
    sentiment.turn(np.array([100, 200]), np.ones(2), np.array([0.1, -0.1]), day=1)
    w.stories = w.stories[0], sentiment.in_values, sentiment.private
    out = np.zeros((3, 2)), np.zeros(2)
    owner(w).revalue(out, w.stories[0], sentiment, w.books)
    assert (out[0] == w.values()).all()
    assert out[1] == pytest.approx(np.exp(np.log(out[0]).mean(axis=0)), rel=1e-12)


def test_earnings_grow_by_the_day_and_change_by_a_factor():
    values = owner(World(1, 2, 0, 1), growth=1.001)
    first, second = values.base_earnings_usd.tolist()
    values.grow()
    values.scale_earnings(1, 0.5)
    assert values.base_earnings_usd == pytest.approx([1.001 * first, 0.5005 * second], rel=1e-14)


def test_claims_on_a_firm_replace_what_was_claimed_before():
    w = World(1, 2, 1, 1)
    values = owner(w)
    values.set_claims([7, 9])
    values.see_bills([0, 5])
    assert w.firms.claims_cents.tolist() == [7, 14]
    values.see_bills([1, 0])
    assert w.firms.claims_cents.tolist() == [8, 9]


@pytest.mark.parametrize("firm", [-2, 1])
def test_a_promise_of_a_firm_that_does_not_exist_is_refused(firm):
    w = World(1, 1, 1, 1)
    with pytest.raises(ValueError, match=r"firms of promises .* allowed: -1 .* to 0"):
        owner(w).set_promises(w.promises._replace(firm=np.array([firm])))


def test_arrays_of_different_lengths_are_refused():
    w = World(2, 2, 2, 1)
    with pytest.raises(ValueError, match="arrays of promises have lengths"):
        owner(w).set_promises(w.promises._replace(log_odds=np.zeros(3)))
    w.firms = w.firms._replace(price_earnings=np.ones(3))
    with pytest.raises(ValueError, match="arrays of firms"):
        owner(w)
    w = World(2, 2, 2, 1)
    w.investors = w.investors._replace(sensitivity=np.ones(3))
    with pytest.raises(ValueError, match="of investors"):
        owner(w)


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

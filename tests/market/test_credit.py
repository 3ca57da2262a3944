"""Bonds are worth their payments, spreads rise with risk, and a new issue goes to who asks least."""

import math

import pytest
from carousel.market.credit import (
    Bid,
    bond_price_cents,
    discount,
    normal_cdf,
    rating_from_coverage,
    required_spread,
    uniform_price_book,
)
from hypothesis import given, settings
from hypothesis import strategies as st

BIDS = st.lists(
    st.builds(
        Bid,
        buyer=st.integers(0, 4),
        cents=st.integers(1, 10**6),
        spread_per_year=st.sampled_from([0.01, 0.015, 0.02, 0.05]),
    ),
    max_size=12,
)


@given(st.floats(0.05, 3), st.floats(0.05, 1), st.floats(0.5, 10))
def test_spread_rises_with_leverage_and_is_never_negative(leverage, volatility, years):
    low = required_spread(leverage, volatility, years)
    assert 0 <= low <= required_spread(leverage * 1.1, volatility, years) + 1e-12


def test_a_tiny_spread_keeps_its_digits():
    """So safe that one less its loss is one: the loss itself, N(-d2) - N(-d1) / L, over the years."""
    leverage, volatility, years = 0.3, 0.08, 4.0
    width = volatility * math.sqrt(years)
    d2 = -math.log(leverage) / width - width / 2
    loss = normal_cdf(-d2) - normal_cdf(-d2 - width) / leverage
    assert 0 < loss < 1e-14
    assert required_spread(leverage, volatility, years) == pytest.approx(loss / years, rel=1e-9)


@given(st.floats(0.05, 0.95), st.floats(0.05, 1), st.floats(0.5, 10))
def test_lender_and_owner_share_the_assets_and_nothing_else(leverage, volatility, years):
    debt = leverage * discount(required_spread(leverage, volatility, years), years)
    d1 = (-math.log(leverage) + 0.5 * volatility**2 * years) / (volatility * math.sqrt(years))
    equity = normal_cdf(d1) - leverage * normal_cdf(d1 - volatility * math.sqrt(years))
    assert debt + equity == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_risk_without_positive_numbers_is_refused(bad):
    for arguments in ((bad, 0.3, 5.0), (0.5, bad, 5.0), (0.5, 0.3, bad)):
        with pytest.raises(ValueError, match="allowed"):
            required_spread(*arguments)


@pytest.mark.parametrize(
    ("coverage", "grade"),
    [
        (9, "AAA"),
        (8.5, "AAA"),
        (7, "AA"),
        (5, "A"),
        (3, "BBB"),
        (2, "BB"),
        (1.6, "B"),
        (1, "CCC"),
        (0.1, "D"),
        (-3, "D"),
        (math.inf, "AAA"),
    ],
)
def test_ratings_follow_the_coverage_table(coverage, grade):
    assert rating_from_coverage(coverage).grade == grade


def test_better_coverage_never_costs_more():
    spreads = [rating_from_coverage(c / 10).spread_per_year for c in range(-10, 120)]
    assert spreads == sorted(spreads, reverse=True)
    with pytest.raises(ValueError, match="nan"):
        rating_from_coverage(math.nan)


@settings(deadline=None)  # the first example may compile
@given(st.floats(0, 0.2), st.floats(0, 0.1), st.integers(1, 360))
def test_a_bond_that_pays_its_yield_is_worth_its_face_on_coupon_days(spread, riskless, months):
    assert bond_price_cents(riskless + spread, spread, riskless, 21 * months, 100_000) == 100_000


@settings(deadline=None)
@given(st.floats(0, 0.2), st.floats(-0.02, 0.3), st.floats(0, 0.1), st.integers(0, 3000))
def test_a_bond_is_worth_the_sum_of_its_discounted_payments(coupon, spread, riskless, days):
    monthly = 1 + (riskless + spread) / 12
    coupons = sum(1e9 * coupon / 12 * monthly ** (-left / 21) for left in range(days, 0, -21))
    worth = coupons + 1e9 * monthly ** (-days / 21)
    assert bond_price_cents(coupon, spread, riskless, days, 10**9) == pytest.approx(worth, rel=1e-9, abs=1)


@pytest.mark.parametrize(
    "arguments",
    [
        (0.05, -3.0, 0.04, 252, 100),
        (-0.05, 0.0, 0.04, 252, 100),
        (0.05, 0.0, 0.04, -1, 100),
        (0.05, 0.0, 0.04, 1, -1),
        (0.05, 0.0, 0.04, 1, 2**53),
        (0.05, 100.01, 0.0, 1, 1),
        (0.05, -1.0, 0.0, 1, 1),
        (100.01, 0.0, 0.04, 1, 1),
        (math.nan, 0.0, 0.04, 1, 1),
    ],
)
def test_a_bond_of_impossible_terms_is_refused(arguments):
    with pytest.raises(ValueError, match="allowed"):
        bond_price_cents(*arguments)


@pytest.mark.parametrize("bond_yield", [-0.99, 100.0])
def test_bonds_have_a_price_at_both_ends_of_what_is_allowed(bond_yield):
    for face in (0, 2**53 - 1):
        assert bond_price_cents(0.0, bond_yield, 0.0, 0, face) == face
        assert bond_price_cents(100.0, bond_yield, 0.0, 0, face) == face
    assert bond_price_cents(0.0, bond_yield, 0.0, 21, 10**6) == round(10**6 / (1 + bond_yield / 12))


@given(BIDS, st.integers(0, 10**7), st.sampled_from([0.005, 0.015, 0.03, 0.1]))
def test_a_uniform_price_book_takes_the_lowest_spreads_first_and_exactly_what_it_wants(bids, wanted, limit):
    result = uniform_price_book(bids, wanted, limit)
    eligible = [bid for bid in bids if bid.spread_per_year <= limit]
    assert result.placed_cents == min(wanted, sum(bid.cents for bid in eligible))
    assert sum(cents for _, cents in result.allotments) == result.placed_cents
    assert len({buyer for buyer, _ in result.allotments}) == len(result.allotments)
    assert result.spread_per_year <= limit
    got = dict(result.allotments)
    for buyer in range(5):
        sure = sum(b.cents for b in eligible if b.buyer == buyer and b.spread_per_year < result.spread_per_year)
        most = sum(b.cents for b in eligible if b.buyer == buyer and b.spread_per_year <= result.spread_per_year)
        if result.placed_cents:
            assert sure <= got.get(buyer, 0) <= most


def test_bids_at_the_margin_share_what_is_left_in_proportion():
    bids = [
        Bid(buyer=b, cents=c, spread_per_year=s)
        for b, c, s in ((1, 50, 0.01), (2, 20, 0.02), (3, 40, 0.02), (4, 99, 0.03))
    ]
    result = uniform_price_book(bids, 80, 0.05)
    assert (result.spread_per_year, result.allotments, result.placed_cents) == (0.02, ((1, 50), (2, 10), (3, 20)), 80)


def test_an_issue_nobody_wants_at_the_limit_is_not_placed():
    result = uniform_price_book([Bid(buyer=1, cents=50, spread_per_year=0.03)], 80, 0.02)
    assert (result.spread_per_year, result.allotments, result.placed_cents) == (0.02, (), 0)


@pytest.mark.parametrize(
    ("cents", "spread"), [(0, 0.01), (-5, 0.01), (2**53, 0.01), (1.5, 0.01), (True, 0.01), (5, math.nan), (5, math.inf)]
)
def test_a_bid_that_is_none_is_refused(cents, spread):
    with pytest.raises(ValueError, match="allowed"):
        Bid(buyer=1, cents=cents, spread_per_year=spread)


def test_a_negative_issue_is_refused():
    with pytest.raises(ValueError, match="-1"):
        uniform_price_book([], -1, 0.01)

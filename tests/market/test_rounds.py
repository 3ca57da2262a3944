"""Private rounds close up, flat or down, or fail, by what the book holds at each price."""

import pytest
from carousel.market.rounds import RoundAsk, RoundBid, RoundError, RoundStatus, price_steps, run_round
from hypothesis import given
from hypothesis import strategies as st

BIDS = st.lists(
    st.builds(RoundBid, investor=st.integers(0, 5), cents=st.integers(1, 10**6), price_cents_max=st.integers(1, 200)),
    max_size=8,
)


def ask(wanted=1000, price=100, **more):
    terms = {"step": 0.1, "steps_max": 5, "min_placement": 0.5} | more
    return RoundAsk(wanted_cents=wanted, price_cents_per_share=price, **terms)


def bid(investor, cents, price):
    return RoundBid(investor=investor, cents=cents, price_cents_max=price)


@pytest.mark.parametrize(("last", "status"), [(90, RoundStatus.UP), (100, RoundStatus.FLAT), (110, RoundStatus.DOWN)])
def test_a_full_book_closes_at_the_asked_price(last, status):
    result = run_round(ask(), [bid(1, 600, 100), bid(2, 600, 150), bid(3, 9999, 99)], last_price_cents=last)
    assert (result.status, result.price_cents, result.allotments) == (status, 100, ((1, 500), (2, 500)))


def test_a_short_book_steps_the_price_down_until_it_is_full():
    result = run_round(ask(), [bid(1, 600, 100), bid(2, 700, 85)])
    assert (result.status, result.price_cents, result.placed_cents) == (RoundStatus.DOWN, 81, 1000)


def test_a_book_that_is_never_full_closes_at_the_highest_price_of_its_largest_size():
    result = run_round(ask(), [bid(1, 400, 100), bid(2, 200, 95)])
    assert (result.price_cents, result.placed_cents) == (90, 600)
    assert dict(result.allotments) == {1: 400, 2: 200}


def test_a_book_below_the_least_placement_fails():
    result = run_round(ask(min_placement=0.5), [bid(1, 499, 100)])
    assert (result.status, result.price_cents, result.allotments) == (RoundStatus.FAILED, 0, ())
    assert run_round(ask(min_placement=0.499), [bid(1, 499, 100)]).status is RoundStatus.FLAT


def test_a_round_without_bids_fails():
    assert run_round(ask(), []).status is RoundStatus.FAILED


@given(BIDS, st.integers(1, 10**6), st.integers(1, 250), st.floats(0, 0.9), st.integers(0, 6), st.floats(0.01, 1))
def test_nobody_pays_above_its_price_or_more_than_it_bid(bids, wanted, price, step, steps_max, least):
    asked = ask(wanted, price, step=step, steps_max=steps_max, min_placement=least)
    result = run_round(asked, bids)
    books = {p: sum(b.cents for b in bids if b.price_cents_max >= p) for p in price_steps(asked)}
    if result.status is RoundStatus.FAILED:
        assert max(books.values()) < max(1, least * wanted)
        return
    willing = [b for b in bids if b.price_cents_max >= result.price_cents]
    assert result.placed_cents == min(wanted, books[result.price_cents]) >= least * wanted
    for investor, cents in result.allotments:
        assert 0 < cents <= sum(b.cents for b in willing if b.investor == investor)
    assert all(books[p] < min(wanted, books[result.price_cents]) for p in books if p > result.price_cents)


def test_price_steps_fall_and_end_at_a_cent():
    assert price_steps(ask(price=100, step=0.1, steps_max=3)) == [100, 90, 81, 72]
    assert price_steps(ask(price=2, step=0.6, steps_max=9)) == [2, 1]
    assert price_steps(ask(price=100, step=0, steps_max=9)) == [100]


@pytest.mark.parametrize(
    "terms",
    [
        {"wanted": 0},
        {"wanted": 1.5},
        {"wanted": 2**53},
        {"price": 0},
        {"step": 1.0},
        {"step": -0.1},
        {"steps_max": -1},
        {"min_placement": 0.0},
        {"min_placement": 1.1},
    ],
)
def test_an_ask_that_is_none_is_refused(terms):
    with pytest.raises(RoundError):
        ask(**terms)


def test_the_smallest_and_the_largest_ask_and_bid_are_ones():
    most = 2**53 - 1
    for cents in (1, most):
        result = run_round(
            ask(wanted=cents, price=most, step=0.0, steps_max=0, min_placement=1.0), [bid(1, cents, most)]
        )
        assert (result.price_cents, result.allotments) == (most, ((1, cents),))


@pytest.mark.parametrize(("cents", "price"), [(0, 1), (-1, 1), (2**53, 1), (1, 0), (1, 2**53), (True, 1), (1, 2.5)])
def test_a_bid_that_is_none_is_refused(cents, price):
    with pytest.raises(RoundError) as refused:
        bid(1, cents, price)
    assert "allowed" in str(refused.value)

"""Money is whole cents: rounding and splitting are exact, in one place, without drift."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from carousel.ledger.units import CENTS_LIMIT, Carry, UnitError, cents, split
from carousel.ledger.units_kernels import muldiv
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

whole = st.integers(0, CENTS_LIMIT - 1)


@njit
def _muldiv(a, b, c):
    return muldiv(a, b, c)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.005", 0),
        ("0.015", 2),
        (Decimal("-0.025"), -2),
        (1.005, 100),
        (0.29, 29),
        (300, 30_000),
        (3e11, 3 * 10**13),
        ("1e-999999", 0),
        ("0.00500000000000000000000000000000000000000000000000000001", 1),
    ],
)
def test_cents_rounds_the_exact_value_half_to_even(amount, expected):
    assert cents(amount) == expected


@pytest.mark.parametrize("amount", [math.nan, math.inf, "x", 1e15, 10**400, Decimal("NaN"), True, None, "9" * 400])
def test_what_is_no_money_is_refused_by_name(amount):
    with pytest.raises(UnitError) as caught:
        cents(amount)
    assert caught.value.came is amount


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_amount_is_a_cent_below_two_to_the_53(sign):
    most = 2**53 - 1
    assert cents(sign * Decimal(most) / 100) == sign * most
    assert Carry().take(float(sign * most)) == sign * most
    for beyond in (Decimal(2**53), Decimal(2**53) - Decimal("0.5")):
        with pytest.raises(UnitError):
            cents(sign * beyond / 100)
    carry = Carry()
    carry.take(float(sign * most))
    with pytest.raises(UnitError):
        carry.take(float(sign))
    assert carry.take(0.0) == 0


@settings(deadline=None)  # the first example may compile
@given(st.integers(-CENTS_LIMIT + 1, CENTS_LIMIT - 1))
def test_every_amount_of_cents_survives_its_trip_through_dollars(amount):
    assert cents(Decimal(amount) / 100) == amount


@settings(deadline=None)  # the first example may compile
@given(whole, whole, st.integers(1, CENTS_LIMIT - 1))
def test_muldiv_is_exact_wherever_the_quotient_is_money(a, b, c):
    if a * b // c >= CENTS_LIMIT - 1:
        b = min(b, c)
    assert _muldiv(a, b, c) == a * b // c


@settings(deadline=None)  # the first example may compile
@given(whole, st.lists(st.integers(0, 10**15), min_size=1, max_size=12))
def test_whole_weights_split_exactly_within_one_of_their_share(total, weights):
    if not any(weights):
        weights[0] = 1
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or not part


@settings(deadline=None)  # the first example may compile
@given(whole, st.lists(st.floats(0, 1e12, allow_nan=False), min_size=1, max_size=8))
def test_float_weights_split_exactly_at_their_binary_value(total, weights):
    if not any(weights):
        weights[0] = 0.1
    parts = split(total, weights)
    exact = sum(map(Fraction, weights))
    assert sum(parts) == total
    assert all(abs(part - total * Fraction(w) / exact) < 1 for part, w in zip(parts, weights, strict=True))


def test_the_larger_remainder_gets_the_cent_and_ties_go_first():
    assert split(1, [1, 1, 1]) == [1, 0, 0]
    assert split(10, [1, 2, 4]) == [1, 3, 6]
    assert split(0, [0, 0]) == [0, 0]


@pytest.mark.parametrize(("total", "weights"), [(1, [0, 0]), (-1, [1]), (1, [-1, 2]), (1, [math.nan]), (1, [])])
def test_a_split_without_sense_is_refused(total, weights):
    with pytest.raises(UnitError):
        split(total, weights)


@settings(deadline=None)  # the first example may compile
@given(st.lists(st.floats(-1e6, 1e6), max_size=60))
def test_a_carried_stream_never_drifts(amounts):
    carry = Carry()
    taken = exact = 0
    for amount in amounts:
        taken += carry.take(amount)
        exact += Fraction(amount)
        assert taken == round(exact)


def test_a_carry_refuses_what_is_no_amount_and_stays_as_it_was():
    carry = Carry()
    carry.take(0.75)
    for amount in (math.nan, math.inf, 1e300):
        with pytest.raises(UnitError):
            carry.take(amount)
    assert carry.take(0.75) == 1

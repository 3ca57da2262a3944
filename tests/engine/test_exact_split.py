"""Splits of whole numbers by weights: exact to the last cent, whatever the float quotient says."""

from __future__ import annotations

import numpy as np
from carousel.engine.chance import stream_key
from carousel.engine.exact_split import share_up_to, start_of
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_exact_quotient_agrees_with_unlimited_integers(data):
    big = 2**53 - 1
    whole = data.draw(st.integers(1, big))
    weight = data.draw(st.integers(0, whole))
    total, start = data.draw(st.integers(0, big)), data.draw(st.integers(0, whole - 1))
    assert share_up_to(total, weight, whole, start) == (total * weight + start) // whole


def test_the_exact_quotient_is_right_where_the_float_one_is_too_high_and_too_low():
    draw = np.random.default_rng(1).integers(2**52, 2**53, (4000, 3)).tolist()
    too_high = too_low = 0
    for total, *pair in draw:
        weight, whole = sorted(pair)
        exact = total * weight // whole
        by_float = int(float(total) * float(weight) / float(whole))
        too_high, too_low = too_high + (by_float > exact), too_low + (by_float < exact)
        assert share_up_to(total, weight, whole, 0) == exact
        assert share_up_to(total, weight, whole, whole - 1) == -(-total * weight // whole)
    assert min(too_high, too_low) > 0


def test_the_start_of_the_rounding_is_any_of_the_whole():
    starts = {int(start_of(np.uint64(stream_key(1, 2, day)), 5)) for day in range(60)}
    assert starts == {0, 1, 2, 3, 4}

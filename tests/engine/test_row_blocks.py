"""Rows in blocks: those with a draw below a bound are found as a plain comparison of floats finds them."""

from __future__ import annotations

import numpy as np
from carousel.engine.chance import stream_key, unit, word
from carousel.engine.row_blocks import BLOCK, as_limit, list_below, list_marked, scratch
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 1), st.integers(0, 2**53 - 1))
def test_whole_numbers_decide_as_floats_do(probability, draw):
    near = min(max(int(probability * 2**53), 0), 2**53 - 1)
    for top in {draw, near, max(near - 1, 0), min(near + 1, 2**53 - 1)}:
        assert (top < as_limit(probability)) == (unit(np.uint64(top << 11)) < probability)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, BLOCK - 1)) | st.just(set(range(BLOCK))), st.integers(1, BLOCK))
def test_marked_rows_are_listed_whatever_their_number(marked, n):
    marks = np.zeros(BLOCK, np.uint8)
    marks[[i for i in marked if i < n]] = 1
    rows = np.empty(BLOCK + 1, np.int64)
    count = list_marked(marks, n, np.empty(BLOCK // 8 + 1, np.int64), rows)
    assert rows[:count].tolist() == sorted(i for i in marked if i < n)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**40), st.integers(1, BLOCK), st.floats(0, 1))
def test_draws_below_a_limit_are_listed_in_order(seed, n, probability):
    key, space = np.uint64(stream_key(seed, 4, 1)), scratch()
    space[0][:] = 1  # what the block before has left behind
    count = list_below(key, 7, n, as_limit(probability), space)
    assert space[2][:count].tolist() == [i for i in range(n) if unit(np.uint64(word(key, 7 + i))) < probability]

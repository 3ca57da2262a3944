"""Turnover that pays its own costs is scaled at equal surplus, and a number of the answer that moves is seen; so is a
cent that a balance sheet lacks."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from carousel.experiments.runner.cases import FailedRun
from carousel.experiments.validation.circle_books import (
    book_checks,
    claims_of,
    gaps_of,
    is_moved,
    leaves,
    with_turnover,
)
from carousel.scenarios.loader import load

FAILED = FailedRun({}, "RuntimeError: broken", "here")
SOUND = {"compared": 10, "moved": 0, "statements": 4, "gap": 0.0}


@pytest.mark.parametrize("scale", [0.2, 2.0])
def test_turnover_is_scaled_as_far_as_its_surplus_lets_it(scale):
    plain = load("ai-2025-wide-september")
    other = with_turnover(plain, scale)
    moved = 0
    for one, firm in zip(plain.listed, other.listed, strict=True):
        surplus = one.revenue_usd_per_year - one.costs_usd_per_year
        assert firm.revenue_usd_per_year - firm.costs_usd_per_year == pytest.approx(surplus)
        assert firm.revenue_usd_per_year == pytest.approx(max(scale * one.revenue_usd_per_year, surplus))
        moved += firm.revenue_usd_per_year != one.revenue_usd_per_year
    assert moved >= 4


def test_a_number_or_a_sentence_that_moves_is_seen_and_rounding_is_not():
    answer = {"headlines": ["all paid"], "measures": {"share": 0.3, "rows": [1, None]}}
    assert dict(leaves(answer)) == {
        ".headlines.0": "all paid", ".measures.share": 0.3, ".measures.rows.0": 1, ".measures.rows.1": None,
    }  # fmt: skip
    assert not is_moved(0.3, 0.3 + 1e-12)
    assert all(is_moved(*pair) for pair in ((0.3, 0.3001), (1, 2), ("all paid", "some paid"), (None, 0.1)))


def test_a_cent_that_a_balance_lacks_is_seen():
    lines = [("A", 1, "assets", 7), ("A", 1, "claims", 7), ("B", 1, "assets", 5), ("B", 1, "assets", 1),
             ("B", 1, "claims", 5), ("B", 1, "income", 9)]  # fmt: skip
    table = pd.DataFrame(lines, columns=["firm", "quarter", "section", "cents"])
    assert gaps_of({"statements": table}) == [0.0, 1.0]


def test_the_claims_miss_where_a_number_moved_a_cent_lacks_or_a_run_failed():
    held = claims_of([SOUND, SOUND], "here")
    assert [(check.verdict, check.note) for check in held] == [
        ("holds", "20 compared; here"), ("holds", "8 statements; here"),
    ]  # fmt: skip
    for fault in ({"moved": 1}, {"gap": 1.0}):
        assert "misses" in [check.verdict for check in claims_of([SOUND, SOUND | fault], "here")]
    broken = claims_of([SOUND, FAILED], "here")
    assert all(math.isnan(check.measured) and "1 runs failed" in check.note for check in broken)


def test_both_hold_in_the_default():
    found = book_checks(quick=True, workers=1)
    assert [check.verdict for check in found] == ["holds", "holds"]
    assert int(found[0].note.split()[0].replace(",", "")) > 1000

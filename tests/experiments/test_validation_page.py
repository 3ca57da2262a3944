"""The page of a validation has every row that was fixed beforehand, and a reason for whatever misses."""

from __future__ import annotations

from pathlib import Path

from carousel import docs
from carousel.experiments.validation.checks import Check, ClaimKind, Verdict
from carousel.experiments.validation.fixed_rows import REASONS, ROWS
from carousel.experiments.validation.record import Recorded, RecordedGroup, read_record
from carousel.experiments.validation.report_page import misses, rows_table

FOLDER = Path(docs.__path__[0])
WIDTH = Check("circle.width", "wide", 0.1, 0.2, 1.0, "log points", "this test", kind=ClaimKind.FITTED)


def quick(**verdicts):
    checks = {key.replace("_", "."): Recorded(verdict, 0.0, 1.0, 0.25) for key, verdict in verdicts.items()}
    return {"fake": RecordedGroup(checks, 1.0)}


def test_a_row_says_of_each_claim_what_it_came_to():
    lines = rows_table({"circle.width": WIDTH}).splitlines()
    (line,) = (line for line in lines if "`circle.width`" in line)
    assert line == "|  |  | `circle.width` | 0.1 log points | **misses** |"
    assert sum("not measured" in line for line in lines) == sum(len(row.claims) for row in ROWS) - 1


def test_whatever_misses_is_told_with_its_reason_and_a_band_of_a_few_worlds_by_itself():
    found = misses({"circle.width": WIDTH}, quick(circle_width=Verdict.MISSES, fake_a=Verdict.MISSES, b=Verdict.HOLDS))
    assert found[2] == f"- `circle.width`, 0.1 log points: {REASONS['circle.width']}"
    assert found[-3:-1] == ["- `circle.width`, 0.25 log points: as above", "- `fake.a`, 0.25: not known."]
    assert misses({}, quick(b=Verdict.HOLDS)) == []


def test_everything_that_misses_in_the_record_has_a_reason():
    for section in read_record(FOLDER / "validation.json").values():
        for group in section.values():
            assert all(REASONS.get(k) for k, entry in group.checks.items() if entry.verdict is Verdict.MISSES)

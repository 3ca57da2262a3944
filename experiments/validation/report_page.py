"""The page of a validation: what holds, row by row and group by group, and why what misses does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .checks import Check, Verdict
from .fixed_rows import REASONS, ROWS, Row
from .groups import PLANTED
from .record import Change, Section
from .report import (
    NONE,
    change_table,
    group_table,
    headline,
    judgement,
    made_with,
    overview,
    planted_table,
    seed_lines,
    spoken,
    table,
    verdict_of,
)
from .results import Validation

READING = """\
How to read it: every claim has a band that was fixed before it was measured, and whose band that is stands beside it.
The verdict is whether the measured number lies in the band; the interval says how sure the measurement itself is (its
kind stands in the note where it is not 95 %). A claim that misses stays in the list.

Kinds of claims are counted apart. A **prediction** is a number that chose nothing. What is **fitted or in view** was
looked at when a parameter, a form or the world of the claim was chosen, on whichever seeds it is measured now: that it
holds says that the choice was kept. An **identity or unit test** follows from how the model is made, tests one part
alone, or shows that a check can fail. A number that is **reported** has no band and counts as nothing. `python run.py
validate --card` counts the single worlds that lie in a band: [card.md](card.md).
"""


ROWS_MEANING = """\
What was fixed before anything was measured, a row each, by its name; the claims below that judge it are measured by
`{command}`. Rows about deals that agents make, about lists of announcements and about other eras are not judged here.
"""
NO_CLAIM = "a test: `{command}`"
MISSES_MEANING = "No band is moved. Of each claim that misses: the reason, and what was tried."
QUICK_MEANING = """\
`python run.py validate --quick` measures the same claims on fewer worlds, and is judged by a record of its own, in
which these miss:
"""


def report(
    validation: Validation, changes: Sequence[Change], faults: Sequence[str], *, command: str, quick: Section
) -> str:
    """The whole document; `quick` is the record of the quick validation."""
    checks = {check.key: check for result in validation.results for check in result.checks}
    parts = [
        "# Validation: does it behave as it should?\n",
        f"Written by `{command}`, not by hand. {READING}",
        f"**{headline(validation)}** {judgement(changes, faults)}\n",
        overview(validation),
        f"Seeds: {'; '.join(seed_lines(validation)) or 'as stated in the notes'}.\n",
        f"Made with {made_with(validation)}.\n",
    ]
    if any(key in checks for row in ROWS for key in row.claims):
        parts += ["## Row by row\n", ROWS_MEANING.format(command=ROWS[0].command), rows_table(checks)]
    parts += misses(checks, quick)
    for result in validation.results:
        parts += [f"## {result.group.title}\n", f"{result.group.meaning}\n", group_table(result)]
        if result.group is PLANTED:
            parts.append(planted_table(validation))
    if changes:
        parts += ["## Against the record\n", change_table(changes)]
    return "\n".join(parts)


def rows_table(checks: Mapping[str, Check]) -> str:
    """The rows that were fixed beforehand: what each claim of a row measured, and its verdict."""
    head = ("Row", "Accepted", "Claim", "Measured", "Verdict")
    return table(head, [cells for row in ROWS for cells in row_cells(row, checks)])


def row_cells(row: Row, checks: Mapping[str, Check]) -> Iterator[Sequence[str]]:
    """A line for each claim of a row; name and band stand on the first."""
    names = row.claims or ("",)
    for place, key in enumerate(names):
        about = (row.name, row.accept) if not place else ("", "")
        if not key:
            yield *about, NO_CLAIM.format(command=row.command), NONE, NONE
        elif check := checks.get(key):
            yield *about, f"`{key}`", spoken(check.measured, check.unit), verdict_of(check)
        else:
            yield *about, f"`{key}`", "not measured", NONE


def misses(checks: Mapping[str, Check], quick: Section) -> list[str]:
    """What misses, with its reason: here, and in the quick validation."""
    here = [check for check in checks.values() if check.verdict is Verdict.MISSES]
    there = {
        key: recorded
        for group in quick.values() for key, recorded in group.checks.items() if recorded.verdict is Verdict.MISSES
    }  # fmt: skip
    if not here and not there:
        return []
    parts = ["## What misses, and why\n", f"{MISSES_MEANING}\n"]
    for check in here:
        parts.append(f"- `{check.key}`, {spoken(check.measured, check.unit)}: {reason_of(check.key)}")
    if there:
        parts += ["", QUICK_MEANING]
        for key, recorded in there.items():
            unit = checks[key].unit if key in checks else ""
            why = "as above" if key in [check.key for check in here] else reason_of(key)
            parts.append(f"- `{key}`, {spoken(recorded.measured, unit)}: {why}")
    return [*parts, ""]


def reason_of(key: str) -> str:
    """Why a claim misses, as far as it is known."""
    return REASONS.get(key, "not known.")

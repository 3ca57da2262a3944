"""What a validation says to its readers, part by part: claims with numbers, intervals, bands, sources and verdicts."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterator, Sequence

from ...report.store import commit, versions
from ...report.wording import how_many
from ..runner.intervals import exact_bounds
from .checks import ABOVE_NOTHING, BELOW_ALL, Check, ClaimKind, Verdict, Worlds
from .outcome import Outcome
from .progress import Progress
from .record import Change
from .results import GroupResult, PlantedResult, Validation

PERCENT_UNITS = frozenset({"share", "return", "%", "share of value", "per year", "correlation gap"})
SUFFIX = {"x": " x", "percent": " %", "-": "", "": "", "bp": " bp"}
NONE = "–"
CLAIMS = {
    ClaimKind.PREDICTION: "predictions",
    ClaimKind.FITTED: "numbers fitted or in view",
    ClaimKind.IDENTITY: "identities and unit tests",
}
"""Kinds of claims, in the order and the words in which they are counted."""


def headline(validation: Validation) -> str:
    """How many claims hold, each kind by itself: no fit is evidence, and an identity can hardly fail."""
    checks = [check for result in validation.results for check in result.checks]
    reported = sum(check.kind is ClaimKind.REPORTED for check in checks)
    rest = f" {how_many(reported, 'number')} reported without a band." if reported else ""
    return f"These hold: {counted(checks)}.{rest}"


def counted(checks: Sequence[Check]) -> str:
    """How many claims of each kind hold, in words."""
    return ", ".join(f"{count} {words}" for kind, words in CLAIMS.items() if (count := held(checks, kind)) != NONE)


def held(checks: Sequence[Check], kind: ClaimKind) -> str:
    """How many claims of a kind hold."""
    own = [check for check in checks if check.kind is kind]
    return f"{sum(check.verdict is Verdict.HOLDS for check in own)} of {len(own)}" if own else NONE


def judgement(changes: Sequence[Change], faults: Sequence[str]) -> str:
    """How this stands against the record, in a sentence."""
    setbacks = [c for c in changes if c.is_setback]
    if not setbacks and not faults:
        return "Nothing is worse than recorded."
    told = [f"`{c.key}`: {c.kind}" for c in setbacks] + list(faults)
    return f"{len(told)} setbacks: {'; '.join(told)}."


def overview(validation: Validation) -> str:
    """One row a group, each kind of claim by itself."""
    rows = [
        (r.group.title, *(held(r.checks, kind) for kind in CLAIMS), duration(r.seconds)) for r in validation.results
    ]
    return table(("Group", *(words.capitalize() for words in CLAIMS.values()), "Time"), rows)


def seed_lines(validation: Validation) -> list[str]:
    """Seeds of each group's runs."""
    return [f"{r.group.name} {seed_text(r.seeds)}" for r in validation.results if r.seeds]


def seed_text(seeds: Sequence[int]) -> str:
    """A range where it is one."""
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[-1] + 1)):
        return f"{seeds[0]} to {seeds[-1]}"
    return ", ".join(str(seed) for seed in seeds)


def made_with(validation: Validation) -> str:
    """Versions, cores, time."""
    packages = ", ".join(f"{name} {version}" for name, version in versions().items())
    at = commit()
    return (
        f"{packages}, {platform.system()}, {os.cpu_count()} cores, in {duration(validation.seconds)}"
        + (f", at commit {at[:12]}" if at else "")
    )  # fmt: skip


def group_table(result: GroupResult) -> str:
    """All checks of a group."""
    head = ("Claim", "Kind", "Measured", "Interval", "Band", "Verdict", "Source", "Note")
    return table(head, [check_row(check) for check in result.checks])


def check_row(check: Check) -> tuple[str, ...]:
    """A check as the cells of a row."""
    interval = NONE if check.interval is None else spoken_range(*check.interval, check.unit)
    return (
        f"{check.claim} (`{check.key}`)", str(check.kind), spoken(check.measured, check.unit), interval, band(check),
        verdict_of(check), check.source, note_of(check),
    )  # fmt: skip


def verdict_of(check: Check) -> str:
    """Its verdict as a cell; a number that is reported has none."""
    if check.kind is ClaimKind.REPORTED:
        return NONE
    return f"**{check.verdict}**" if check.verdict is Verdict.MISSES else str(check.verdict)


def note_of(check: Check) -> str:
    """Its note, and how many single worlds lie in their band."""
    return "; ".join(part for part in (check.note, check.worlds and inside_words(check.worlds)) if part) or NONE


def inside_words(worlds: Worlds) -> str:
    """How many worlds lie in the band, and at least which share of all there could be."""
    n = len(worlds.said)
    if not n:
        return "no world says anything"
    return f"{worlds.inside:,} of {n:,} worlds inside, at least {digits(100 * exact_bounds(worlds.inside, n)[0])} %"


def planted_table(validation: Validation) -> str:
    """Fault by group: how many of the checks that the sound machine passes fail with it; – where it was not tried."""
    groups = list(dict.fromkeys(p.group for p in validation.planted))
    names = list(dict.fromkeys(p.planted.name for p in validation.planted))
    found = {(p.planted.name, p.group): p for p in validation.planted}
    wrong = {p.planted.name: p.planted.wrong for p in validation.planted}
    rows = [
        (f"`{name}`: {wrong[name]}", *(planted_cell(found.get((name, group))) for group in groups)) for name in names
    ]
    return table(("Planted fault", *(f"fails in {group}" for group in groups)), rows)


def planted_cell(result: PlantedResult | None) -> str:
    """How many checks of a group noticed a fault."""
    if result is None:
        return "–"
    return "broke off" if result.fault else f"{len(result.failed)} of {len(result.passed_soundly)}"


def change_table(changes: Sequence[Change]) -> str:
    """What differs from the record."""
    rows = [(f"`{c.key}`", f"**{c.kind}**" if c.is_setback else str(c.kind), c.detail) for c in changes]
    return table(("Check", "Change", "Detail"), rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in lines) + "\n"


def cell(text: str) -> str:
    """A text that stays in its cell."""
    return " ".join(text.split()).replace("|", "\\|")


def spoken(value: float, unit: str) -> str:
    """A number with its unit as a reader says it: shares in percent, multiples with an x, three digits."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "no limit" if value > 0 else "no lower limit"
    if unit in PERCENT_UNITS:
        return f"{digits(100 * value)} %"
    return digits(value) + SUFFIX.get(unit, f" {unit}")


def digits(value: float) -> str:
    """Three significant digits without exponent, whole numbers whole; a minus that is one."""
    if value == 0:
        return "0"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(places, 8)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−") if float(text.replace(",", "")) else "0"


def spoken_range(low: float, high: float, unit: str) -> str:
    """Two numbers with one unit."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return f"{spoken(low, unit)} to {spoken(high, unit)}"
    factor = 100 if unit in PERCENT_UNITS else 1
    return f"{digits(factor * low)} to {spoken(high, unit)}"


def band(check: Check) -> str:
    """The band in words."""
    return band_words(check.low, check.high, check.unit)


def band_words(low: float, high: float, unit: str) -> str:
    """A closed band in words."""
    if low == high:
        return spoken(low, unit)
    if (low, high) == (ABOVE_NOTHING, BELOW_ALL):
        return "some, not all"
    if high == math.inf:
        least = "above" if low == ABOVE_NOTHING else "at least"
        return "any" if low == -math.inf else f"{least} {spoken(low, unit)}"
    return f"at most {spoken(high, unit)}" if low == -math.inf else spoken_range(low, high, unit)


def duration(seconds: float) -> str:
    """A time as minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def progress_line(progress: Progress) -> str:
    """Where a validation is, in a line."""
    done = f", {progress.done} of {progress.of}" if progress.of else ""
    left = progress.seconds_left
    rest = "" if left is None else f", {duration(left)} left"
    return f"{progress.step} of {progress.steps}: {progress.title}{done}{rest}"


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """What the command line says: how many hold, what misses, what changed, what was written."""
    validation = outcome.validation
    yield f"{headline(validation)} ({validation.size}, {duration(validation.seconds)})"
    for result in validation.results:
        yield f"  {result.group.title}: {counted(result.checks)} in {duration(result.seconds)}"
        for check in result.checks:
            if check.worlds is not None:
                yield f"    {check.key}: {inside_words(check.worlds)}"
            if check.verdict is not Verdict.HOLDS:
                measured = spoken(check.measured, check.unit)
                note = f" ({check.note})" if check.note else ""
                yield f"    misses: {check.key}: {measured}, allowed {band(check)}{note}"
    for change in outcome.changes:
        word = ("ACCEPTED" if outcome.accepted else "SETBACK") if change.is_setback else "change"
        yield f"{word}: {change.key}: {change.kind} ({change.detail})"
    for fault in outcome.faults:
        yield f"FAULT: {fault}"
    for path in outcome.written:
        yield f"Written: {path}"
    if any(not change.is_setback for change in outcome.changes) and not outcome.accepted:
        yield "New and better verdicts count once accepted: run.py validate --accept"

"""A band that one world can lie in, and how many worlds are judged by it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

from .checks import Check, ClaimKind, Worlds
from .circle_worlds import AUTUMN_DAYS
from .turn_checks import wilson

Lives = Mapping[str, Mapping[str, Any]]
"""The worlds of one seed, which share all luck: name -> its course."""
RECORD = "the record to the end of 2025 (docs/facts.md); band fixed before it was measured"
FIXED = "fixed before it was measured"
FAN = 5.0, 95.0
"""Percentiles between which the record must lie."""


class Judged(StrEnum):
    """What must lie where, for the claim to hold: the worlds' median in their band; the share of worlds inside; the
    record, which is the band's upper edge, in the fan of the worlds. Some bands are no claim by themselves."""

    MEDIAN = "median"
    SHARE = "share"
    FAN = "fan"
    NOT = "not"


class Band(NamedTuple):
    """A closed band that one world can lie in.

    `of` says what the worlds `needs` of one seed came to, each run for `days` at least; nan if they say nothing.
    `accept` is the share of worlds that must be inside, where shares are judged.
    """

    key: str
    label: str
    claim: str
    of: Callable[[Lives], float]
    low: float
    high: float
    unit: str
    kind: ClaimKind
    judged: Judged = Judged.MEDIAN
    accept: tuple[float, float] | None = None
    needs: tuple[str, ...] = ("circle", "twin")
    days: int = AUTUMN_DAYS
    source: str = RECORD

    def value(self, lives: Lives) -> float:
        """What the worlds of one seed came to; nan where they were not run so far."""
        there = all(name in lives and lives[name]["days"] >= self.days for name in self.needs)
        return float(self.of(lives)) if there else math.nan


def check_of(band: Band, values: Sequence[float]) -> Check:
    """The claim about many worlds."""
    worlds = Worlds(tuple(values), band.low, band.high)
    said = np.array(worlds.said)
    judge = {Judged.MEDIAN: _median, Judged.SHARE: _share, Judged.FAN: _fan}[band.judged]
    measured, low, high, unit, interval, note = judge(band, said, worlds.inside)
    return Check(
        f"circle.{band.key}", band.claim, measured, low, high, unit, band.source, interval, note, worlds,
        kind=band.kind,
    )  # fmt: skip


Judgement = tuple[float, float, float, str, tuple[float, float] | None, str]
"""Measured, the band of it, its unit, its interval and a note."""


def _median(band: Band, said: np.ndarray, _: int) -> Judgement:
    """The median over seeds, with the interval of its order statistics."""
    if not len(said):
        return math.nan, band.low, band.high, band.unit, None, "no world says it"
    ordered, n = np.sort(said), len(said)
    half = 0.98 * math.sqrt(n)
    below, above = (min(n - 1, max(0, round(n / 2 + s * half - 0.5))) for s in (-1, 1))
    low, high = np.percentile(said, FAN)
    note = f"5 to 95 % of {n} seeds: {low:.3g} to {high:.3g}"
    return (
        float(np.median(said)), band.low, band.high, band.unit, (float(ordered[below]), float(ordered[above])), note,
    )  # fmt: skip


def _share(band: Band, said: np.ndarray, inside: int) -> Judgement:
    """How many worlds are inside."""
    low, high = band.accept or (0.0, 1.0)
    n = len(said)
    if not n:
        return math.nan, low, high, "share", None, "no world says it"
    note = f"{inside} of {n} worlds; median {np.median(said):+.3g} {band.unit}"
    return inside / n, low, high, "share", wilson(inside, n), note


def _fan(band: Band, said: np.ndarray, _: int) -> Judgement:
    """How far the record lies outside the fan."""
    unit = f"{band.unit} outside"
    if not len(said):
        return math.nan, 0.0, 0.0, unit, None, "no world says it"
    low, high = (float(x) for x in np.percentile(said, FAN))
    outside = max(0.0, low - band.high, band.high - high)
    return outside, 0.0, 0.0, unit, None, f"fan {low:.4g} to {high:.4g}, median {np.median(said):.4g} {band.unit}"

"""What one axis does from end to end with the same luck: runs of one seed that differ by the axis alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ....report.wording import how_many
from ..sweep_parts import DesignKind
from .asked import AxisFacts
from .finding import Number
from .groups import axis_values
from .intervals import Interval, mean_over, wilson
from .measured import Measured
from .said import Words
from .tables import SweepTables

CROSSED = (DesignKind.GRID, DesignKind.LIST, DesignKind.BOUNDARY)
"""Designs in which points differ by one axis alone."""
DEFINITION = (
    "mean over pairs of runs with the same seed that differ by the axis alone, its last value less its first; 95 % "
    "bootstrap interval, replications redrawn whole"
)
SIGNS = "replications whose mean over such pairs has the sign of the mean difference; Wilson's 95 % interval"


class Ends(NamedTuple):
    """The last value of an axis less its first, and the share of replications with the sign of that difference."""

    difference: Interval
    same_sign: Interval

    def numbers(self, of: str, words: Words) -> tuple[Number, Number]:
        """Both with their definitions."""
        return (
            Number.from_interval(of, self.difference, words.unit, DEFINITION),
            Number.from_interval(f"{of}: share of replications with the mean's sign", self.same_sign, "share", SIGNS),
        )

    def sentence(self, words: Words) -> str:
        """How much the last is above or below the first, how surely, and how often."""
        gap, sign, of = self.difference, self.same_sign, self.same_sign.of
        if gap.value == 0 and not gap.high > gap.low:
            return f"with the same luck no different in {how_many(of, 'replication')}"
        told = f"with the same luck {_signed(words, gap.value)}"
        ends = " to ".join(_signed(words, end) for end in (gap.low, gap.high))
        sure = f" (95 % interval {ends})" if np.isfinite(gap.low) else " (too few replications for an interval)"
        holds = ", which holds zero" if gap.low <= 0 <= gap.high else ""
        way = "higher" if gap.value > 0 else "lower"
        often = f", {way} in {round(sign.value * of)} of {how_many(of, 'replication')}" if gap.value else ""
        return f"{told}{sure.removesuffix(')')}{holds}){often}"


def ends_of(tables: SweepTables, outcome: Measured, axis: AxisFacts, case: str) -> Ends | None:
    """The ends of an axis compared pair by pair in one case; None where no two runs make a pair."""
    if tables.asked.design not in CROSSED or not has_common_luck(tables):
        return None
    others = [each.name for each in tables.axes if each.name != axis.name]
    runs = tables.good[["replication", *others]].assign(
        at=axis_values(tables, axis, tables.good), value=outcome.values
    )[tables.good["case"].eq(case).to_numpy()]
    asked = axis_values(tables, axis, tables.design)
    key = ["replication", *others]
    first, last = (runs[runs["at"].eq(end)].set_index(key)["value"] for end in (asked.min(), asked.max()))
    if first.index.has_duplicates or last.index.has_duplicates:
        return None
    gap = (last - first.reindex(last.index)).dropna()
    if gap.empty or asked.min() == asked.max():
        return None
    by_luck = gap.groupby(level="replication").mean()
    difference = mean_over(gap.to_numpy(dtype=float), gap.index.get_level_values("replication").to_numpy())
    alike = int((np.sign(by_luck) == np.sign(difference.value)).sum())
    return Ends(difference, wilson(alike, len(by_luck)))


def has_common_luck(tables: SweepTables) -> bool:
    """Whether a replication has one seed everywhere."""
    return bool((tables.design.groupby("replication")["seed"].nunique() == 1).all())


def _signed(words: Words, value: float) -> str:
    return f"{'-' if value < 0 else '+' if value > 0 else ''}{words.say_difference(value)}"

"""A vendor that lends, in boom and bust: it falls with its customers, and lines are drawn while they are cut."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..runner.runs import FailedRun, Tell, map_runs, quiet
from .checks import Check, ClaimKind
from .vendor_worlds import Month, draws_around, fall_of, first_cut, follows, vendor_of

SOURCE, IN_VIEW = "fixed before it was measured", "chosen with such worlds in view"
MANY_FAIL = 8
"""Of fifteen customers: more than half."""


def seeds(quick: bool) -> Sequence[int]:
    """Seeds of the runs behind these checks. The scenario's numbers were chosen with seeds 0 to 9 in sight, and claims
    like these: none of them is a prediction."""
    return range(100, 104) if quick else range(100, 120)


def checks(*, quick: bool = False, workers: int | None = None, tell: Tell = quiet) -> list[Check]:
    """The claims about vendors."""
    tasks = [{"changes": [], "seed": seed} for seed in seeds(quick)]
    worlds: list[list[Month]] = []
    for run in map_runs(vendor_of, tasks, workers=workers, tell=tell):
        if isinstance(run, FailedRun):
            return [_check("runs", "All worlds run", math.nan, (0, 0), "runs", run.error, ClaimKind.IDENTITY)]
        worlds.append(months_of(run))
    return claims_of(worlds)


def months_of(run: dict[str, Any]) -> list[Month]:
    """The months of a run as it is kept."""
    return [Month(*month) for month in run["months"]]


def claims_of(worlds: Sequence[Sequence[Month]]) -> list[Check]:
    """What these worlds say."""
    bust = [months for months in worlds if months[-1].failed >= MANY_FAIL]
    falls = [fall_of([month.price_usd for month in months]) for months in bust]
    cuts = [(months, cut) for months in worlds if (cut := first_cut(months)) is not None]
    around = [draws_around(months, cut) for months, cut in cuts]
    ran = sum(after > before for before, after in around)
    n, where = len(worlds), f"{len(bust)} of {len(worlds)} worlds, in which {MANY_FAIL} of 15 customers fail or more"
    return [
        _check("falls", "Where its customers fail a vendor falls by more than half",
               _median([fall.lost_share for fall in falls]), (0.5, 1.0), "share lost, median", where),
        _check("slowly", "It falls for more than a year", _median([fall.months for fall in falls]), (12.0, 60.0),
               "months from peak to trough, median", where),
        _check("run", "More is drawn in the quarter after the first cut than in the one before",
               ran / len(cuts) if cuts else math.nan, (0.8, 1.0), "share of worlds", f"{ran} of {len(cuts)}",
               source=IN_VIEW),
        _check("cut", "Vendors cut lines that are open", len(cuts) / n, (0.8, 1.0), "share of worlds",
               f"{len(cuts)} of {n}", source=IN_VIEW),
        _check("follows", "A vendor's earnings follow what its customers buy", _median([follows(w) for w in worlds]),
               (0.8, 1.0), "correlation, median", f"{n} worlds; purchases of a year, at months' ends", source=IN_VIEW),
    ]  # fmt: skip


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else math.nan


def _check(
    key: str, claim: str, measured: float, band: tuple[float, float], unit: str, note: str,
    kind: ClaimKind = ClaimKind.FITTED, *, source: str = SOURCE,
) -> Check:  # fmt: skip
    return Check(f"vendors.{key}", claim, measured, *band, unit, source, None, note, kind=kind)

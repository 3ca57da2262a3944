"""Twelve announcements of autumn 2025, predicted: error, how many lie in their intervals, what the jumps give back."""

from __future__ import annotations

import math
from pathlib import Path

from ..event_study.predict import Prediction, predict_all
from ..event_study.table import read_announcements
from ..runner.runs import FailedRun
from .checks import Check, ClaimKind

LIST = Path(__file__).with_name("announcements-2025.csv")
ERROR_MAX = 0.045
COVERAGE = (0.7, 0.9)
REVERSAL = (-0.2, -0.06)
JUMP = 0.08
"""A first day above this is a jump."""
BAND = "closes of September to November 2025, return less beta times index (docs/events.md); band fixed beforehand"
FITTED_TO_THEM = (
    "In view: the weight of other firms' announcements and the luck of a day with news are fitted to these."
)
IN_VIEW = "In view, though nothing was fitted to it."


def twelve(workers: int | None) -> list[Check]:
    """The twelve against what happened.

    Raises: RuntimeError if a prediction failed.
    """
    listed = read_announcements(LIST)
    true_at = listed.header.index("abnormal_return")
    truths = [float(row.cells[true_at]) for row in listed.rows]
    found: list[Prediction] = []
    for result in predict_all([row.deal for row in listed.rows], workers=workers or 1):
        if isinstance(result, FailedRun):
            raise RuntimeError(f"a prediction failed: {result.error} ({result.where})")
        assert isinstance(result, Prediction)
        found.append(result)
    return judged(found, truths)


def judged(found: list[Prediction], truths: list[float]) -> list[Check]:
    """Predictions against what happened, in the same order."""
    pairs = list(zip(found, truths, strict=True))
    inside = sum(p.low <= truth <= p.high for p, truth in pairs)
    jumps = [p.reversal for p in found if p.abnormal_return > JUMP]
    rows = (
        (
            "error",
            f"mean absolute error of the first day's abnormal return of {len(pairs)} announcements",
            math.fsum(abs(p.abnormal_return - truth) for p, truth in pairs) / len(pairs),
            (0.0, ERROR_MAX),
            f"{FITTED_TO_THEM} With the weight fitted to the other eleven each time: 4.3 percentage points.",
        ),
        ("coverage", "share of them in their 80 % intervals", inside / len(pairs), COVERAGE, FITTED_TO_THEM),
        (
            "reversal",
            "mean abnormal return in the 60 days after a predicted jump above 8 %",
            math.fsum(jumps) / len(jumps) if jumps else math.nan,
            REVERSAL,
            f"{IN_VIEW} {len(jumps)} jumps.",
        ),
    )
    return [
        Check(f"events.twelve.{key}", claim, measured, *band, "share", BAND, note=note, kind=ClaimKind.FITTED)
        for key, claim, measured, band, note in rows
    ]

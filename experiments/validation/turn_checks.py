"""Does the circle turn only where money and growth are missing: the same seeds forwards and backwards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...narrative.chronicle import Happening
from ...report.measures_turn import RegimeName
from ...report.wording import how_many
from ..runner.runs import FailedRun, Tell, map_runs, quiet
from .checks import Check, ClaimKind

FORWARDS: dict[str, float] = {"monetisation_growth_per_year": 2.5}
BACKWARDS: dict[str, float] = {"monetisation_growth_per_year": 0.0, "dry_powder_scale": 0.1}
WAYS = {"forwards": FORWARDS, "backwards": BACKWARDS}
"""Two worlds of the gallery, picked for how they go and told there: neither that they do so nor in which order is a
prediction."""
SEEDS = tuple(range(20))
QUICK_SEEDS = tuple(range(6))
SOURCE = "README, gallery: the same circle, forwards and backwards"
Z95 = 1.959963984540054
"""Normal quantile of a two-sided 95 % interval."""


def seeds(quick: bool) -> Sequence[int]:
    """Seeds of the runs behind these checks."""
    return QUICK_SEEDS if quick else SEEDS


def checks(*, quick: bool = False, workers: int | None = None, tell: Tell = quiet) -> list[Check]:
    """The claims about when the circle turns: two runs of three years a seed."""
    cases = [{"direction": d, "seed": s} for d in WAYS for s in seeds(quick)]
    runs = map_runs(turn_of_run, cases, workers=workers, tell=tell)
    half = len(cases) // 2
    return contrast_checks(runs[:half], runs[half:])


def turn_of_run(direction: str, seed: int) -> dict[str, Any]:
    """How one run of ai-2025 went: its regime, the first day of each step of a turn, its market value day by day."""
    from ...history.recorder import Recorder
    from ...history.sinks import MemorySink
    from ...model import CarouselModel
    from ...report import measures_market as market
    from ...report import measures_turn as turn
    from ...report.measures_promises import capacity, planned_mw

    parameters = WAYS[direction]
    model = CarouselModel("ai-2025", rng=seed, **parameters)  # type: ignore[arg-type]
    sink = MemorySink()
    recorder = Recorder(model, sink)
    model.observers.append(recorder)
    while model.running:
        model.step()
    recorder.finish()
    tables = sink.tables()
    events = tables["events"]
    values = market.circle_value(tables["daily"], tables["firms"])
    planned = planned_mw(model.scenario_data, model.clock.date)
    share = capacity(tables["commitments"])[1] / planned if planned else None

    def first(*kinds: Happening) -> float:
        return float(events.loc[events["kind"].isin(kinds), "day"].min())

    return {
        "regime": str(turn.regime(events, share, has_promises=len(tables["commitments"]) > 0).name),
        "broken": bool(events["kind"].isin((*turn.DEFAULTS, *turn.BROKEN_PROMISES)).any()),
        "round_failed": first(Happening.ROUND_FAILED),
        "unpaid": first(Happening.BILL_LATE, Happening.BILL_MISSED),
        "ended": first(Happening.RENEGOTIATED, Happening.CANCELLED, Happening.DEFAULT),
        "relative_value_at_end": float(values["relative"].iloc[-1]),
    }


def contrast_checks(forwards: Sequence[Any], backwards: Sequence[Any]) -> list[Check]:
    """The same seeds with growth, and without growth and money."""
    n = len(forwards)
    failed = [run for run in (*forwards, *backwards) if isinstance(run, FailedRun)]
    why = f"{how_many(len(failed), 'run')} failed: {failed[0].error}" if failed else ""

    def share_of(
        key: str, claim: str, met: Sequence[bool], low: float, high: float, words: str, kind: ClaimKind
    ) -> Check:
        count = sum(met)
        measured = math.nan if failed else count / n
        note = why or f"{count} of {n} seeds {words}"
        interval = None if failed else wilson(count, n)
        return Check(f"turn.{key}", claim, measured, low, high, "share", SOURCE, interval, note, kind=kind)

    up, down = ([] if failed else list(runs) for runs in (forwards, backwards))
    return [
        share_of(
            "forwards.broken", "With revenue growing 2.5-fold a year the circle breaks no promise",
            [run["broken"] for run in up], 0.0, 0.1, "broke a promise",
            ClaimKind.FITTED,
        ),
        share_of(
            "backwards.reversed", "With no growth and a tenth of the dry powder the circle runs backwards",
            [run["regime"] in (RegimeName.REVERSAL, RegimeName.DEFAULT) for run in down], 0.9, 1.0,
            "reversed or defaulted", ClaimKind.FITTED,
        ),
        share_of(
            "backwards.order", "Backwards it goes in order: a private round fails before a bill is unpaid",
            [run["round_failed"] < run["unpaid"] for run in down], 0.5, 1.0, "in this order",
            ClaimKind.FITTED,
        ),
        share_of(
            "contrast.value", "Pairs of one seed: the circle is worth less against the index without growth and money",
            [b["relative_value_at_end"] < f["relative_value_at_end"] for f, b in zip(up, down, strict=True)],
            0.9, 1.0, "worth less", ClaimKind.FITTED,
        ),
    ]  # fmt: skip


def wilson(successes: int, n: int) -> tuple[float, float]:
    """95 % interval of a share. Raises: ZeroDivisionError for n = 0. Source: Wilson (1927), JASA 22."""
    share, z2 = successes / n, Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)

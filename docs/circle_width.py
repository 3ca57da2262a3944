"""How far apart doubt can bring worlds without moods: `python docs/circle_width.py` runs docs/circle_width.json, which
docs/circle_page.py shows. What was tried for the claim `circle.width`, one setting a row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from carousel.experiments.runner.runs import FailedRun, map_runs
from carousel.experiments.validation.circle_bands import calm_effect
from carousel.experiments.validation.circle_horizon import Close, course_of
from carousel.experiments.validation.circle_worlds import AUTUMN_DAYS, CONTRACT_DAY, DEALS, NO_MOODS

DATA = Path(__file__).with_name("circle_width.json")
SEEDS = range(100, 140)
"""Those of the claim."""
FIXED_BELIEF = ("behaviour.coverage_weight=0", "behaviour.strain_weight=0")
NOBODY = (*FIXED_BELIEF, "behaviour.contract_log_odds=-6", "behaviour.letter_of_intent_log_odds=-6")
EVERYBODY = (
    *FIXED_BELIEF, "behaviour.contract_log_odds=6", "behaviour.letter_of_intent_log_odds=6", "behaviour.size_doubt=0",
)  # fmt: skip
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "as it is": (),
    "no error of judgement (0 for 0.6)": ("behaviour.judgement_error=0",),
    "twice the error of judgement": ("behaviour.judgement_error*=2",),
    "five times, the end of its bounds": ("behaviour.judgement_error=3",),
    "coverage weighs twice as much": ("behaviour.coverage_weight*=2",),
    "belief follows means twice as fast": ("behaviour.reflection_per_day*=2",),
    "all three twice": (
        "behaviour.judgement_error*=2", "behaviour.coverage_weight*=2", "behaviour.reflection_per_day*=2",
    ),
    "spreads strain belief twice as much": ("behaviour.strain_weight*=2",),
    "the bill is noticed half as fast": ("behaviour.bill_notice_days*=2",),
    "the bill is noticed twice as fast": ("behaviour.bill_notice_days*=0.5",),
    "leases of sites cost twice as much": ("cloud.*.site_lease_usd_per_gw_year*=2",),
    "nobody believes anything, ever": NOBODY,
    "everybody believes everything, always": EVERYBODY,
}  # fmt: skip


def measure(workers: int | None = None) -> None:
    """Run the pairs of every setting and keep the effect on Oracle's log price, on the first day and on the 100th."""
    cases = [
        {"changes": [*NO_MOODS, *changes], "seed": seed, "without": without, "days": AUTUMN_DAYS}
        for changes in SETTINGS.values() for seed in SEEDS for without in ((), DEALS)
    ]  # fmt: skip
    runs = map_runs(course_of, cases, workers=workers)
    if failed := [run for run in runs if isinstance(run, FailedRun)]:
        raise RuntimeError(f"{len(failed)} runs failed: {failed[0].error}")
    pairs = [effects(own, twin) for own, twin in zip(runs[::2], runs[1::2], strict=True)]
    rows = {
        name: np.round(pairs[k * len(SEEDS) : (k + 1) * len(SEEDS)], 5).T.tolist() for k, name in enumerate(SETTINGS)
    }
    DATA.write_text(json.dumps(rows, separators=(",", ":")).replace("],", "],\n") + "\n", encoding="utf-8")


def effects(own: Mapping[str, Any], twin: Mapping[str, Any]) -> tuple[float, float]:
    """The effect on the first day and on the 100th."""
    first, other = (Close(*run["closes"][CONTRACT_DAY]).oracle_log for run in (own, twin))
    return first - other, calm_effect({"calm": own, "calm twin": twin})


def rows() -> list[Sequence[object]]:
    """A row for each setting: the effect at 5, 50 and 95 % of seeds, how wide it is, and that of the first day."""
    found: list[Sequence[object]] = []
    for name, (first, last) in json.loads(DATA.read_text(encoding="utf-8")).items():
        low, middle, high = np.percentile(last, [5, 50, 95])
        found.append((name, *(f"{x:+.3f}" for x in (low, middle, high)), f"{high - low:.3f}",
                      f"{np.median(first):+.3f}"))  # fmt: skip
    return found


if __name__ == "__main__":
    measure()

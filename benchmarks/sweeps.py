"""What leading a sweep costs beside its runs: the workers' wall over the ideal, and the memory that a worker gathers.

`python benchmarks/sweeps.py` takes two minutes; `--real 1000` adds that many runs of one year of ai-2025 with 1,000
households. A stand-in run of 50 ms sleeps, so that what is measured is the engine and not how busy the machine is.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from carousel.benchmarks import measure
from carousel.experiments.sweeps.begin import job_of
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.design_table import first_round
from carousel.experiments.sweeps.driver import run_sweep
from carousel.experiments.sweeps.job import Measure
from carousel.experiments.sweeps.rounds import plain_row
from carousel.experiments.sweeps.run_world import Measured, run_world
from carousel.experiments.sweeps.status import Progress
from carousel.experiments.sweeps.store import read_runs
from carousel.experiments.sweeps.sweep import Sweep
from carousel.experiments.sweeps.sweep_faults import validated
from carousel.experiments.sweeps.worker import do_chunk
from carousel.scenarios.schema import Scenario

RUN_SECONDS = 0.05
SERIES_DAYS = 253
WARM_RUNS = 20
"""Runs after which memory is counted."""


def stand_in(scenario: Scenario, seed: int, outcomes: Sequence[str], series: Sequence[str]) -> Measured:
    """A run of 50 ms with as many numbers as a real one of a year has."""
    time.sleep(RUN_SECONDS)
    chance = np.random.default_rng(seed)
    tracks = {name: np.cumsum(chance.integers(10**6, size=SERIES_DAYS)) for name in series}
    return Measured({name: float(chance.random()) for name in outcomes}, tracks, f"{seed:064x}")


def asked(runs: int, days: int) -> Sweep:
    """Runs of the default world, with outcomes and a few series."""
    said = {
        "scenario": "ai-2025",
        "days": days,
        "holders": 1000,
        "outcomes": ["drawdown", "spread.*"],
        "series": ["market_value.*"],
        "replications": {"number": runs},
    }
    return validated(said, "sweep")


def overhead(sweep: Sweep, workers: int, measure_one: Measure) -> dict[str, Any]:
    """Wall of the workers, from their first chunk to the last, against the time of the runs shared among them."""
    moments: list[float] = []

    def tell(now: Progress) -> None:
        moments.append(time.perf_counter())

    with tempfile.TemporaryDirectory(prefix="carousel-sweeps-") as aside:
        began = time.perf_counter()
        run_sweep(sweep, Path(aside) / "s", hands=Hands(workers=workers), tell=tell, measure=measure_one)
        whole = time.perf_counter() - began
        seconds = read_runs(Path(aside) / "s", ["run", "seconds"])["seconds"]
        chunks = len(list((Path(aside) / "s" / "runs").iterdir()))
    wall, ideal = moments[-1] - moments[0], float(seconds.sum()) / workers
    return {
        "runs": len(seconds),
        "chunks": chunks,
        "workers": workers,
        "ms a run": round(1e3 * float(seconds.mean()), 1),
        "s of start and timing": round(whole - wall, 1),
        "s of the workers": round(wall, 2),
        "s ideal": round(ideal, 2),
        "over the ideal": round(wall / ideal - 1, 4),
        "runs a second": round(len(seconds) / wall, 2),
    }


def memory_growth_mb(runs: int, days: int) -> dict[str, float]:
    """Memory of a worker after 20 runs and after `runs` more, of real worlds, chunk by chunk in this process."""
    sweep = asked(WARM_RUNS + runs, days)
    table = first_round(sweep)
    job = job_of(sweep, table, "s", run_world)
    rows = [plain_row(row) for row in table.to_dict("records")]
    with tempfile.TemporaryDirectory(prefix="carousel-sweeps-") as aside:
        (Path(aside) / ".lock").touch()
        do_chunk(job, 0, rows[:WARM_RUNS], aside)
        before = resident_mb()
        for chunk, first in enumerate(range(WARM_RUNS, len(rows), WARM_RUNS), 1):
            do_chunk(job, chunk, rows[first : first + WARM_RUNS], aside)
    return {"runs": runs, "MB before": round(before, 1), "MB grown": round(resident_mb() - before, 1)}


def resident_mb() -> float:
    """Memory of this process that is in use."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000, help="stand-in runs of 50 ms")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", type=int, default=500, help="real runs of a month over which memory is counted")
    parser.add_argument("--real", type=int, default=0, help="runs of one year of ai-2025 with 1,000 households")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    given = parser.parse_args()
    found: dict[str, Any] = {}
    about = measure.environment()
    if given.runs:
        found["runs of 50 ms"] = overhead(asked(given.runs, 252), given.workers, stand_in)
        print(json.dumps(found), file=sys.stderr, flush=True)
    if given.memory:
        found["memory of a worker"] = memory_growth_mb(given.memory, 21)
    if given.real:
        found["a year of 1,000 households"] = overhead(asked(given.real, 252), given.workers, run_world)
    print(json.dumps(found, indent=2))
    about["load_at_end"] = round(os.getloadavg()[0], 2)
    measure.write_json(given.json, {"environment": about, "sweeps": found})


if __name__ == "__main__":
    main()

"""Sweeps whose driver and workers are killed at random moments and resumed: is a run lost, or there twice?

`python benchmarks/sweep_kills.py --kills 100` takes some ten minutes: sweeps of short stand-in runs are begun one after
the other, each killed (kill -9, the driver or one of its workers) and resumed until it is done, and its table compared
with one that a single process made undisturbed. `--drive DIR` is such a driver.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from carousel.experiments.sweeps.begin import begin_or_resume
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.driver import run_sweep
from carousel.experiments.sweeps.folder import SweepFolder
from carousel.experiments.sweeps.rounds import plain_row
from carousel.experiments.sweeps.run_world import Measured
from carousel.experiments.sweeps.status import State
from carousel.experiments.sweeps.store import read_runs, read_series, table_digest
from carousel.experiments.sweeps.sweep import Sweep
from carousel.experiments.sweeps.sweep_faults import validated
from carousel.experiments.sweeps.worker import do_chunk
from carousel.scenarios.schema import Scenario

RUN_SECONDS = 0.02
SHARE_OF_DRIVERS = 0.5
"""Of the kills, those that hit the driver."""
QUIET_SECONDS = (0.1, 8.0)
"""Shortest and longest time between two kills."""


def stand_in(scenario: Scenario, seed: int, outcomes: Sequence[str], series: Sequence[str]) -> Measured:
    """A run that takes its time, and whose numbers follow from its seed."""
    time.sleep(RUN_SECONDS)
    chance = np.random.default_rng(seed)
    tracks = {name: chance.integers(10**9, size=20) for name in series}
    return Measured({name: float(chance.random()) for name in outcomes}, tracks, f"{seed:064x}")


def stand_in_sweep(runs: int) -> Sweep:
    """Runs of two cases at one point."""
    return validated(
        {
            "scenario": "joke",
            "outcomes": ["drawdown"],
            "series": ["cash.*"],
            "case": [{"name": "a"}, {"name": "b"}],
            "replications": {"number": runs // 2},
        },
        "sweep",
    )


def undisturbed(folder: Path, runs: int) -> str:
    """Digest of the table when this process does all runs, in one chunk."""
    with SweepFolder(folder) as held:
        start = begin_or_resume(held, stand_in_sweep(runs), stand_in)
        rows = [plain_row(row) for row in start.rows.to_dict("records")]
        do_chunk(start.job, 0, rows, str(held.path))
    return table_digest(folder)


def drive(folder: Path, runs: int, workers: int) -> None:
    """Be a driver until the sweep is done."""
    run_sweep(stand_in_sweep(runs), folder, hands=Hands(workers=workers), measure=stand_in)


@dataclass
class Killer:
    """Who starts a driver, kills it or its workers, and starts it again."""

    folder: Path
    runs: int
    workers: int
    chance: random.Random
    of_drivers: int = 0
    of_workers: int = 0

    def until_done(self, kills: int) -> int:
        """Kill that often at most, then leave it alone until it is done; returns how often it was killed."""
        done = 0
        while True:
            with self._driver() as driver:
                while True:
                    wait = self.chance.uniform(*QUIET_SECONDS) if done < kills else None
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        status = driver.wait(wait)
                        if status == 0:
                            return done
                        raise RuntimeError(self.folder.with_suffix(".said").read_text(encoding="utf-8")[-2000:])
                    is_driver = self._kill(driver)
                    done += is_driver is not None
                    if is_driver:
                        break

    def _kill(self, driver: subprocess.Popen[bytes]) -> bool | None:
        """Kill the driver (True) or a worker of it (False); None if there was none to kill."""
        workers = children_of(driver.pid)
        if self.chance.random() < SHARE_OF_DRIVERS or not workers:
            driver.kill()
            driver.wait()
            self.of_drivers += 1
            return True
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.chance.choice(workers), signal.SIGKILL)
            self.of_workers += 1
            return False
        return None

    @contextlib.contextmanager
    def _driver(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "carousel.benchmarks.sweep_kills", "--drive", str(self.folder)]
        command += ["--runs", str(self.runs), "--workers", str(self.workers)]
        with open(self.folder.with_suffix(".said"), "w", encoding="utf-8") as said:
            process = subprocess.Popen(command, stderr=said)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def children_of(parent: int) -> list[int]:
    """Workers of a driver: its children that multiprocessing spawned, not its tracker of resources."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            owner = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if owner == parent and b"spawn_main" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def faults_of(folder: Path, runs: int, digest: str) -> list[str]:
    """What is wrong with a finished sweep."""
    table, series, status = read_runs(folder), read_series(folder), folder / "status.json"
    left = [p.name for p in folder.rglob("*") if p.name.startswith(".aside") or p.parent.name == ".partial"]
    checks = {
        "runs are lost": set(range(runs)) - set(table["run"]),
        "runs are there twice": table["run"].duplicated().any() or series.duplicated(["run", "day"]).any(),
        "another table": table_digest(folder) != digest,
        "runs without series": set(table["run"]) - set(series["run"]),
        "files left": left or (folder / "attempts").exists(),
        "not done": not status.exists() or f'"{State.DONE}"' not in status.read_text(encoding="utf-8"),
    }
    return [name for name, is_wrong in checks.items() if is_wrong]


def kill_many(kills: int, *, runs: int, workers: int, seed: int, kills_per_sweep: int = 8) -> dict[str, object]:
    """Kill that often, over as many sweeps as it takes; what was wrong with any of them."""
    chance, faults = random.Random(seed), list[str]()
    total = drivers = sweeps = 0
    with tempfile.TemporaryDirectory(prefix="carousel-kills-") as aside:
        digest = undisturbed(Path(aside) / "undisturbed", runs)
        while total < kills:
            folder = Path(aside) / str(sweeps)
            killer = Killer(folder, runs, workers, chance)
            total += killer.until_done(min(kills_per_sweep, kills - total))
            drivers += killer.of_drivers
            faults += faults_of(folder, runs, digest)
            sweeps += 1
            print(
                f"{total} of {kills} kills, {sweeps} sweeps: {faults or 'nothing wrong'}", file=sys.stderr, flush=True
            )
    return {"kills": total, "of drivers": drivers, "sweeps": sweeps, "runs each": runs, "faults": faults}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--runs", type=int, default=600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--drive", type=Path)
    asked = parser.parse_args()
    if asked.drive:
        drive(asked.drive, asked.runs, asked.workers)
        return
    found = kill_many(asked.kills, runs=asked.runs, workers=asked.workers, seed=asked.seed)
    print(json.dumps(found, indent=2))
    sys.exit(bool(found["faults"]))


if __name__ == "__main__":
    main()

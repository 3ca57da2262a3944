"""Runs that were stopped and went on, beside one that never was: is anything in them not the same?

`python benchmarks/extended.py --stops 20 --seeds 5` stops runs on that many days with each of so many seeds, goes on to
the same last day with `carousel extend`, and compares digest, chain and every table with the run that was not stopped.
`--holders 1000000 --stops 1 --seeds 1` does it for a large crowd. The stops of a seed are made from one run each.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
from carousel.cli.endings import run_command
from carousel.history.open_run import open_run

QUIET = ("--no-figures", "--quiet")


def done(*command: object) -> float:
    """Seconds that a command takes.  Raises: RuntimeError if it fails."""
    began = time.perf_counter()
    with redirect_stdout(StringIO()):
        status = run_command([*map(str, command), *QUIET])
    if status:
        raise RuntimeError(f"{command[0]} failed")
    return time.perf_counter() - began


def unequal(one: Path, other: Path) -> list[str]:
    """Names of tables, and of what the manifest says, that two runs have not in common."""
    a, b = open_run(one), open_run(other)
    said = [name for name in ("digest", "chain", "scenario_text") if a.manifest[name] != b.manifest[name]]
    return said + [name for name in {*a, *b} if name not in a or name not in b or not a[name].equals(b[name])]


def compared(scenario: str, days: int, holders: int, stops: list[int], seeds: list[int]) -> dict[str, object]:
    """Every stop of every seed, and the times of it."""
    faults: dict[str, list[str]] = {}
    times: dict[str, list[float]] = {"uninterrupted": [], "to the stop": [], "extended": []}
    with tempfile.TemporaryDirectory(prefix="carousel-extended-") as aside:
        folder = Path(aside)
        for seed in seeds:
            of = ("simulate", scenario, "--holders", holders, "--seed", seed)
            whole = folder / f"whole-{seed}"
            times["uninterrupted"].append(done(*of, "--days", days, "--out", whole))
            for stop in stops:
                first, on = folder / f"{seed}-{stop}", folder / f"{seed}-{stop}-on"
                times["to the stop"].append(done(*of, "--days", stop, "--out", first))
                times["extended"].append(done("extend", first, "--days", days - stop, "--out", on))
                if found := unequal(on, whole):
                    faults[f"seed {seed}, day {stop}"] = found
            print(f"seed {seed}: {faults or 'all equal'}", file=sys.stderr, flush=True)
    means = {name: round(float(np.mean(seconds)), 3) for name, seconds in times.items()}
    return {"compared": len(seeds) * len(stops), "unequal": faults, "mean seconds": means, "stops": stops}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="ai-2025")
    parser.add_argument("--days", type=int, default=126)
    parser.add_argument("--holders", type=int, default=300)
    parser.add_argument("--stops", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    stops = np.unique(np.linspace(1, asked.days - 1, asked.stops + 2).round().astype(int)[1:-1]).tolist()
    found = compared(asked.scenario, asked.days, asked.holders, stops, list(range(asked.seeds)))
    print(json.dumps(found, indent=2))
    sys.exit(bool(found["unequal"]))


if __name__ == "__main__":
    main()

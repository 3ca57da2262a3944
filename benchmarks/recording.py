"""What recording costs: a run alone, with its digest, with everything written daily, with everybody written daily.

`OMP_NUM_THREADS=1 python benchmarks/recording.py --holders 3000 --holders 100000` measures each variant in turn in one
process and prints processor time, the ratio to the run alone, bytes on disk and the peak of memory.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from carousel.benchmarks.measure import Seconds, environment, in_turn, print_table, processor_seconds, write_json
from carousel.history.choice import Choice
from carousel.history.recorder import Recorder
from carousel.history.sinks import ParquetSink
from carousel.model import CarouselModel, run

VARIANTS: dict[str, Choice | None] = {"digest": None, "daily": Choice(), "everybody": Choice(also=("holders_changed",))}
GOALS = {("daily", 3_000): 1.5, ("daily", 1_000_000): 1.2, ("everybody", 100_000): 3.2}
"""Processor time over that of the run alone, at most."""
STATUS = Path("/proc/self/status")


def seconds_of(holders: int, days: int, variant: str, folder: Path) -> Seconds:
    """Processor time of a run, its opening not counted, and of writing it down into an empty folder."""
    for file in folder.iterdir():
        file.unlink()
    model = CarouselModel("ai-2025", rng=7, holders=holders, days=days)

    def act() -> None:
        if variant == "alone":
            run(model)
            return
        choice = VARIANTS[variant]
        recorder = Recorder(model, None if choice is None else ParquetSink(folder), choice)
        model.observers.append(recorder)
        run(model)
        recorder.finish()

    return processor_seconds(act)


def measured(holders: int, days: int, rounds: int) -> dict[str, dict[str, float]]:
    """Least seconds of each variant, its ratio to the run alone, bytes written, peak of memory so far in MB."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as place:
        folders = {name: Path(place) / name for name in ("alone", *VARIANTS)}
        for folder in folders.values():
            folder.mkdir()
        seconds_of(1_000, 5, "everybody", folders["everybody"])  # compiles, imports

        def one(variant: str) -> Callable[[], Seconds]:
            return lambda: seconds_of(holders, days, variant, folders[variant])

        times = in_turn({name: one(name) for name in folders}, rounds)
        for name, folder in folders.items():
            Path("/proc/self/clear_refs").write_text("5")
            seconds_of(holders, days, name, folder)
            found[name] = {
                "seconds": min(times[name]),
                "ratio": min(times[name]) / min(times["alone"]),
                "bytes": sum(file.stat().st_size for file in folder.iterdir()),
                "peak_mb": peak_mb(),
            }
    return found


def peak_mb() -> float:
    """Largest resident memory since the mark was put back."""
    return int(next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holders", type=int, action="append")
    parser.add_argument("--days", type=int, default=252)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    results = {n: measured(n, asked.days, asked.rounds) for n in asked.holders or [3_000]}
    rows = [
        (f"{n:,}", name, f"{1e3 * r['seconds']:.1f}", f"{r['ratio']:.2f}", goal_of(name, n),
         f"{r['bytes'] / 1e6:.1f}", f"{r['peak_mb']:.0f}")
        for n, found in results.items()
        for name, r in found.items()
    ]  # fmt: skip
    columns = ("households", "recorded", "ms", "of the run alone", "goal", "MB on disk", "peak MB")
    print_table(f"Recording ai-2025, {asked.days} days", columns, rows, text_columns=2)
    write_json(asked.json, {"environment": environment(), "days": asked.days, "results": results})
    return 0


def goal_of(variant: str, holders: int) -> str:
    """What the ratio shall be at most, where that was said."""
    goal = GOALS.get((variant, holders))
    return "" if goal is None else f"<= {goal}"


if __name__ == "__main__":
    sys.exit(main())

"""How the benchmarks measure: processor time, the least of several rounds, variants in turn, and on which machine.

The least of several rounds is the time without the interruptions of other programs; taking the variants in turn, round
by round, gives each the same quiet and the same noisy moments, so that ratios of one run hold on a busy machine too.
"""

from __future__ import annotations

import gc
import importlib.metadata
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

LIBRARIES = ("mesa", "numpy", "numba", "llvmlite", "pandas", "pydantic", "scipy")
Seconds = float


def tell(text: str) -> None:
    """One line of progress on standard error, with the time since the start of the program's first line."""
    print(f"[{time.monotonic() - _BEGAN:6.0f} s] {text}", file=sys.stderr, flush=True)


_BEGAN = time.monotonic()


def processor_seconds(act: Callable[[], object]) -> Seconds:
    """Processor time of one call in this process, all its threads together, without the garbage collector's pauses."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        act()
        return time.process_time() - began
    finally:
        gc.enable()


def in_turn(variants: Mapping[str, Callable[[], Seconds]], rounds: int) -> dict[str, list[Seconds]]:
    """Measure every variant once a round, for some rounds: the seconds of each in the order of the rounds."""
    seconds: dict[str, list[Seconds]] = {name: [] for name in variants}
    for number in range(rounds):
        for name, measure in variants.items():
            seconds[name].append(measure())
        shown = ", ".join(f"{name} {1e3 * times[-1]:.1f} ms" for name, times in seconds.items())
        tell(f"round {number + 1} of {rounds}, load {os.getloadavg()[0]:.1f}: {shown}")
    return seconds


def environment() -> dict[str, Any]:
    """Where and with what was measured: processor, versions, load of the machine (mean of the last minute)."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in LIBRARIES},
        "commit": _commit(),
        "load_at_start": round(os.getloadavg()[0], 2),
        "date": time.strftime("%Y-%m-%d"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _commit() -> str:
    """The commit that was measured, from the files of the checkout; empty where there is none."""
    git = Path(__file__).resolve().parents[1] / ".git"
    try:
        head = (git / "HEAD").read_text().strip()
        return (git / head.removeprefix("ref: ")).read_text().strip()[:12] if head.startswith("ref: ") else head[:12]
    except OSError:
        return ""


def write_json(path: Path | None, results: Mapping[str, Any]) -> None:
    """Write the results, whole or not at all; without a path do nothing."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".partial")
    aside.write_text(json.dumps(results, indent=1) + "\n")
    aside.replace(path)
    tell(f"written: {path}")


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int = 1) -> None:
    """One table on standard output."""
    from carousel.cli.console import plain_table

    console = Console()
    console = console if console.is_terminal else Console(width=150)
    console.print(plain_table(title, columns, rows, text_columns=text_columns))

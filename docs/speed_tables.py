"""Put the figures of benchmarks/results into the tables of docs/speed.md: `python docs/speed_tables.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from carousel.docs.readme_blocks import replaced

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
GOALS = {
    "mesa_over_ours_1e5": ">= 150",
    "mesa_drawn_ahead_over_ours_1e5": "(beside it)",
    "ours_over_floor_1e6": "<= 6",
    "ours_over_floor_56_bytes_1e6": "(design's bytes)",
    "bytes_per_holder_1e6": "<= 45",
    "cost_per_holder_1e7_over_1e6": "<= 1.5",
    "five_years_3000_holders_s": "<= 0.5",
    "five_years_no_holders_s": "",
    "two_workers_over_one": ">= 1.7",
    "digest_equal_threads": "true",
    "digest_equal_recording": "true",
    "exact_days_1e6": "1260",
}


def table(columns: str, rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is text."""
    names = columns.split(" | ")
    head = [f"| {columns} |", "| --- |" + " ---: |" * (len(names) - 1)]
    return "\n".join([*head, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)])


def machine(of: dict[str, Any]) -> str:
    """Where and when it was measured."""
    about = of["environment"]
    load = f"load {about['load_at_start']}" + (f" to {about['load_at_end']}" if "load_at_end" in about else "")
    return (
        f"Measured on {about['date']} ({about['processor']}, {about['cores']} cores, Python {about['python']}, Mesa "
        f"{about['mesa']}, NumPy {about['numpy']}, numba {about['numba']}; {load}):"
    )


def speed(of: dict[str, Any]) -> str:
    """The day's times and the goals."""
    rows: list[Sequence[object]] = []
    for name, seconds in of["seconds"].items():
        kind, _, size = name.rpartition("_")
        if size.isdigit():
            rows.append((kind, f"{int(size):,}", f"{1e3 * seconds:.3f}", f"{1e9 * seconds / int(size):.1f}"))
        else:
            rows.append((f"{name} (whole run)", "", f"{1e3 * seconds:.0f}", ""))
    goals = [
        (f"`{key}`", of[key] if isinstance(of[key], bool | int) else f"{of[key]:.3g}", goal)
        for key, goal in GOALS.items()
        if key in of
    ]
    times = table("Variant | Households | least, ms | ns a household", rows)
    return "\n\n".join([machine(of), times, table("Key | Measured | Goal", goals)])


def growth(of: dict[str, Any]) -> str:
    """Times by size, and slopes."""
    points = [(p["axis"], f"{p['size']:,}", f"{1e3 * p['seconds_per_day']:.3f}") for p in of["points"]]
    slopes = [
        (axis, *("-" if found[part] is None else f"{found[part]:.2f}" for part in ("all", "last", "added")))
        for axis, found in of["slopes"].items()
    ]
    parts = [
        machine(of),
        table("What grows | Size | ms a day", points),
        table("What grows | slope, all | two largest | added cost", slopes),
    ]
    return "\n\n".join(parts)


def peers(of: dict[str, Any]) -> str:
    """Work per second of processor time."""
    kinds = ("orders", "agent_steps", "transfers")
    rows = [
        (
            found["program"],
            f"{found['agents']:,}",
            *(f"{found[kind] / found['seconds']:,.0f}" if found.get(kind) else "-" for kind in kinds),
        )
        for found in of["results"]
    ]
    return f"{machine(of)}\n\n" + table("Program | Agents | Orders | Agent-steps | Transfers", rows)


def sweeps(of: dict[str, Any]) -> str:
    """Wall, rate and what a sweep adds to its runs; a worker's memory."""
    found = dict(of["sweeps"])
    memory = found.pop("memory of a worker", None)
    names = [key for row in found.values() for key in row]
    rows = [(name, *(row[key] for key in dict.fromkeys(names))) for name, row in found.items()]
    grown = f"\n\nA worker's memory over {memory['runs']} more runs: + {memory['MB grown']} MB." if memory else ""
    return f"{machine(of)}\n\n" + table(" | ".join(["Sweep", *dict.fromkeys(names)]), rows) + grown


def exports(of: dict[str, Any]) -> str:
    """Seconds, size and memory of each format."""
    rows = [
        (found["format"], f"{found['rows']:,}", *(f"{found[key]:.1f}" for key in ("write_s", "read_s")),
         f"{found['mb']:.1f}", f"{max(0, found['added_mb']):.0f}", found["unequal"])
        for found in of["results"]
    ]  # fmt: skip
    columns = "Format | rows | s to write | s to read and compare | MB | MB of memory added | columns unequal"
    return f"{machine(of)}\n\n" + table(columns, rows)


def written(text: str) -> str:
    """docs/speed.md with the tables of the results as they are on disk."""
    for name, make in (("speed", speed), ("growth", growth), ("peers", peers)):
        text = replaced(text, name, "\n" + make(json.loads((RESULTS / f"{name}.json").read_text())) + "\n")
    for name, make in (("sweeps", sweeps), ("exports", exports)):
        if (RESULTS / f"{name}.json").exists():
            text = replaced(text, name, "\n" + make(json.loads((RESULTS / f"{name}.json").read_text())) + "\n")
    return text


if __name__ == "__main__":
    page = ROOT / "docs" / "speed.md"
    page.write_text(written(page.read_text()))

"""What a sweep's runs cost beside the runs themselves: measuring all outcomes, storing daily series, opening the table.

`python benchmarks/sweep_store.py` takes a minute; `--runs 100000` needs a few minutes and 3 GB in --folder, with
`--all` (every outcome of the registry under every tracing rule) ten minutes and 5 GB.
Times are CPU seconds of this process; compared ones are taken in turn.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from carousel.experiments.sweeps.outcomes import names_of, series_names_of, types_of
from carousel.experiments.sweeps.parts import (
    PartKind,
    clear_partials,
    runs_schema,
    runs_table,
    series_table,
    write_part,
)
from carousel.experiments.sweeps.run_world import Fingerprint, Measured, run_world
from carousel.experiments.sweeps.store import compact, read_runs, read_series, table_digest
from carousel.model import CarouselModel, run
from carousel.scenarios.loader import load
from carousel.scenarios.schema import Scenario

SCENARIO, DAYS, HOLDERS = "ai-2025", 252, 1000
SERIES = 35
CHUNK = 20
"""Runs a chunk: about two seconds of work."""
SCALARS = (
    "regime", "turned", "drawdown", "first_day.bill_missed", "payer_share.*", "recycled_share.*", "gain.*",
    "worst_loser", "market_value.*", "paid.*",
)  # fmt: skip
"""Outcomes of the stored table, under one tracing rule."""
REAL = 2 * CHUNK
"""Runs that are really simulated and then stored again and again: no chunk holds one of them twice."""


def cpu_seconds(work: Callable[..., Any], *given: Any) -> float:
    """CPU time of this process for one call."""
    started = time.process_time()
    work(*given)
    return time.process_time() - started


def outcomes_cost(scenario: Scenario, pairs: int) -> dict[str, float]:
    """Milliseconds of a bare run, and what all outcomes and the fingerprint add, by medians over pairs in turn."""
    names = names_of(["*"], scenario)
    bare, measured, digested = [], [], []
    for seed in range(pairs):
        bare.append(cpu_seconds(_bare, scenario, seed))
        measured.append(cpu_seconds(run_world, scenario, seed, names))
        digested.append(cpu_seconds(_fingerprinted, scenario, seed))
    run_s = statistics.median(bare)
    added, hashed = (
        statistics.median(a - b for a, b in zip(other, bare, strict=True)) for other in (measured, digested)
    )
    return {
        "outcomes": len(names),
        "bare_run_ms": 1e3 * run_s,
        "all_outcomes_ms": 1e3 * added,
        "all_outcomes_share_of_run": added / run_s,
        "fingerprint_ms": 1e3 * hashed,
    }


def _bare(scenario: Scenario, seed: int) -> None:
    run(CarouselModel(scenario, rng=seed))


def _fingerprinted(scenario: Scenario, seed: int) -> str:
    model = CarouselModel(scenario, rng=seed)
    fingerprint = Fingerprint(model)
    model.observers.append(fingerprint)
    run(model)
    return fingerprint.hexdigest()


def measured_runs(scenario: Scenario, count: int, has_all: bool) -> list[Measured]:
    """Real runs with 35 daily series and the scalars of the table, or all that there are."""
    series = series_names_of(["*"], scenario)[:SERIES]
    names = names_of(["*"], scenario) if has_all else names_of(SCALARS, scenario, tracing=["pro-rata"])
    return [run_world(scenario, seed, names, series) for seed in range(count)]


def store(folder: Path, real: Sequence[Measured], runs: int) -> dict[str, float]:
    """Write so many runs in chunks; the real ones again and again, each time with other last digits of its scalars."""
    types, series = types_of(real[0].scalars), types_of(real[0].tracks)
    schema = runs_schema({"growth": float}, types)
    series_s = runs_s = 0.0
    for first in range(0, runs, CHUNK):
        numbers = range(first, min(runs, first + CHUNK))
        tracks = [(n, real[n % len(real)].tracks) for n in numbers]
        rows = [_row(real[n % len(real)], n) for n in numbers]
        chunk = first // CHUNK
        series_s += cpu_seconds(_write, folder, (PartKind.SERIES, chunk), series_table, (tracks, series))
        runs_s += cpu_seconds(_write, folder, (PartKind.RUNS, chunk), runs_table, (rows, schema))
    sizes = {kind: sum(file.stat().st_size for file in (folder / kind).iterdir()) for kind in PartKind}
    return {
        "series": len(series),
        "scalars": len(types),
        "runs": runs,
        "series_ms_per_run": 1e3 * series_s / runs,
        "scalars_ms_per_run": 1e3 * runs_s / runs,
        "ms_per_run": 1e3 * (series_s + runs_s) / runs,
        "series_kb_per_run": sizes[PartKind.SERIES] / runs / 1e3,
        "scalars_kb_per_run": sizes[PartKind.RUNS] / runs / 1e3,
    }


def _write(folder: Path, part: tuple[PartKind, int], make: Callable[..., Any], given: tuple[Any, Any]) -> None:
    write_part(folder, *part, make(*given))


def _row(measured: Measured, number: int) -> dict[str, object]:
    fixed = {"run": number, "round": 0, "point": number // 8, "case": "base", "replication": number % 8}
    told = {"seed": number % 8, "growth": number / 7, "status": "ok", "seconds": 0.05, "digest": f"{number:064x}"}
    noisy = {k: v * (1 + number * 1e-9) if isinstance(v, float) else v for k, v in measured.scalars.items()}
    return fixed | told | noisy


def open_table(folder: Path) -> dict[str, float]:
    """Open the table of runs from its parts, compact it, open it again."""
    from_parts = cpu_seconds(lambda: read_runs(folder))
    before = table_digest(folder)
    compaction = cpu_seconds(lambda: compact(folder))
    compacted = cpu_seconds(lambda: read_runs(folder))
    single_file = cpu_seconds(lambda: read_runs(folder, ["run", "status", "regime", "turned", "drawdown"]))
    one_run = cpu_seconds(lambda: read_series(folder, runs=[1]))
    whole = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
    return {
        "open_parts_s": from_parts,
        "compact_s": compaction,
        "open_compacted_s": compacted,
        "open_five_columns_s": single_file,
        "open_series_of_a_run_s": one_run,
        "whole_gb": whole / 1e9,
        "same_digest": float(table_digest(folder) == before),
        "partials_left": clear_partials(folder),
    }


def main() -> None:
    """Measure, print, and write the figures where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000, help="runs to store")
    parser.add_argument("--pairs", type=int, default=15, help="pairs of runs with and without outcomes")
    parser.add_argument("--days", type=int, default=DAYS, help="trading days a run")
    parser.add_argument("--all", action="store_true", help="store every outcome of the registry")
    parser.add_argument("--folder", type=Path, default=None, help="where to store; a temporary folder by default")
    parser.add_argument("--json", type=Path, default=None, help="also write the figures here")
    asked = parser.parse_args()
    scenario = load(SCENARIO, [f"days={asked.days}", f"holders={HOLDERS}"])
    run_world(scenario, 0, names_of(["*"], scenario))  # compiles
    folder = Path(tempfile.mkdtemp(prefix="carousel-sweep-", dir=asked.folder))
    try:
        found = outcomes_cost(scenario, asked.pairs)
        found |= store(folder, measured_runs(scenario, min(asked.runs, REAL), asked.all), asked.runs)
        found |= open_table(folder)
    finally:
        shutil.rmtree(folder)
    for name, value in found.items():
        print(f"{name:28} {value:,.4g}")
    if asked.json is not None:
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

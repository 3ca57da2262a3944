"""Sweeps made by hand: the tables of a folder, from a rule that says what each run measured."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from carousel.experiments.sweeps.analysis.asked import asked_of
from carousel.experiments.sweeps.analysis.tables import SweepTables

Rule = Callable[[Mapping[str, Any], np.random.Generator], Mapping[str, Any]]


def design_of(
    points: Sequence[Mapping[str, Any]], *, cases: Sequence[str] = ("base",), replications: int = 8
) -> pd.DataFrame:
    """Every case at every point with common luck: seeds 0, 1, ..."""
    rows = [
        {"point": point, "case": case, "replication": r, "seed": r, **values}
        for (point, values), case, r in itertools.product(enumerate(points), cases, range(replications))
    ]
    design = pd.DataFrame(rows)
    design.insert(0, "run", np.arange(len(design)))
    design.insert(1, "round", 0)
    return design


def sweep_of(words: Mapping[str, Any], design: pd.DataFrame, rule: Rule, *, failed: Sequence[int] = ()) -> SweepTables:
    """The tables of a sweep whose runs measured what the rule says; runs of one seed get the same draws."""
    runs = []
    for row in design.to_dict("records"):
        is_ok = row["run"] not in failed
        told = {"status": "ok" if is_ok else "failed", "stage": "", "exception": "", "seconds": 0.1}
        runs.append({**row, **told, **(rule(row, np.random.default_rng([7, row["seed"]])) if is_ok else {})})
    return SweepTables(asked_of(words), design, pd.DataFrame(runs))


def grid(**axes: Sequence[Any]) -> list[dict[str, Any]]:
    """Every combination."""
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def written(tables: SweepTables, folder: Path, words: str, series: pd.DataFrame | None = None) -> Path:
    """The same as a folder on disk, in two parts."""
    for kind in ("runs", "series"):
        (folder / kind).mkdir(parents=True)
    (folder / "sweep.toml").write_text(words, encoding="utf-8")
    tables.design.to_parquet(folder / "design.parquet")
    half = len(tables.runs) // 2
    tables.runs[:half].to_parquet(folder / "runs" / "part-000000.parquet")
    tables.runs[half:].to_parquet(folder / "runs" / "part-000001.parquet")
    if series is not None:
        series.to_parquet(folder / "series" / "part-000000.parquet", index=False)
    return folder


def numbers_of(path: Path) -> dict[str, Any]:
    """Numbers of a report by what they are of."""
    report = json.loads(path.read_text(encoding="utf-8"))
    return {number["of"]: number for finding in report["findings"] for number in finding["numbers"]}

"""What a large run costs in each format: a table of extremes exported, opened again and compared value by value.

`python benchmarks/exports.py --rows 2500000 --json benchmarks/results/exports.json` writes each format in turn and
prints processor seconds, megabytes, memory and how many columns came back unequal: 0.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from carousel.benchmarks.measure import environment, print_table, tell, write_json
from carousel.benchmarks.read_back import READERS, differences
from carousel.benchmarks.recording import peak_mb
from carousel.history.export.export import Export
from carousel.history.export.formats import Format
from carousel.history.export.source import ExportRefused
from carousel.history.open_run import open_run

TABLE = "panel"
"""A table that NetCDF holds as day x agent."""
AGENTS = 2_500
WORDS = ("", "=1+1", 'said "no",\nand left', "München, 中", "NA", "-1", " blank ")
EXTREMES = (2**63 - 1, -(2**63) + 1, 2**53 + 1, -(2**53) - 1, 0)


def make_run(folder: Path, rows: int) -> None:
    """A run folder of one table, in which whole numbers and fractions are as long as they can be."""
    chance, at = np.random.default_rng(1), np.arange(rows)
    cents = chance.integers(-(2**62), 2**62, rows)
    cents[: len(EXTREMES)] = EXTREMES
    shares = chance.standard_normal(rows) * 10.0 ** chance.integers(-300, 300, rows)
    table = pa.table(
        {
            "day": at // AGENTS,
            "date": pa.array((20_000 + at // AGENTS).astype(np.int32)).view(pa.date32()),
            "holder": at % AGENTS,
            "cents": pa.array(cents, mask=at % 97 == 96),
            "share": pa.array(shares, mask=at % 89 == 88),
            "word": pa.DictionaryArray.from_arrays(at % len(WORDS), list(WORDS)).cast(pa.string()),
        }
    )
    folder.mkdir()
    pq.write_table(table, folder / f"{TABLE}.parquet")
    for name in ("manifest.json", "answer.json"):
        (folder / name).write_text(json.dumps({"scenario": "extremes", "seed": 1, "days": rows // AGENTS}))


def measured(run_folder: Path, to: Format, target: Path) -> dict[str, object]:
    """Processor seconds, size, memory and unequal columns of one format.  Raises: ExportRefused."""
    run = open_run(run_folder)
    export = Export(run, to, [TABLE])
    Path("/proc/self/clear_refs").write_text("5")
    before, began = peak_mb(), time.process_time()
    export.write(target, stem=TABLE)
    write_s, added_mb = time.process_time() - began, peak_mb() - before
    began, wanted = time.process_time(), run.table(TABLE).to_table()
    found = READERS[to](target, TABLE, wanted.schema.remove_metadata())
    unequal = len(differences(wanted, found, ("day", "holder") if to is Format.NETCDF else ()))
    return {
        "format": str(to),
        "rows": wanted.num_rows,
        "write_s": round(write_s, 2),
        "read_s": round(time.process_time() - began, 2),
        "mb": round(sum(file.stat().st_size for file in target.iterdir()) / 1e6, 1),
        "added_mb": round(added_mb, 1),
        "unequal": unequal,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; status 1 if a column came back otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_500_000)
    parser.add_argument("--workbook-rows", type=int, default=100_000, help="rows where a workbook refuses the others")
    parser.add_argument("--to", action="append", choices=[str(to) for to in Format])
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    about, results = environment(), []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_run(folder / "run", asked.rows)
        for to in map(Format, asked.to or list(Format)):
            try:
                results.append(measured(folder / "run", to, folder / to))
            except ExportRefused as refusal:
                tell(f"{to}: {refusal}")
                make_run(folder / "short", asked.workbook_rows)
                results.append(measured(folder / "short", to, folder / to))
            tell(str(results[-1]))
    rows = [tuple(f"{v:,}" if isinstance(v, int) else str(v) for v in found.values()) for found in results]
    print_table(f"Exports of {asked.rows:,} rows", list(results[0]), rows)
    write_json(asked.json, {"environment": about, "results": results})
    return int(any(found["unequal"] for found in results))


if __name__ == "__main__":
    sys.exit(main())

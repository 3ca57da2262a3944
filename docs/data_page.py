"""Writes docs/data.md, how a run is read and what every column of it is, from the code: `python docs/data_page.py`."""

from __future__ import annotations

from pathlib import Path

from carousel.docs.data_questions import PICTURE, QUESTIONS, READING, START
from carousel.history.dictionary import Described, described, meaning_of
from carousel.history.export.netcdf import GRIDS
from carousel.history.tables import TABLES

PAGE = Path(__file__).with_name("data.md")
INTRODUCTION = """# The data of a run

Written from the code by `docs/data_page.py`; `python run.py columns TABLE` prints the same, and every export has it as
`dictionary.csv`.

A run folder holds a Parquet file for each table below, `manifest.json` (what was run, with which digest) and
`answer.json`. Money is whole cents, securities are whole units; a missing number is null, a missing text is empty.
`day` counts trading days, 0 is the opening. Statements, flow of funds and the supervisor's panel are drawn up from
these tables on demand: [statements.md](statements.md).

## Reading it
"""
BESIDE = """In DuckDB every table is a view with comments on its columns; `firms_bn` is `firms` with its money in bn USD
instead of cents. `pip install -e ".[export]"` installs Polars, DuckDB and what other formats need.

## Other formats

`python run.py export RUN --to FORMAT`, with `--tables`, `--days FIRST:LAST` and `--out`, writes a folder, whole or not
at all: the tables, `dictionary.csv`, the run's `manifest.json` and `answer.json`. A place that exists, cannot be
written or has no room is refused before the work. Every format gives back what the run holds, to the cent
(`tests/history/test_export.py`).
"""
TEN_MINUTES = """## From a fresh clone to a picture in ten minutes

```
make install
.venv/bin/pip install -e ".[export]" jupyterlab
.venv/bin/jupyter lab docs/tutorials/histories.ipynb
```

Run all cells: they simulate a run of three years, ask it a few questions, and end in a picture of wealth by tenths of
households and of what a fund held. Without a notebook, paste these lines into `.venv/bin/python`; they end in the same
picture, `histories.png`.
"""
ASKING = """## Ten questions

Asked of the run above, with its `run`, `sql` and `last`; a test runs them all as they stand here. `answer` is a frame
or a series.
"""
NOTES = {
    "csv": "a file for each table; texts in quotes, a missing number is nothing between commas; R: `read.csv`",
    "parquet": "a file for each table, packed by zstd; R: `arrow::read_parquet`",
    "feather": "a file for each table, Arrow's own; R: `arrow::read_feather`",
    "sqlite": "`run.sqlite`: dates as text, views `TABLE_bn`, table `dictionary`; R: `RSQLite`",
    "duckdb": "`run.duckdb`: views `TABLE_bn`, comments, table `dictionary`",
    "netcdf": "a file for each table: day x agent for xarray where a table has one row for each of them (below: grid), "
    "agents in the order in which they first come; `is_present` tells cells without a row, the attribute `null` what "
    "stands for a missing whole number; texts are codes, their texts stand in `NAME_names`",
    "xlsx": "`run.xlsx`: the answer, statements on months' ends, promises, deals and events; a table that Excel would "
    "cut is refused, whole numbers above 2^53 are texts",
    "Stata": "refused: its numbers do not hold every whole number above 2^53",
}


def page() -> str:
    """The whole page."""
    formats = "\n".join(f"| {name} | {note} |" for name, note in NOTES.items())
    parts = [INTRODUCTION, _code(READING), BESIDE, f"| Format | What is written |\n| --- | --- |\n{formats}\n"]
    parts += [TEN_MINUTES, _code(START + PICTURE), ASKING]
    parts += [f"**{question}**\n\n{_code(code)}" for question, code in QUESTIONS.items()]
    parts.append("## Tables\n")
    for name, table in TABLES.items():
        schema = table.schema()
        notes = [meaning_of(schema)]
        notes += ["grid " + " x ".join(("day", *GRIDS[name]))] if name in GRIDS else []
        notes += (
            ["on request: `--also`" if name != "panel" else "on request: `--panel N`"] if table.is_on_request else []
        )
        parts.append(f"### {name}\n\n{'; '.join(notes)}.\n")
        parts.append("| Column | Type | Unit | Meaning |\n| --- | --- | --- | --- |")
        parts.extend(_row(column) for column in described(name, schema))
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _code(lines: str) -> str:
    return f"```python\n{lines.strip()}\n```\n"


def _row(column: Described) -> str:
    meaning = f"{column.meaning}: {column.values}" if column.values else column.meaning
    return f"| `{column.column}` | {column.type} | {column.unit} | {meaning.replace('|', chr(92) + '|')} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

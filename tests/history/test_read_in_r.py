"""R reads what is exported: the same rows, to the cent. Where R or a package of it is missing, nothing is claimed."""

from __future__ import annotations

import math
import shutil
import subprocess
from pathlib import Path

import pyarrow as pa
import pytest
from carousel.cli.endings import run_command
from carousel.history.open_run import open_run

SCRIPT = Path(__file__).with_name("read_in_r.R")
TABLES = ("firms", "journal", "events", "announcements", "holdings", "bonds")
NEEDS = {"csv": "utils", "sqlite": "RSQLite", "parquet": "arrow", "feather": "arrow"}

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed"),
]


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    """A run of 42 days."""
    place = tmp_path_factory.mktemp("runs") / "one"
    size = ["--seed", "2", "--days", "42", "--holders", "250"]
    assert run_command(["simulate", "ai-2025", *size, "--out", str(place), "--no-figures", "--quiet"]) == 0
    return place


def in_r(to, folder, name):
    """The rows of a table as R prints them: lists of texts, the names of the columns first."""
    done = subprocess.run(
        ["Rscript", "--vanilla", str(SCRIPT), to, str(folder), name], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def is_same(wanted, found, kind):
    """R reads decimals from text to 15 digits; everything else is the same or it is not."""
    if wanted is None:
        return found == "NA"
    if pa.types.is_floating(kind) and found != str(wanted):
        return math.isclose(wanted, float(found), rel_tol=1e-14)
    return found == str(wanted)


@pytest.mark.parametrize("to", NEEDS)
def test_r_reads_the_same_rows(run_folder, tmp_path, to):
    has = subprocess.run(["Rscript", "--vanilla", "-e", f"library({NEEDS[to]})"], capture_output=True, timeout=300)
    if has.returncode:
        pytest.skip(f"R has no {NEEDS[to]}")
    options = [option for name in TABLES for option in ("--tables", name)]
    command = ["export", str(run_folder), "--to", to, "--out", str(tmp_path / "out"), "--quiet", *options]
    assert run_command(command) == 0
    for name in TABLES:
        wanted = open_run(run_folder).table(name).to_table()
        names, *rows = in_r(to, tmp_path / "out", name)
        assert names == wanted.column_names
        assert len(rows) == wanted.num_rows > 0
        for place, field in enumerate(wanted.schema):
            pairs = zip(wanted[field.name].to_pylist(), (row[place] for row in rows), strict=True)
            unlike = [pair for pair in pairs if not is_same(*pair, field.type)]
            assert unlike == [], f"{name}.{field.name}"

"""Exports hold what the run holds, exactly, in every format; they are whole or absent; what cannot be is refused."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from carousel.benchmarks.read_back import READERS, differences
from carousel.cli.endings import run_command
from carousel.history.choice import ChoiceError
from carousel.history.export.export import Export
from carousel.history.export.formats import WRITERS, Format
from carousel.history.export.netcdf import GRIDS
from carousel.history.open_run import open_run

PACKAGES = {"duckdb": "duckdb", "netcdf": "xarray", "xlsx": "openpyxl"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run with every table, everybody and both tables on request included, of vendor loans and guarantees."""
    place = tmp_path_factory.mktemp("runs") / "one"
    size = ["--seed", "2", "--days", "60", "--holders", "200"]
    kept = ["--also", "holders_changed", "--also", "fills", "--panel", "20"]
    assert run_command(["simulate", "vendor-loans", *size, *kept, "--out", str(place), "--no-figures", "--quiet"]) == 0
    return place


@pytest.fixture(scope="module")
def awkward(tmp_path_factory):
    """A run folder whose one table holds what formats stumble over."""
    place = tmp_path_factory.mktemp("runs") / "awkward"
    place.mkdir()
    texts = ["", "=1+1", 'say "no", then\nleave', "München, 中", "NA", "#N/A", " blank ", "-1", "'", "\t"]
    n = len(texts)
    whole = [2**63 - 1, -(2**63) + 1, 2**53 + 1, -(2**53) - 1, 0, None, 1, -1, None, 7]
    schema = pa.schema(
        [
            pa.field("day", pa.int64()),
            pa.field("date", pa.date32()),
            pa.field("text", pa.string(), metadata={"meaning": "it's a text", "unit": "-"}),
            pa.field("big_cents", pa.int64(), metadata={"meaning": "money", "unit": "US cents"}),
            pa.field("number", pa.float64()),
            pa.field("small", pa.int32()),
        ]
    )
    rows = pa.table(
        {
            "day": range(n),
            "date": [date(2025, 1, 1 + i) for i in range(n)],
            "text": texts,
            "big_cents": whole,
            "number": [0.1, 1e-300, None, 1 / 3, -0.0, 123456789.12345678, 1e300, None, 5e-324, 2.0],
            "small": [1, None, 3, -(2**31) + 1, 2**31 - 1, 0, None, 7, 8, 9],
        },
        schema=schema,
    )
    pq.write_table(rows, place / "events.parquet", row_group_size=4)
    pq.write_table(rows.slice(0, 0), place / "announcements.parquet")
    for name in ("manifest.json", "answer.json"):
        (place / name).write_text(json.dumps({"scenario": "x", "seed": 1, "days": 9, "measures": {"a": [1, {"b": 2}]}}))
    return place


def exported(run: Path, to: str, target: Path, *options: str) -> Path:
    """The folder of an export that the command has made."""
    if to in PACKAGES:
        pytest.importorskip(PACKAGES[to])
    assert run_command(["export", str(run), "--to", to, "--out", str(target), "--quiet", *options]) == 0
    return target


@pytest.mark.parametrize("to", [str(to) for to in Format])
@pytest.mark.parametrize("which", ["folder", "awkward"])
def test_every_table_comes_back_exactly(to, which, request, tmp_path):
    place = request.getfixturevalue(which)
    run = open_run(place)
    names = run.tables
    if to == "xlsx" and which == "folder":
        names = ("events", "firms", "origins", "holders_changed", "journal", "loans")
    target = exported(place, to, tmp_path / "out", *(option for name in names for option in ("--tables", name)))
    for name in names:
        wanted = run.table(name).to_table()
        found = READERS[to](target, name, wanted.schema.remove_metadata())
        keys = ("day", *GRIDS[name]) if to == "netcdf" and name in GRIDS else ()
        assert differences(wanted, found, keys) == [], name


def test_a_difference_is_seen():
    one = pa.table({"a": [1, 2], "b": ["x", None]})
    assert differences(one, one) == []
    assert differences(one, pa.table({"a": [1, 3], "b": ["x", ""]})) == ["a", "b"]
    assert differences(one, pa.table({"a": [2, 1], "b": [None, "x"]})) == ["a", "b"]
    assert differences(one, pa.table({"a": [2, 1], "b": [None, "x"]}), ("a",)) == []
    assert differences(one, one.slice(0, 1)) == ["1 rows, not 2"]
    assert differences(one, one.select(["a"])) == ["columns are ['a']"]


def test_a_grid_opens_in_xarray_as_day_by_agent(folder, tmp_path):
    xarray = pytest.importorskip("xarray")
    target = exported(folder, "netcdf", tmp_path / "out", "--tables", "firms,holdings,households,journal,bonds")
    firms, run = xarray.open_dataset(target / "firms.nc"), open_run(folder)
    assert firms["cash_cents"].dims == ("day", "firm")
    assert firms["cash_cents"].dtype == "int64"
    name = run["firms"]["firm"].iloc[0]
    one = run.pandas("firms", ["cash_cents"], where={"firm": name})["cash_cents"]
    assert firms["cash_cents"].sel(firm=name).values.tolist() == one.tolist()
    assert firms["date"].values[0] == np.datetime64(run["firms"]["date"].iloc[0])
    assert xarray.open_dataset(target / "holdings.nc")["units"].dims == ("day", "account", "security")
    assert xarray.open_dataset(target / "households.nc")["cash_cents"].dims == ("day",)
    journal = xarray.open_dataset(target / "journal.nc")
    assert journal["cents"].dims == ("row",)
    assert journal["cause_names"].values[journal["cause"].values].tolist() == run["journal"]["cause"].tolist()
    assert firms.attrs["digest"] == run.manifest["digest"]


def test_days_and_tables_can_be_chosen(folder, tmp_path):
    target = exported(folder, "csv", tmp_path / "out", "--tables", "firms,cash", "--days", "10:12")
    assert {p.name for p in target.iterdir()} == {
        "firms.csv", "cash.csv", "dictionary.csv", "manifest.json", "answer.json",
    }  # fmt: skip
    run = open_run(folder)
    for name in ("firms", "cash"):
        wanted = run.arrow(name, days=(10, 12))
        assert differences(wanted, READERS["csv"](target, name, wanted.schema)) == []
    said = json.loads((target / "manifest.json").read_text())
    assert said["export"] == {"format": "csv", "tables": ["firms", "cash"], "days": [10, 12]}
    assert said["digest"] == run.manifest["digest"]
    assert "firms,cash_cents,integer,US cents,cash on the firm's account," in (target / "dictionary.csv").read_text()


def test_databases_say_what_columns_are_and_have_money_in_bn(folder, tmp_path):
    target = exported(folder, "sqlite", tmp_path / "out")
    file = sqlite3.connect(target / "run.sqlite")
    cents, bn = file.execute("SELECT f.cash_cents, b.cash_bn_usd FROM firms f, firms_bn b LIMIT 1").fetchone()
    assert bn == cents / 1e11
    unit = file.execute(
        "SELECT unit FROM dictionary WHERE \"table\" = 'firms' AND \"column\" = 'cash_cents'"
    ).fetchone()
    assert unit == ("US cents",)
    assert file.execute("SELECT typeof(cents) FROM journal LIMIT 1").fetchone() == ("integer",)
    file.close()


def test_a_workbook_holds_answer_statements_deals_and_events(folder, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    target = exported(folder, "xlsx", tmp_path / "out")
    book = openpyxl.load_workbook(target / "run.xlsx")
    assert {"answer", "measures", "firms", "positions", "commitments", "loans", "events", "columns"} <= set(
        book.sheetnames
    )
    answer = json.loads((folder / "answer.json").read_text())
    assert [row[0].value for row in book["answer"].rows][1:] == [answer["title"], *answer["headlines"]]
    assert sorted({row[0].value for row in list(book["firms"].rows)[1:]}) == [0, 21, 42, 60]
    assert {p.name for p in target.iterdir()} == {"run.xlsx", "dictionary.csv", "manifest.json", "answer.json"}


def test_a_table_that_excel_would_cut_is_refused(folder, tmp_path, monkeypatch, capsys):
    pytest.importorskip("openpyxl")
    monkeypatch.setattr("carousel.history.export.workbook.ROWS_MAX", 50)
    assert run_command(["export", str(folder), "--to", "xlsx", "--out", str(tmp_path / "out")]) == 2
    assert "rows of" in (said := capsys.readouterr().err)
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ["--to", "dta"],
            "--to is 'dta'; allowed: csv, parquet, feather, sqlite, duckdb, netcdf, xlsx; Stata's numbers",
        ),
        (["--to", "parket"], "--to is 'parket'; allowed: csv, parquet, feather, sqlite, duckdb, netcdf, xlsx; nearest"),
        (["--to", "csv", "--tables", "firm"], "--tables is no table 'firm'; allowed: bonds, cash"),
        (["--to", "csv", "--days", "x"], "days is 'x'; allowed: FIRST:LAST"),
        (["--to", "csv", "--days", "999:"], "days is '999:'; allowed: days of the run, which keeps 0 to 60"),
        (["--to", "csv", "--days", "61", "--tables", "firms"], "days is '61:61'; allowed: days of the run"),
        (["--to", "csv", "--days", "9:2"], "days is '9:2'; allowed: a last day that is not before the first"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_one_line(folder, tmp_path, capsys, options, says):
    assert run_command(["export", str(folder), "--out", str(tmp_path / "out"), *options]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["out", "deep/er", "."])
def test_the_folder_of_the_run_itself_is_no_place_for_an_export(folder, monkeypatch, capsys, place):
    before = sorted(folder.iterdir())
    options = ["--out", str(folder / place)] if place != "." else []
    monkeypatch.chdir(folder)
    assert run_command(["export", ".", "--to", "csv", "--tables", "firms", *options]) == 2
    said = capsys.readouterr().err
    assert "is within the run" in said
    assert said.count("\n") == 1
    assert sorted(folder.iterdir()) == before


def test_days_of_which_a_run_keeps_a_part_are_asked_of_that_part(folder, tmp_path, capsys):
    """Days 20 to 30 are kept: an export of any other would hold nothing."""
    shutil.copytree(folder, tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["kept"] |= {"first_day": 20, "last_day": 30}
    (tmp_path / "run" / "manifest.json").write_text(json.dumps(manifest))
    for days in ("31:", "0:19", "45"):
        with pytest.raises(ChoiceError, match="allowed: days of the run, which keeps 20 to 30"):
            Export(open_run(tmp_path / "run"), Format.CSV, ["firms"], days)
    assert Export(open_run(tmp_path / "run"), Format.CSV, ["firms"], "30:99").rows > 0


def test_what_is_no_run_is_refused(tmp_path, capsys):
    assert run_command(["export", str(tmp_path), "--to", "csv"]) == 2
    assert "has no tables; allowed: the folder of a finished run, or of a sweep" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("/dev/null", "exists and is a device"),
        ("folder", "exists and is a folder; allowed: the name of a folder that is not there"),
        ("file", "exists and is a file"),
        ("file/below", "cannot be written"),
        ("/proc/mine", "cannot be written"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_the_work(folder, tmp_path, monkeypatch, capsys, target, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    monkeypatch.setitem(WRITERS, Format.CSV, replace(WRITERS[Format.CSV], write=lambda *_: pytest.fail("it worked")))
    assert run_command(["export", str(folder), "--to", "csv", "--out", target]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def test_a_disk_without_room_is_refused_before_the_work(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**6, 10**6, 1000))
    with pytest.raises(ValueError, match=r"has 0\.0 MB of room; the export needs"):
        Export(open_run(folder), Format.CSV).write(tmp_path / "out", stem="x")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_is_named_before_the_work(folder, tmp_path, monkeypatch, capsys):
    for to, package in (("netcdf", "netCDF4"), ("duckdb", "duckdb"), ("xlsx", "openpyxl")):
        monkeypatch.setitem(sys.modules, package, None)
        assert run_command(["export", str(folder), "--to", to, "--out", str(tmp_path / "out")]) == 2
        assert f"--to {to} needs {package}, which is not installed: pip install" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


FULL = """
import resource, sys
from carousel.cli.endings import run_command
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.exit(run_command(["export", sys.argv[1], "--to", sys.argv[2], "--out", sys.argv[3], "--quiet"]))
"""


@pytest.mark.parametrize("to", [str(to) for to in Format])
def test_a_disk_that_fills_up_ends_in_one_line_and_leaves_nothing(folder, tmp_path, to):
    """A file that may not grow is refused by the system as a full disk is."""
    if to in PACKAGES:
        pytest.importorskip(PACKAGES[to])
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(folder), to, str(tmp_path / "out")], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "error: the run failed while it was exported: " in ended.stderr
    assert "nothing was written" in ended.stderr
    assert list(tmp_path.iterdir()) == []

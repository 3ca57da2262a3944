"""Parts are whole or not there, readers see every finished run once, and the digest is of values alone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from carousel.experiments.sweeps import store
from carousel.experiments.sweeps.parts import (
    PARTIAL,
    PartKind,
    clear_partials,
    part_path,
    runs_schema,
    runs_table,
    series_table,
    write_part,
)
from carousel.experiments.sweeps.store import compact, read_runs, read_series, table_digest

SCHEMA = runs_schema({"growth": float, "day": date}, {"regime": str, "cash": int, "drawdown": float})
SERIES = {"cash": int, "spread": float}


def row(run, **other):
    told = {"run": run, "round": 0, "point": run, "case": "base", "replication": 0, "seed": run, "growth": run / 7}
    told |= {"day": date(2026, 1, 1), "status": "ok", "seconds": 0.1, "regime": "stall", "cash": 10**15 + run}
    return told | {"drawdown": 0.1 * run} | other


def write(folder, chunk, runs, **other):
    """One chunk of a sweep."""
    tracks = [(n, {"cash": np.arange(5) + 10**15 + n, "spread": np.arange(5) / 7}) for n in runs]
    write_part(folder, PartKind.SERIES, chunk, series_table(tracks, SERIES))
    return write_part(folder, PartKind.RUNS, chunk, runs_table([row(n, **other) for n in runs], SCHEMA))


def test_what_was_written_is_read_back_to_the_cent(tmp_path):
    write(tmp_path, 1, range(3, 6))
    write(tmp_path, 0, range(3))
    runs, series = read_runs(tmp_path), read_series(tmp_path)
    assert runs["run"].tolist() == list(range(6))
    assert runs["cash"].tolist() == [10**15 + n for n in range(6)]
    assert runs["growth"].tolist() == [n / 7 for n in range(6)]
    assert series["cash"].tolist() == [10**15 + n + d for n in range(6) for d in range(5)]
    assert series["spread"].tolist() == [d / 7 for _ in range(6) for d in range(5)]
    assert read_series(tmp_path, ["spread"], runs=[4])[["run", "day"]].to_numpy().tolist() == [[4, d] for d in range(5)]
    assert list(read_runs(tmp_path, ["regime", "cash"])) == ["regime", "cash"]


def test_anybody_can_read_the_folders_themselves(tmp_path):
    write(tmp_path, 0, range(3))
    write(tmp_path, 1, range(3, 5), status="failed", regime=None, cash=None, drawdown=None)
    frame = pd.read_parquet(tmp_path / "runs")
    assert frame["run"].tolist() == [0, 1, 2, 3, 4]
    assert frame["regime"].isna().tolist() == [False] * 3 + [True] * 2
    assert len(pd.read_parquet(tmp_path / "series")) == 25
    compact(tmp_path)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "runs"), frame)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "runs.parquet"), frame)
    polars = pytest.importorskip("polars", reason="one of the libraries a sweep promises, where it is installed")
    assert polars.read_parquet(tmp_path / "runs").height == 5


def test_a_failed_part_has_the_types_of_every_other(tmp_path):
    write(tmp_path, 0, range(2), status="failed", regime=None, cash=None, drawdown=None)
    write(tmp_path, 1, range(2, 4))
    schemas = {str(pq.read_schema(part_path(tmp_path, PartKind.RUNS, chunk))) for chunk in (0, 1)}
    assert len(schemas) == 1


def test_numbers_are_stored_as_differences_or_byte_by_byte_without_dictionaries(tmp_path):
    write(tmp_path, 0, range(3))
    fractions = {PartKind.RUNS: "drawdown", PartKind.SERIES: "spread"}
    compression = {PartKind.RUNS: "LZ4", PartKind.SERIES: "ZSTD"}
    for kind, fraction in fractions.items():
        wanted = {"cash": "DELTA_BINARY_PACKED", fraction: "BYTE_STREAM_SPLIT"}
        group = pq.ParquetFile(part_path(tmp_path, kind, 0)).metadata.row_group(0)
        columns = [group.column(i) for i in range(group.num_columns)]
        assert {c.compression for c in columns} == {compression[kind]}
        assert not any(c.has_dictionary_page for c in columns)
        assert {c.path_in_schema: c.encodings[-1] for c in columns if c.path_in_schema in wanted} == wanted


def test_a_chunk_done_twice_replaces_itself(tmp_path):
    write(tmp_path, 0, range(3))
    write(tmp_path, 0, range(3), seconds=9.0)
    assert read_runs(tmp_path)["seconds"].tolist() == [9.0] * 3


def test_a_fault_while_writing_changes_nothing_and_leaves_nothing(tmp_path, monkeypatch):
    write(tmp_path, 0, range(3))
    monkeypatch.setattr("carousel.experiments.sweeps.parts.os.replace", lambda *_: (_ for _ in ()).throw(OSError(28)))
    with pytest.raises(OSError, match="28"):
        write(tmp_path, 0, range(3), seconds=9.0)
    assert read_runs(tmp_path)["seconds"].tolist() == [0.1] * 3
    assert list((tmp_path / PARTIAL).iterdir()) == []


def test_what_a_killed_writer_left_is_no_part_and_can_be_cleared(tmp_path):
    write(tmp_path, 0, range(3))
    (tmp_path / PARTIAL / "part-000001-dead.parquet").write_bytes(b"PAR1 half")
    assert len(read_runs(tmp_path)) == 3
    assert clear_partials(tmp_path) == 1
    assert list((tmp_path / PARTIAL).iterdir()) == []


def test_the_digest_is_of_results_not_of_parts_times_or_machines(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    write(one, 0, range(6))
    write(other, 1, range(4, 6), seconds=5.0, command="carousel rerun elsewhere 4")
    write(other, 0, range(4))
    assert table_digest(one) == table_digest(other)
    compact(other)
    assert table_digest(one) == table_digest(other)
    write(other, 1, range(4, 6), drawdown=0.5)
    assert table_digest(one) != table_digest(other)


@pytest.mark.parametrize("changed", [{"cash": 10**15 + 1}, {"regime": None}, {"regime": ""}, {"growth": 0.5}])
def test_the_digest_sees_every_change_of_a_result(tmp_path, changed):
    write(tmp_path, 0, [1])
    before = table_digest(tmp_path)
    write(tmp_path, 0, [1], **({"cash": 10**15 + 2} if "cash" in changed else changed))
    assert table_digest(tmp_path) != before


def test_a_part_that_was_done_again_after_a_compaction_counts_with_its_new_rows(tmp_path):
    for chunk in range(3):
        write(tmp_path, chunk, range(3 * chunk, 3 * chunk + 3))
    compact(tmp_path)
    write(tmp_path, 1, range(3, 6), regime="default")
    write(tmp_path, 3, range(9, 12))
    runs = read_runs(tmp_path)
    assert runs["run"].tolist() == list(range(12))
    assert runs["regime"].tolist() == ["stall"] * 3 + ["default"] * 3 + ["stall"] * 6


def test_a_compacted_table_is_read_without_its_parts(tmp_path, monkeypatch):
    for chunk in range(3):
        write(tmp_path, chunk, [chunk])
    before = read_runs(tmp_path)
    compact(tmp_path)
    write(tmp_path, 3, [3])
    opened, read = [], pq.read_table
    monkeypatch.setattr(store.pq, "read_table", lambda path, **other: opened.append(path.name) or read(path, **other))
    runs = read_runs(tmp_path)
    assert opened == ["part-000003.parquet"]
    pd.testing.assert_frame_equal(runs[:3], before)
    assert read_runs(tmp_path, ["seed"])["seed"].tolist() == [0, 1, 2, 3]


def test_without_a_part_there_is_nothing_to_read(tmp_path):
    for read in (read_runs, read_series, compact, table_digest):
        with pytest.raises(FileNotFoundError, match="yet"):
            read(tmp_path)

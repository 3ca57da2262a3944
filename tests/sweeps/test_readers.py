"""Whoever reads while others write, do chunks again, compact or are killed finds every finished run exactly once."""

from __future__ import annotations

import os
import time

import pandas as pd
import pyarrow.parquet as pq
import pytest
from carousel.experiments.sweeps.parts import PARTIAL, PartKind, clear_partials, part_path
from carousel.experiments.sweeps.store import COMPACTED, compact, read_runs, read_series, table_digest
from carousel.tests.sweeps.busy import CHUNKS, RUNS, compacts, kill, runs_of, start, writes
from carousel.tests.sweeps.test_parts import write


def opened_once(folder):
    """The compacted file through one open file: by its path pandas opens it twice, and may meet two files."""
    with open(folder / COMPACTED, "rb") as file:
        return pd.read_parquet(file)


READERS = {
    "read_runs": read_runs,
    "pandas": lambda folder: pd.read_parquet(folder / "runs"),
    "compacted": opened_once,
}


@pytest.fixture
def busy(tmp_path):
    """A folder in which one process writes and another compacts, over and over."""
    others = [start(writes, tmp_path), start(compacts, tmp_path)]
    yield tmp_path
    for process in others:
        kill(process)


def finished_chunks(folder):
    return [chunk for chunk in range(CHUNKS) if part_path(folder, PartKind.RUNS, chunk).exists()]


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_whole_files_and_what_can_be_cleared(tmp_path):
    whole = tmp_path / "whole"
    for chunk in range(CHUNKS):
        write(whole, chunk, runs_of(chunk))
    killed = tmp_path / "killed"
    for trial in range(6):
        others = [start(writes, killed), start(compacts, killed)]
        time.sleep(0.03 + 0.11 * trial)
        for process in others:
            kill(process)
        told = finished_chunks(killed)
        runs = read_runs(killed)["run"].tolist()
        assert runs == [run for chunk in told for run in runs_of(chunk)]
        for path in killed.rglob("*.parquet"):
            if PARTIAL not in path.parts:
                pq.read_table(path)
        clear_partials(killed)
        assert os.listdir(killed / PARTIAL) == []
    for chunk in range(CHUNKS):
        write(killed, chunk, runs_of(chunk))
    assert table_digest(killed) == table_digest(whole)
    compact(killed)
    assert table_digest(killed) == table_digest(whole)


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_meets_no_half_file_no_gap_and_no_duplicate(busy, reader):
    deadline, reads = time.monotonic() + 300, 0
    while reads < 60 and time.monotonic() < deadline:
        before = finished_chunks(busy)
        if reader == "compacted":
            if not (busy / COMPACTED).exists():
                continue
            before = []  # it has what was there when its compaction began
        runs = READERS[reader](busy)["run"].tolist()
        assert len(set(runs)) == len(runs)
        assert {run // RUNS for run in runs} >= set(before)
        assert len(runs) == RUNS * len({run // RUNS for run in runs})
        reads += 1
    assert reads > 10


def test_a_run_that_is_told_has_its_series(busy):
    for _ in range(20):
        runs = read_runs(busy)["run"]
        assert set(runs) <= set(read_series(busy, ["cash"])["run"])

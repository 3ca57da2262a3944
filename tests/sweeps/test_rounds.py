"""Sweeps whose later runs depend on earlier ones: the same table by one process, by two, and by who was killed."""

from __future__ import annotations

import signal
import subprocess
import sys

import pandas as pd
import pytest
from carousel.experiments.sweeps.begin import begin_or_resume
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.design_table import next_round
from carousel.experiments.sweeps.driver import run_sweep
from carousel.experiments.sweeps.folder import SweepFolder
from carousel.experiments.sweeps.rounds import plain_row
from carousel.experiments.sweeps.store import read_runs, table_digest
from carousel.experiments.sweeps.sweep_faults import validated
from carousel.experiments.sweeps.worker import do_chunk
from carousel.tests.sweeps import poison

AXIS = "contract_log_odds"
SAID = {
    "scenario": "ai-2025",
    "days": 5,
    "holders": 300,
    "outcomes": ["turned", "circle_value"],
    "design": {"kind": "boundary", "outcome": "turned", "level": 0.5, "start": [3], "finest": [17]},
    "replications": {"at_least": 8, "at_most": 32, "until": {"outcome": "turned", "half_width": 0.2}},
    "vary": {AXIS: {"low": -4.0, "high": 4.0}},
}
DRIVER = """
import os
import signal
import sys
import threading
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.driver import run_sweep
from carousel.tests.sweeps import poison, test_rounds
def tell(now):
    if now.round == 1:
        threading.Timer(0.05, os.killpg, (0, signal.SIGKILL)).start()
if __name__ == "__main__":
    asked = test_rounds.validated(test_rounds.SAID, "sweep")
    run_sweep(asked, sys.argv[1], hands=Hands(workers=int(sys.argv[2])), tell=tell, measure=poison.above_a_line)
"""
"""Kills itself and its workers once its second round has begun: nobody else could come too late."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The sweep's folder when this process does every round as one chunk."""
    asked, folder = validated(SAID, "sweep"), tmp_path_factory.mktemp("alone") / "s"
    with SweepFolder(folder) as held:
        start = begin_or_resume(held, asked, poison.above_a_line)
        design = new = start.rows
        while new is not None:
            rows = [plain_row(row) for row in new.to_dict("records")]
            do_chunk(start.job, int(new["round"].iloc[0]), rows, str(held.path))
            new = next_round(asked, design, read_runs(folder))
            design = design if new is None else pd.concat([design, new], ignore_index=True)
    return folder


def killed_in_the_middle(folder, workers):
    """Start a driver, which is killed with its workers in its second round; the rounds laid out by then."""
    program = folder.with_name("driver.py")
    program.write_text(DRIVER)
    process = subprocess.Popen([sys.executable, str(program), str(folder), str(workers)], start_new_session=True)
    assert process.wait() == -signal.SIGKILL
    return int(pd.read_parquet(folder / "design.parquet", columns=["round"])["round"].max())


def test_a_boundary_that_is_looked_at_until_it_is_sure_takes_several_rounds(alone):
    runs = read_runs(alone)
    assert (runs["status"] == "ok").all()
    assert runs["round"].max() >= 3
    assert len(set(runs.groupby("point")["run"].count())) > 1
    shares = runs.groupby(AXIS)["turned"].mean()
    assert 3 < len(shares) < 17
    assert shares.iloc[0] < 0.5 <= shares.iloc[-1]


@pytest.mark.slow
@pytest.mark.parametrize(("before", "after"), [(2, 1), (1, 2)])
def test_a_sweep_of_rounds_killed_and_resumed_has_the_table_of_a_single_process(alone, tmp_path, before, after):
    laid = killed_in_the_middle(tmp_path / "s", before)
    assert 1 <= laid < read_runs(alone)["round"].max()
    done = len(read_runs(tmp_path / "s"))
    assert done < len(read_runs(alone))
    asked = validated(SAID, "sweep")
    run_sweep(asked, tmp_path / "s", hands=Hands(workers=after), measure=poison.above_a_line)
    assert table_digest(tmp_path / "s") == table_digest(alone)

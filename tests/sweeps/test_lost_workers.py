"""Sweeps whose worker processes die or leave: who fails fails alone, and who is lost is replaced."""

from __future__ import annotations

import pytest
from carousel.experiments.runner.cluster import CLUSTER_SETTINGS
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.driver import run_sweep
from carousel.experiments.sweeps.status import State
from carousel.experiments.sweeps.store import read_runs
from carousel.tests.sweeps import poison

ONE, TWO = Hands(workers=1), Hands(workers=2)


@pytest.mark.slow
@pytest.mark.parametrize("hands", [ONE, TWO])
def test_a_run_that_raises_dies_hangs_or_eats_memory_fails_alone(tmp_path, hands):
    limits = {"seconds_per_run": 5.0, "memory_mb_per_run": 200.0}
    result = run_sweep(poison.asked(24, limits=limits), tmp_path / "s", hands=hands, measure=poison.deadly)
    runs = read_runs(tmp_path / "s").set_index("seed")
    bad = runs[runs["status"] != "ok"]
    assert dict(bad["status"]) == {
        poison.RAISES: "failed",
        poison.KILLS_ITSELF: "killed",
        poison.HANGS: "timed-out",
        poison.EATS: "out-of-memory",
    }
    assert result.progress.state is State.DONE
    assert (result.progress.done, result.progress.failed) == (24, 4)
    assert bad["drawdown"].isna().all()
    assert bad["exception"].str.contains("planted|SIGKILL|ended in deadly|more memory").all()
    assert bad["command"].tolist() == [f"python run.py rerun {tmp_path / 's'} {run}" for run in bad["run"]]
    good = runs.drop(bad.index)
    assert good["drawdown"].tolist() == [seed / 7 for seed in good.index]


@pytest.mark.slow
@pytest.mark.parametrize("measure", [poison.deaf, poison.leaving])
def test_a_worker_that_closes_in_the_middle_of_a_run_is_replaced(tmp_path, measure, monkeypatch):
    """As one does whose heartbeat has found no memory, or that is too slow to come back on a busy machine."""
    monkeypatch.setitem(CLUSTER_SETTINGS, "distributed.deploy.lost-worker-timeout", "1s")
    result = run_sweep(poison.asked(12), tmp_path / "s", hands=ONE, measure=measure)
    assert (result.progress.done, result.progress.failed) == (12, 0)

"""A scheduler and workers that were started by hand: the same table, also when one of them dies or is a stranger."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import carousel
import pytest
from carousel.experiments.runner.cluster import NoCluster
from carousel.experiments.sweeps.crew import Hands
from carousel.experiments.sweeps.driver import run_sweep
from carousel.experiments.sweeps.store import read_runs, table_digest
from carousel.tests.sweeps import poison
from distributed import Client

RUNS = 120
WAIT_SECONDS = 300
"""Who has not come by then comes no more; no claim is about time."""


@pytest.fixture
def started():
    """Starts dask's own programs as a user would, and ends them afterwards."""
    processes = []

    def start(*arguments, **more):
        environment = os.environ | {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"} | more
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            start_new_session=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def scheduler(started):
    """The address of a scheduler on this machine."""
    process = started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    for line in process.stdout:
        if found := re.search(r"Scheduler at:\s+(tcp://\S+)", line):
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return found[1]
    raise AssertionError("no scheduler")


def worker(started, scheduler, *more, **environment):
    """One worker with one thread."""
    process = started("worker", scheduler, "--nthreads", "1", "--no-dashboard", *more, **environment)
    threading.Thread(target=process.stdout.read, daemon=True).start()
    return process


def come(scheduler, workers):
    """Wait until so many workers have come."""
    with Client(scheduler, timeout=WAIT_SECONDS) as client:
        client.wait_for_workers(workers, timeout=WAIT_SECONDS)


@pytest.fixture(scope="module")
def locally(tmp_path_factory):
    """Digest of the table that two processes of this machine make."""
    folder = tmp_path_factory.mktemp("locally") / "s"
    run_sweep(poison.asked(RUNS), folder, hands=Hands(workers=2), measure=poison.slow)
    return table_digest(folder)


@pytest.mark.slow
@pytest.mark.parametrize("gather", [False, True])
def test_a_sweep_survives_the_loss_of_a_worker_with_the_same_table(started, scheduler, locally, tmp_path, gather):
    workers = [worker(started, scheduler, "--no-nanny") for _ in range(2)]
    come(scheduler, 2)
    seen = []

    def tell(now):
        seen.append(now)
        if now.done and workers[0].poll() is None:
            os.killpg(workers[0].pid, signal.SIGKILL)
            workers[0].wait()

    hands = Hands(cluster=scheduler, gather=gather)
    result = run_sweep(poison.asked(RUNS), tmp_path / "s", hands=hands, tell=tell, measure=poison.slow)
    assert workers[0].poll() == -signal.SIGKILL
    assert any(now.done < RUNS for now in seen if now.done)
    assert (result.progress.done, result.progress.failed) == (RUNS, 0)
    assert table_digest(tmp_path / "s") == locally


@pytest.mark.slow
def test_a_worker_that_differs_is_refused_and_the_other_does_all(started, scheduler, locally, tmp_path):
    beside = shutil.ignore_patterns(".*", "docs", "build", "__pycache__", "tests", "carousel")
    shutil.copytree(Path(carousel.__file__).parent, tmp_path / "other" / "carousel", ignore=beside)
    shutil.copytree(Path(__file__).parent, tmp_path / "other" / "carousel" / "tests" / "sweeps")
    (tmp_path / "other" / "carousel" / "ledger" / "planted.py").touch()
    stranger = worker(started, scheduler, "--no-nanny", PYTHONPATH=str(tmp_path / "other"))
    come(scheduler, 1)
    differs = r"no worker can work on this sweep: tcp://.* differs from .*: (commit is .*; )?sources is"
    with pytest.raises(NoCluster, match=differs):
        run_sweep(poison.asked(RUNS), tmp_path / "s", hands=Hands(cluster=scheduler), measure=poison.slow)
    assert stranger.poll() is None
    worker(started, scheduler, "--no-nanny")
    come(scheduler, 2)
    run_sweep(poison.asked(RUNS), tmp_path / "s", hands=Hands(cluster=scheduler), measure=poison.slow)
    assert table_digest(tmp_path / "s") == locally


def test_nobody_at_an_address_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("carousel.experiments.runner.cluster.PATIENCE_SECONDS", 2)
    with pytest.raises(NoCluster, match=r"--cluster: came 'tcp://127.0.0.1:9'"):
        run_sweep(poison.asked(4), tmp_path / "s", hands=Hands(cluster="tcp://127.0.0.1:9"), measure=poison.quick)


@pytest.mark.slow
def test_parts_of_a_poisoned_run_travel_too(started, scheduler, tmp_path):
    """Without a shared folder, and with workers that start anew after a death."""
    worker(started, scheduler, "--nworkers", "1", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    come(scheduler, 1)
    sweep = poison.asked(12, limits={"seconds_per_run": 5.0, "memory_mb_per_run": 400.0})
    run_sweep(sweep, tmp_path / "s", hands=Hands(cluster=scheduler, gather=True), measure=poison.deadly)
    bad = read_runs(tmp_path / "s").query("status != 'ok'")
    assert dict(zip(bad["seed"], bad["status"], strict=True)) == {
        poison.RAISES: "failed",
        poison.KILLS_ITSELF: "killed",
        poison.HANGS: "timed-out",
    }

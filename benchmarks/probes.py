"""What needs processes of its own: memory of a holder, digests under other settings, throughput of two workers."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from carousel.benchmarks.trading_day import with_threads
from carousel.benchmarks.worlds import grown, without_households
from carousel.experiments.runner.runs import FailedRun, map_runs
from carousel.history.choice import Choice
from carousel.history.recorder import Recorder
from carousel.history.sinks import ParquetSink
from carousel.model import CarouselModel, run

MEMORY_DAYS = 5
STATUS = Path("/proc/self/status")


def in_fresh_process(call: str, **environment: str) -> Any:
    """The result (plain JSON) of one call of a function of this module, such as `peak_bytes(1000)`, in a new process.

    Raises: RuntimeError with its last line of error if the process fails.
    """
    code = f"import json; from carousel.benchmarks import probes; print(json.dumps(probes.{call}))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{call} failed: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def peak_bytes(holders: int) -> int:
    """Largest resident memory of a model with so many holders over its building and first days; 0: no households.

    All code is loaded before, by a small model, and the process's high-water mark is put back to where it then is.
    """
    run(CarouselModel(grown(holders=1000, days=MEMORY_DAYS), rng=0))
    Path("/proc/self/clear_refs").write_text("5")
    world = grown(holders=holders, days=MEMORY_DAYS) if holders else without_households(days=MEMORY_DAYS)
    run(CarouselModel(world, rng=0))
    return 1024 * int(next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM")).split()[1])


def bytes_per_holder(holders: int) -> float:
    """Peak memory of a run with holders above that of the same run without, per holder; each in a fresh process."""
    with_holders, without = (in_fresh_process(f"peak_bytes({n})") for n in (holders, 0))
    return float(with_holders - without) / holders


def digest_of(holders: int, days: int, threads: int) -> str:
    """Digest of the whole history of a run computed by so many threads."""
    model = CarouselModel(grown(holders=holders, days=days), rng=0, **with_threads(threads))
    recorder = Recorder(model)
    model.observers.append(recorder)
    run(model)
    return recorder.finish()


def state_of(holders: int, days: int, *, recorded: bool) -> str:
    """SHA-256 of books and holders at the end of a run, watched by a recorder that writes files or by nobody."""
    model = CarouselModel(grown(holders=holders, days=days), rng=0)
    with tempfile.TemporaryDirectory() as folder:
        if recorded:
            recorder = Recorder(model, ParquetSink(Path(folder)), Choice(also=("holders_changed", "fills")))
            model.observers.append(recorder)
        run(model)
        if recorded:
            recorder.finish()
    assert model.cast.holders is not None
    whole = hashlib.sha256()
    for name, array in sorted({**model.books.export_state(), **model.cast.holders.arrays()}.items()):
        whole.update(f"{name} {array.dtype} {array.shape}".encode())
        whole.update(np.ascontiguousarray(array).tobytes())
    return whole.hexdigest()


def digests_equal_by_threads(holders: int, days: int) -> tuple[bool, str]:
    """Whether one and two threads give one digest, and what was compared.

    Where the model has no threads of its own, those of the libraries below it (BLAS, numba) are compared.
    """
    try:
        with_threads(2)
        counts, what = (1, 2), "the model's threads"
    except ValueError:
        counts, what = (1, 1), "threads of holders' kernels and of the libraries, by environment"
    found = {
        in_fresh_process(
            f"digest_of({holders}, {days}, {count})",
            OMP_NUM_THREADS=str(libraries),
            OPENBLAS_NUM_THREADS=str(libraries),
            NUMBA_NUM_THREADS="2",
            CAROUSEL_THREADS=str(libraries),
        )
        for libraries, count in zip((1, 2), counts, strict=True)
    }
    return len(found) == 1, what


def complete_run(seed: int, holders: int, days: int) -> float:
    """One complete run as a sweep makes it; returns the market value of the circle at its end."""
    return float(run(CarouselModel(grown(holders=holders, days=days), rng=seed)).prices.circle_values_usd[-1])


def runs_per_second(workers: int, runs: int, *, holders: int, days: int) -> float:
    """Throughput of complete runs on worker processes, from when all workers are warm to the last result.

    Raises: RuntimeError if a run failed.
    """
    warm = 3 * workers
    seen: list[float] = []
    cases = [{"seed": seed, "holders": holders, "days": days} for seed in range(warm + runs)]
    results = map_runs(complete_run, cases, workers=workers, tell=lambda _done, _of: seen.append(time.perf_counter()))
    for result in results:
        if isinstance(result, FailedRun):
            raise RuntimeError(f"a run failed: {result.error}")
    return runs / (seen[-1] - seen[warm - 1])

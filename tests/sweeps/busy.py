"""Who writes and compacts a sweep's folder over and over, each in a process of its own, until it is killed."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path

from carousel.experiments.sweeps.store import compact
from carousel.tests.sweeps.test_parts import write

CHUNKS, RUNS = 30, 4
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload([__name__])
"""Loads this file once: the processes that it starts begin at once."""


def runs_of(chunk):
    """Numbers of a chunk's runs."""
    return range(RUNS * chunk, RUNS * chunk + RUNS)


def writes(folder, begun):
    """Every chunk, then every chunk again and again with files of other lengths."""
    for chunk in range(CHUNKS):
        write(folder, chunk, runs_of(chunk))
        begun.set()
    for attempt in itertools.count(2):
        for chunk in range(CHUNKS):
            write(folder, chunk, runs_of(chunk), command="x" * (attempt * 37 % 500))


def compacts(folder, begun):
    """What is there into one file, again and again."""
    begun.set()
    while True:
        with contextlib.suppress(FileNotFoundError):
            compact(folder)


def start(work, folder: Path) -> BaseProcess:
    """A process that has begun its work."""
    begun = _SERVER.Event()
    process = _SERVER.Process(target=work, args=(folder, begun))
    process.start()
    assert begun.wait(300)
    return process


def kill(process: BaseProcess) -> None:
    """End it in the middle."""
    process.kill()
    process.join()

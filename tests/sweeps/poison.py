"""Runs that are quick, or deadly: what stands in for a world in the tests of who runs it."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
from carousel.experiments.sweeps.run_world import Measured, run_world
from carousel.experiments.sweeps.sweep_faults import validated
from distributed import Worker

RAISES, KILLS_ITSELF, HANGS, EATS = 3, 7, 11, 17
"""Seeds of runs that end badly."""


def asked(seeds: int, **more):
    """A sweep of one world and many seeds."""
    said = {
        "scenario": "joke",
        "outcomes": ["drawdown"],
        "replications": {"number": seeds},
        "limits": {"seconds_per_run": 20.0, "memory_mb_per_run": 400.0},
    }
    return validated(said | more, "sweep")


def quick(scenario, seed, outcomes, series):
    """A run of a few milliseconds whose outcomes follow from its seed."""
    time.sleep(0.005)
    return Measured(dict.fromkeys(outcomes, seed / 7), {name: np.arange(3) + seed for name in series}, f"{seed:064x}")


def slow(scenario, seed, outcomes, series):
    """A run of 50 milliseconds."""
    time.sleep(0.045)
    return quick(scenario, seed, outcomes, series)


def deadly(scenario, seed, outcomes, series):
    """A quick run, but for the seeds that raise, kill their process, hang or eat memory."""
    if seed == RAISES:
        raise ZeroDivisionError("planted")
    if seed == KILLS_ITSELF:
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == HANGS:
        time.sleep(600)
    if seed == EATS:
        eaten = []
        while True:
            eaten.append(np.empty(10**6))  # asked for is what counts, and takes no time
    return quick(scenario, seed, outcomes, series)


def misshapen(scenario, seed, outcomes, series):
    """A quick run, but for the seeds whose value fits no column: a text, a number too large, a series of words."""
    found = quick(scenario, seed, outcomes, series)
    if seed == RAISES:
        return Measured({"drawdown": "deep"}, found.tracks, found.digest)
    if seed == KILLS_ITSELF:
        return Measured({"drawdown": 10**400}, found.tracks, found.digest)
    if seed == HANGS:
        return Measured(found.scalars, dict.fromkeys(series, np.array(["a", "b"])), found.digest)
    return found


def hanging(scenario, seed, outcomes, series):
    """A run that hangs when its seed is HANGS."""
    return deadly(scenario, seed if seed == HANGS else 0, outcomes, series)


def failing(scenario, seed, outcomes, series):
    """A run that always fails, with another number each time."""
    raise ValueError(f"no root at {seed}.5")


def mended(mended_when_there, scenario, seed, outcomes, series):
    """A run that fails as long as there is no file of that name."""
    if seed == RAISES and not mended_when_there.exists():
        raise ZeroDivisionError("planted")
    return quick(scenario, seed, outcomes, series)


def other(scenario, seed, outcomes, series):
    """A quick run that comes to other numbers than `quick` says."""
    return Measured(dict.fromkeys(outcomes, -1.0), {}, f"{seed:064x}")


def deaf(scenario, seed, outcomes, series):
    """A run in which its worker closes as one does whose heartbeat finds no memory, when its seed is KILLS_ITSELF."""
    return leaving(scenario, seed, outcomes, series, "worker-heartbeat-error")


def leaving(scenario, seed, outcomes, series, reason="worker-close"):
    """A run in which its worker closes for good, when its seed is KILLS_ITSELF."""
    if seed == KILLS_ITSELF and (workers := list(Worker._instances)):
        workers[0].loop.add_callback(workers[0].close, executor_wait=False, reason=reason)
        time.sleep(2.0)
    return quick(scenario, seed, outcomes, series)


def sleeps(seconds):
    """Does nothing for that long."""
    time.sleep(seconds)


LINE_CENTS = 5.6e14


def above_a_line(scenario, seed, outcomes, series):
    """A real run that has turned if its circle ends above a line."""
    found = run_world(scenario, seed, outcomes, series)
    turned = int(found.scalars["circle_value"] > LINE_CENTS)
    return Measured({**found.scalars, "turned": turned}, found.tracks, found.digest)

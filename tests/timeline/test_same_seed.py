"""The same scenario and seed give the same history, digit by digit, in any process; another seed gives another."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from carousel.history.recorder import Recorder
from carousel.model import CarouselModel
from carousel.timeline import operate

DAYS, HOLDERS, SEED = 45, 240, 11
SCRIPT = """
import hashlib, json, sys
import numpy as np
from carousel.history.recorder import Recorder
from carousel.model import CarouselModel
days, holders, seed = (int(word) for word in sys.argv[1:])
model = CarouselModel("ai-2025", rng=seed, days=days, holders=holders)
recorder = Recorder(model)
model.observers.append(recorder)
history = hashlib.sha256()
while model.running:
    model.step()
    history.update(np.ascontiguousarray(model.books.last.entries, "<i8").tobytes())
    history.update(np.ascontiguousarray(model.prices.price_cents, "<i8").tobytes())
print(json.dumps([history.hexdigest(), recorder.finish(), len({"a", "b", "c"}), hash("carousel")]))
"""


def digests(seed):
    """SHA-256 over each day's entries and prices, and the recorder's over the whole history, here."""
    model = CarouselModel("ai-2025", rng=seed, days=DAYS, holders=HOLDERS)
    recorder = Recorder(model)
    model.observers.append(recorder)
    history = hashlib.sha256()
    while model.running:
        model.step()
        history.update(np.ascontiguousarray(model.books.last.entries, "<i8").tobytes())
        history.update(np.ascontiguousarray(model.prices.price_cents, "<i8").tobytes())
    return history.hexdigest(), recorder.finish()


@pytest.fixture(scope="module")
def here():
    return digests(SEED)


@pytest.fixture(scope="module")
def elsewhere():
    """The same run in two other processes whose texts hash differently."""
    found = []
    for hash_seed in ("0", "20250909"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(DAYS), str(HOLDERS), str(SEED)],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        found.append(json.loads(done.stdout))
    return found


def test_the_same_seed_gives_the_same_entries_and_prices_in_every_process(here, elsewhere):
    assert [run[0] for run in elsewhere] == [here[0]] * 2


def test_the_same_seed_gives_the_same_digest_of_the_recorded_history(here, elsewhere):
    assert [run[1] for run in elsewhere] == [here[1]] * 2
    assert len(here[1]) == 64


def test_the_processes_did_hash_texts_differently(elsewhere):
    assert elsewhere[0][3] != elsewhere[1][3]


def test_another_seed_gives_another_history(here):
    other = digests(SEED + 1)
    assert other[0] != here[0]
    assert other[1] != here[1]


def test_one_cent_more_gives_another_digest(here, monkeypatch):
    """The digest is of the history, not of the seed alone."""
    collect = operate.collect

    def one_cent_more(world, source, receiver, cents, cause):
        collect(world, source, receiver, cents + (world.clock.day == 30), cause)

    monkeypatch.setattr(operate, "collect", one_cent_more)
    changed = digests(SEED)
    assert changed[0] != here[0]
    assert changed[1] != here[1]

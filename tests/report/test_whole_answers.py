"""What a whole answer holds at its edges: events of the first and the last day, and how long a run took."""

from __future__ import annotations

import json
from types import SimpleNamespace

from carousel.report import store, whole_run
from carousel.report.answer import assemble
from carousel.scenarios.loader import load
from carousel.tests.conftest import all_tables, frame


def test_strains_of_a_circle_that_did_not_turn_are_told_from_the_first_day_to_the_last():
    events = [(day, "round_failed", f"Lab {day}", "", 10 + day, "no money") for day in (0, 1, 62, 63)]
    answer = assemble(
        all_tables() | {"events": frame("events", events)}, load("ai-2025"), seed=3, tracing="pro-rata", planned_mw=None
    )
    assert answer.measures["regime"] == "stall"
    assert [(link["day"], link["cents"]) for link in answer.measures["turning_chain"]] == [
        (0, 10), (1, 11), (62, 72), (63, 73),
    ]  # fmt: skip


def test_a_manifest_says_to_the_millisecond_how_long_it_took(tmp_path, monkeypatch):
    times = iter((1e9 + 1.23449, 1e9 + 3.00045))
    monkeypatch.setattr(whole_run, "time", SimpleNamespace(time=lambda: 1e9))
    monkeypatch.setattr(store, "time", SimpleNamespace(time=lambda: next(times)))
    whole_run.run("joke", out=tmp_path / "joke")
    manifest = json.loads((tmp_path / "joke" / "manifest.json").read_text())
    assert manifest["timings"] == {"simulate_seconds": 1.234, "write_seconds": 1.766}

"""What a whole answer holds at its edges: events of the first and the last day, and how long a run took."""

from __future__ import annotations

import json
from types import SimpleNamespace

from carousel.report import store, whole_run
from carousel.report.answer import assemble
from carousel.scenarios.loader import load
from carousel.tests.conftest import all_tables, frame
from carousel.tests.report.test_answer_clearing import debts_only


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


def test_a_whole_run_is_watched_from_its_first_day_to_its_last():
    scenario = debts_only([("A", "B", 5.0, 1), ("B", "A", 3.0, 4)], cash={"A": 5.0}, days=4)
    paid = whole_run.run(scenario)["journal"]
    assert list(zip(paid["day"], paid["payer"], paid["payee"], paid["cents"], strict=True)) == [
        (0, "A, legacy earnings", "A", 500), (1, "A", "B", 500), (4, "B", "A", 300),
    ]  # fmt: skip

"""A whole run through the command line with a fake market: what is written, and what is left when it breaks."""

from __future__ import annotations

import json
import sys
from types import ModuleType

import pyarrow.parquet as pq
import pytest
from carousel.cli.endings import run_command
from carousel.history.recorder import Recorder
from carousel.history.sinks import read_tables
from carousel.history.tables import TABLES
from carousel.report.store import answer_of, commit, versions


@pytest.fixture
def fake_market(hand_made, monkeypatch, tmp_path):
    """Puts the fake model in the place of the real one; the returned list holds what a day does besides."""
    hooks = []

    def build(scenario, *, rng, tracing):
        model = hand_made.FakeModel(days=12, scenario=scenario)
        model.clock.seed, model.books.headline_rule = rng, tracing
        model.step_hook = lambda m: [hook(m) for hook in hooks]
        return model

    module = ModuleType("carousel.model")
    module.CarouselModel = build
    monkeypatch.setitem(sys.modules, "carousel.model", module)
    monkeypatch.setattr(sys, "argv", ["run.py", "simulate"])
    monkeypatch.chdir(tmp_path)
    return hooks


def test_a_run_directory_holds_tables_answer_figures_and_manifest(fake_market, tmp_path, capsys):
    assert run_command(["simulate", "--seed", "3", "--no-figures"]) == 0
    folder = tmp_path / "runs" / "ai-2025-seed3"
    assert {p.name for p in folder.iterdir()} == {
        "manifest.json",
        "answer.json",
        "answer.md",
        *(f"{name}.parquet" for name, table in TABLES.items() if table.is_digested),
    }
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["seed"] == 3
    assert manifest["days"] == 12
    assert len(manifest["digest"]) == 64
    assert manifest["digest"][:16] in capsys.readouterr().out
    assert set(manifest) >= {"command", "scenario_text", "scenario_sha256", "versions", "commit", "timings", "started"}
    assert len(read_tables(folder)["journal"]) == 36
    assert pq.ParquetFile(folder / "journal.parquet").metadata.row_group(0).column(6).compression == "LZ4"


def test_the_next_run_of_the_same_name_gets_a_number_and_the_same_digest(fake_market, tmp_path):
    assert run_command(["simulate", "--no-figures", "--quiet"]) == 0
    assert run_command(["simulate", "--no-figures", "--quiet"]) == 0
    one, two = (
        json.loads((tmp_path / "runs" / n / "manifest.json").read_text()) for n in ("ai-2025-seed0", "ai-2025-seed0-2")
    )
    assert one["digest"] == two["digest"]


def test_figures_are_written_on_request(fake_market, tmp_path):
    assert run_command(["simulate", "--out", "mine", "--quiet"]) == 0
    assert len(list((tmp_path / "mine" / "figures").glob("*.png"))) == 6


def test_a_run_that_breaks_says_day_and_reason_ends_with_1_and_leaves_nothing(fake_market, tmp_path, capsys):
    def break_books(model):
        if model.clock.day == 5:
            raise ValueError("a cent is missing")

    fake_market.append(break_books)
    assert run_command(["simulate", "--out", "mine", "--quiet"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "failed on day 5: ValueError: a cent is missing; to repeat: python run.py simulate --out mine" in said
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_run_ends_with_130_and_leaves_nothing(fake_market, tmp_path, capsys):
    def interrupt(model):
        if model.clock.day == 5:
            raise KeyboardInterrupt

    fake_market.append(interrupt)
    assert run_command(["simulate", "--out", "mine", "--quiet"]) == 130
    assert capsys.readouterr().err == "interrupted: nothing was written\n"
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_in_a_few_plain_lines_without_a_terminal(fake_market, capsys):
    assert run_command(["simulate", "--no-figures"]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("day ")]
    assert lines[-1].startswith("day 12 of 12, 2025-09-25")
    assert len(lines) <= 13


def test_headline_parameters_and_key_paths_can_both_be_set(fake_market, tmp_path):
    changes = ["--set", "committed_scale=2", "--set", "lab.OpenAI.revenue_share=0.1"]
    assert run_command(["simulate", "--out", "mine", "--no-figures", "--quiet", *changes]) == 0
    scenario = json.loads(json.loads((tmp_path / "mine" / "manifest.json").read_text())["scenario_text"])
    assert scenario["contract"][0]["capacity_gw"] == 9.0
    assert scenario["lab"][0]["revenue_share"] == 0.1


def test_a_digest_alone_gives_no_answer(hand_made):
    recorder = Recorder(hand_made.FakeModel())
    with pytest.raises(ValueError, match="only the digest"):
        answer_of(recorder._model, recorder)


def test_versions_and_commit_are_known():
    assert set(versions()) == {"carousel", "python", "mesa", "numpy", "numba", "pyarrow"}
    found = commit()
    assert found is None or len(found) == 40

"""A whole run through the command line with a small market: what is written, and what is left when it breaks."""

from __future__ import annotations

import json
import sys
from types import ModuleType

import pytest
from carousel.cli.endings import run_command
from carousel.experiments.worlds import pairs
from carousel.history.recorder import Recorder
from carousel.history.sinks import read_tables
from carousel.history.tables import TABLES
from carousel.model import CarouselModel
from carousel.report.store import answer_of, commit, versions

SMALL = ("--days", "12", "--holders", "250")
WITHOUT_ROWS = ("loans", "loans_daily")
"""Tables that a circle without vendor loans has no row of."""


@pytest.fixture
def small_market(monkeypatch, tmp_path):
    """The returned list holds what a day of a written run does besides."""
    hooks = []

    def build(scenario, *, rng, tracing):
        model = CarouselModel(scenario, rng=rng, tracing=tracing)
        model.observers.append(lambda m: [hook(m) for hook in hooks])
        return model

    assert pairs.CarouselModel is CarouselModel  # what is measured beside has its own
    module = ModuleType("carousel.model")
    module.CarouselModel = build
    monkeypatch.setitem(sys.modules, "carousel.model", module)
    monkeypatch.setattr(sys, "argv", ["run.py", "simulate"])
    monkeypatch.chdir(tmp_path)
    return hooks


def simulated(*options):
    """The status of `simulate` of one small world, of seed 0 where nothing else is said."""
    return run_command(["simulate", *SMALL, *(() if "--seed" in options else ("--seed", "0")), *options])


def test_a_run_directory_holds_tables_answer_figures_and_manifest(small_market, tmp_path, capsys):
    assert simulated("--seed", "3", "--no-figures") == 0
    folder = tmp_path / "runs" / "ai-2025-seed3"
    assert {p.name for p in folder.iterdir()} == {
        "manifest.json",
        "answer.json",
        "answer.md",
        "worlds.parquet",
        "paths.parquet",
        *(f"{name}.parquet" for name, table in TABLES.items() if not table.is_on_request and name not in WITHOUT_ROWS),
    }
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["seed"] == 3
    assert manifest["days"] == 12
    assert len(manifest["digest"]) == 64
    assert manifest["digest"][:16] in capsys.readouterr().out
    assert set(manifest) >= {"command", "scenario_text", "scenario_sha256", "versions", "commit", "timings", "started"}
    assert len(manifest["chain"]) == 13
    assert manifest["kept"]["keep"] == []
    assert read_tables(folder)["journal"]["day"].max() == 12


def test_the_next_run_of_the_same_name_gets_a_number_and_the_same_digest(small_market, tmp_path):
    assert simulated("--no-figures", "--quiet") == 0
    assert simulated("--no-figures", "--quiet") == 0
    one, two = (
        json.loads((tmp_path / "runs" / n / "manifest.json").read_text()) for n in ("ai-2025-seed0", "ai-2025-seed0-2")
    )
    assert one["digest"] == two["digest"]


def test_figures_are_written_on_request(small_market, tmp_path):
    assert simulated("--out", "mine", "--quiet") == 0
    drawn = (tmp_path / "mine" / "figures").glob("*.png")
    assert len([file for file in drawn if not file.name.startswith("worlds-")]) == 6
    assert (tmp_path / "mine" / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_a_run_that_breaks_says_day_and_reason_ends_with_1_and_leaves_nothing(small_market, tmp_path, capsys):
    def break_books(model):
        if model.clock.day == 5:
            raise ValueError("a cent is missing")

    small_market.append(break_books)
    assert simulated("--out", "mine", "--quiet") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "failed on day 5: ValueError: a cent is missing; to repeat: python run.py simulate --days 12" in said
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_run_ends_with_130_and_leaves_nothing(small_market, tmp_path, capsys):
    def interrupt(model):
        if model.clock.day == 5:
            raise KeyboardInterrupt

    small_market.append(interrupt)
    assert simulated("--out", "mine", "--quiet") == 130
    assert capsys.readouterr().err == "interrupted: nothing was written\n"
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_in_a_few_plain_lines_without_a_terminal(small_market, capsys):
    assert simulated("--no-figures") == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("day ")]
    assert lines[-1].startswith("day 12 of 12, 2025-09-25")
    assert len(lines) <= 13


def test_headline_parameters_and_key_paths_can_both_be_set(small_market, tmp_path):
    changes = ["--set", "committed_scale=2", "--set", "lab.OpenAI.revenue_share=0.1"]
    assert simulated("--out", "mine", "--no-figures", "--quiet", *changes) == 0
    scenario = json.loads(json.loads((tmp_path / "mine" / "manifest.json").read_text())["scenario_text"])
    assert scenario["contract"][0]["capacity_gw"] == 9.0
    assert scenario["lab"][0]["revenue_share"] == 0.1


def test_what_is_kept_can_be_chosen_and_changes_neither_answer_nor_digest(small_market, tmp_path, monkeypatch):
    monkeypatch.setattr("carousel.report.figures.draw_all", lambda tables, *_args, **_options: tables["daily"].iloc[0])
    choice = ["--keep", "firms.cash_cents", "--agent", "NVIDIA", "--also", "holders_changed", "--keep-days", "2:9"]
    assert simulated("--out", "all", "--quiet") == 0
    assert simulated("--out", "some", "--quiet", *choice, "--keep-every", "2", "--panel", "5") == 0
    one, two = (json.loads((tmp_path / n / "manifest.json").read_text()) for n in ("all", "some"))
    assert (one["digest"], one["chain"]) == (two["digest"], two["chain"])
    assert (tmp_path / "all" / "answer.json").read_bytes() == (tmp_path / "some" / "answer.json").read_bytes()
    of_worlds = {"worlds", "paths"}
    assert {p.stem for p in (tmp_path / "some").glob("*.parquet")} - of_worlds == {"firms", "holders_changed", "panel"}
    kept = read_tables(tmp_path / "some")
    assert list(kept["firms"]) == ["day", "date", "cash_cents"]
    assert kept["firms"]["day"].tolist() == [2, 4, 6, 8, 9]
    assert kept["panel"].groupby("day").size().to_dict() == {2: 5, 4: 5, 6: 5, 8: 5, 9: 5}
    assert kept["holders_changed"].groupby("day").size()[2] == 250


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--keep", "firm"], "keep is 'firm'; allowed: a table, or a column as table.column; nearest: firms"),
        (["--keep", "firms.cash"], "keep is 'firms.cash'; allowed: a column of firms; nearest: firms.cash_cents"),
        (["--also", "firms"], "also is 'firms'; allowed: panel, holders_changed, fills"),
        (["--also", "panel"], "panel is 0; allowed: as many households as the panel shall have"),
        (["--agent", "NVIDEA"], "agents is 'NVIDEA'; allowed: the name of a firm"),
        (["--keep-days", "x"], "days is 'x'; allowed: FIRST:LAST"),
        (["--keep-days", "9:2"], "first_day is 9; allowed: a day from 0 to 2"),
        (["--keep-every", "0"], "every_days is 0; allowed: 1 and above"),
        (["--panel", "-1"], "panel is -1; allowed: 0 to 100000 households"),
    ],
)
def test_a_wrong_wish_is_refused_in_one_line_before_the_work(small_market, tmp_path, capsys, options, says):
    small_market.append(lambda model: pytest.fail("a day was simulated"))
    assert simulated("--quiet", *options) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert says in said
    assert list(tmp_path.rglob("*")) in ([], [tmp_path / "runs"])


def test_a_digest_alone_gives_no_answer():
    recorder = Recorder(CarouselModel("ai-2025", rng=0, days=2, holders=250))
    with pytest.raises(ValueError, match="only the digest"):
        answer_of(recorder._model, recorder)


def test_versions_and_commit_are_known():
    assert set(versions()) == {"carousel", "python", "mesa", "numpy", "numba", "pyarrow"}
    found = commit()
    assert found is None or len(found) == 40

"""`analyse` on a folder: a report in words, numbers with interval and definition, pictures; also of half a sweep."""

from __future__ import annotations

import json
import re
import tomllib

import numpy as np
import pandas as pd
import pytest
from carousel.cli.endings import run_command
from carousel.tests.sweeps.hand_made_sweeps import design_of, grid, numbers_of, sweep_of, written
from matplotlib.image import imread

WORDS = """question = "What if the letter is halved?"
[replications]
compare_with = "as announced"
"""
LONG = "a binding contract that nobody may leave before 2030"
MAP = """question = "Where does it turn?"
[design]
kind = "boundary"
outcome = "turned"
[vary.growth]
low = 0
high = 2
[vary.size]
low = 0.1
high = 10
scale = "log"
"""


def rule(row, rng):
    luck, shift = rng.normal(), 0.0 if row["case"] == "as announced" else -0.5
    return {"turned": int(luck > 0), "market_value.NVIDIA": int(1e14 * (luck + shift)), "regime": "stall"}


def folder_of(path, **more):
    design = design_of([{}], cases=("as announced", LONG), replications=6)
    days = np.arange(5, dtype=np.int32)
    tracks = [pd.DataFrame({"run": r, "day": days, "cash.OpenAI": -1e11 * days}) for r in design["run"]]
    return written(sweep_of(tomllib.loads(WORDS), design, rule, **more), path / "sweep", WORDS, pd.concat(tracks))


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    folder = folder_of(tmp_path_factory.mktemp("analysed"), failed=[2])
    assert run_command(["analyse", str(folder)]) == 0
    return folder / "analysis"


def test_the_report_begins_with_the_question_the_runs_and_the_failures(analysed):
    first = (analysed / "report.md").read_text(encoding="utf-8").splitlines()
    assert first[0] == "# What if the letter is halved?"
    assert first[2] == "12 of 12 runs have ended, 1 of them failed and count in no number."
    assert first[4].startswith(f"- {LONG} against «as announced», same luck: market_value.NVIDIA is lower")


def test_every_number_has_an_interval_a_definition_and_what_it_is_of(analysed):
    numbers = numbers_of(analysed / "report.json")
    found = numbers[f"market_value.NVIDIA, {LONG} less as announced"]
    assert found["value"] == pytest.approx(-0.5e14, rel=1e-12)
    assert found["low"] <= found["value"] <= found["high"]
    assert found["unit"] == "US cents"
    assert all(n["definition"] for n in numbers.values())


def test_what_is_left_out_is_named_with_its_reason(analysed):
    left = json.loads((analysed / "report.json").read_text(encoding="utf-8"))["left_out"]
    reasons = {each["method"]: each["reason"] for each in left}
    assert reasons["Sobol indices"] == "needs a sobol design, and this is a grid"
    assert reasons["phase map"] == "needs two axes of numbers, and here 0 vary"


def test_every_picture_is_in_the_report_and_not_blank(analysed):
    report = (analysed / "report.md").read_text(encoding="utf-8")
    pictures = list((analysed / "figures").glob("*.png"))
    assert {p.stem for p in pictures} >= {"paired-market_value.NVIDIA", "points-market_value.NVIDIA", "fan-cash.OpenAI"}
    for picture in pictures:
        assert f"figures/{picture.name}" in report
        image = imread(picture)
        assert image.shape[1] == 1200
        assert image[..., :3].std() > 0.02


def test_a_second_analysis_stands_beside_the_first_and_a_sweep_half_done_says_so(tmp_path, capsys):
    folder = folder_of(tmp_path)
    (folder / "runs" / "part-000001.parquet").unlink()
    for _ in range(2):
        assert run_command(["analyse", str(folder), "--outcome", "turned"]) == 0
    assert (folder / "analysis-2" / "report.md").is_file()
    assert "The sweep is not finished: 6 runs are missing." in capsys.readouterr().out


def test_what_differs_is_said_first_and_what_does_not_has_no_picture(tmp_path, capsys):
    def same(row, rng):
        return {"turned": 0, "drawdown": 0.1 + 0.1 * (row["case"] == LONG) + rng.random() / 10}

    design = design_of([{}], cases=("as announced", LONG), replications=6)
    folder = written(sweep_of(tomllib.loads(WORDS), design, same), tmp_path / "sweep", WORDS)
    assert run_command(["analyse", str(folder)]) == 0
    told = capsys.readouterr().out
    assert 0 < told.index("drawdown is higher in 6 of 6 pairs") < told.index("turned is the same in each of 6 pairs")
    pictures = {p.stem for p in (folder / "analysis" / "figures").iterdir()}
    assert "paired-drawdown" in pictures
    assert "paired-turned" not in pictures


def test_one_of_anything_is_said_as_one(tmp_path, capsys):
    design = design_of([{}], cases=("as announced", LONG), replications=1)
    folder = written(sweep_of(tomllib.loads(WORDS), design, rule), tmp_path / "sweep", WORDS)
    (folder / "runs" / "part-000001.parquet").unlink()
    assert run_command(["analyse", str(folder)]) == 0
    whole = sweep_of({}, design_of([{}], replications=1), rule)
    assert run_command(["analyse", str(written(whole, tmp_path / "one", ""))]) == 0
    told = capsys.readouterr().out
    told += (folder / "analysis" / "report.md").read_text() + (tmp_path / "one" / "analysis" / "report.md").read_text()
    assert "1 run is missing" in told
    assert not re.search(r"(?<![\d.,])1 (runs|pairs|worlds|points|cases|axes|seeds|replications|days|are|have)\b", told)


def test_an_analysis_that_is_interrupted_says_so_in_one_line_and_leaves_nothing(tmp_path, capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    folder = folder_of(tmp_path)
    monkeypatch.setattr("carousel.experiments.sweeps.analysis.report.markdown", interrupted)
    before = {p.name for p in folder.iterdir()}
    assert run_command(["analyse", str(folder), "--outcome", "turned"]) == 130
    assert capsys.readouterr().err == "interrupted: nothing was written\n"
    assert {p.name for p in folder.iterdir()} == before


def test_a_map_is_drawn_with_its_line_in_ratios(tmp_path):
    def turned(row, rng):
        return {"turned": int(1 - row["growth"] - 0.4 * np.log(row["size"]) + rng.normal(0, 0.3) > 0)}

    points = grid(growth=np.linspace(0, 2, 5), size=np.geomspace(0.1, 10, 5))
    folder = written(sweep_of(tomllib.loads(MAP), design_of(points), turned), tmp_path / "sweep", MAP)
    assert run_command(["analyse", str(folder)]) == 0
    table = pd.read_csv(folder / "analysis" / "tables" / "map-turned-line.csv")
    assert (table["low"] <= table["high"]).all()
    assert (folder / "analysis" / "figures" / "map-turned.png").is_file()


def test_a_sweep_whose_runs_all_failed_is_reported_and_is_no_success(tmp_path):
    folder = folder_of(tmp_path, failed=range(12))
    assert run_command(["analyse", str(folder)]) == 1
    assert "## Failed runs" in (folder / "analysis" / "report.md").read_text(encoding="utf-8")


def test_a_folder_that_no_sweep_has_written_is_refused_in_one_line(tmp_path, capsys):
    assert run_command(["analyse", str(tmp_path)]) == 2
    assert "came no sweep.toml; allowed: a folder that `carousel sweep` has written" in capsys.readouterr().err

"""What `from carousel import ...` gives: five names, loaded when they are asked for."""

from __future__ import annotations

import json
import subprocess
import sys

import carousel
import pandas as pd
import pytest
from carousel.history.open_run import NotARun, Run, UnknownTable
from carousel.history.output_file import OutputRefused
from carousel.report.shown_run import open_run

HEAVY = {"numba", "numpy", "pandas", "mesa", "matplotlib", "pydantic", "typer"}


def loaded(code: str) -> set[str]:
    """Top-level modules that a new process has loaded after some code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_importing_carousel_loads_nothing():
    assert not HEAVY & loaded("import carousel; dir(carousel)")


def test_a_scenario_is_loaded_without_the_model():
    assert not {"numba", "mesa", "pandas"} & loaded("from carousel import load; load('joke')")


@pytest.mark.parametrize("first", ["from carousel import run", "import carousel; run = carousel.run"])
def test_run_is_the_function_until_somebody_imports_the_script_of_that_name(first):
    """`import carousel.run` puts the script in its place, as Python does; `api.run` is the function always."""
    code = f"{first}; assert run.__module__ == 'carousel.experiments.worlds.api'; import carousel.run"
    code += "; from carousel import run as script; assert script.main"
    code += "; from carousel.experiments.worlds.api import run as again; assert again is run"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_name_is_there():
    assert {"CarouselModel", "Choice", "run", "load", "open_run", "Run", "__version__"} <= set(dir(carousel))
    assert carousel.load("joke").name == "joke"
    assert carousel.CarouselModel.__name__ == "CarouselModel"
    assert carousel.open_run is open_run
    assert carousel.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="nothing"):
        _ = carousel.nothing


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory):
    """The same run in memory and on disk."""
    size = {"seed": 3, "days": 5, "holders": 300}
    folder = tmp_path_factory.mktemp("runs") / "one"
    return carousel.run("ai-2025", **size), carousel.run("ai-2025", out=folder, **size), folder


def test_a_run_in_memory_is_the_run_on_disk(two_runs):
    in_memory, on_disk, folder = two_runs
    assert in_memory.manifest["digest"] == on_disk.manifest["digest"] == open_run(folder).manifest["digest"]
    assert in_memory.answer == on_disk.answer
    assert set(on_disk) <= set(in_memory)
    for name in on_disk:
        pd.testing.assert_frame_equal(in_memory[name], on_disk[name])
    assert (folder / "answer.md").exists()


def test_a_table_is_read_when_it_is_asked_for_and_once(two_runs, tmp_path):
    _, _, folder = two_runs
    for file in folder.glob("*.*"):
        content = b"broken" if file.name == "events.parquet" else file.read_bytes()
        (tmp_path / file.name).write_bytes(content)
    opened = open_run(tmp_path)
    assert "events" in opened
    assert opened["journal"] is opened["journal"]
    assert len(opened["journal"]) > 0
    with pytest.raises(Exception, match="table events cannot be read"):
        opened["events"]
    assert "ai-2025, seed 3, 5 days" in repr(opened)


def test_an_unknown_table_is_refused_with_the_nearest():
    run = Run({}, {}, {"journal": lambda: None})
    with pytest.raises(UnknownTable, match="no table 'jurnal'; allowed: journal; nearest: journal"):
        run["jurnal"]
    assert "jurnal" not in run
    assert len(run) == 1


def test_what_is_no_run_is_refused(tmp_path, two_runs):
    with pytest.raises(NotARun, match="is no folder"):
        open_run(tmp_path / "nothing")
    with pytest.raises(NotARun, match="has no tables"):
        open_run(tmp_path)
    (tmp_path / "journal.parquet").touch()
    with pytest.raises(NotARun, match=r"has no manifest\.json"):
        open_run(tmp_path)
    (tmp_path / "manifest.json").write_text("[")
    with pytest.raises(NotARun, match="cannot be read"):
        open_run(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"scenario": "x"}))
    with pytest.raises(NotARun, match=r"has no answer\.json"):
        open_run(tmp_path)


def test_an_occupied_place_is_refused_before_the_run(tmp_path):
    (tmp_path / "mine").write_text("keep me")
    with pytest.raises(OutputRefused):
        carousel.run("ai-2025", out=tmp_path / "mine")

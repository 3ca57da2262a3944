"""A run is its recipe: it goes on, or takes another turn, and is refused where it cannot be made again."""

from __future__ import annotations

import json
import resource
import shutil

import pytest
from carousel.cli.endings import run_command
from carousel.history.open_run import open_run
from carousel.model import CarouselModel
from carousel.report.whole_run import run
from carousel.scenarios.branches import Fork
from carousel.scenarios.loader import load
from carousel.scenarios.schema import DatedChange, Stop

SIZE = ["holders=250"]
SATURDAY = "Saturday, 2025-09-20, has no trading: day 9, Monday, 2025-09-22, the next with it, is taken."
CHANGE = "milestone.NVIDIA-OpenAI investment.capacity_gw"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A run of 23 days on disk: two beyond a month."""
    folder = tmp_path_factory.mktemp("runs") / "base"
    assert simulated("ai-2025", folder, "--days", "23", "--holders", "250", "--seed", "4")
    return folder


def simulated(scenario, out, *options):
    return run_command(["simulate", str(scenario), "--out", str(out), "--no-figures", "--quiet", *options]) == 0


def command(name, *arguments):
    return run_command([name, *map(str, arguments), "--no-figures", "--quiet"])


def unequal(one, other):
    """Names of tables that are not the same in two runs, the digest, and the chain. What `simulate` keeps of other
    worlds beside the run is not of the run."""
    others = {"worlds", "paths"}
    a, b = open_run(one), open_run(other)
    assert set(a) - others == set(b) - others
    said = [key for key in ("digest", "chain", "scenario_text") if a.manifest[key] != b.manifest[key]]
    return [name for name in a if name not in others and not a[name].equals(b[name])] + said


def test_a_run_that_goes_on_is_the_run_that_was_never_stopped(base, tmp_path):
    before = (base / "manifest.json").read_bytes()
    assert command("extend", base, "--days", 20, "--out", tmp_path / "on") == 0
    assert simulated("ai-2025", tmp_path / "whole", "--days", "43", "--holders", "250", "--seed", "4")
    assert unequal(tmp_path / "on", tmp_path / "whole") == []
    assert (base / "manifest.json").read_bytes() == before
    said = json.loads((tmp_path / "on" / "manifest.json").read_text())["extended_from"]
    assert said == {"digest": open_run(base).manifest["digest"], "days": 23}


@pytest.mark.parametrize(("days", "seed"), [(1, 1), (20, 2), (21, 3), (22, 4)])
def test_the_chain_of_a_run_is_the_beginning_of_that_of_the_same_run_made_longer(days, seed):
    short, long = (run(load("ai-2025", [*SIZE, f"days={n}"]), seed=seed).manifest["chain"] for n in (days, 23))
    assert short == long[: days + 1]


def spoiled(base, folder, **said):
    """A copy of a run with some entries of its manifest otherwise."""
    shutil.copytree(base, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | said))
    return folder


@pytest.mark.parametrize("day", [0, 17, 23])
def test_a_run_of_another_version_is_refused_on_the_first_day_that_differs(base, tmp_path, capsys, day):
    chain = list(open_run(base).manifest["chain"])
    for later in range(day, len(chain)):
        chain[later] = "0" * 16
    other = spoiled(base, tmp_path / "other", chain=chain, versions={"carousel": "0.0.9"})
    assert command("extend", other, "--days", 2, "--out", tmp_path / "on") == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert f"made by another version: day {day} (" in said
    assert "carousel 0.0.9, here" in said
    assert [p.name for p in tmp_path.iterdir()] == ["other"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ({"chain": []}, "no chain"),
        ({"seed": "7"}, "seed is '7', no whole number"),
        ({"seed": -1}, "seed is -1, no whole number"),
        ({"days": -1}, "days is -1, no whole number"),
        ({"days": 24}, "24 days and a chain of 23"),
        ({"scenario_text": "{}"}, "cannot read"),
        ({"kept": {"tables": 1}}, "cannot read"),
        ({"versions": 3}, "cannot read"),
    ],
)
def test_a_manifest_that_says_no_recipe_is_refused_in_one_line(base, tmp_path, capsys, spoil, says):
    other = spoiled(base, tmp_path / "other", **spoil)
    assert command("extend", other, "--days", 2) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_a_branch_is_the_run_of_the_scenario_with_the_dated_change_and_its_past_is_the_same(base, tmp_path, capsys):
    changes = ["--set", f"{CHANGE}=1", "--set", "lab.*.revenue_growth_per_year*=0.5", "--stop", "Banks"]
    news = ["--announce", "OpenAI: half as much", "--direction", "-1"]
    assert command("branch", base, "--from", "2025-09-20", *changes, *news, "--out", tmp_path / "branch") == 0
    assert SATURDAY in capsys.readouterr().out
    (tmp_path / "written.toml").write_text(
        f"""extends = "ai-2025"
        days = 23
        holders = 250
        [[on]]
        date = 2025-09-20
        set = {{ "{CHANGE}" = 1 }}
        times = {{ "lab.*.revenue_growth_per_year" = 0.5 }}
        announce = {{ firm = "OpenAI", text = "half as much", direction = -1 }}
        [[stop]]
        date = 2025-09-20
        payer = "Banks"
        """
    )
    assert simulated(tmp_path / "written.toml", tmp_path / "written", "--seed", "4")
    assert unequal(tmp_path / "branch", tmp_path / "written") == ["scenario_text"]
    run, branch = open_run(base), open_run(tmp_path / "branch")
    day = branch.manifest["branched_from"]["day"]
    assert str(branch.manifest["branched_from"]["date"]) == "2025-09-22"
    assert branch.manifest["chain"][:day] == run.manifest["chain"][:day]
    assert branch.manifest["chain"][day] != run.manifest["chain"][day]
    for name in set(run) - {"announcements", "worlds", "paths"}:
        past, same = (tables[name][tables[name]["day"] < day] for tables in (run, branch))
        assert past.reset_index(drop=True).equals(same.reset_index(drop=True)), name


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        (["2025-09-20"], [SATURDAY]),
        (["2025-09-22"], []),
        (["9"], []),
        (["2025-09-19", "--until", "2025-09-20"], [SATURDAY]),
    ],
)
def test_a_date_without_trading_says_which_day_is_told_instead(base, capsys, said, notes):
    assert run_command(["explain", str(base), *said]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if "has no trading" in line] == notes


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--set", "lab.OpenAI.name=X"], "cannot change during a run"),
        (["--set", "lab.OpenAI.revenue_grwth_per_year=0"], "nearest: lab.OpenAI.revenue_growth_per_year"),
        (["--set", "days=3"], "cannot change during a run"),
        (["--stop", "Bank"], "nearest: Banks"),
        (["--announce", "no firm"], "FIRM: TEXT"),
        (["--set", "etf.fee_per_year*=x"], "a number to multiply by"),
        ([], "--set KEY=VALUE"),
    ],
)
def test_what_cannot_change_is_refused_with_what_can_before_any_work(base, tmp_path, capsys, options, says):
    assert command("branch", base, "--from", 9, "--out", tmp_path / "branch", *options) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("day", ["0", "24", "2025-09-09", "2026-09-09", "soon", "9.5"])
def test_a_day_that_is_none_of_the_run_is_refused(base, capsys, day):
    assert command("branch", base, "--from", day, "--stop", "Banks") == 2
    assert "a date from 2025-09-10 to 2025-10-10, or a day from 1 to 23" in capsys.readouterr().err


@pytest.mark.parametrize("entry", [DatedChange(set={CHANGE: 1.0}), Stop(payer="Banks")])
def test_a_run_into_which_something_was_injected_says_so_in_its_recipe(entry):
    model = CarouselModel(load("ai-2025", [*SIZE, "days=12"]), rng=3)
    while model.running:
        if model.clock.day == 5:
            model.inject(entry)
        model.step()
    fork = Fork(day=6, set=[f"{CHANGE}=1.0"]) if isinstance(entry, DatedChange) else Fork(day=6, stop=["Banks"])
    assert model.recipe == fork.of(load("ai-2025", [*SIZE, "days=12"]))
    assert model.scenario_data != model.recipe


MORE = {"extend": ("--days", 5), "branch": ("--from", 12, "--stop", "Banks")}


@pytest.mark.parametrize("name", MORE)
@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("/dev/null", "exists and is not a folder"),
        ("folder", "exists and is not empty"),
        ("file/below", "cannot be written"),
        ("/proc/mine", "cannot be written"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    base, tmp_path, monkeypatch, capsys, name, target, says
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").touch()
    (tmp_path / "file").write_text("mine")
    monkeypatch.setattr("carousel.model.CarouselModel", lambda *_, **__: pytest.fail("it worked"))
    assert command(name, base, "--out", target, *MORE[name]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize("name", MORE)
def test_the_folder_of_the_run_itself_is_no_place_for_another(base, capsys, name):
    before = sorted(base.iterdir())
    assert command(name, base, "--out", base / "more", *MORE[name]) == 2
    said = capsys.readouterr().err
    assert "is within the run" in said
    assert said.count("\n") == 1
    assert sorted(base.iterdir()) == before


@pytest.mark.parametrize("name", ["simulate", *MORE])
def test_a_disk_that_fills_up_ends_in_one_line_and_leaves_nothing(base, tmp_path, tmp_path_factory, capsys, name):
    """A file that may not grow is refused by the system as a full disk is; kernels are compiled and kept before."""
    what = ("joke",) if name == "simulate" else (base, *MORE[name])
    assert command(name, *what, "--out", tmp_path_factory.mktemp("compiled") / "out") == 0
    capsys.readouterr()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        status = command(name, *what, "--out", tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    said = capsys.readouterr().err
    assert status == 1, said
    assert said.count("\n") == 1
    assert "error: the run failed while its answer was written: " in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "content"),
    [("firms.parquet", b"PAR1"), ("journal.parquet", b""), ("daily.parquet", None), ("events.parquet", "gone")],
)
def test_a_damaged_table_is_told_in_one_line(base, tmp_path, capsys, file, content):
    run_folder = tmp_path / "run"
    shutil.copytree(base, run_folder)
    (run_folder / file).unlink()
    if content is None:
        (run_folder / file).mkdir()
    elif content == "gone":
        (run_folder / file).symlink_to("nowhere")
    else:
        (run_folder / file).write_bytes(content)
    assert run_command(["export", str(run_folder), "--to", "csv", "--out", str(tmp_path / "out"), "--quiet"]) == 2
    said = capsys.readouterr().err
    assert f"table {file.partition('.')[0]} cannot be read" in said
    assert said.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(
    ("file", "key", "value", "command"),
    [
        ("manifest.json", "digest", None, ["cite"]),
        ("manifest.json", "scenario_text", 7, ["diff"]),
        ("manifest.json", "seed", "seven", ["diff"]),
        ("manifest.json", "seed", 1.5, ["cite"]),
        ("manifest.json", "seed", None, ["cite"]),
        ("manifest.json", "days", True, ["diff"]),
        ("answer.json", "headlines", 5, ["export", "--to", "xlsx"]),
    ],
)
def test_what_a_file_of_a_run_cannot_hold_is_told_in_one_line(base, tmp_path, capsys, file, key, value, command):
    run_folder = tmp_path / "run"
    shutil.copytree(base, run_folder)
    said = json.loads((run_folder / file).read_text())
    (run_folder / file).write_text(json.dumps(said | {key: value}))
    others = [str(base)] if command == ["diff"] else []
    assert run_command([command[0], str(run_folder), *others, *command[1:]]) == 2
    told = capsys.readouterr().err
    assert f"has a {file} that cannot be read ({key} is " in told
    assert ", no whole number)" in told or f"({key} is no " in told
    assert told.count("\n") == 1

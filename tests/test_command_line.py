"""The command line as users and scripts meet it: exit status, one line for bad input, the joke's computed answer."""

from __future__ import annotations

import ast
import fcntl
import os
import re
import runpy
import stat
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parent.parent / "run.py"
EXAMPLE = RUN.parent / "docs" / "events-example.csv"


AS_SCRIPT = f"import runpy; runpy.run_path({str(RUN)!r}, run_name='__main__')"


def run(*arguments, cwd=None, python=sys.executable, **variables):
    """The program in a process of its own; where that is not the claim, the fixture `here` does without one."""
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", **variables}
    return subprocess.run(
        [python, str(RUN), *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--nonsense"], "--nonsense"),
        (["simulate", "--seed", "many"], "--seed"),
        (["simulate", "--seed", "-1"], "--seed"),
        (["simulate", "--days"], "--days"),
        (["simulate", "--days", "many"], "error: --days: came 'many'; allowed: a whole number"),
        (["simulate", "--days=1.5", "--quiet"], "error: --days: came '1.5'; allowed: a whole number"),
        (["simulate", "--panel", "x", "--panel", "1e3"], "error: --panel: came '1e3'; allowed: a whole number"),
        (["simulate", "--tracing", "random"], "error: --tracing: came 'random'; allowed: one of 'pro-rata', 'fifo'"),
        (["simulate", "--days", "0"], "days"),
        (["simulate", "--holders", "-5"], "holders"),
        (["simulate", "--tracing", "random"], "--tracing"),
        (["simulate", "ai-2052"], "ai-2025"),
        (["simulate", "nowhere.toml"], "nowhere.toml"),
        (["simulate", "--set", "nonsense"], "KEY.PATH=VALUE"),
        (["simulate", "--set", "lab.OpenAI.revenu_share=0.1"], "revenue_share"),
        (["simulate", "--set", "committed_scale=much"], "committed_scale"),
        (["show", "nothing"], "nothing"),
        (["frobnicate"], "frobnicate"),
        (["scenarios", "too", "many"], "many"),
    ],
)
def test_bad_input_is_one_line_with_status_2_and_no_traceback(here, arguments, says, tmp_path):
    ended = here(*arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--nonsense"], ["simulate", "ai-2052"]])
def test_a_process_of_its_own_ends_with_the_same_line(here, arguments, tmp_path):
    ended, told = run(*arguments, cwd=tmp_path), here(*arguments, cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, told.stdout, told.stderr)


def test_an_occupied_run_directory_is_refused_before_the_run(here, tmp_path):
    (tmp_path / "mine").write_text("keep me")
    ended = here("simulate", "--days", "1", "--out", str(tmp_path / "mine"))
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert (tmp_path / "mine").read_text() == "keep me"


def test_scenarios_are_listed(here):
    ended = here("scenarios")
    assert ended.returncode == 0
    for name in ("ai-2025", "ai-2025-as-printed", "ai-2025-wide-september", "joke"):
        assert name in ended.stdout


def test_a_scenario_is_shown_with_debts_and_sources(here):
    ended = here("show", "joke")
    assert ended.returncode == 0
    assert "The chip maker" in ended.stdout
    assert "each owes the next 100" in ended.stdout


def test_a_change_is_shown(here):
    ended = here("show", "joke", "--set", "obligation.Chips.amount_usd=55")
    assert ended.returncode == 0
    assert "55" in ended.stdout


def test_the_joke_is_settled_without_money_and_one_dollar_goes_round_100_times(tmp_path):
    ended = run("simulate", "joke", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "$300 of debts are settled with $0 of cash; $300 cancel out" in ended.stdout
    assert "300 payments" in ended.stdout
    assert "goes round 100 times" in ended.stdout
    folder = tmp_path / "runs" / "joke-seed0"
    assert "goes round 100 times" in (folder / "answer.md").read_text()
    assert (folder / "manifest.json").exists()


def test_help_names_the_commands(here):
    ended = here("--help")
    assert ended.returncode == 0
    assert all(command in ended.stdout for command in ("simulate", "scenarios", "show"))


@pytest.mark.parametrize("arguments", [["--help"], ["study"], ["scenarios"], ["simulate", "ai-2052"], ["--nonsense"]])
def test_what_runs_no_market_loads_none(arguments):
    """Help, lists and refusals come at once: nothing that computes is imported for them."""
    program = f"import sys; from carousel.cli.endings import run_command as do; do({arguments!r}); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=True)
    loaded = ended.stdout.splitlines()[-1]
    assert "carousel.cli.statuses" in loaded.split()
    assert not {"numba", "pandas", "mesa", "matplotlib"} & set(loaded.split())


def no_place(folder, kind):
    """A name under which no run can be written, and which must stay as it is."""
    path = folder / "out"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link to a file":
        (folder / "file").write_text("keep me")
        path.symlink_to(folder / "file")
    elif kind == "being written":
        (folder / f".out.partial-{os.getpid()}").mkdir()
    return {"device": Path("/dev/null"), "long": folder / ("x" * 250)}.get(kind, path)


def standing(folder):
    """What stands in a folder: name, kind, content."""
    entries = [(p.name, stat.S_IFMT(p.lstat().st_mode), p) for p in sorted(folder.iterdir())]
    return [(name, kind, p.read_text() if stat.S_ISREG(kind) else "") for name, kind, p in entries]


NO_PLACES = ("device", "pipe", "link to a file", "long", "being written")


@pytest.mark.parametrize("kind", NO_PLACES)
@pytest.mark.parametrize("command", [("simulate", "--days", "1"), ("study", "flow-multiplier")])
def test_a_folder_that_cannot_be_written_is_refused_before_the_work(here, tmp_path, command, kind):
    out = no_place(tmp_path, kind)
    handle = os.open(tmp_path / f".out.partial-{os.getpid()}", os.O_RDONLY) if kind == "being written" else None
    if handle is not None:
        fcntl.flock(handle, fcntl.LOCK_EX)
    before = standing(tmp_path)
    ended = here(*command, "--out", str(out), cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert str(out) in ended.stderr
    assert standing(tmp_path) == before
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("kind", ["device", "pipe", "long", "being written"])
@pytest.mark.parametrize("command", [("events", str(EXAMPLE)), ("validate", "--quick", "--group", "mechanism")])
def test_a_file_that_cannot_be_written_is_refused_before_the_work(here, tmp_path, command, kind):
    out = no_place(tmp_path, kind if kind != "being written" else "free")
    handle = os.open(tmp_path / ".out.partial", os.O_CREAT | os.O_RDWR) if kind == "being written" else None
    if handle is not None:
        fcntl.flock(handle, fcntl.LOCK_EX)
    before = standing(tmp_path)
    ended = here(*command, "--out", str(out), cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert str(out) in ended.stderr
    assert standing(tmp_path) == before


def test_a_link_to_a_file_is_followed(here, tmp_path):
    (tmp_path / "list.csv").write_text(EXAMPLE.read_text().splitlines()[0] + "\n")
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    ended = here("events", "list.csv", "--out", "link.csv", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text().startswith("id,")


@pytest.mark.parametrize("arguments", [["scenarios"], ["show", "joke"], ["simulate", "joke"], ["--help"], ["study"]])
def test_what_the_terminal_cannot_show_is_replaced(arguments, tmp_path):
    ended = run(*arguments, cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


def test_an_error_that_the_terminal_cannot_show_is_one_line_all_the_same():
    ended = run("simulate", "żółw", PYTHONIOENCODING="ascii")
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", ["scenarios", "show ai-2025", "simulate joke", "--help", "study"])
def test_a_reader_that_leaves_ends_nothing(arguments, tmp_path):
    """The status and the error of the command itself, whose output goes into `| head -1` or to nobody at all."""
    for reader in ("head -1", "true"):
        script = f"{{ {sys.executable} {RUN} {arguments} 2> errors; echo $? > status; }} | {reader}"
        subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, timeout=300, check=True)
        assert "Traceback" not in (tmp_path / "errors").read_text()
        assert "rror" not in (tmp_path / "errors").read_text()
        assert (tmp_path / "status").read_text() == "0\n"


def test_a_closed_output_is_no_fault(tmp_path):
    script = f"{sys.executable} {RUN} scenarios >&-"
    ended = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_an_output_that_is_full_fails_in_one_line():
    with open("/dev/full", "w") as full:
        ended = subprocess.run([sys.executable, str(RUN), "scenarios"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "No space left" in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize(("arguments", "status"), [("keys nosuch", 2), ("simulate joke --no-figures --out joke", 0)])
def test_where_errors_cannot_be_written_the_status_says_it_all(arguments, status, tmp_path):
    with open("/dev/full", "w") as full:
        command = [sys.executable, str(RUN), *arguments.split()]
        ended = subprocess.run(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=full, timeout=300, check=False)
    assert ended.returncode == status


@pytest.mark.parametrize("said", ["NUMBA_OPT=banana", "NUMBA_NUM_THREADS=0", "NUMBA_DEBUG=x"])
def test_what_numba_cannot_take_is_refused_in_one_line_before_the_work(tmp_path, said):
    name, _, value = said.partition("=")
    ended = run("simulate", "joke", "--out", "joke", cwd=tmp_path, **{name: value})
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"error: {name}: came '{value}', allowed: a value that numba knows, or no such variable\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["simulate", "--days", "1"], ["study", "flow-multiplier"], ["scenarios"]])
@pytest.mark.parametrize("came", ["abc", "0", "-1", "1.5", "1000"])
def test_a_number_of_threads_that_is_none_is_bad_input(here, arguments, came, tmp_path):
    ended = here(*arguments, cwd=tmp_path, CAROUSEL_THREADS=came)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"error: CAROUSEL_THREADS: came '{came}', allowed: a whole number from 1 to 64\n"
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_told(here):
    ended = here("--version")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert re.fullmatch(r"carousel \d+\.\d+\.\d+\n", ended.stdout)


@pytest.mark.parametrize("how", [["-S", "-E", str(RUN)], ["-S", "-m", "carousel.run"]])
def test_without_the_packages_one_line_says_what_to_do(how, tmp_path):
    """-S: this Python without the packages that are installed for it."""
    (tmp_path / "carousel").symlink_to(RUN.parent)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)}
    for arguments in ([], ["simulate"], ["--help"]):
        ended = subprocess.run(
            [sys.executable, *how, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert (ended.returncode, ended.stdout) == (2, "")
        assert len(ended.stderr.splitlines()) == 1
        assert "this Python has no" in ended.stderr
        assert "make" in ended.stderr


def test_a_python_that_is_too_old_is_told_so(monkeypatch, capsys):
    entry = runpy.run_path(str(RUN))
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    with pytest.raises(SystemExit, match="2"):
        entry["main"]()
    assert "Carousel needs Python 3.11 or newer" in capsys.readouterr().err


def test_no_command_is_long_and_none_has_more_than_eight_arguments():
    for path in sorted((RUN.parent / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert len(node.args.args) + len(node.args.kwonlyargs) <= 8, (path.name, node.name)
                assert node.end_lineno - node.lineno < 50, (path.name, node.name)
    assert len(RUN.read_text().splitlines()) <= 50


def test_a_new_scenario_is_checked_and_runs_as_it_stands(here, tmp_path):
    made = here("new", "mine.toml", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    checked = here("check", "mine.toml", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "mine.toml fits together" in checked.stdout
    assert here("simulate", "mine.toml", "--seed", "0", "--out", "run", "--no-figures", cwd=tmp_path).returncode == 0
    assert (tmp_path / "run" / "answer.md").exists()


@pytest.mark.parametrize("kind", ["file", "pipe", "link to nothing", "folder"])
def test_a_new_scenario_overwrites_nothing(here, tmp_path, kind):
    path = tmp_path / "mine.toml"
    {
        "file": lambda: path.write_text("keep me"),
        "pipe": lambda: os.mkfifo(path),
        "link to nothing": lambda: path.symlink_to("nothing"),
        "folder": path.mkdir,
    }[kind]()
    before = standing(tmp_path)
    ended = here("new", "mine.toml", cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr == "error: mine.toml: exists; a new scenario never overwrites a file\n"
    assert standing(tmp_path) == before


@pytest.mark.parametrize("name", ["noext", "mine.tml", ".toml"])
def test_a_new_scenario_has_a_name_by_which_it_can_be_run(here, tmp_path, name):
    ended = here("new", name, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"error: {name}: is no name of a scenario; allowed: a name that ends in .toml\n"
    assert list(tmp_path.iterdir()) == []


def test_the_command_that_runs_a_new_scenario_can_be_copied(here, tmp_path):
    made = here("new", "my world.toml", cwd=tmp_path)
    assert made.stdout == "Written to my world.toml. It runs: python run.py simulate 'my world.toml'\n"


def test_a_new_scenario_that_finds_no_room_leaves_nothing(tmp_path):
    """No file of this process may have a single byte, as on a full disk."""
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); {AS_SCRIPT}"
    command = [sys.executable, "-B", "-c", limited, "new", "mine.toml"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "error: mine.toml: cannot be written: File too large\n"
    assert list(tmp_path.iterdir()) == []


def test_every_fault_of_a_file_is_one_line(here, tmp_path):
    here("new", "mine.toml", cwd=tmp_path)
    path = tmp_path / "mine.toml"
    path.write_text(path.read_text().replace("weight = 1.0", "weight = 0").replace("days = 126", "days = 0"))
    ended = here("check", "mine.toml", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 2
    assert all(line.startswith("error: mine.toml: ") for line in ended.stderr.splitlines())


def test_keys_are_printed_for_one_kind_and_for_all(here):
    one, everything = here("keys", "bond"), here("keys")
    assert (one.returncode, everything.returncode) == (0, 0)
    assert "coupon_per_year" in one.stdout
    assert "revenue_growth_per_year" not in one.stdout
    assert "revenue_growth_per_year" in everything.stdout
    assert here("keys", "bnd").returncode == 2


def test_a_drawing_backend_that_does_not_exist_ends_nothing(tmp_path):
    ended = run("simulate", "joke", "--no-figures", "--out", "joke", cwd=tmp_path, MPLBACKEND="bogus")
    assert ended.returncode == 0, ended.stderr


def test_an_interruption_before_anything_is_loaded_is_told_in_one_line(tmp_path):
    program = f"""
import runpy, sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == "carousel.cli.endings":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
{AS_SCRIPT}
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, "interrupted: nothing was written\n")

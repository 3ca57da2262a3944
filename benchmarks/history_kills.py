"""Runs, extensions, branches and exports that are killed at random moments: is half of one ever found under its name?

`python benchmarks/history_kills.py --kills 200` begins one piece of work after the other in a process of its own, kills
it (kill -9) at a moment drawn from the time for which the whole piece writes, and looks at what is there: under a final
name a whole run, equal to one that was never killed, or nothing; what was left aside is cleared by the next piece of
that name. Then the same with a disk that fills up (a limit on the size of files, or `--disk-full`, a small file system
of its own, as root), and with places that cannot be written.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from carousel.history.open_run import open_run

ROOT = Path(__file__).resolve().parents[1]
FORMATS = ("csv", "parquet", "feather", "sqlite")
SMALL_BYTES = 1 << 14
"""Size of files at which a full disk is played: less than any run needs."""
SIZE = ("--days", "42", "--holders", "300", "--seed", "5", "--no-figures", "--quiet")


def pieces(base: Path) -> dict[str, list[str]]:
    """The work that is killed, each as a command without its target."""
    done = {
        "simulate": ["simulate", "ai-2025", *SIZE],
        "extend": ["extend", str(base), "--days", "5", "--no-figures", "--quiet"],
        "branch": ["branch", str(base), "--from", "20", "--stop", "Banks", "--no-figures", "--quiet"],
    }
    return done | {f"export {to}": ["export", str(base), "--to", to, "--quiet"] for to in FORMATS}


def begun(command: list[str], said: Path, before: Callable[[], object] = lambda: None) -> subprocess.Popen[bytes]:
    """Begin a command in a process of its own, which leads a group."""
    with said.open("w") as stream:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "run.py"), *command],
            stdout=stream, stderr=stream, start_new_session=True, preexec_fn=before,
        )  # fmt: skip


def killed_within(process: subprocess.Popen[bytes], place: Path, seconds: float) -> bool:
    """Kill it so long after it has begun to write in a folder; False if it had ended by itself."""
    while process.poll() is None and not any(place.iterdir()):
        time.sleep(0.002)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def seconds_of_writing(process: subprocess.Popen[bytes], place: Path) -> float:
    """How long a piece of work takes from its first trace in a folder to its end."""
    while process.poll() is None and not any(place.iterdir()):
        time.sleep(0.002)
    began = time.monotonic()
    process.wait()
    return time.monotonic() - began


def content(folder: Path) -> dict[str, object]:
    """What must be the same in two folders of the same work: digests of runs, bytes of exported tables."""
    manifest = folder / "manifest.json"
    if (folder / "journal.parquet").exists() and manifest.exists() and "chain" in manifest.read_text():
        run = open_run(folder)
        return {"digest": run.manifest["digest"], "rows": {name: len(run[name]) for name in run}}
    return {file.name: file.stat().st_size if file.suffix != ".json" else 0 for file in folder.iterdir()}


def faults_of(place: Path, name: str, whole: dict[str, object]) -> list[str]:
    """What is wrong after a kill: half a folder under the final name, or anything else that is not set aside."""
    strangers = [p.name for p in place.iterdir() if p.name != name and not p.name.startswith(f".{name}.")]
    faults = [f"{name}: {stranger} beside it" for stranger in strangers]
    if (place / name).exists() and content(place / name) != whole:
        faults.append(f"{name}: half under its final name")
    return faults


def kill_many(kills: int, seed: int, aside: Path) -> dict[str, object]:
    """Kill that often, all kinds of work in turn; what was wrong."""
    chance, faults = random.Random(seed), list[str]()
    base, said = aside / "base", aside / "said"
    finished(begun(["simulate", "ai-2025", "--out", str(base), *SIZE], said), said)
    work, seconds, whole = pieces(base), {}, {}
    places = {name: aside / name.replace(" ", "-") for name in work}
    for name, command in work.items():
        places[name].mkdir()
        process = begun([*command, "--out", str(places[name] / "out")], said)
        seconds[name] = seconds_of_writing(process, places[name])
        finished(process, said)
        whole[name] = content(places[name] / "out")
        shutil.rmtree(places[name] / "out")
    killed = late = 0
    while killed < kills:
        name = list(work)[(killed + late) % len(work)]
        place, wait = places[name], chance.uniform(0, 1.1) * seconds[name]
        process = begun([*work[name], "--out", str(place / "out")], said)
        is_killed = killed_within(process, place, wait)
        killed, late = killed + is_killed, late + (not is_killed)
        faults += faults_of(place, "out", whole[name])
        if (place / "out").exists():
            shutil.rmtree(place / "out")
        if is_killed and killed % 20 == 0:
            print(f"{killed} of {kills} kills: {faults or 'nothing wrong'}", file=sys.stderr, flush=True)
    for name, command in work.items():
        finished(begun([*command, "--out", str(places[name] / "out")], said), said)
        if left := [p.name for p in places[name].iterdir() if p.name != "out"]:
            faults.append(f"{name}: {left} left aside and not cleared")
    return {"kills": killed, "ended before": late, "kinds of work": list(work), "faults": faults}


def finished(process: subprocess.Popen[bytes], said: Path) -> None:
    """Wait for work that must end well.  Raises: RuntimeError."""
    if process.wait():
        raise RuntimeError(said.read_text())


def refusals(aside: Path, *, disk_full: bool) -> list[str]:
    """Places that cannot be written, and disks that fill up: one line each, and nothing left."""
    faults, said = list[str](), aside / "said"
    base = aside / "base"
    (aside / "taken").mkdir()
    (aside / "taken" / "mine").write_text("mine")
    (aside / "file").write_text("mine")
    places = {
        "a device": "/dev/null",
        "a file": str(aside / "file"),
        "a folder that is not empty": str(aside / "taken"),
    }
    places["a folder that cannot be written"] = "/proc/carousel/out"
    for name, command in pieces(base).items():
        for what, place in places.items():
            status = begun([*command, "--out", place], said).wait()
            faults += one_line(f"{name} to {what}", status, 2, said.read_text())
        target = aside / "full" / "out"
        target.parent.mkdir(exist_ok=True)
        with small_disk(target.parent) if disk_full else no_disk() as limit:
            status = begun([*command, "--out", str(target)], said, limit).wait()
            left = [p.name for p in target.parent.iterdir()]
        faults += one_line(f"{name} on a full disk", status, 1, said.read_text())
        faults += [f"{name} on a full disk left {left}"] if left else []
    if (aside / "taken" / "mine").read_text() + (aside / "file").read_text() != "minemine":
        faults.append("what was there has changed")
    return faults


def one_line(what: str, status: int, wanted: int, said: str) -> list[str]:
    """Whether it ended as it should, in one line of error."""
    lines = [line for line in said.splitlines() if line.startswith("error: ")]
    if status != wanted or len(lines) != 1 or "Traceback" in said:
        return [f"{what}: status {status}, said {said.strip()[-300:]!r}"]
    return []


@contextmanager
def small_disk(place: Path) -> Iterator[Callable[[], object]]:
    """A file system of a hundred kilobytes, for root."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(place)], check=True)
    try:
        yield lambda: None
    finally:
        subprocess.run(["umount", str(place)], check=True)


@contextmanager
def no_disk() -> Iterator[Callable[[], object]]:
    """No file may grow beyond a few kilobytes."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_BYTES, SMALL_BYTES))

    yield limit


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--disk-full", action="store_true", help="mount a small file system, as root")
    parser.add_argument("--no-refusals", action="store_true", help="kill only")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="carousel-kills-") as aside:
        found = kill_many(asked.kills, asked.seed, Path(aside))
        found["refusals"] = [] if asked.no_refusals else refusals(Path(aside), disk_full=asked.disk_full)
    print(json.dumps(found, indent=2))
    sys.exit(bool(found["faults"] or found["refusals"]))


if __name__ == "__main__":
    main()

"""Do the tests notice? A sample of changed lines, one wrong thing each, and for each the tests that run it.

`python benchmarks/mutation.py --seed 31` changes 20 lines in each of five folders of a copy of the checkout, one at a
time, runs the tests that run the line, cheapest first, and stops at the first that fails. Which tests run which line is
noted once and kept in --folder, with the copy: some ten minutes; then a change costs seconds.
Exit status 1: some folder has less than --least of its changes noticed.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from carousel.benchmarks.mutation_places import Mutant, Place, changed, sample
from carousel.benchmarks.mutation_swap import can_swap, load, swapped
from carousel.benchmarks.mutation_tests import HEAVY, Ran, Sources, choose, coverage, forked, imported, pytest_in
from carousel.engine.kernel_cache import COMPILED, STAMP, _digest, kernel_sources

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("ledger", "market", "contracts", "timeline", "report")
SAME = Path(__file__).with_name("mutation_same.toml")
PATIENCE = 20.0
"""A change may make tests so many times slower before it counts as noticed: it runs for ever."""
NOT_LOADED = "not loaded"
WORDS = ("noticed", "the same", "UNNOTICED")
BATCHES_S = (8.0, 40.0, 200.0)
"""Tests run in batches of so many seconds: most changes are noticed by the first."""


class Verdict(NamedTuple):
    """What became of one change."""

    mutant: Mutant
    test: str | None
    asked: int
    seconds: float
    why: str = ""

    @property
    def word(self) -> str:
        """Noticed, the same (nobody could tell), or unnoticed."""
        return "noticed" if self.test else "the same" if self.why else "UNNOTICED"


class Copy:
    """A copy of the checkout in which one line at a time is wrong."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree" / "carousel"
        self.log = folder / "pytest.log"
        self.undo = folder / "undo.json"
        """The file that is changed now, as it was."""
        if not self.tree.exists():
            ignored = shutil.ignore_patterns(".git", ".venv*", ".mypy_cache", ".ruff_cache", "build", "out", "runs")
            shutil.copytree(ROOT, self.tree, ignore=ignored)
        elif self.undo.exists():
            path, text = json.loads(self.undo.read_text())
            (self.tree / path).write_text(text)
            self.undo.unlink()

    def judge(self, mutant: Mutant, files: Sequence[str], known: dict[str, Ran]) -> Verdict:
        """Run the tests on a change: in functions that are loaded, if it can be, else in the file."""
        started = time.monotonic()
        test: str | None = NOT_LOADED
        if can_swap(self.tree, mutant):
            test = self._first_failure(files, known, lambda batch: swapped(self.tree, mutant, batch))
        if test == NOT_LOADED:
            with self._written(mutant):
                test = self._first_failure(files, known, lambda batch: pytest_in(self.tree, *batch))
        return Verdict(mutant, test, len(files), time.monotonic() - started)

    @contextmanager
    def _written(self, mutant: Mutant) -> Iterator[None]:
        """The change stands in the file, and no kernel is left that was compiled of another."""
        path = self.tree / mutant.path
        text, times = path.read_text(), path.stat()
        kept = self._without_kernels_of(mutant.path)
        self.undo.write_text(json.dumps([mutant.path, text]))
        path.write_text(changed(text, mutant.place))
        self._keep_other_kernels()
        try:
            yield
        finally:
            path.write_text(text)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            for compiled, content, (seen, written) in kept:
                compiled.write_bytes(content)
                os.utime(compiled, ns=(seen, written))
            self._keep_other_kernels()
            self.undo.unlink()

    def _first_failure(
        self, files: Sequence[str], known: dict[str, Ran], run: Callable[[Sequence[str]], int]
    ) -> str | None:
        """The first test that fails, if one does."""
        left = list(files)
        for limit in (*BATCHES_S, float("inf")):
            batch: list[str] = []
            cost = 0.0
            while left and (not batch or cost + known[left[0]].seconds <= limit):
                cost += known[left[0]].seconds
                batch.append(left.pop(0))
            if not batch:
                break
            status, _ = forked(partial(run, batch), self.log, 60 + PATIENCE * cost)
            if status is None:
                return "no test ends"
            if status == 77:
                return NOT_LOADED
            if status:
                lines = self.log.read_text(errors="replace").splitlines()
                failed = [line.split(" ")[1] for line in lines if line.startswith(("FAILED ", "ERROR "))]
                return (failed or [f"exit status {status}"])[0].removeprefix("tests/")
        return None

    def _without_kernels_of(self, path: str) -> list[tuple[Path, bytes, tuple[int, int]]]:
        """Remove what is compiled of a file and of those that take names from it; what was removed."""
        sources = kernel_sources(self.tree)
        if path not in sources:
            return []
        trees = {name: ast.parse(source) for name, source in sources.items() if b"njit" in source}
        users, left = {path}, [path]
        while left:
            module = Path(left.pop()).stem
            for other in [name for name, tree in trees.items() if name not in users and module in imported(tree)]:
                users.add(other)
                left.append(other)
        removed = []
        for compiled in [c for kind in COMPILED for c in self.tree.glob(f"*/__pycache__/{kind}")]:
            source = compiled.parent.parent / f"{compiled.name.split('.')[0]}.py"
            if str(source.relative_to(self.tree)) in users:
                times = compiled.stat()
                removed.append((compiled, compiled.read_bytes(), (times.st_atime_ns, times.st_mtime_ns)))
                compiled.unlink()
        return removed

    def _keep_other_kernels(self) -> None:
        """What is left compiled does not use the changed file: only the stamp tells otherwise."""
        stamp = self.tree / "__pycache__" / STAMP
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(_digest(kernel_sources(self.tree)))


def within(files: Sequence[str], known: dict[str, Ran], most_s: float) -> list[str]:
    """The first of some files of tests, as many as take so many seconds."""
    sums = accumulate(known[file].seconds for file in files)
    return [file for n, (file, total) in enumerate(zip(files, sums, strict=True)) if n == 0 or total <= most_s]


def known_same() -> list[dict[str, str]]:
    """File, line, change and reason of every change that nobody could tell from the original."""
    return list(tomllib.loads(SAME.read_text()).get("same", []))


def same(tree: Path, mutant: Mutant) -> str:
    """Why nobody could tell a change from the original; empty if somebody could."""
    line = (tree / mutant.path).read_text().splitlines()[mutant.place.line - 1].strip()
    key = (mutant.path, line, " ".join(mutant.place.change.split()))
    return next((one["why"] for one in known_same() if (one["file"], one["line"], one["change"]) == key), "")


def table(verdicts: Sequence[Verdict]) -> list[str]:
    """Changes noticed in each folder, as Markdown."""
    lines = ["| folder | changed | noticed | the same | unnoticed |", "|---|---|---|---|---|"]
    for folder in dict.fromkeys(v.mutant.path.split("/")[0] for v in verdicts):
        words = [v.word for v in verdicts if v.mutant.path.split("/")[0] == folder]
        lines.append(f"| {folder} | {len(words)} | " + " | ".join(str(words.count(w)) for w in WORDS) + " |")
    return lines


def _judged(path: Path) -> list[Verdict]:
    """Verdicts of an earlier call: a long sample goes on where it stopped."""
    rows = json.loads(path.read_text())
    return [Verdict(Mutant(file, Place(*place)), *rest) for (file, place), *rest in rows]


def main() -> int:
    """Sample, judge, tell."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    asked.add_argument("--seed", type=int, required=True)
    asked.add_argument("--lines", type=int, default=20, help="changed lines in each folder")
    asked.add_argument("--only", nargs="*", default=FOLDERS, choices=FOLDERS, help="folders")
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "carousel-mutation")
    asked.add_argument("--most", type=float, default=float("inf"), help="seconds of tests for a change nobody notices")
    asked.add_argument("--least", type=float, default=0.9, help="share that is noticed in each folder")
    asked.add_argument("--json", type=Path, help="where the verdicts go, and where a call that was stopped goes on")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for heavy in HEAVY:
        importlib.import_module(heavy)
    copy = Copy(given.folder)
    known, sources = coverage(copy.tree, given.folder / "coverage.json"), Sources(copy.tree)
    load(copy.tree, list(known))
    verdicts = _judged(given.json) if given.json and given.json.exists() else []
    done = {verdict.mutant for verdict in verdicts}
    drawn = [sample(copy.tree, folder, given.seed, given.lines) for folder in given.only]
    for mutant in [one for row in zip(*drawn, strict=True) for one in row if one not in done]:
        files = choose(sources, known, mutant.path, mutant.place.line)
        told = copy.judge(mutant, within(files, known, given.most), known)
        told = told if told.test else told._replace(why=same(copy.tree, mutant))
        verdicts.append(told)
        cost = f"{told.asked} of {len(files)} files, {told.seconds:.0f} s"
        print(f"{told.word:9} {mutant} | {told.test or told.why} ({cost})", flush=True)
        if given.json:
            given.json.write_text(json.dumps(verdicts, indent=0, ensure_ascii=False) + "\n")
    lines = table(verdicts)
    print("\n".join(lines))
    unnoticed = {folder: [v.word for v in verdicts if v.mutant.path.startswith(f"{folder}/")] for folder in given.only}
    return int(any(words.count("noticed") < given.least * len(words) for words in unnoticed.values()))


if __name__ == "__main__":
    sys.exit(main())

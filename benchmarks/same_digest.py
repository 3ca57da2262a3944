"""One digest, whatever is recorded, with how many threads, under which Mesa and which Python.

`python benchmarks/same_digest.py --python OTHER/bin/python --python ANOTHER/bin/python` makes the same runs with this
Python and with each other one named, whose environment has what Carousel needs, with one thread and with two; each run
once for every choice of what is recorded. It prints what differs and ends with 1 if anything does. `make install
VENV=OTHER PYTHON=python3.11`, then `OTHER/bin/pip install mesa==3.3.1`, makes such an environment.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from carousel.benchmarks.measure import print_table, tell, write_json
from carousel.engine.row_ranges import CHUNK, THREADS_VARIABLE
from carousel.history.choice import Choice
from carousel.history.recorder import Recorder
from carousel.history.sinks import MemorySink
from carousel.model import CarouselModel, run

REQUESTED = ("fills", "holders_changed")
CHOICES: dict[str, dict[str, Any] | None] = {
    "nothing": None,
    "by default": {},
    "everything": {"also": REQUESTED, "panel": 50},
    "one column": {"keep": ("firms.cash_cents",)},
    "one table on request": {"keep": ("fills",)},
    "one firm": {"agents": ("FIRM",)},
    "some days": {"first_day": 5, "last_day": 9},
    "every third day": {"every_days": 3, "also": REQUESTED},
}
"""What is recorded, as a choice says it; FIRM is one of the run's."""
BLOCKS = {"in blocks of 2 days": 2, "in blocks of 17 days": 17}
"""The whole, handed on more often than it would be."""


class Size(NamedTuple):
    """One run that is made again and again."""

    scenario: str
    seed: int
    days: int
    holders: int
    firm: str


SIZES = (
    Size("ai-2025", 7, 66, 500, "NVIDIA"),
    Size("vendor-loans", 3, 84, 300, "Northlight Systems"),
    Size("ai-2025", 1, 6, CHUNK + 1_000, "Oracle"),
)
"""The last has more households than one thread takes at a time."""
QUICK = (Size("ai-2025", 7, 10, 250, "NVIDIA"),)
Digests = dict[str, dict[str, str]]
"""Of each run, by what is recorded."""


def recorded(size: Size, said: dict[str, Any] | None, **options: int) -> str:
    """The digest of a run of which so much is recorded."""
    choice = None if said is None else Choice(**said | ({"agents": (size.firm,)} if "agents" in said else {}))
    model = CarouselModel(size.scenario, rng=size.seed, days=size.days, holders=size.holders)
    recorder = Recorder(model, None if choice is None else MemorySink(), choice, **options)
    model.observers.append(recorder)
    run(model)
    return recorder.finish()


def here(sizes: Sequence[Size]) -> dict[str, Any]:
    """Every digest that this process finds, and what it runs on."""
    found: Digests = {}
    for size in sizes:
        digests = found[name_of(size)] = {name: recorded(size, said) for name, said in CHOICES.items()}
        digests |= {name: recorded(size, {}, block_days=days) for name, days in BLOCKS.items()}
    versions = {name: version(name) for name in ("mesa", "numpy", "numba", "pyarrow")}
    threads = os.environ.get(THREADS_VARIABLE, "1")
    return {"python": platform.python_version(), **versions, "threads": threads, "digests": found}


def name_of(size: Size) -> str:
    """One line that says which run it is."""
    return f"{size.scenario} seed {size.seed}, {size.days} days, {size.holders:,} households"


def there(python: str, threads: int, *, is_quick: bool) -> dict[str, Any]:
    """What another process finds, with another Python and so many threads.  Raises: RuntimeError if it fails."""
    own = {
        THREADS_VARIABLE: str(threads),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(Path(inspect.getfile(CarouselModel)).parents[1]),
    }
    command = [python, __file__, "--here", *["--quick"][: int(is_quick)]]
    done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{python} with {threads} threads: {(done.stderr.strip() or 'failed').splitlines()[-1]}")
    return dict(json.loads(done.stdout))


def unlike(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Every digest that is not the one which most of its run's have."""
    for name in found[0]["digests"]:
        most, _ = Counter(digest for one in found for digest in one["digests"][name].values()).most_common(1)[0]
        for one in found:
            of = f"{name}, Python {one['python']}, Mesa {one['mesa']}, threads {one['threads']}"
            for what, digest in one["digests"][name].items():
                if digest != most:
                    yield f"{of}, recorded {what}: {digest[:16]}, others {most[:16]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the runs everywhere, print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", action="append", default=[], help="another interpreter; may be repeated")
    parser.add_argument("--threads", type=int, action="append", help="default: 1 and 2")
    parser.add_argument("--quick", action="store_true", help="one short run")
    parser.add_argument("--here", action="store_true", help="print what this process finds, no more")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    if asked.here:
        print(json.dumps(here(QUICK if asked.quick else SIZES)))
        return 0
    found = []
    for python in (sys.executable, *asked.python):
        for threads in asked.threads or (1, 2):
            found.append(there(python, threads, is_quick=asked.quick))
            tell(f"{python}, threads {threads}")
    rows = [
        (one["python"], one["mesa"], one["numpy"], one["numba"], one["pyarrow"], one["threads"],
         str(sum(map(len, one["digests"].values()))))
        for one in found
    ]  # fmt: skip
    columns = ("Python", "Mesa", "NumPy", "numba", "pyarrow", "threads", "digests")
    print_table(f"{len(found[0]['digests'])} runs, each recorded in {len(CHOICES) + len(BLOCKS)} ways", columns, rows)
    faults = list(unlike(found))
    for line in faults:
        print(f"differs: {line}")
    print(f"{len(faults)} differ from the others of their run")
    write_json(asked.json, {"found": found, "differ": faults})
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

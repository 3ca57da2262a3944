"""A kernel compiled from yesterday's rule is never run today."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import carousel
import pytest
from carousel.engine.kernel_cache import drop_stale_kernels, kernel_sources

CALLER = """
from numba import njit
from ..rules.rule import twice
@njit(cache=True)
def caller(x):
    return twice(x)
"""
RULE = """
from numba import njit
from .numbers import FACTOR
@njit(cache=True)
def twice(x):
    return FACTOR * x
"""


@pytest.fixture
def package(tmp_path):
    """A package whose kernel `caller` calls one of another folder, which has a number from a third file."""
    root = tmp_path / "economy"
    for folder in ("rules", "calls"):
        (root / folder).mkdir(parents=True)
        (root / folder / "__init__.py").touch()
    (root / "__init__.py").touch()
    (root / "rules" / "numbers.py").write_text("FACTOR = 2\n")
    (root / "rules" / "rule.py").write_text(RULE)
    (root / "calls" / "caller.py").write_text(CALLER)
    (root / "calls" / "plain.py").write_text("# no kernel\n")
    return root


def called(root: Path) -> int:
    """What `caller(10)` is in a new process."""
    code = "from economy.calls.caller import caller; print(caller(10))"
    environment = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root.parent, env=environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.parametrize("changed", ["rules/rule.py", "rules/numbers.py"])
def test_a_change_in_a_file_that_a_kernel_is_made_of_drops_what_was_compiled(package, changed):
    drop_stale_kernels(package)
    assert called(package) == 20
    path = package / changed
    path.write_text(path.read_text().replace("FACTOR = 2", "FACTOR = 3").replace("FACTOR * x", "3 * x"))
    assert called(package) == 20  # the planted fault: numba alone goes on with the old rule
    assert drop_stale_kernels(package)
    assert called(package) == 30
    assert not drop_stale_kernels(package)
    assert list(package.glob("*/__pycache__/*.nbi"))


def test_other_files_drop_nothing(package):
    drop_stale_kernels(package)
    assert called(package) == 20
    (package / "calls" / "plain.py").write_text("# still no kernel\n")
    assert not drop_stale_kernels(package)


def test_every_kernel_of_carousel_counts():
    root = Path(carousel.__file__).parent
    sources = kernel_sources(root)
    for package in ("agents", "ledger", "market", "narrative", "timeline"):
        with_kernels = {
            p.relative_to(root).as_posix() for p in (root / package).rglob("*.py") if "njit" in p.read_text()
        }
        assert with_kernels
        assert with_kernels <= set(sources)
    assert {"engine/chance.py", "ledger/causes.py", "engine/calendar.py"} <= set(sources)


def test_a_folder_that_cannot_be_written_is_left_alone(package, monkeypatch):
    drop_stale_kernels(package)
    (package / "rules" / "rule.py").write_text(RULE + "\n")

    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(Path, "write_text", refuse)
    assert not drop_stale_kernels(package)

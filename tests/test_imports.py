"""Imports point one way: from who runs, down to whose money it was. All measures of the house: test_house.py."""

from __future__ import annotations

import ast
import configparser
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from carousel.tests.house.arrows import upward
from carousel.tests.house.source import House

ROOT = Path(__file__).resolve().parents[1]


def test_imports_point_down_only():
    assert upward(House.on_disk(), for_types=False) == []


def packages_below(folder: Path, name: str = "carousel") -> Iterator[tuple[str, Path]]:
    """Every package by its name, the one of this folder first."""
    yield name, folder
    for inner in folder.glob("*/__init__.py"):
        yield from packages_below(inner.parent, f"{name}.{inner.parent.name}")


def test_every_package_is_installed():
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    assert set(settings["options"]["packages"].split()) == {name for name, _ in packages_below(ROOT)}


@pytest.mark.parametrize("arguments", [["scenarios"], ["simulate", "ai-2052"], ["keys", "lab"]])
def test_lists_and_refusals_load_nothing_that_computes(arguments):
    program = f"import sys; from carousel.cli.endings import run_command as do; do({arguments!r}); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=True)
    assert not {"numba", "pandas", "mesa", "matplotlib"} & set(ended.stdout.splitlines()[-1].split())


def takes_numbas_njit(source: str) -> bool:
    """Whether a source text makes kernels with numba's own `njit`, which may run yesterday's rules."""
    imports = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom) and n.module == "numba"]
    return any(alias.name == "njit" for node in imports for alias in node.names)


def test_every_kernel_is_made_by_engine_kernels():
    sources = [path for _, folder in packages_below(ROOT) for path in folder.glob("*.py")]
    assert [path for path in sources if takes_numbas_njit(path.read_text())] == []


def test_a_kernel_that_numba_alone_takes_care_of_is_seen():
    assert takes_numbas_njit("from numba import int64, njit\n")
    assert not takes_numbas_njit("from numba import int64\nfrom ..engine.kernels import njit\n")

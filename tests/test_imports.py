"""Imports point one way: from who runs, down to whose money it was."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = {
    "kernel_cache": 0,
    "chance": 0,
    "ledger": 1,
    "scenarios": 2,
    "narrative": 2,
    "market": 2,
    "agents": 3,
    "timeline": 4,
    "model": 5,
    "history": 6,
    "experiments": 7,
    "visual": 7,
    "run": 8,
}
"""A module may import its own layer's package and lower layers only."""
ALLOWED_SIDEWAYS: set[tuple[str, str]] = set()
SCENARIO_MAY_IMPORT = {"ledger"}
JOURNAL_WRITERS = ("market/settlement.py", "market/etf.py", "timeline/", "model.py", "ledger/")


def part_of(path: Path) -> str:
    """The top-level part of the tree a file belongs to."""
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imported_parts(path: Path, source: str) -> set[str]:
    """Parts of Carousel that a source text imports when it runs (imports for type checking only do not count)."""
    tree = ast.parse(source)
    checking = [n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
    skipped = {id(inner) for block in checking for inner in ast.walk(block)}
    depth = len(path.relative_to(ROOT).parts) - 1
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.level:
            names = [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
            if node.level == depth + 1:
                found.update(names)
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("carousel."):
            found.add(node.module.split(".")[1])
    return found


def violations(path: Path, source: str) -> list[str]:
    """Imports of a file that point up or sideways."""
    me = part_of(path)
    wrong = []
    for other in imported_parts(path, source):
        if other == me or other not in LAYERS:
            continue
        sideways = LAYERS[other] == LAYERS[me] and (me, other) not in ALLOWED_SIDEWAYS
        if LAYERS[other] > LAYERS[me] or sideways or (me == "scenarios" and other not in SCENARIO_MAY_IMPORT):
            wrong.append(f"{path.relative_to(ROOT)} imports {other}")
    return wrong


SOURCES = sorted(p for part in LAYERS for p in [*ROOT.glob(f"{part}.py"), *(ROOT / part).rglob("*.py")])


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down_only(path):
    assert violations(path, path.read_text()) == []


def test_an_upward_import_is_seen():
    planted = "from ..model import CarouselModel\n"
    assert violations(ROOT / "ledger" / "planted.py", planted) == ["ledger/planted.py imports model"]


def test_a_sideways_import_is_seen():
    planted = "from ..market import auction\n"
    assert violations(ROOT / "narrative" / "planted.py", planted) == ["narrative/planted.py imports market"]


def test_an_import_for_type_checking_only_is_no_dependency():
    harmless = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..model import CarouselModel\n"
    assert violations(ROOT / "ledger" / "planted.py", harmless) == []


def writes_journal(source: str) -> bool:
    """Whether a source text calls a posting method of a journal."""
    calls = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    return any(call.func.attr in ("post", "post_to", "post_from") for call in calls)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_day_and_settlement_write_the_journal(path):
    name = str(path.relative_to(ROOT))
    assert name.startswith(JOURNAL_WRITERS) or not writes_journal(path.read_text())


def test_a_posting_agent_is_seen():
    assert writes_journal("def act(self):\n    self.model.books.journal.post(1, 2, 3, 4)\n")


def takes_numbas_njit(source: str) -> bool:
    """Whether a source text makes kernels with numba's own `njit`, which may run yesterday's rules."""
    imports = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom) and n.module == "numba"]
    return any(alias.name == "njit" for node in imports for alias in node.names)


def test_every_kernel_is_made_by_engine_kernels():
    packages = [folder.parent for folder in ROOT.glob("*/__init__.py")]
    assert [p for folder in packages for p in folder.rglob("*.py") if takes_numbas_njit(p.read_text())] == []


def test_a_kernel_that_numba_alone_takes_care_of_is_seen():
    assert takes_numbas_njit("from numba import int64, njit\n")
    assert not takes_numbas_njit("from numba import int64\nfrom ..engine.kernels import njit\n")

"""A kernel compiled from yesterday's rule is never run today, wherever compiled kernels are kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import carousel
import pytest
from carousel.engine.kernel_cache import VARIABLE, KernelHome, drop_stale_kernels, has_kernels, kernel_home
from carousel.engine.kernel_cache import kernel_sources as sources_of

ENGINE = Path(carousel.__file__).parent / "engine"
CALLER = """
from ..engine.kernels import njit
from ..rules.rule import twice
@njit(cache=True)
def caller(x):
    return twice(x)
"""
RULE = """
from ..engine.kernels import njit
from .numbers import FACTOR
@njit(cache=True)
def twice(x):
    return FACTOR * x
"""
HOUSES, NUMBAS = "from ..engine.kernels import njit", "from numba import njit"


@pytest.fixture
def package(tmp_path):
    """A package whose kernel `caller` calls one of another folder, which has a number from a third file."""
    root = tmp_path / "economy"
    for folder in ("rules", "calls", "engine"):
        (root / folder).mkdir(parents=True)
        (root / folder / "__init__.py").touch()
    (root / "__init__.py").touch()
    for name in ("kernels.py", "kernel_cache.py"):
        shutil.copy(ENGINE / name, root / "engine" / name)
    (root / "rules" / "numbers.py").write_text("FACTOR = 2\n")
    (root / "rules" / "rule.py").write_text(RULE)
    (root / "calls" / "caller.py").write_text(CALLER)
    (root / "calls" / "plain.py").write_text("# no kernel\n")
    return root


def python(root: Path, code: str, **environment: str) -> str:
    """What a new process prints."""
    clean = {k: v for k, v in os.environ.items() if k != VARIABLE} | environment
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root.parent, env=clean, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def called(root: Path, **environment: str) -> int:
    """What `caller(10)` is in a new process."""
    return int(python(root, "from economy.calls.caller import caller; print(caller(10))", **environment))


def change(path: Path) -> None:
    """A rule is changed. Python itself tells sources apart by size and whole second: it gets another size."""
    path.write_text(path.read_text().replace("FACTOR = 2", "FACTOR = 3").replace("FACTOR * x", "3 * x") + "# changed\n")


def use_numbas_own(root: Path) -> None:
    """The planted fault: kernels that numba alone takes care of."""
    for path in (root / "rules" / "rule.py", root / "calls" / "caller.py"):
        path.write_text(path.read_text().replace(HOUSES, NUMBAS))


def compiled(folder: Path) -> list[Path]:
    return list(folder.rglob("*.nbi"))


@pytest.mark.parametrize("changed", ["rules/rule.py", "rules/numbers.py"])
def test_a_change_in_a_file_that_a_kernel_is_made_of_drops_what_was_compiled(package, changed):
    assert called(package) == 20
    assert compiled(package)
    change(package / changed)
    assert called(package) == 30
    assert compiled(package)


@pytest.mark.parametrize("changed", ["rules/rule.py", "rules/numbers.py"])
def test_in_a_folder_that_the_user_names_yesterdays_kernel_is_not_found(package, tmp_path, changed):
    elsewhere = {VARIABLE: str(tmp_path / "cache")}
    assert called(package, **elsewhere) == 20
    assert compiled(tmp_path / "cache")
    assert not compiled(package)
    change(package / changed)
    assert called(package, **elsewhere) == 30


def test_a_package_that_cannot_be_written_keeps_them_with_the_user_by_digest(package, tmp_path):
    for folder in ("rules", "calls"):
        (package / folder / "__pycache__").write_text("nothing can be made here")
    users = {"XDG_CACHE_HOME": str(tmp_path / "users"), "PYTHONDONTWRITEBYTECODE": "1"}
    assert called(package, **users) == 20
    assert compiled(tmp_path / "users")
    change(package / "rules" / "numbers.py")
    assert called(package, **users) == 30


def test_where_nothing_can_be_written_every_process_compiles(package, tmp_path):
    for folder in ("rules", "calls"):
        (package / folder / "__pycache__").write_text("nothing can be made here")
    nowhere = {"XDG_CACHE_HOME": "/dev/null", VARIABLE: "/dev/null", "PYTHONDONTWRITEBYTECODE": "1"}
    assert called(package, **nowhere) == 20
    assert not compiled(tmp_path)


@pytest.mark.parametrize("named", [True, False])
def test_numba_alone_goes_on_with_the_old_rule(package, tmp_path, named):
    """Why this is needed: the same change, planted where numba alone keeps its kernels."""
    use_numbas_own(package)
    environment = {VARIABLE: str(tmp_path / "cache")} if named else {}
    assert called(package, **environment) == 20
    change(package / "rules" / "rule.py")
    assert called(package, **environment) == 20


def test_other_files_drop_nothing(package):
    drop_stale_kernels(package)
    assert called(package) == 20
    (package / "calls" / "plain.py").write_text("# still no kernel\n")
    assert not drop_stale_kernels(package)


def test_importing_the_package_alone_drops_nothing_and_a_kernels_owner_does(package):
    assert called(package) == 20
    change(package / "rules" / "rule.py")
    python(package, "import economy, economy.calls.plain")
    assert compiled(package)
    python(package, "import economy.calls.caller")
    assert not compiled(package)


def test_it_is_known_whether_anything_is_compiled(package, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert kernel_home(package) == KernelHome()
    assert not has_kernels(package)
    called(package)
    assert has_kernels(package)
    change(package / "rules" / "rule.py")
    assert not has_kernels(package)


def test_every_kernel_of_carousel_counts():
    root = Path(carousel.__file__).parent
    sources = sources_of(root)
    packages = [folder.parent for folder in root.glob("*/__init__.py")]
    texts = {path: path.read_text() for folder in packages for path in folder.rglob("*.py")}
    with_kernels = {path for path, text in texts.items() if "@njit" in text}
    assert len({path.parent for path in with_kernels}) >= 5
    assert {path.relative_to(root).as_posix() for path in with_kernels} <= set(sources)
    assert {"engine/chance.py", "ledger/causes.py", "market/credit.py"} <= set(sources)


def test_a_folder_that_cannot_be_written_is_left_alone(package, monkeypatch):
    drop_stale_kernels(package)
    (package / "rules" / "rule.py").write_text(RULE + "\n")

    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(Path, "write_text", refuse)
    assert not drop_stale_kernels(package)

"""Which files of tests run a line: noted once, test file by test file, each in a process of its own.

A compiled kernel is seen by nobody while it runs: the tests that call it stand for it.
"""

from __future__ import annotations

import ast
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

TEST_FOLDERS = (
    "ledger", "market", "contracts", "timeline", "report", "amounts", "agents", "narrative", "published", "history",
    "engine", "scenarios",
)  # fmt: skip
BESIDE = ("test_histories.py", "test_model.py", "test_command_line.py")
LEFT_OUT = ("scenarios/test_extremes.py", "scenarios/test_fuzz.py")
"""They feed thousands of files to the model and ask only that it does not break."""
HEAVY = ("matplotlib.pyplot", "numba", "mesa", "networkx", "scipy.optimize", "pandas", "pyarrow.parquet", "hypothesis")


class Ran(NamedTuple):
    """What one file of tests did: seconds of its processor, and the lines it ran by path."""

    seconds: float
    lines: dict[str, list[int]]


def test_files(root: Path) -> list[str]:
    """The files of tests that are asked, from the root of the checkout."""
    found = [p for folder in TEST_FOLDERS for p in sorted((root / "tests" / folder).glob("test_*.py"))]
    names = [str(p.relative_to(root)) for p in (*found, *(root / "tests" / name for name in BESIDE))]
    return [name for name in names if name.removeprefix("tests/") not in LEFT_OUT]


def forked(work: Callable[[], int], log: Path, most_s: float) -> tuple[int | None, float]:
    """Exit status of `work` in a process of its own, None if it used up the processor's seconds that it may; and those
    that it took. No clock on the wall: what else the machine does is no matter.
    """
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (int(most_s) + 1, int(most_s) + 1))
            out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            code = work()
        finally:
            os._exit(code)
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    is_over = code in (-signal.SIGXCPU, -signal.SIGKILL)
    return None if is_over else code, usage.ru_utime + usage.ru_stime


def pytest_in(tree: Path, *arguments: str, is_loaded: bool = False) -> int:
    """Run pytest on a copy of the checkout that is named carousel; nothing of another copy is loaded."""
    if not is_loaded:
        for name, module in list(sys.modules.items()):
            where = getattr(module, "__file__", None) or ""
            if name.split(".")[0] in ("carousel", "tests", "conftest") or where.startswith(f"{tree}/"):
                del sys.modules[name]
    os.environ |= {"PYTHONPATH": str(tree.parent), "OMP_NUM_THREADS": "1"}
    sys.path[:] = [str(tree.parent), *(p for p in sys.path if not (Path(p) / "carousel").exists())]
    sys.dont_write_bytecode = True
    os.chdir(tree)
    import pytest

    asked = ("-q", "-x", "-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-seed=0")
    return int(pytest.main([*asked, *arguments]))


def traced(tree: Path, file: str, into: Path) -> int:
    """Run one file of tests and note every line of the checkout that it ran, but for the tests' own.

    Raises: SystemExit on a Python that cannot watch lines.
    """
    if sys.version_info < (3, 12):
        raise SystemExit("watching which lines a test runs needs Python 3.12 or newer")
    lines: dict[str, set[int]] = {}
    names: dict[CodeType, set[int] | None] = {}
    root = f"{tree}/"

    def ran(code: CodeType, line: int) -> Any:
        if code not in names:
            path = code.co_filename
            own = path.startswith(root) and not path.startswith(f"{root}tests/") and code.co_name != "<module>"
            names[code] = lines.setdefault(path.removeprefix(root), set()) if own else None
        seen = names[code]
        if seen is not None:
            seen.add(line)
        return monitoring.DISABLE

    monitoring = sys.monitoring
    monitoring.use_tool_id(monitoring.COVERAGE_ID, "mutation")
    monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.LINE, ran)
    monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.LINE)
    code = pytest_in(tree, file)
    into.write_text(json.dumps({path: sorted(found) for path, found in lines.items()}))
    return code


def coverage(tree: Path, into: Path) -> dict[str, Ran]:
    """What every file of tests ran; kept in a file, so that what is known is not asked again."""
    known = {file: Ran(*ran) for file, ran in json.loads(into.read_text()).items()} if into.exists() else {}
    for file in test_files(tree):
        if file in known:
            continue
        lines, log = into.with_suffix(".lines"), into.with_suffix(".log")
        code, seconds = forked(partial(traced, tree, file, lines), log, 3600)
        if code not in (0, 5):
            raise SystemExit(f"{file} fails on the unchanged sources:\n{log.read_text()[-2000:]}")
        known[file] = Ran(round(seconds, 2), json.loads(lines.read_text()))
        into.write_text(json.dumps(known))
        print(f"{file}: {seconds:.1f} s", flush=True)
    return known


class Sources:
    """The sources of a checkout, read for who calls whom."""

    def __init__(self, root: Path) -> None:
        inner = (
            p for p in root.glob("*/**/*.py") if p.relative_to(root).parts[0] not in ("tests", "docs", "benchmarks")
        )
        self.trees = {str(p.relative_to(root)): ast.parse(p.read_text()) for p in (*root.glob("*.py"), *inner)}
        self.tests = {file: (root / file).read_text() for file in test_files(root)}

    def spans(self, path: str, line: int) -> list[tuple[str, int, int]]:
        """Lines (path, first, last) of which one runs whenever the line has its effect."""
        function = enclosing(self.trees[path], line)
        if function is None:
            return [*self._functions(path), *(s for user in self._users(path) for s in self._functions(user))]
        if not is_compiled(function):
            if line < function.body[0].lineno:
                return [(path, function.body[0].lineno, function.end_lineno or 0)]
            return [(path, *_statement(function, line))]
        return self._callers(function.name)

    def naming_tests(self, path: str, line: int) -> list[str]:
        """Files of tests that call the line's kernel by its name."""
        function = enclosing(self.trees[path], line)
        name = function.name if function is not None and is_compiled(function) else None
        return [f for f, text in self.tests.items() if name and re.search(rf"\b{name}\b", text)]

    def _functions(self, path: str) -> Iterator[tuple[str, int, int]]:
        for node in ast.walk(self.trees[path]):
            if isinstance(node, ast.FunctionDef):
                if is_compiled(node):
                    yield from self._callers(node.name)
                else:
                    yield path, node.body[0].lineno, node.end_lineno or 0

    def _users(self, path: str) -> list[str]:
        """Files that import from one."""
        module = Path(path).stem
        return [p for p, tree in self.trees.items() if p != path and module in imported(tree)]

    @cache  # noqa: B019 one object lives as long as the process
    def _callers(self, kernel: str) -> list[tuple[str, int, int]]:
        """Statements that call a kernel, directly or through others, and are not compiled themselves."""
        names, left, found = {kernel}, [kernel], []
        while left:
            wanted = left.pop()
            for path, tree in self.trees.items():
                for node in [n for n in ast.walk(tree) if isinstance(n, (ast.Name, ast.Attribute))]:
                    if wanted != (node.id if isinstance(node, ast.Name) else node.attr):
                        continue
                    function = enclosing(tree, node.lineno)
                    if function is None:
                        continue
                    if not is_compiled(function):
                        found.append((path, *_statement(function, node.lineno)))
                    elif function.name not in names:
                        names.add(function.name)
                        left.append(function.name)
        return found


def imported(tree: ast.Module) -> set[str]:
    """Last parts of the modules, and the names, that a file imports."""
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules = {(node.module or "").split(".")[-1] for node in froms}
    return modules | {alias.name for node in froms for alias in node.names}


def enclosing(tree: ast.Module, line: int) -> ast.FunctionDef | None:
    """The outermost function that holds a line."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    return next((f for f in functions if f.lineno <= line <= (f.end_lineno or 0)), None)


def is_compiled(function: ast.FunctionDef) -> bool:
    """Whether numba makes machine code of a function."""
    return any("njit" in ast.unparse(decorator) for decorator in function.decorator_list)


def _statement(function: ast.FunctionDef, line: int) -> tuple[int, int]:
    """First and last line of the innermost statement at a line; of one with a body, its head."""
    first, last = function.lineno, function.end_lineno or line
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and node is not function and node.lineno <= line <= (node.end_lineno or 0):
            body: list[ast.stmt] = getattr(node, "body", [])
            end = max(body[0].lineno - 1, node.lineno) if body else node.end_lineno or 0
            if line <= end:
                first, last = node.lineno, end
    return first, last


def choose(sources: Sources, known: dict[str, Ran], path: str, line: int) -> list[str]:
    """Files of tests that can notice a change of a line: those of its own folder and whole histories first, the
    cheapest first."""
    wanted: dict[str, set[int]] = {}
    for where, first, last in sources.spans(path, line):
        wanted.setdefault(where, set()).update(range(first, last + 1))
    named = sources.naming_tests(path, line)
    files = [
        file for file, ran in known.items()
        if file in named or any(not lines.isdisjoint(ran.lines.get(where, ())) for where, lines in wanted.items())
    ]  # fmt: skip
    near = (f"tests/{path.split('/')[0]}/", f"tests/{BESIDE[0]}")
    return sorted(files, key=lambda file: (known[file].seconds * (1 if file.startswith(near) else 3), file))

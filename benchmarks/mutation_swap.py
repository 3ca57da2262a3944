"""A change put into functions that are loaded already: what costs seconds when a whole program starts costs none."""

from __future__ import annotations

import ast
import contextlib
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType

from carousel.benchmarks.mutation_places import Mutant, changed
from carousel.benchmarks.mutation_tests import enclosing, is_compiled, pytest_in


def load(tree: Path, files: Sequence[str]) -> None:
    """Load the copy's sources and tests into this process; forks of it find them."""
    log = os.open(os.devnull, os.O_WRONLY)
    kept = os.dup(1)
    os.dup2(log, 1)
    with contextlib.suppress(SystemExit):
        here = Path.cwd()
        pytest_in(tree, "--collect-only", *files)
        os.chdir(here)
    sys.stdout.flush()
    os.dup2(kept, 1)


def can_swap(tree: Path, mutant: Mutant) -> bool:
    """Whether the change is in the body of a function that Python itself runs."""
    function = enclosing(ast.parse((tree / mutant.path).read_text()), mutant.place.line)
    return function is not None and not is_compiled(function) and mutant.place.line >= function.body[0].lineno


def swap(tree: Path, mutant: Mutant) -> int:
    """Give the changed code to every loaded function of the file that it changes; how many those are."""
    path = tree / mutant.path
    text = path.read_text()
    old, new = (dict(_codes(compile(t, str(path), "exec"))) for t in (text, changed(text, mutant.place)))
    moved = {name for name, code in new.items() if name in old and _meaning(old[name]) != _meaning(code)}
    count = 0
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename == str(path):
            name = thing.__code__.co_qualname
            if name in moved and len(thing.__code__.co_freevars) == len(new[name].co_freevars):
                thing.__code__ = new[name]
                count += 1
    return count


def swapped(tree: Path, mutant: Mutant, files: Sequence[str]) -> int:
    """Run tests with the change; 77 if no loaded function has it."""
    if not swap(tree, mutant):
        return 77
    return pytest_in(tree, *files, is_loaded=True)


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner.co_qualname, inner
            yield from _codes(inner)


def _meaning(code: CodeType) -> tuple[object, ...]:
    """What a code does, without where it stands."""
    consts = tuple(_meaning(c) if isinstance(c, CodeType) else (type(c), repr(c)) for c in code.co_consts)
    return code.co_code, consts, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars

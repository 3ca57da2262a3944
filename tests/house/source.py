"""The sources of Carousel as the measures of the house see them: every file's text, syntax tree and room."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
NO_SOURCE = ("tests", "build")
RANKS = {
    "engine": 0,
    "ledger": 1,
    "scenarios": 2,
    "narrative": 3,
    "market": 3,
    "contracts": 4,
    "agents": 5,
    "timeline": 6,
    "model": 7,
    "history": 8,
    "report": 9,
    "experiments": 10,
    "visual": 10,
    "cli": 11,
    "run": 12,
    "carousel": 12,
    "benchmarks": 12,
    "docs": 12,
}
"""Rooms from whose money it was up to who runs; imports point down, never to another room beside."""
ROOM_OF_FILE = {"__init__": "carousel", "series": "model"}
"""Files of the root that belong to another room than the one of their name."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Place(NamedTuple):
    """A function or class with the name it goes by in its file."""

    name: str
    node: Function | ast.ClassDef
    owner: ast.ClassDef | None


@dataclass
class House:
    """Sources by path, relative to the root and with slashes."""

    texts: dict[str, str]
    readers: str = ""
    """Python that documentation shows to its readers."""
    _trees: dict[str, ast.Module] = field(default_factory=dict)

    @classmethod
    def on_disk(cls) -> House:
        """Everything in the repository that is no test."""
        paths = [p.relative_to(ROOT) for p in sorted(ROOT.rglob("*.py"))]
        own = [p for p in paths if p.parts[0] not in NO_SOURCE and not any(x.startswith(".") for x in p.parts)]
        pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        shown = "\n".join(block for page in pages for block in python_blocks(page.read_text()))
        return cls({p.as_posix(): (ROOT / p).read_text() for p in own}, shown)

    @classmethod
    def of_tests(cls) -> House:
        """The tests, and what documentation shows."""
        texts = {p.relative_to(ROOT).as_posix(): p.read_text() for p in sorted((ROOT / "tests").rglob("*.py"))}
        return cls(texts | {"shown.py": cls.on_disk().readers})

    def with_file(self, path: str, text: str) -> House:
        """The same house with one more or another file."""
        trees = {known: tree for known, tree in self._trees.items() if known != path}
        return House(self.texts | {path: text}, self.readers, trees)

    def tree(self, path: str) -> ast.Module:
        """The syntax tree of a file."""
        if path not in self._trees:
            self._trees[path] = ast.parse(self.texts[path])
        return self._trees[path]

    def paths(self, rooms: Iterable[str] = ()) -> list[str]:
        """Paths of some rooms; of all of them when none is named."""
        wanted = set(rooms)
        return [path for path in self.texts if not wanted or room_of(path) in wanted]

    def places(self, path: str) -> Iterator[Place]:
        """Every function and class of a file, inner ones too, by its name in the file."""
        yield from _places(self.tree(path), "", None)

    def functions(self, path: str) -> Iterator[Place]:
        """Every function and method of a file."""
        return (place for place in self.places(path) if not isinstance(place.node, ast.ClassDef))

    @cached_property
    def modules(self) -> dict[tuple[str, ...], str]:
        """Dotted name below the package, as a tuple, -> path."""
        return {module_of(path): path for path in self.texts}


def room_of(path: str) -> str:
    """The room a file belongs to."""
    first = path.split("/")[0].removesuffix(".py")
    return ROOM_OF_FILE.get(first, first) if "/" not in path else first


def module_of(path: str) -> tuple[str, ...]:
    """Dotted name of a file below the package, as a tuple; a package goes by its folder."""
    parts = path.removesuffix(".py").split("/")
    return tuple(parts[:-1] if parts[-1] == "__init__" else parts)


def parameters(function: Function) -> list[ast.arg]:
    """Named parameters, without self and cls."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return [a for n, a in enumerate(every) if n or a.arg not in ("self", "cls")]


def python_blocks(markdown: str) -> list[str]:
    """Python code between fences."""
    parts = markdown.split("```")[1::2]
    return [part.removeprefix("python") for part in parts if part.startswith("python\n")]


def _places(node: ast.AST, prefix: str, owner: ast.ClassDef | None) -> Iterator[Place]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | Function):
            yield Place(prefix + child.name, child, owner)
            inner = child if isinstance(child, ast.ClassDef) else None
            yield from _places(child, f"{prefix}{child.name}.", inner)
        else:
            yield from _places(child, prefix, owner)

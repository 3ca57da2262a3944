"""Who imports whom: arrows that point up or beside, and circles; imports for type checking only and lazy ones count."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import networkx as nx
from carousel.tests.house.source import RANKS, House, module_of, room_of


def imports(house: House, path: str, *, for_types: bool = True) -> Iterator[str]:
    """Paths of Carousel's files that a file imports, wherever in it; those for type checking only if asked."""
    here = module_of(path)
    package = here if path.endswith("__init__.py") else here[:-1]
    skipped = set() if for_types else _for_types_only(house.tree(path))
    for node in ast.walk(house.tree(path)):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                first, *rest = alias.name.split(".")
                if first == "carousel":
                    yield from _targets(house, tuple(rest), ())
        elif isinstance(node, ast.ImportFrom):
            asked = tuple(node.module.split(".")) if node.module else ()
            if node.level:
                base = (*package[: len(package) - node.level + 1], *asked)
            elif asked[:1] == ("carousel",):
                base = asked[1:]
            else:
                continue
            yield from _targets(house, base, tuple(alias.name for alias in node.names))


def _for_types_only(tree: ast.Module) -> set[ast.AST]:
    """Nodes that only a type checker reads."""
    blocks = [n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
    return {inner for block in blocks for statement in block.body for inner in ast.walk(statement)}


def _targets(house: House, base: tuple[str, ...], names: tuple[str, ...]) -> Iterator[str]:
    """Files of `from base import names`: a submodule where there is one, else the module that holds the name."""
    inner = [house.modules[(*base, name)] for name in names if (*base, name) in house.modules]
    yield from inner
    if len(inner) < max(1, len(names)) and base in house.modules:
        yield house.modules[base]


def arrows(house: House, *, for_types: bool = True) -> list[tuple[str, str]]:
    """Every pair of files of which the first imports the second."""
    return sorted(
        {(path, to) for path in house.texts for to in imports(house, path, for_types=for_types) if to != path}
    )


def upward(house: House, *, for_types: bool = True) -> list[str]:
    """Imports that point up, or to another room beside."""
    wrong = []
    for path, target in arrows(house, for_types=for_types):
        here, there = room_of(path), room_of(target)
        if here != there and RANKS.get(there, 99) >= RANKS.get(here, -1):
            wrong.append(f"{path} imports {target}")
    return wrong


def strangers(house: House) -> list[str]:
    """Files in a room that has no place in the order."""
    return [path for path in house.texts if room_of(path) not in RANKS]


def in_circles(house: House) -> list[str]:
    """Files from which a chain of imports leads back to themselves."""
    graph = nx.DiGraph(arrows(house))
    return sorted(path for group in nx.strongly_connected_components(graph) if len(group) > 1 for path in group)

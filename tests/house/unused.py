"""Public code that nobody but a test uses: its name occurs nowhere in the sources outside its own definition."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from carousel.tests.house.source import House, Place

CALLED_FROM_OUTSIDE = {"main"}
"""Entry points."""
CALLED_BY_OTHERS = {
    "step", "pos", "remove", "do", "shuffle_do", "select", "shuffle", "sort", "process_order_log", "get_locator",
    "format_ticks", "initialize", "set_default_headers", "write_error", "check_origin", "on_close", "on_message",
    "on_connection_close", "get_compression_options",
}  # fmt: skip
"""Methods that Mesa expects of an agent or a set of them, matplotlib of an axis, a peer's market, tornado of a
handler."""
REGISTERING = ("command", "callback", "field_validator", "model_validator", "field_serializer", "overload")
"""Decorators that hand a function to somebody who calls it: typer, pydantic, the type checker."""


def only_for_tests(house: House) -> list[str]:
    """Public functions, classes and methods that no source names outside their own definition.

    By name: a method counts as used when anything of its name is. What documentation shows in Python counts as used.
    """
    uses = Counter(name for path in house.texts for name in _names(house.tree(path)))
    uses.update(_names(ast.parse(house.readers)) if house.readers else ())
    found = []
    for path in house.texts:
        for place in house.places(path):
            name = place.node.name
            if _is_for_others(place) or uses[name] > sum(n == name for n in _names(place.node)):
                continue
            found.append(f"{path}::{place.name}")
    return found


def _is_for_others(place: Place) -> bool:
    """Whether it is private, or somebody outside the sources calls it."""
    node = place.node
    if node.name.startswith("_") or node.name in CALLED_FROM_OUTSIDE:
        return True
    if place.owner is not None and node.name in CALLED_BY_OTHERS:
        return True
    if isinstance(node, ast.ClassDef) and any(keyword.arg == "store" for keyword in node.keywords):
        return True  # its base registers it as the agent of a store: Mesa makes and finds it
    registers = [ast.unparse(d).split("(")[0].split(".")[-1] for d in node.decorator_list]
    return any(name in REGISTERING for name in registers)


def _names(tree: ast.AST) -> Iterator[str]:
    """Every name a tree reads, calls, inherits, renames or spells out as a string (of a call, too); a plain import is
    no use."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            name, *called = node.value.split("(")
            if name.isidentifier() and len(called) <= 1:
                yield name

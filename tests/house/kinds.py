"""Kinds that are spelled out: texts that are values of a class of kinds, where its members belong."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from carousel.tests.house.source import House

CLASSES = {
    "FirmKind", "ListingKind", "LendingKind", "PromiseKind", "Group", "Happening", "RegimeName", "OriginClass", "Flow",
    "TracingRule", "Status", "Instrument", "SocialGraphKind", "Evidence",
}  # fmt: skip
"""Classes whose members tell rows of tables, states or promises apart."""
OWN_WORDS = {"none"}
"""Values that say something else as well: `none` is how an override takes a value away."""
ROOMS = (
    "agents", "contracts", "narrative", "market", "ledger", "timeline", "model", "history", "report", "experiments",
    "visual", "cli",
)  # fmt: skip
"""Not `scenarios`: there the same words are keys and lists of a file."""


def spelled_out(house: House) -> list[str]:
    """Comparisons with a text that is a kind; two or more kinds of one class in a row, or as keys."""
    classes = _values(house)
    every = set().union(*classes.values()) - OWN_WORDS
    return [
        f"{path}:{node.lineno}: {ast.unparse(node).splitlines()[0][:100]}"
        for path in house.paths(ROOMS)
        for node in ast.walk(house.tree(path))
        if isinstance(node, ast.expr) and _spells(node, every, list(classes.values()))
    ]


def _values(house: House) -> dict[str, set[str]]:
    """Path and class -> the texts of its members."""
    return {
        f"{path}::{place.name}": {
            value.value
            for line in place.node.body
            if isinstance(line, ast.Assign) and isinstance(value := line.value, ast.Constant)
        }
        for path in house.texts
        for place in house.places(path)
        if isinstance(place.node, ast.ClassDef) and place.name in CLASSES
    }


def _spells(node: ast.expr, every: set[str], classes: list[set[str]]) -> bool:
    if isinstance(node, ast.Compare):
        return any(text in every for side in (node.left, *node.comparators) for text in _texts(side))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("eq", "ne", "isin"):
        return any(text in every for argument in node.args for text in _texts(argument))
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        parts = node.elts
    elif isinstance(node, ast.Dict):
        parts = [key for key in node.keys if key is not None]
    else:
        return False
    texts = [text for part in parts for text in _texts(part)]
    return len(texts) == len(parts) > 1 and any(set(texts) <= values for values in classes)


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts of an expression: one, or those of a collection."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        for element in node.elts:
            yield from _texts(element)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value

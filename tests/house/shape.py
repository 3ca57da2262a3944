"""How files and functions are shaped: their size, what they are handed, how they tell kinds apart."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

from carousel.tests.house.source import Function, House, parameters

ARGUMENTS_MAX = 8
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50
BELOW_TIMELINE = ("agents", "contracts", "narrative", "market", "ledger", "engine")
MESA_KEYWORDS = ("model.py", "CarouselModel.__init__")
"""Mesa's tools need the model's parameters spelled out."""
KINDS = {
    "kind",
    "status",
    "instrument",
    "cause",
    "flow",
    "regime",
    "rule",
    "tracing",
    "state",
    "side",
    "stage",
    "phase",
}
"""Names under which a kind goes."""
JOURNAL_WRITERS = ("market/settlement.py", "market/etf.py", "timeline/", "model.py", "ledger/")
POSTING = ("post", "post_to", "post_from")


def long_signatures(house: House) -> list[str]:
    """Functions with more than 8 parameters."""
    return [
        f"{path}::{name} takes {len(parameters(node))}"
        for path in house.texts
        for name, node, _ in house.functions(path)
        if len(parameters(node)) > ARGUMENTS_MAX and (path, name) != MESA_KEYWORDS
    ]


def long_files(house: House) -> list[str]:
    """Files of more than 300 lines."""
    lengths = {path: text.count("\n") for path, text in house.texts.items()}
    return [f"{path} has {lines} lines" for path, lines in lengths.items() if lines > FILE_LINES_MAX]


def long_functions(house: House) -> list[str]:
    """Functions of more than 50 lines, docstring included."""
    found = []
    for path in house.texts:
        for name, node, _ in house.functions(path):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                found.append(f"{path}::{name} has {lines} lines")
    return found


def ignored_types(house: House) -> list[str]:
    """Comments that silence the type checker."""
    found = []
    for path, text in house.texts.items():
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and "type: ignore" in token.string:
                found.append(f"{path}:{token.start[0]}")
    return found


def given_the_model(house: House) -> list[str]:
    """Functions below timeline/ that take the model, or reach for it; an agent's constructor may hand it to Mesa.

    In engine/, Mesa's plumbing, `model` is any model of Mesa's, whose registry of agents the rows enter; what counts
    there is a function that names ours.
    """
    found = []
    for path in house.paths(BELOW_TIMELINE):
        for name, node, owner in house.functions(path):
            if path.startswith("engine/"):
                found += [f"{path}::{name}"] if any(_says_model(a.annotation) for a in parameters(node)) else []
                continue
            is_handed_on = owner is not None and node.name == "__init__" and _only_hands_on(node)
            takes = any(a.arg == "model" or _says_model(a.annotation) for a in parameters(node))
            if (takes and not is_handed_on) or _reaches_for_model(node):
                found.append(f"{path}::{name}")
    return found


def _says_model(annotation: ast.expr | None) -> bool:
    return annotation is not None and "CarouselModel" in ast.unparse(annotation)


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """Nodes of a function without those of functions inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def _reaches_for_model(function: Function) -> bool:
    """Whether it reads `.model` of anything, or stores there."""
    return any(isinstance(n, ast.Attribute) and n.attr in ("model", "_model") for n in _own_nodes(function))


def _only_hands_on(function: Function) -> bool:
    """Whether `model` is used for nothing but `super().__init__(model, ...)`."""
    nodes = list(_own_nodes(function))
    handed = {
        id(argument)
        for call in nodes
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__"
        for argument in call.args
    }
    return all(id(n) in handed for n in nodes if isinstance(n, ast.Name) and n.id == "model")


def kinds_as_strings(house: House) -> list[str]:
    """Places where a kind is told by a string: compared, looked for in a set of them, matched, or looked up by."""
    return [
        f"{path}:{node.lineno}: {ast.unparse(node).splitlines()[0][:100]}"
        for path in house.texts
        for node in ast.walk(house.tree(path))
        if (isinstance(node, ast.Compare) and _compares_kind(node))
        or (isinstance(node, ast.Call) and _looks_up_kind(node))
        or (isinstance(node, ast.Match) and _is_kind(node.subject) and _matches_strings(node))
    ]


def _is_kind(node: ast.expr) -> bool:
    """Whether an expression is a kind by its name: an attribute, a variable, a column of a table; no array's type."""
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Attribute) and node.value.attr == "dtype":
            return False
        return node.attr in KINDS or (node.attr == "value" and _is_kind(node.value))
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.slice.value in KINDS
    return isinstance(node, ast.Name) and node.id in KINDS


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is a string, or a collection with one."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(_is_text(element) for element in node.elts)
    if isinstance(node, ast.Dict):
        return any(key is not None and _is_text(key) for key in node.keys)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _compares_kind(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    return any(_is_kind(side) for side in sides) and any(_is_text(side) for side in sides)


def _looks_up_kind(node: ast.Call) -> bool:
    """`{"text": ...}.get(x.kind)` and `x["kind"].isin(["text"])`."""
    called = node.func
    if not isinstance(called, ast.Attribute) or not node.args:
        return False
    is_lookup = called.attr == "get" and isinstance(called.value, ast.Dict) and _is_text(called.value)
    is_membership = called.attr == "isin" and _is_kind(called.value) and _is_text(node.args[0])
    return (is_lookup and _is_kind(node.args[0])) or is_membership


def _matches_strings(node: ast.Match) -> bool:
    patterns = [inner for case in node.cases for inner in ast.walk(case.pattern)]
    return any(isinstance(p, ast.MatchValue) and _is_text(p.value) for p in patterns)


def foreign_writes(house: House) -> list[str]:
    """Assignments to an attribute of anything but self, where agents, contracts and parts of a run live."""
    return [
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path in house.paths(("agents", "contracts", "market", "narrative", "timeline"))
        for node in ast.walk(house.tree(path))
        if isinstance(node, ast.Attribute)
        and not isinstance(node.ctx, ast.Load)
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    ]


def without_seed(house: House) -> list[str]:
    """Models made without saying their seed: each run of such code is another world."""
    return [
        f"{path}:{node.lineno}"
        for path in house.texts
        for node in ast.walk(house.tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] == "CarouselModel"
        and not any(keyword.arg in ("rng", None) for keyword in node.keywords)
    ]


CHANGING = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "discard", "clear"}
"""Methods that change a list, a set or a dictionary."""
OWN_METHODS = {("bills", "add")}
"""Not a set's: the method by which the bills themselves take a new one on."""


def foreign_changes(house: House) -> list[str]:
    """Changes of what an attribute of anything but self holds: a method that changes it, an element that is written."""
    return [
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path in house.paths(("agents", "contracts", "market", "narrative", "timeline"))
        for node in ast.walk(house.tree(path))
        if (changed := _changed(node)) is not None
        and not (isinstance(changed.value, ast.Name) and changed.value.id in ("self", "cls"))
    ]


def _changed(node: ast.AST) -> ast.Attribute | None:
    """The attribute whose content a node changes: `x.y.append(...)`, `x.y[...] = ...`, `del x.y[...]`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING:
        inner = node.func.value
        if isinstance(inner, ast.Attribute) and (inner.attr, node.func.attr) in OWN_METHODS:
            return None
    elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        inner = node.value
    else:
        return None
    while isinstance(inner, ast.Subscript):
        inner = inner.value
    return inner if isinstance(inner, ast.Attribute) else None


def foreign_postings(house: House) -> list[str]:
    """Calls of a journal's posting methods outside the day's phases, settlement and the ledger."""
    return [
        f"{path}:{node.lineno}"
        for path in house.texts
        if not path.startswith((*JOURNAL_WRITERS, "benchmarks/"))
        for node in ast.walk(house.tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in POSTING
    ]

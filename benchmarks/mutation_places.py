"""Where one small thing could be wrong in a Python file: a comparison, a sign, a number, a condition, a statement."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}  # fmt: skip
SIGNS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.Mod: ast.FloorDiv,
}  # fmt: skip
OPPOSITES = {
    "min": "max", "minimum": "maximum", "any": "all", "argmin": "argmax", "floor": "ceil", "max": "min",
    "maximum": "minimum", "all": "any", "argmax": "argmin", "ceil": "floor",
}  # fmt: skip
SHOWN = 110
"""Characters of a change that are shown."""


class Place(NamedTuple):
    """One change: the text from (line, column) to (end_line, end_column) becomes `new`. Columns count bytes."""

    line: int
    column: int
    end_line: int
    end_column: int
    new: str
    change: str


class Mutant(NamedTuple):
    """A place in a file, named from the root of the checkout."""

    path: str
    place: Place

    def __str__(self) -> str:
        return f"{self.path}:{self.place.line} {self.place.change[:SHOWN]}"


class _Finder(ast.NodeVisitor):
    """Collects places; texts (f-strings, messages) and annotations are left alone."""

    def __init__(self) -> None:
        self.places: list[Place] = []

    def visit(self, node: ast.AST) -> None:
        """Each kind of node by its own method, where it has one."""
        getattr(self, f"_{type(node).__name__}", self.generic_visit)(node)

    def add(self, node: ast.stmt | ast.expr, new: ast.AST | None) -> None:
        """One statement or expression is replaced, or dropped."""
        old, text = ast.unparse(node), "pass" if new is None else ast.unparse(new)
        change = f"drop: {old.splitlines()[0]}" if new is None else f"{old}  ->  {text}"
        written = f"({text})" if isinstance(new, ast.expr) else text
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        self.places.append(Place(node.lineno, node.col_offset, end_line, end_column, written, change))

    def _Raise(self, node: ast.Raise) -> None:
        self.add(node, None)

    def _Assert(self, node: ast.Assert) -> None:
        self.add(node, None)

    def _Continue(self, node: ast.Continue) -> None:
        self.add(node, None)

    def _Break(self, node: ast.Break) -> None:
        self.add(node, None)

    def _JoinedStr(self, node: ast.JoinedStr) -> None:
        pass

    def _AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def _arguments(self, node: ast.arguments) -> None:
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)

    def _FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name == "__init__" and any("super().__init__(f" in ast.unparse(line) for line in node.body):
            return  # the text of an error
        self.visit(node.args)
        has_value = any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(node))
        statements = [s for s in node.body if not _is_text(s) and not isinstance(s, ast.Pass)]
        if not has_value and not any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in ast.walk(node)):
            for statement in statements[1:] or statements:
                line, column = statement.lineno, statement.col_offset
                change = f"return before: {ast.unparse(statement).splitlines()[0]}"
                self.places.append(Place(line, column, line, column, f"return\n{' ' * column}", change))
        for statement in node.body:
            self.visit(statement)

    def _ClassDef(self, node: ast.ClassDef) -> None:
        for statement in node.body:
            self.visit(statement)

    def _If(self, node: ast.If) -> None:
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self.negate(node.test)
            self.generic_visit(node)

    def _While(self, node: ast.While) -> None:
        self.negate(node.test)
        self.generic_visit(node)

    def _IfExp(self, node: ast.IfExp) -> None:
        self.negate(node.test)
        self.generic_visit(node)

    def _comprehension(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            self.negate(condition)
        self.generic_visit(node)

    def negate(self, test: ast.expr) -> None:
        """A condition is turned round; a single comparison has changes of its own."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            self.add(test, test.operand)
        elif not isinstance(test, ast.Constant) and not (isinstance(test, ast.Compare) and len(test.ops) == 1):
            self.add(test, ast.UnaryOp(ast.Not(), test))

    def _Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            if not isinstance(node.value, (ast.Yield, ast.YieldFrom)):
                self.add(node, None)
            self.generic_visit(node)

    def _AugAssign(self, node: ast.AugAssign) -> None:
        self.add(node, None)
        if isinstance(node.op, (ast.Add, ast.Sub)) and not isinstance(node.value, (ast.List, ast.ListComp)):
            changed = copy.deepcopy(node)
            changed.op = SIGNS[type(node.op)]()
            self.add(node, changed)
        self.generic_visit(node)

    def _Assign(self, node: ast.Assign) -> None:
        if node.col_offset and all(isinstance(target, (ast.Attribute, ast.Subscript)) for target in node.targets):
            self.add(node, None)
        if not any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
            self.generic_visit(node)

    def _Compare(self, node: ast.Compare) -> None:
        for i, sign in enumerate(node.ops):
            for other in COMPARISONS[type(sign)]:
                changed = copy.deepcopy(node)
                changed.ops[i] = other()
                self.add(node, changed)
        self.generic_visit(node)

    def _BoolOp(self, node: ast.BoolOp) -> None:
        changed = copy.deepcopy(node)
        changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self.add(node, changed)
        self.generic_visit(node)

    def _BinOp(self, node: ast.BinOp) -> None:
        if _is_text_or_list(node.left) or _is_text_or_list(node.right):
            return
        if type(node.op) in SIGNS:
            changed = copy.deepcopy(node)
            changed.op = SIGNS[type(node.op)]()
            self.add(node, changed)
        if isinstance(node.op, ast.FloorDiv):  # rounded up instead of down
            negative = ast.BinOp(ast.UnaryOp(ast.USub(), copy.deepcopy(node.left)), ast.FloorDiv(), node.right)
            self.add(node, ast.UnaryOp(ast.USub(), negative))
        self.generic_visit(node)

    def _UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
            self.add(node, node.operand)
        self.generic_visit(node)

    def _Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.add(node, ast.Constant(not node.value))
        elif isinstance(node.value, (int, float)):
            self.add(node, ast.Constant(node.value + 1))
            self.add(node, ast.Constant(node.value - 1))

    def _Call(self, node: ast.Call) -> None:
        called = node.func
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        if name in OPPOSITES:
            changed = copy.deepcopy(node)
            if isinstance(changed.func, ast.Name):
                changed.func.id = OPPOSITES[name]
            elif isinstance(changed.func, ast.Attribute):
                changed.func.attr = OPPOSITES[name]
            self.add(node, changed)
        self.visit(called)
        for value in (*node.args, *(keyword.value for keyword in node.keywords)):
            self.visit(value)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_text_or_list(node: ast.expr) -> bool:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text or isinstance(node, (ast.List, ast.ListComp))


def places(text: str) -> list[Place]:
    """Every change of a source text."""
    finder = _Finder()
    finder.visit(ast.parse(text))
    return finder.places


def changed(text: str, place: Place) -> str:
    """The source text with one change."""
    lines = text.encode().split(b"\n")
    start = sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column
    end = sum(len(line) + 1 for line in lines[: place.end_line - 1]) + place.end_column
    whole = text.encode()
    return (whole[:start] + place.new.encode() + whole[end:]).decode()


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def sample(root: Path, folder: str, seed: int, count: int) -> list[Mutant]:
    """So many changes of a folder's files, drawn without regard to which is where: at most one a line."""
    paths = sorted((root / folder).glob("*.py"))
    every = [Mutant(str(p.relative_to(root)), place) for p in paths for place in places(p.read_text())]
    random.Random(f"{seed}-{folder}").shuffle(every)
    return list(islice(_one_a_line(root, every), count))


def _one_a_line(root: Path, mutants: list[Mutant]) -> Iterator[Mutant]:
    """Those that still are Python, the first of each line."""
    seen = set()
    for mutant in mutants:
        if (mutant.path, mutant.place.line) not in seen and _is_python(
            changed((root / mutant.path).read_text(), mutant.place)
        ):
            seen.add((mutant.path, mutant.place.line))
            yield mutant

"""Every name that the page of notation gives to a symbol is a name of the modules in its heading, of a parameter or of
a scenario."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from carousel.scenarios.behaviour import parameter_table

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "notation.md"
COLUMN = "name in code"
FILE = re.compile(r"`((?:\w+/)+\w+\.py)`")
IN_CODE_FONT = re.compile(r"`([^`]+)`")


@cache
def names_of(path: Path) -> frozenset[str]:
    """What a module names: functions, classes, arguments, constants, fields and attributes, read or written; those of a
    class as `Class.name` too."""
    found: set[str] = set()

    def collect(node: ast.AST, owner: str) -> None:
        for child in ast.iter_child_nodes(node):
            name = ""
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                name = child.name
            elif isinstance(child, ast.arg):
                name = child.arg
            elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                name = child.id
            elif isinstance(child, ast.Attribute):
                name = child.attr
            found.update({name, f"{owner}.{name}"} if name else ())
            collect(child, child.name if isinstance(child, ast.ClassDef) else owner)

    collect(ast.parse(path.read_text()), "")
    return frozenset(found)


@cache
def scenario_keys() -> frozenset[str]:
    """Keys that a scenario may have, of whatever table."""
    classes = [
        node
        for path in sorted((ROOT / "scenarios").glob("schema*.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    ]
    fields = [line.target for one in classes for line in one.body if isinstance(line, ast.AnnAssign)]
    return frozenset(field.id for field in fields if isinstance(field, ast.Name))


def named(text: str) -> Iterator[tuple[list[str], str]]:
    """Every name in code font of the column of names, with the modules of its heading."""
    modules: list[str] = []
    place = None
    for line in text.splitlines():
        if line.startswith("## "):
            modules = FILE.findall(line)
        if not line.startswith("|"):
            place = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if COLUMN in cells:
            place = cells.index(COLUMN)
        elif place is not None:
            for name in IN_CODE_FONT.findall(cells[place]):
                yield modules, name


def unknown_names(text: str, root: Path = ROOT) -> list[str]:
    """Names of the page that stand for nothing."""
    parameters, keys = [str(row["name"]) for row in parameter_table()], scenario_keys()
    faults = []
    for modules, name in named(text):
        kind, _, rest = name.partition(".")
        if kind == "behaviour":
            is_known = any(p.startswith(rest[:-1]) if rest.endswith("*") else p == rest for p in parameters)
        elif kind == "facts":
            is_known = rest in keys
        elif "/" in name:
            is_known = (root / name).is_file()
        else:
            is_known = any(name in names_of(root / path) for path in modules if (root / path).is_file())
        if not is_known:
            faults.append(name)
    return faults


def test_every_name_of_the_notation_is_one_of_the_code():
    assert unknown_names(PAGE.read_text()) == []


def absent_parameters(text: str) -> list[str]:
    """Parameters that have no symbol."""
    told = [name.partition(".")[2] for _, name in named(text) if name.startswith("behaviour.")]
    groups = tuple(name[:-1] for name in told if name.endswith("*"))
    parameters = [str(row["name"]) for row in parameter_table()]
    return [name for name in parameters if name not in told and not (groups and name.startswith(groups))]


def test_every_parameter_has_its_place_in_the_notation():
    text = PAGE.read_text()
    assert absent_parameters(text) == []
    assert absent_parameters(text.replace("`behaviour.size_doubt`", "-")) == ["size_doubt"]


def test_the_notation_names_many_things_in_every_section_but_the_arithmetic():
    text = PAGE.read_text()
    sections = [section.partition("\n") for section in text.split("\n## ")[1:]]
    assert [heading for heading, _, body in sections if COLUMN not in body] == ["Arithmetic of the loop"]
    assert len(list(named(text))) > 250


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("`credibility`", "`relative_credibility`"),
        ("`AiLab.value_usd`", "`AiLab.fade_months`"),
        ("`behaviour.size_doubt`", "`behaviour.size_belief`"),
        ("`behaviour.fw_*`", "`behaviour.fx_*`"),
        ("`facts.wealth_sigma`", "`facts.wealth_tau`"),
        ("`tests/oracles/clearing_vector.py`", "`tests/oracles/clearing_matrix.py`"),
    ],
)
def test_a_name_that_is_gone_is_seen(right, wrong):
    text = PAGE.read_text()
    assert right in text
    assert wrong.strip("`") in unknown_names(text.replace(right, wrong))


def test_a_name_of_another_module_is_no_name_of_this_heading():
    text = "## A (`narrative/doubt.py`)\n| symbol | name in code |\n|---|---|\n| a | `coverage_pull`, `served` |\n"
    assert unknown_names(text) == ["served"]

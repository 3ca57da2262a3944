"""From pydantic's list of complaints to the one fault that is shown, with the key path in names."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .addresses import address
from .behaviour import Behaviour
from .checks import faults
from .errors import Fault, nearest_names, shown
from .schema_base import LABEL_PATTERN, NAME_PATTERN
from .schema_dated import Dated
from .schema_deals import Statement
from .schema_holders import Etf, Households
from .schema_world import KINDS, World

SINGLE: dict[str, type[BaseModel]] = {"behaviour": Behaviour, "etf": Etf, "households": Households}
TYPES = {
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "string_type": "a text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "date_type": "a date such as 2025-09-10",
    "tuple_type": "a list: in square brackets, or an entry under each [[heading]]",
    "list_type": "a list in square brackets",
    "dict_type": "a table of keys: in braces, or under its [heading]",
    "model_type": "a table of keys: in braces, or under its [heading]",
    "model_attributes_type": "a table of keys: in braces, or under its [heading]",
}
"""What pydantic calls by types of Python, in words of a file."""
SIGNS = "letters, digits, spaces and & ' ( ) , / + : -"
PATTERNS = {
    NAME_PATTERN: f"{SIGNS}; no dots: paths of keys are made of names",
    LABEL_PATTERN: f"{SIGNS} and dots",
}
DATED = [kind for kind, entry in KINDS.items() if issubclass(entry, Dated)]


def first_fault(error: ValidationError, data: Mapping[str, Any]) -> Fault:
    """The fault to show: an unknown key before all others, because a misspelt key also leaves one missing."""
    details = error.errors(include_url=False)
    return _fault_of(next((d for d in details if d["type"] == "extra_forbidden"), details[0]), data)


def all_faults(error: ValidationError, data: Mapping[str, Any]) -> list[Fault]:
    """Every fault: of single keys first; what must hold between the parts is asked when each of them is right."""
    details = error.errors(include_url=False)
    if details[0]["type"] == "scenario_rule":
        return _broken_rules(details[0]["ctx"]["scenario"]) or [first_fault(error, data)]
    return [_fault_of(each, data) for each in details]


def _broken_rules(scenario: World) -> list[Fault]:
    """Every rule that is broken, up to one that cannot be asked because of another."""
    found: list[Fault] = []
    try:
        found.extend(faults(scenario))
    except (ArithmeticError, LookupError, ValueError):
        if not found:
            raise
    return found


def _fault_of(chosen: ErrorDetails, data: Mapping[str, Any]) -> Fault:
    """One complaint as a fault."""
    if chosen["type"] == "scenario_rule":
        context = chosen["ctx"]
        return Fault(context["key_path"], context["came"], context["allowed"], tuple(context["nearest"]))
    location = chosen["loc"]
    path = key_path(location, data)
    model = model_at(location)
    if chosen["type"] == "extra_forbidden":
        known = fields_of(model)
        near = nearest_names(location[-1], known) if location else ()
        name = "a scenario" if model is World else "announce" if model is Statement else str(location[0])
        allowed = f"a key of {name}: {', '.join(known)}"
        return Fault(path, f"an unknown key with {shown(chosen['input'])}", allowed, near)
    if chosen["type"] == "missing":
        return Fault(path, "nothing", f"a value: {_what(model, str(location[-1]))} is required")
    return Fault(path or "file", shown(chosen["input"]), in_words(chosen))


def key_path(location: Sequence[int | str], data: Mapping[str, Any]) -> str:
    """The location with numbers of list entries replaced by the entries' names."""
    parts: list[str] = []
    node: Any = data
    for step in location:
        if isinstance(step, int):
            entry = node[step] if isinstance(node, list | tuple) and step < len(node) else None
            parts.append(address(entry, step))
            node = entry
        else:
            parts.append(step)
            node = node.get(step) if isinstance(node, Mapping) else None
    return ".".join(parts)


def model_at(location: Sequence[int | str]) -> type[BaseModel]:
    """The model that holds the last key of a location."""
    if len(location) < 2:
        return World
    top = str(location[0])
    if top in DATED and "announce" in location[:-1]:
        return Statement
    return KINDS.get(top) or SINGLE.get(top) or World


def fields_of(model: type[BaseModel]) -> list[str]:
    """The keys a file may hold there."""
    return [name for name in model.model_fields if name != "sources"]


def _what(model: type[BaseModel], field: str) -> str:
    """The type of a field in words of a file."""
    info = model.model_fields.get(field)
    kinds = {float: "a number", int: "a whole number", str: "a text", bool: "true or false", date: "a date"}
    annotation: Any = info.annotation if info else None
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        annotation = typing.get_args(annotation)[0]
    return f"{field} ({kinds.get(annotation, getattr(annotation, '__name__', 'a value'))})"


def in_words(details: ErrorDetails) -> str:
    """What is allowed, as pydantic says it, in words of a file."""
    text = details["msg"].removeprefix("Input should be ").removeprefix("String should ")
    if details["type"].startswith("string_too_"):
        return f"a text; it should {text}"
    if details["type"] == "string_pattern_mismatch":
        return PATTERNS[details["ctx"]["pattern"]]
    return TYPES.get(details["type"], text)

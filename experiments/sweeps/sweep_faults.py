"""From pydantic's complaints about a sweep to the one line that is shown."""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ...scenarios.errors import Fault, nearest_names, shown
from ...scenarios.faults import in_words, key_path
from ...scenarios.schema_base import Part
from .errors import SweepError
from .sweep import Sweep
from .sweep_parts import Plan


def validated(data: Mapping[str, Any], file: str) -> Sweep:
    """The sweep of plain data.

    Raises: SweepError.
    """
    try:
        return Sweep.model_validate(dict(data))
    except ValidationError as error:
        details = error.errors(include_url=False)
        chosen = next((d for d in details if d["type"] == "extra_forbidden"), details[0])
        fault = _fault_of(chosen, data)
        raise SweepError(file, fault.key_path, fault.came, fault.allowed, fault.nearest) from None


def _fault_of(chosen: ErrorDetails, data: Mapping[str, Any]) -> Fault:
    """One complaint as a fault."""
    if chosen["type"] == "sweep_rule":
        said = chosen["ctx"]
        return Fault(said["key_path"], said["came"], said["allowed"], tuple(said["nearest"]))
    location, came = chosen["loc"], chosen["input"]
    path = key_path(location, data) or "file"
    is_path = len(location) > 1 and location[0] in ("vary", "case")
    if isinstance(came, dict) and is_path and chosen["type"] != "missing":
        return Fault(path, shown(came), 'key paths in quotes, such as "lab.OpenAI.revenue_share"')
    if chosen["type"] == "extra_forbidden":
        known = list(_model_at(location).model_fields)
        near = nearest_names(location[-1], known)
        return Fault(path, f"an unknown key with {shown(came)}", f"one of {', '.join(known)}", near)
    if location[0] == "vary" and len(location) == 2:
        return Fault(
            path, shown(came), f"[{path}] with values = [...], or with low, high and steps; or with on, or without"
        )
    if chosen["type"] == "missing":
        return Fault(path, "nothing", f"{location[-1]} is required")
    if chosen["type"] == "string_pattern_mismatch":
        return Fault(path, shown(came), "letters, digits, spaces and .&'(),/+:%-, the first a letter, a digit, ( or &")
    return Fault(path, shown(came), in_words(chosen))


def _model_at(location: Sequence[int | str]) -> type[Part]:
    """The part that holds the last key of a location."""
    model: type[Part] = Plan
    for step in location[:-1]:
        if isinstance(step, str) and step in model.model_fields:
            model = next(_parts_in(model.model_fields[step].annotation), model)
    return model


def _parts_in(annotation: Any) -> typing.Iterator[type[Part]]:
    """The parts that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _parts_in(inner)

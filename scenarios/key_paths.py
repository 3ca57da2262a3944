"""Key paths such as `lab.OpenAI.revenue_share` and `contract.*.capacity_gw`: what they lead to, and changing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from .addresses import address
from .errors import NO_FILE, ScenarioError, nearest_names, shown
from .names import one_form
from .schema_world import KINDS


def apply_to_path(data: dict[str, Any], path: str, change: Callable[[Any], Any]) -> list[str]:
    """Change every value the path (with `*` for all entries of a list) leads to; the key paths changed.

    Raises: ScenarioError if it leads to nothing that can be changed.
    """
    changed = []
    for holder, key, found in list(_targets(data, path)):
        holder[key] = change(holder[key])
        changed.append(found)
    return changed


def times(old: Any, factor: float, path: str) -> Any:
    """A number times a factor; whole numbers are rounded to whole numbers."""
    if not is_number(old):
        raise ScenarioError(NO_FILE, path, shown(old), "a path to a number, to be multiplied")
    product = old * factor
    return round(product) if isinstance(old, int) and abs(product) < 2**63 else product


def replaced(old: Any, new: Any) -> Any:
    """The new value, whatever the old one was."""
    return new


def is_number(value: Any) -> bool:
    """Whether a value counts something: truth values do not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _targets(data: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str, str]]:
    """(table, key, key path) of each value a path leads to."""
    steps = one_form(path).split(".")
    top = steps[0]
    if top not in data or top == "sources":
        raise unknown(path, top, [k for k in data if k != "sources"], "")
    if len(steps) == 1 and not isinstance(data[top], dict | list | tuple) and data[top] is not None:
        yield data, top, path
    elif len(steps) == 2 and isinstance(data[top], dict):
        if steps[1] not in data[top]:
            raise unknown(path, steps[1], data[top], f"{top}.")
        yield data[top], steps[1], path
    elif len(steps) == 3 and top in KINDS:
        yield from _entries(data[top], steps, path)
    else:
        form = (
            f"{top}.NAME.FIELD"
            if top in KINDS
            else f"{top}.FIELD"
            if isinstance(data[top], dict)
            else "a key with a value"
        )
        raise ScenarioError(NO_FILE, path, "a path that leads to no value", form)


def _entries(
    entries: Sequence[dict[str, Any]], steps: Sequence[str], path: str
) -> Iterator[tuple[dict[str, Any], str, str]]:
    top, wanted, field = steps
    if field not in KINDS[top].model_fields:
        raise unknown(path, field, KINDS[top].model_fields, f"{top}.{wanted}.")
    named = {address(entry, i): entry for i, entry in enumerate(entries)}
    if (wanted != "*" and wanted not in named) or not named:
        raise unknown(path, wanted, named, f"{top}.")
    for name, entry in named.items():
        if wanted in ("*", name):
            yield entry, field, f"{top}.{name}.{field}"


def unknown(path: str, step: str, known: Any, before: str, also: Iterable[str] = ()) -> ScenarioError:
    """The error of a path whose `step` is none of the `known`; `also` are names that may have been meant instead."""
    names = list(known)
    near = [f"{before}{n}" for n in nearest_names(step, [*names, *also])]
    some = ", ".join(names[:40]) or "nothing: the scenario has no such entry"
    return ScenarioError(NO_FILE, path, f"an unknown name {shown(step)}", some, near)

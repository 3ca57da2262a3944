"""From a TOML file to a scenario: limits first, then parsing, inheritance, sources beside numbers, and checks.

Whatever is wrong with a file, exactly one `ScenarioError` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .addresses import address
from .errors import ScenarioError, nearest_names, one_line, shown
from .faults import all_faults, first_fault
from .input_file import NotReadable, bytes_of, decode, plain_toml
from .limits import FILE_BYTES_MAX
from .names import one_form
from .overrides import override
from .schema import Scenario
from .undisclosed import fill_prices

EXTENDS_MAX = 4
"""Longest chain of scenarios that extend each other."""
ENTRIES_MAX = 1000
"""Most entries of one list, as in the schema: counted before anything is validated."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a file and the source that stands beside it."""

    value: Any
    source: str | None


def bundled() -> tuple[str, ...]:
    """Names of the scenarios that come with the package, in alphabetical order."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def load(name_or_path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """The scenario of a bundled name or of a TOML file, with `key=value` overrides applied.

    `overrides` are such as `lab.OpenAI.revenue_growth_per_year=0.2` or `contract.*.capacity_gw*=2`.

    Raises: ScenarioError, exactly one, whatever is wrong.
    """
    text, file = read_text(name_or_path)
    return override(parse(text, file=file, folder=_folder(name_or_path)), overrides)


def read_text(name_or_path: str | Path) -> tuple[str, str]:
    """The text of a bundled scenario or of a TOML file, and the name to call it by.

    Raises: ScenarioError if there is no such scenario, it cannot be read, is too large or is not UTF-8.
    """
    asked = str(name_or_path)
    is_path = isinstance(name_or_path, Path) or asked.endswith(".toml") or "/" in asked or "\\" in asked
    if not is_path and asked not in bundled():
        allowed = f"one of {', '.join(bundled())}, or the path of a .toml file"
        raise ScenarioError(asked, "scenario", shown(asked), allowed, nearest_names(asked, bundled()))
    source = Path(asked) if is_path else resources.files(__package__) / f"{asked}.toml"
    try:
        raw = bytes_of(source, FILE_BYTES_MAX)
    except NotReadable as fault:
        raise ScenarioError(asked, "file", str(fault), "the path of a .toml file, or a bundled name") from None
    return decode(raw, file=asked), asked


def parse(text: str, *, file: str = "scenario", folder: Path | None = None) -> Scenario:
    """The scenario of a TOML text; `folder` is where a path in `extends` starts (None: bundled names only).

    Raises: ScenarioError, exactly one, whatever is wrong.
    """
    data, sources = _data(text, file, folder)
    try:
        return Scenario.model_validate({**data, "sources": sources})
    except ValidationError as error:
        fault = first_fault(error, data)
        raise ScenarioError(file, fault.key_path, fault.came, fault.allowed, fault.nearest) from None


def check(name_or_path: str | Path) -> list[ScenarioError]:
    """Everything that is wrong with a scenario; nothing if it can be run."""
    file, data = str(name_or_path), {}  # type: str, dict[str, Any]
    try:
        text, file = read_text(name_or_path)
        data, sources = _data(text, file, _folder(name_or_path))
        Scenario.model_validate({**data, "sources": sources})
    except ScenarioError as fault:
        return [fault]
    except ValidationError as error:
        return [ScenarioError(file, f.key_path, f.came, f.allowed, f.nearest) for f in all_faults(error, data)]
    return []


def _data(text: str, file: str, folder: Path | None) -> tuple[dict[str, Any], dict[str, str]]:
    """Plain data with what it extends, and the sources of its numbers.  Raises: ScenarioError."""
    tree = _with_base(_tree(text, file), file, folder, chain=(file,))
    sources: dict[str, str] = {}
    data = _flatten(tree, "", sources)
    if "sources" in data:
        raise ScenarioError(file, "sources", shown(data["sources"]), "no such key: sources stand beside the values")
    fill_prices(data, sources)
    return data, sources


def to_json(scenario: Scenario) -> str:
    """The whole scenario, sources included, as JSON that `from_json` reads back unchanged."""
    return scenario.model_dump_json()


def _folder(name_or_path: str | Path) -> Path | None:
    return None if str(name_or_path) in bundled() else Path(name_or_path).parent


def _tree(text: str, file: str) -> dict[str, Any]:
    """The file as nested dicts and lists with a Leaf at every end."""
    raw = plain_toml(text, file=file)
    return {key: _leaves(value, file, key) for key, value in raw.items()}


def _leaves(value: Any, file: str, path: str, source: str | None = None) -> Any:
    """Unwrap `{ value = ..., source = "..." }`; a bare `source` in an entry goes with its values that have none."""
    if isinstance(value, list):
        if len(value) > ENTRIES_MAX:
            raise ScenarioError(file, path, f"{len(value)} entries", f"at most {ENTRIES_MAX} entries")
        return [_leaves(v, file, f"{path}.{address(v, i)}", source) for i, v in enumerate(value)]
    if not isinstance(value, dict):
        return Leaf(value, source)
    if "source" in value and not (isinstance(value["source"], str) and value["source"].strip()):
        raise ScenarioError(file, f"{path}.source", shown(value["source"]), "a text that says where the number is from")
    source = value.get("source", source)
    if "value" in value:
        if extra := sorted(set(value) - {"value", "source"}):
            raise ScenarioError(file, f"{path}.{extra[0]}", shown(value[extra[0]]), "value and source only")
        if isinstance(value["value"], dict | list):
            raise ScenarioError(file, f"{path}.value", shown(value["value"]), "a number, text, date or truth value")
        return Leaf(value["value"], source)
    plain = {key: v for key, v in value.items() if key != "source"}
    names = {k: v for k, v in plain.items() if k in ("name", "owner", "firm") and isinstance(v, str)}
    return {
        **{k: _leaves(v, file, f"{path}.{k}", source) for k, v in plain.items()},
        **{k: Leaf(v, None) for k, v in names.items()},
    }


def _with_base(tree: dict[str, Any], file: str, folder: Path | None, chain: tuple[str, ...]) -> dict[str, Any]:
    """The tree over the one it extends, entries of lists matched by name."""
    removals = _removals(tree.pop("remove", []), file)
    if "extends" not in tree:
        if removals:
            raise ScenarioError(file, "remove", shown(removals), "no such key without `extends`")
        return tree
    leaf = tree.pop("extends")
    base = leaf.value if isinstance(leaf, Leaf) else leaf
    if not isinstance(base, str):
        raise ScenarioError(file, "extends", shown(base), "the name of a scenario", bundled())
    if base not in bundled():
        if folder is None or not base.endswith(".toml"):
            allowed = f"one of {', '.join(bundled())}, or a .toml file beside this one"
            raise ScenarioError(file, "extends", shown(base), allowed, nearest_names(base, bundled()))
        base = str(folder / base)
    if base in chain or len(chain) > EXTENDS_MAX:
        raise ScenarioError(file, "extends", shown(base), f"a chain of at most {EXTENDS_MAX} different scenarios")
    text, base_file = read_text(base)
    below = _with_base(_tree(text, base_file), base_file, _folder(base), (*chain, base))
    for path in removals:
        _remove(below, path, file)
    return _merge(below, tree)


def _removals(node: Any, file: str) -> list[str]:
    """The key paths in `remove = ["stake.OWNER in FIRM", ...]`."""
    paths = [leaf.value if isinstance(leaf, Leaf) else None for leaf in node] if isinstance(node, list) else [None]
    if not all(isinstance(path, str) for path in paths):
        raise ScenarioError(file, "remove", "something else than key paths", 'a list of texts such as "bond.NAME"')
    return [str(path) for path in paths]


def _remove(tree: dict[str, Any], path: str, file: str) -> None:
    """Take one entry of a list out of the tree of the scenario that is extended."""
    kind, _, name = one_form(path).partition(".")
    entries = tree.get(kind)
    known = [_address(entry, i) for i, entry in enumerate(entries)] if isinstance(entries, list) else []
    if name not in known:
        near = [f"{kind}.{n}" for n in nearest_names(name, known)]
        raise ScenarioError(file, "remove", shown(path), "KIND.NAME of an entry of the extended scenario", near)
    tree[kind] = [entry for entry, n in zip(entries or [], known, strict=True) if n != name]


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = _merge_lists(old, value)
        else:
            merged[key] = value
    return merged


def _merge_lists(below: list[Any], above: list[Any]) -> list[Any]:
    """Entries of the same address are merged field by field; the others are appended."""
    merged = list(below)
    places = {_address(entry, i): i for i, entry in enumerate(below) if not _address(entry, i).isdigit()}
    for entry in above:
        place = places.get(_address(entry, -1))
        if place is None or not isinstance(entry, dict) or not isinstance(merged[place], dict):
            merged.append(entry)
        else:
            merged[place] = _merge(merged[place], entry)
    return merged


def _address(entry: Any, index: int) -> str:
    """The address of an entry whose ends are leaves."""
    if not isinstance(entry, dict):
        return str(index + 1)
    return address({k: v.value for k, v in entry.items() if isinstance(v, Leaf)}, index)


def _flatten(node: Any, path: str, sources: dict[str, str]) -> Any:
    """Plain data for validation; the sources of all numbers and dates on the way under their key paths."""
    if isinstance(node, Leaf):
        if node.source is not None and not isinstance(node.value, str | bool):
            sources[path] = one_line(node.source, 1000)
        return node.value
    if isinstance(node, list):
        return [_flatten(v, f"{path}.{_address(v, i)}", sources) for i, v in enumerate(node)]
    return {key: _flatten(v, f"{path}.{key}" if path else key, sources) for key, v in node.items()}

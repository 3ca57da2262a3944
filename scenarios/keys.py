"""Every key that a scenario may hold, with unit, default, bounds and meaning: read off the schema, written nowhere."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

from .behaviour import Behaviour, parameter_table
from .dated import why_fixed
from .errors import BadInput, nearest_names
from .faults import SINGLE
from .parameters import PARAMETERS
from .schema import KINDS, Scenario

PARAMETER_KIND = "parameters"
SCALED = "the keys that it changes can"
MODELS: dict[str, type[BaseModel]] = {"scenario": Scenario, **KINDS, **SINGLE}
"""What stands at the top of a file, its lists, its single tables."""
SUFFIX_UNITS = {
    "usd_per_gw_year": "USD per GW and year",
    "usd_per_gw": "USD per GW",
    "usd_per_year": "USD/year",
    "gw_per_year_max": "GW/year",
    "per_year": "1/year",
    "usd": "USD",
    "gw": "GW",
    "months": "months",
    "years": "years",
    "days": "trading days",
    "day": "trading day",
    "shares": "shares",
    "share": "share",
    "sigma": "log points",
    "daily_volatility": "1/day",
    "cost": "share",
    "net_margin": "share",
    "concentration_limit": "share",
    "share_of_revenue": "share",
    "share_of_earnings": "share",
    "affinity": "share",
    "holders": "holders",
    "degree": "contacts",
    "blocks": "blocks",
    "tranches": "tranches",
    "disposition": "log-odds",
    "appetite": "times the usual",
    "sensitivity": "times the public's",
    "weight": "relative",
    "direction": "sign",
    "coverage": "times",
    "elasticity": "% per %",
    "similar_90d": "announcements",
    "others_90d": "announcements",
    "payer_coverage": "times the bill",
}
"""Names carry their unit last; the first of these that a name ends with is its unit."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a file, in words."""

    name: str
    unit: str
    default: str
    bounds: str
    meaning: str
    fixed: str
    """Why it cannot change on a date; empty if it can."""


class UnknownKind(BadInput):
    """A kind of entry that no file has."""

    def __init__(self, came: str) -> None:
        near = nearest_names(came, kinds())
        hint = f"; nearest: {', '.join(near)}" if near else ""
        super().__init__(f"kind: came {came!r}; allowed: {', '.join(kinds())}{hint}")
        self.came, self.nearest = came, near


def kinds() -> dict[str, str]:
    """What each kind of entry is, by its name in a file."""
    told = {name: " ".join((model.__doc__ or "").split()) for name, model in MODELS.items()}
    return told | {
        PARAMETER_KIND: "Names that `--set` and the model's keywords know: each changes several keys at once."
    }


def keys_of(kind: str) -> tuple[Key, ...]:
    """The keys of one kind, in the order of the schema.  Raises: UnknownKind."""
    if kind == PARAMETER_KIND:
        return tuple(
            Key(p.name, p.unit, "as the scenario says", f"{p.low:g} to {p.high:g}", p.doc, SCALED) for p in PARAMETERS
        )
    if kind not in MODELS:
        raise UnknownKind(kind)
    model = MODELS[kind]
    schema = model.model_json_schema()
    told = meanings(model)
    units = {row["name"]: row["unit"] for row in parameter_table()} if model is Behaviour else {}
    required = schema.get("required", ())
    return tuple(
        Key(
            name,
            units.get(name) or _unit(name, _plain(field, schema)),
            "required" if name in required else _default(field, schema),
            _bounds(name, _plain(field, schema)),
            field.get("description") or told.get(name, ""),
            why_fixed(model, name),
        )
        for name, field in schema["properties"].items()
        if name != "sources"
    )


@cache
def meanings(model: type[BaseModel]) -> Mapping[str, str]:
    """The text below each field of a model and of those it is made of."""
    told: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if not issubclass(each, BaseModel) or each is BaseModel:
            continue
        (body,) = ast.parse(textwrap.dedent(inspect.getsource(each))).body
        assert isinstance(body, ast.ClassDef)
        for field, text in zip(body.body, body.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
                told[field.target.id] = " ".join(
                    str(ast.literal_eval(text.value)).replace("None:", "Left out:").split()
                )
    return told


def _plain(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a field may hold beside nothing; the definition that it points to in its place."""
    chosen = next((each for each in field.get("anyOf", ()) if each.get("type") != "null"), field)
    if "$ref" in chosen:
        return dict(schema["$defs"][chosen["$ref"].rpartition("/")[2]])
    return chosen


def _unit(name: str, plain: Mapping[str, Any]) -> str:
    if "enum" in plain or plain.get("type") == "string":
        return "date" if plain.get("format") == "date" else "text"
    if plain.get("type") == "array":
        return "list"
    if plain.get("type") == "object":
        return "table"
    if plain.get("type") == "boolean":
        return "yes or no"
    return next((unit for suffix, unit in SUFFIX_UNITS.items() if name.endswith(suffix)), "")


def _default(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    value = field.get("default")
    if value is None or value in ([], ""):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "as listed"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _bounds(name: str, plain: Mapping[str, Any]) -> str:
    if "enum" in plain:
        return ", ".join(plain["enum"])
    if plain.get("type") == "array":
        return f"entries [[{name}]]"
    if plain.get("type") == "object":
        return "key paths" if "additionalProperties" in plain and "properties" not in plain else f"[{name}]"
    if plain.get("type") == "boolean":
        return "true, false"
    if plain.get("type") == "string":
        least, most = plain.get("minLength", 0), plain.get("maxLength")
        return "1900 to 2200" if plain.get("format") == "date" else f"{least} to {most} characters"
    low = f"{plain['minimum']:g}" if "minimum" in plain else f"above {plain['exclusiveMinimum']:g}"
    high = f"to {plain['maximum']:g}" if "maximum" in plain else f"below {plain['exclusiveMaximum']:g}"
    return f"{low} {high}"

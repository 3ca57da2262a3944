"""What a scenario may say of days to come: keys that change, and payers who put no new money in."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from .schema_base import CALENDAR, Day, Label, Part, Whole
from .schema_deals import Statement


def _plain(value: Any) -> Any:
    """A number, text or truth value; a date is kept as its ISO text, as JSON does.  Raises: PydanticCustomError."""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, bool | int | float | str):
        raise PydanticCustomError("plain_value", "a number, text, date or truth value")
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("plain_value", "a finite number")
    return value


Value = Annotated[float | int | str | bool, BeforeValidator(_plain)]


class Dated(Part):
    """Something that takes force before anybody acts on its day, and what is said about it then."""

    fixed = CALENDAR

    date: Day | None = None
    """Its day; where that is no trading day, the next one."""
    day: Annotated[int | None, Field(ge=1, le=5040), Whole] = None
    """Its trading day of the run, where there is no date."""
    announce: Statement | None = None
    """What a firm announces that day: `{ firm = "...", text = "...", direction = -1 }`, with the keys of `news`."""


class DatedChange(Dated):
    """Keys change: flows are from then on what the changed scenario says, and what has grown from a number at the start
    changes in its proportion."""

    set: dict[str, Value] = Field(default_factory=dict, max_length=1000)
    """Key path = new value: `{ "milestone.NAME.capacity_gw" = 5.0 }`; with `*` for every entry of a list."""
    times: dict[str, float] = Field(default_factory=dict, max_length=1000)
    """Key path = factor of what it says by then."""


class Stop(Dated):
    """A payer withdraws: it puts no new money in, what it holds it keeps."""

    payer: Label
    """A venture investor, bond buyer or listed firm (as investor and lender); `households`; `AI customers`, of every
    lab; `customers of NAME`, of one firm."""

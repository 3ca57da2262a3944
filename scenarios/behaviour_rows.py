"""What a row of the behaviour table is made of: a number with unit, bounds, meaning and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


@dataclass(frozen=True, slots=True)
class Fixed:
    """Beside a key that stays as it is while a run goes on, and why; every other key can be changed on a date."""

    reason: str


OPENING = Fixed("the opening hands out what it says")


def whole(value: Any) -> Any:
    """A float without fraction becomes an integer (1e4 is 10000); everything else is left for the type to judge."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(whole)]


def parameter(default: float, unit: str, low: float, high: float, meaning: str, source: str) -> Any:
    """One row of the table: a number with its unit, its closed bounds, what it means and where it comes from."""
    return Field(
        default=default, ge=low, le=high, description=meaning, json_schema_extra={"unit": unit, "source": source}
    )


ASSUMED = "assumed, to be varied in sweeps"
CALIBRATED = "calibrated to the default scenario's two announcements (docs/events.md)"
ENDORSED = "assumed size; mechanism: Megginson & Weiss (1991), Stuart, Hoang & Hybels (1999)"
FW = "Franke & Westerhoff (2012), JEDC 36(8), table 1, DCA-HPM"


class Rows(BaseModel):
    """A part of the table: frozen, nothing unknown, no text or truth value where a number belongs."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

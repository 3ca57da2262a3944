"""What every part of a scenario is made of: frozen parts, names, amounts with their bounds, kinds of promises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from .behaviour_rows import Fixed, whole
from .names import one_form

T = TypeVar("T")
YEARS = (1900, 2200)
CENT_USD = 0.01


def _calendar_day(value: Any) -> Any:
    """An ISO text becomes its date; a moment with a clock time is no day; far centuries are refused."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("calendar_day", "a date such as 2025-09-10") from None
    if isinstance(value, datetime) or (isinstance(value, date) and not YEARS[0] <= value.year <= YEARS[1]):
        raise PydanticCustomError("calendar_day", "a date without clock time, from 1900 to 2200")
    return value


def _cents(usd: float) -> float:
    """A sum of money is nothing or a cent at least: less would be rounded away, or entered as nothing."""
    if 0 < usd < CENT_USD:
        raise PydanticCustomError("cents", "0, or at least 0.01: money is counted in whole cents")
    return usd


CALENDAR = Fixed("it stands on the calendar from the start")
Day = Annotated[date, BeforeValidator(_calendar_day)]
Whole = BeforeValidator(whole)
NAME_PATTERN, LABEL_PATTERN = r"^[\w(&][\w &'(),/+:-]*$", r"^[\w(&][\w .&'(),/+:-]*$"
NAME_MAX = 60
"""Most characters of a name."""
Name = Annotated[
    str,
    Field(min_length=1, max_length=NAME_MAX, pattern=NAME_PATTERN),
    BeforeValidator(one_form),
    Fixed("names and parties stay"),
]
"""Name of a party or deal: no dots, stars or equals signs, because key paths are built from names."""
Label = Annotated[
    str,
    Field(min_length=1, max_length=60, pattern=LABEL_PATTERN),
    BeforeValidator(one_form),
    Fixed("labels stay"),
]
"""Label of an origin of money, a ticker: a name that may hold dots."""
Usd = Annotated[float, Field(ge=0, le=5e13), AfterValidator(_cents)]
"""A sum of money, or money per year or per GW: nothing, or a cent at least."""
SomeUsd = Annotated[float, Field(ge=CENT_USD, le=1e13)]
"""A sum of money without which there would be no deal."""
Count = Annotated[int, Field(ge=1, le=10**13), Whole]
Share = Annotated[float, Field(ge=0, le=1)]
PerYear = Annotated[float, Field(gt=-1, le=20)]
"""A growth rate: at -1 nothing would be left at once, and its logarithm has no value."""
Years = Annotated[float, Field(ge=1 / 12, le=50)]
"""Life of a deal: a month at least, because bills are monthly."""
Gigawatt = Annotated[float, Field(ge=0, le=1000)]
Entries = Annotated[tuple[T, ...], Field(strict=False, max_length=1000)]


class Part(BaseModel):
    """Base of all parts of a scenario: frozen, nothing unknown, no text or truth value where a number belongs."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    fixed: ClassVar[Fixed | None] = None
    """Why none of its keys can change during a run."""
    stopped: ClassVar[Mapping[str, float | bool]] = MappingProxyType({})
    """What its keys are from the day on which it puts no new money in."""


FIRMS = ("firm", "lab", "cloud", "chip_maker", "listed_firm")
LISTED = ("cloud", "chip_maker", "listed_firm")
PAYERS = (*FIRMS, "venture_investor")


Roles = dict[str, tuple[str, ...]]
Sides = tuple[str, str] | None


class Deal(Part):
    """Something between named parties. What it says of itself here is all that the checks need to know of it."""

    roles: ClassVar[Roles] = {}
    """Field -> kinds of parties that may stand in it."""
    sides: ClassVar[Sides] = None
    """The two fields that may not name the same party."""
    refers: ClassVar[dict[str, str]] = {}
    """Field -> kind of deals, of which it names one between the same two sides."""
    puts_in: ClassVar[str] = ""
    """The field of who puts money in under it, and may stop; empty where nobody does."""
    hands_over: ClassVar[str] = ""
    """The field of who may hand over new listed shares of its own under it; empty where nobody does."""
    is_promise: ClassVar[bool] = False
    """Whether it makes a public contract, with an account of what was announced, committed and paid."""


class Instrument(StrEnum):
    """The kind of promise behind an announcement: with role and size the only thing deals may differ in."""

    CONTRACT = "contract"
    LETTER_OF_INTENT = "letter_of_intent"
    ORDER = "order"
    GUIDANCE = "guidance"
    EQUITY = "equity"


class Unit(StrEnum):
    """The unit in which an announcement tells its size: the language of the boom counts power and chips, not money."""

    DOLLARS = "dollars"
    GIGAWATTS = "gigawatts"
    CHIPS = "chips"


class Role(StrEnum):
    """What an announcement brings its firm: sales, somebody's equity, or a stake in somebody."""

    SUPPLIER = "supplier"
    INVESTEE = "investee"
    INVESTOR = "investor"


InstrumentName = Annotated[Instrument, Field(strict=False)]
UnitName = Annotated[Unit, Field(strict=False), Fixed("it is told once")]

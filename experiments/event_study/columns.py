"""The columns of an announcement list: what each cell may say, and what stands in for an empty one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from pydantic import BaseModel

from ...scenarios.schema import Instrument, ListedFirm, NewsItem, Role
from .world import MARKET_PRICE_EARNINGS, Deal

ROLES = (Role.SUPPLIER, Role.INVESTEE, Role.INVESTOR)
INSTRUMENTS = (Instrument.CONTRACT, Instrument.LETTER_OF_INTENT, Instrument.EQUITY, Instrument.GUIDANCE)
COLUMNS = (
    "id",
    "date",
    "firm",
    "role",
    "instrument",
    "amount_usd",
    "years",
    "market_cap_usd",
    "price_earnings",
    "net_margin_on_deal",
    "daily_volatility",
    "prior_similar_announcements_90d",
)
MORE_COLUMNS = ("prior_same_firm_90d", "direction", "warrant_share", "convertible_usd", "revenue_usd")
KNOWN = (*COLUMNS, *MORE_COLUMNS)
"""Every column that is read."""
REQUIRED = ("id", "date", "firm", "role", "instrument", "amount_usd", "market_cap_usd")

DEFAULT_YEARS = {
    Instrument.CONTRACT: 5.0, Instrument.LETTER_OF_INTENT: 5.0, Instrument.EQUITY: 5.0, Instrument.GUIDANCE: 1.0,
}  # fmt: skip
"""Term of the default scenario's contract; guidance is about a year."""
DEFAULT_MARGIN = {Role.SUPPLIER: 0.12, Role.INVESTEE: 0.0, Role.INVESTOR: 0.0}
"""A supplier's net margin in the default scenario's contract; who receives or gives equity sells nothing by it."""
DEFAULT_VOLATILITY = 0.025
"""Daily volatility of a technology share of middle size (assumed)."""
TARGET_MARGIN = 0.12
"""Net margin that a firm without earnings is expected to reach: a supplier's on its deals (above). Earnings are then
revenue times this. Source of the rule: Damodaran (2009), The Dark Side of Valuation, ch. 9: value on revenue and a
target margin."""

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")
"""A plain decimal number with a point; no thousands separators, no percent signs, no NaN, no infinity."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class BadCell(ValueError):
    """A cell that says nothing allowed: the column, what came, what is allowed."""

    def __init__(self, column: str, came: str, allowed: str) -> None:
        self.column, self.came, self.allowed = column, came, allowed
        super().__init__(f"column {column}: came {shown(came)}; allowed: {allowed}")


@dataclass(frozen=True, slots=True)
class Range:
    """Closed bounds of a number and its meaning in words."""

    low: float
    high: float
    unit: str
    is_open_below: bool = False

    @property
    def words(self) -> str:
        """The bounds for a reader."""
        above = "above" if self.is_open_below else "from"
        return f"a plain number {above} {self.low:g} to {self.high:g} ({self.unit})"


def _most(part: type[BaseModel], field: str) -> float:
    """The most that a scenario allows in a field."""
    bounds = {type(m).__name__: m for m in part.model_fields[field].metadata}
    return float(bounds["Le"].le)


PROFIT_MAX = _most(NewsItem, "profit_usd_per_year")
"""Largest sum a year, in USD."""
EARNINGS_MAX = _most(ListedFirm, "earnings_usd_per_year")
"""Largest earnings a year, in USD."""
RANGES = {
    "amount_usd": Range(0.0, 1e13, "USD"),
    "years": Range(0.05, 50.0, "years"),
    "market_cap_usd": Range(1e7, 2e13, "USD"),
    "price_earnings": Range(-1e6, 1e6, "0 or below: the firm makes losses"),
    "net_margin_on_deal": Range(-1.0, 1.0, "share of the amount: 0.12 is 12 %"),
    "daily_volatility": Range(0.001, _most(ListedFirm, "daily_volatility"), "share per day: 0.025 is 2.5 %"),
    "prior_similar_announcements_90d": Range(0.0, 1e6, "a whole number"),
    "prior_same_firm_90d": Range(0.0, 1e6, "a whole number"),
    "direction": Range(-1.0, 1.0, "1 good news, -1 bad news"),
    "warrant_share": Range(0.0, 1.0, "new shares over old: 0.1 is 10 %"),
    "convertible_usd": Range(0.0, 1e13, "USD"),
    "revenue_usd": Range(1.0, 5e13, "USD a year"),
}


def shown(text: str) -> str:
    """A cell as it came, cut to a readable length, on one line."""
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return repr(clean if len(clean) <= 40 else clean[:37] + "...")


class Row:
    """The cells of one row, and the columns for which a default has stood in so far."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = {name: cells.get(name, "").strip() for name in KNOWN}
        self.defaulted: list[str] = []

    def word(self, name: str, allowed: tuple[str, ...]) -> str:
        """A word of a list.  Raises: BadCell."""
        return _one_of(name, self.cells[name], allowed)

    def number(self, name: str, default: float | None = None) -> float:
        """A number within its column's bounds, or the default where the cell is empty.  Raises: BadCell."""
        if default is not None and not self.cells[name]:
            self.defaulted.append(name)
            return default
        return _number(name, self.cells[name])

    def optional(self, name: str) -> float:
        """A number within its column's bounds; 0, which says nothing, where the cell is empty.  Raises: BadCell."""
        return _number(name, self.cells[name]) if self.cells[name] else 0.0

    def refuse(self, name: str, allowed: str) -> BadCell:
        """A cell that does not go with the others of its row."""
        return BadCell(name, self.cells[name], allowed)


def deal_of(cells: Mapping[str, str]) -> tuple[Deal, date, tuple[str, ...]]:
    """The deal a row describes, its date, and the columns for which a default stands in.

    Raises: BadCell for the first cell that is not allowed.
    """
    row = Row(cells)
    for name in REQUIRED:
        if not row.cells[name]:
            raise BadCell(name, "", "not empty: there is no default")
    role, instrument = Role(row.word("role", ROLES)), Instrument(row.word("instrument", INSTRUMENTS))
    when = _date(row.cells["date"])
    amount, cap = row.number("amount_usd"), row.number("market_cap_usd")
    years = row.number("years", DEFAULT_YEARS[instrument])
    if amount / years > PROFIT_MAX:
        raise row.refuse("amount_usd", f"at most {PROFIT_MAX:g} USD a year; here over {years:g} years")
    deal = Deal(
        id=row.cells["id"],
        role=role,
        instrument=instrument,
        amount_usd=amount,
        years=years,
        market_cap_usd=cap,
        price_earnings=_multiple(row, cap),
        net_margin_on_deal=row.number("net_margin_on_deal", DEFAULT_MARGIN[role]),
        daily_volatility=row.number("daily_volatility", DEFAULT_VOLATILITY),
        prior_similar_announcements_90d=_whole(row, "prior_similar_announcements_90d"),
        prior_same_firm_90d=_own(row),
        direction=_direction(row),
        warrant_share=row.optional("warrant_share"),
        convertible_usd=_convertible(row, cap),
    )
    return deal, when, tuple(row.defaulted)


def _multiple(row: Row, market_cap_usd: float) -> float:
    """Price-earnings; of a firm without earnings, or of which nothing is said, price over revenue times a target
    margin, or else the market's own.

    Raises: BadCell where the firm would earn more than a scenario may say.
    """
    name, revenue = "price_earnings", row.optional("revenue_usd")
    if not row.cells[name] or _number(name, row.cells[name]) <= 0:
        row.defaulted.append(name)
        if not revenue:
            return MARKET_PRICE_EARNINGS
        return max(LOWEST_MULTIPLE, market_cap_usd / min(EARNINGS_MAX, TARGET_MARGIN * revenue))
    multiple = _number(name, row.cells[name])
    if multiple < LOWEST_MULTIPLE:
        raise row.refuse(name, f"{LOWEST_MULTIPLE:g} or more, or 0 or below for losses")
    if market_cap_usd / multiple > EARNINGS_MAX:
        least = market_cap_usd / EARNINGS_MAX
        raise row.refuse(name, f"{least:g} or more at a market value of {market_cap_usd:g} USD")
    return multiple


def _whole(row: Row, name: str) -> int:
    """A whole number; 0 where the cell is empty, until the list is counted.  Raises: BadCell."""
    count = row.number(name, 0)
    if count != int(count):
        raise row.refuse(name, RANGES[name].words)
    return int(count)


def _own(row: Row) -> int:
    """The firm's own: no more than those of the whole market, if the row says both.  Raises: BadCell."""
    name, market = "prior_same_firm_90d", "prior_similar_announcements_90d"
    own = _whole(row, name)
    if row.cells[market] and own > _number(market, row.cells[market]):
        raise row.refuse(name, f"at most {row.cells[market]}, the {market} of its row")
    return own


def _direction(row: Row) -> int:
    """1 or -1; good news where the cell is empty.  Raises: BadCell."""
    direction = row.optional("direction") if row.cells["direction"] else 1.0
    if abs(direction) != 1:
        raise row.refuse("direction", "1 (good news) or -1 (bad news)")
    return int(direction)


def _convertible(row: Row, market_cap_usd: float) -> float:
    """Sum of a convertible, no more than its firm is worth.  Raises: BadCell."""
    amount = row.optional("convertible_usd")
    if amount > market_cap_usd:
        raise row.refuse("convertible_usd", f"at most {market_cap_usd:g} USD, what the firm is worth")
    return amount


LOWEST_MULTIPLE = 0.1
"""Smallest positive price-earnings: below it a firm would earn its whole market value ten times a year."""


def _one_of(column: str, text: str, allowed: tuple[str, ...]) -> str:
    """A word of a list, in any case, with spaces or hyphens for underscores."""
    word = re.sub(r"[\s-]+", "_", text.lower())
    if word in allowed:
        return word
    near = get_close_matches(word, allowed, n=1)
    hint = f" (nearest: {near[0]})" if near else ""
    raise BadCell(column, text, ", ".join(allowed) + hint)


def _number(column: str, text: str) -> float:
    """A plain number within the bounds of its column."""
    bounds = RANGES[column]
    if not NUMBER.fullmatch(text):
        raise BadCell(column, text, bounds.words)
    value = float(text)
    if not (math.isfinite(value) and bounds.low <= value <= bounds.high):
        raise BadCell(column, text, bounds.words)
    return value


def _date(text: str) -> date:
    """An ISO date from 1900 to 2200."""
    allowed = "a date such as 2025-09-10, from 1900 to 2200"
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise BadCell("date", text, allowed)
    return day

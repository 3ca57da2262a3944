"""The columns of an announcement list: what each cell may say, and what stands in for an empty one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from ...scenarios.schema import Instrument, Role
from .world import MARKET_PRICE_EARNINGS, Deal

ROLES = ("supplier", "investee", "investor")
INSTRUMENTS = ("contract", "letter_of_intent", "equity", "guidance")
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
REQUIRED = ("id", "date", "firm", "role", "instrument", "amount_usd", "market_cap_usd")

DEFAULT_YEARS = {"contract": 5.0, "letter_of_intent": 5.0, "equity": 5.0, "guidance": 1.0}
"""Term of the default scenario's contract; guidance is about a year."""
DEFAULT_MARGIN = {"supplier": 0.12, "investee": 0.0, "investor": 0.0}
"""A supplier's net margin in the default scenario's contract; who receives or gives equity sells nothing by it."""
DEFAULT_VOLATILITY = 0.025
"""Daily volatility of a technology share of middle size (assumed)."""
DEFAULT_PRIOR = 0

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


RANGES = {
    "amount_usd": Range(0.0, 1e13, "USD"),
    "years": Range(0.05, 50.0, "years"),
    "market_cap_usd": Range(1e7, 2e13, "USD"),
    "price_earnings": Range(-1e6, 1e6, "0 or below: the firm makes losses"),
    "net_margin_on_deal": Range(-1.0, 1.0, "share of the amount: 0.12 is 12 %"),
    "daily_volatility": Range(0.001, 0.5, "share per day: 0.025 is 2.5 %"),
    "prior_similar_announcements_90d": Range(0.0, 1e6, "a whole number"),
}


def shown(text: str) -> str:
    """A cell as it came, cut to a readable length, on one line."""
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return repr(clean if len(clean) <= 40 else clean[:37] + "...")


def deal_of(cells: Mapping[str, str]) -> tuple[Deal, date, tuple[str, ...]]:
    """The deal a row describes, its date, and the columns for which a default stands in.

    Raises: BadCell for the first cell that is not allowed.
    """
    cells = {name: cells.get(name, "").strip() for name in COLUMNS}
    for name in REQUIRED:
        if not cells[name]:
            raise BadCell(name, "", "not empty: there is no default")
    role, instrument = _one_of("role", cells["role"], ROLES), _one_of("instrument", cells["instrument"], INSTRUMENTS)
    when = _date(cells["date"])
    defaulted: list[str] = []

    def number(name: str, default: Callable[[], float]) -> float:
        if not cells[name]:
            defaulted.append(name)
            return default()
        return _number(name, cells[name])

    amount, cap = _number("amount_usd", cells["amount_usd"]), _number("market_cap_usd", cells["market_cap_usd"])
    years = number("years", lambda: DEFAULT_YEARS[instrument])
    multiple = number("price_earnings", lambda: MARKET_PRICE_EARNINGS)
    if multiple <= 0:
        defaulted.append("price_earnings")
        multiple = MARKET_PRICE_EARNINGS
    elif multiple < LOWEST_MULTIPLE:
        raise BadCell(
            "price_earnings", cells["price_earnings"], f"{LOWEST_MULTIPLE:g} or more, or 0 or below for losses"
        )
    margin = number("net_margin_on_deal", lambda: DEFAULT_MARGIN[role])
    volatility = number("daily_volatility", lambda: DEFAULT_VOLATILITY)
    prior = number("prior_similar_announcements_90d", lambda: DEFAULT_PRIOR)
    if prior != int(prior):
        came = cells["prior_similar_announcements_90d"]
        raise BadCell("prior_similar_announcements_90d", came, RANGES["prior_similar_announcements_90d"].words)
    if amount / years > PROFIT_MAX:
        raise BadCell(
            "amount_usd", cells["amount_usd"], f"at most {PROFIT_MAX:g} USD a year; here over {years:g} years"
        )
    deal = Deal(
        id=cells["id"],
        role=Role(role),
        instrument=Instrument(instrument),
        amount_usd=amount,
        years=years,
        market_cap_usd=cap,
        price_earnings=multiple,
        net_margin_on_deal=margin,
        daily_volatility=volatility,
        prior_similar_announcements_90d=int(prior),
    )
    return deal, when, tuple(defaulted)


PROFIT_MAX = 1e13
"""Largest sum a year, in USD: the bound of a profit in a scenario."""
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

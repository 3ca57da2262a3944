"""What a promise says: by whom to whom, of how much; how deals become promises; a promise's line in tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ..narrative.announcements import Instrument, Unit
from .base import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is promised, by whom to whom, and what the beneficiary's shareholders see in it."""

    name: str
    payer: str
    payee: str
    beneficiary: str
    """Listed firm whose value capitalises the promise; empty for none."""
    instrument: Instrument
    announced_cents: int
    profit_usd_per_year: float = 0.0
    """Of the beneficiary, at full run-rate, as earnings of its own: what the multiple of deals makes of it."""
    in_own_earnings: float = 1.0
    """What a dollar of profit under it counts as in its beneficiary's own earnings."""
    capacity_mw: int = 0
    unit: Unit = Unit.DOLLARS
    """In which its announcements tell its size."""


class Agreed(NamedTuple):
    """A promise, the terms that its contract works by, and its headline: at the opening, and when a deal changes."""

    promise: Promise
    terms: Any
    text: str


class PlannedSale(NamedTuple):
    """Revenue per year that a living contract is believed to bring a firm from another: a link of the network."""

    receiver: str
    source: str
    usd_per_year: float
    net_margin: float | None = None
    """What the receiver keeps of it; None: as much as of its other sales to the circle."""


class Row(NamedTuple):
    """A contract's line in the table of contracts, after its name, kind and parties."""

    status: Status
    log_odds: float
    credibility: float
    announced_cents: int
    committed_cents: int
    paid_cents: int
    contracted_mw: int
    delivered_mw: int


def in_bn(cents: int) -> float:
    """Billions of USD, for headlines."""
    return cents / 1e11


def in_proportion(whole: int, new: int, old: int) -> int:
    """A whole number as a new one is to an old one; the new one where there was none."""
    return round(whole * new / old) if old else new

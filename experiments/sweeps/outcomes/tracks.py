"""What may be noted of every day: small arrays and numbers, each by one function of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

from ....engine.calendar import DAYS_PER_MONTH
from ....history.tables.investors import all_securities_cents
from ....ledger.causes import Cause
from ....ledger.journal import CAUSE, CENTS, LAP_STEP, PAYEE, PAYER
from ....ledger.origins import TracingRule
from ....ledger.slices import LAPS
from ....model import CarouselModel
from ....narrative.network_stability import spectral_margin


class Track(StrEnum):
    """The daily notes by name; a run takes those that its outcomes ask for."""

    PRICES = "prices"
    """Closing price of every listed firm's share, int64 cents; labs, listed or not, have their value."""
    OUTSTANDING = "outstanding"
    """Shares outstanding of each of them, int64."""
    ETF_PRICE = "etf price"
    """Closing price of the ETF in cents."""
    VOLUME = "volume"
    """Shares traded of every listed firm on the day, int64."""
    ETF_VOLUME = "ETF volume"
    """Shares of the ETF traded on the day."""
    LAB_VALUES = "lab values"
    """Marked value of every lab, int64 cents."""
    SPREADS = "spreads"
    """Required credit spread per year of every listed firm."""
    CASH = "cash"
    """Balance of every account, int64 cents."""
    DEBTS = "debts"
    """Bonds outstanding at face value of every listed firm, cents."""
    RUNWAYS = "runways"
    """Months until a lab's cash is gone, of every lab."""
    CAPACITY = "capacity"
    """MW in service of every cloud."""
    PROMISED = "promised"
    """Promised in public and not yet paid, over all promises alive, cents."""
    ETF_HELD = "ETF shares held"
    """ETF shares of all households."""
    ENTHUSIASTIC = "enthusiastic share"
    """Share of households who tell the story."""
    MARGIN = "margin"
    """Margin of the narrative network per day, once a month (None on other days)."""
    HOLDINGS = "holdings"
    """Market value of what every account holds, int64 cents, once a month and on the last day (None on other days)."""
    EVENTS = "events"
    """The day's events."""
    INVESTED = "invested"
    """The day's payments of investors into labs, with whose money it was."""


class Invested(NamedTuple):
    """A payment into a lab: accounts of investor and lab, cents, and by tracing rule origins, laps before the payment
    and cents of its parts, int64[parts] each."""

    investor: int
    lab: int
    cents: int
    money: Mapping[TracingRule, tuple[np.ndarray, np.ndarray, np.ndarray]]


INTO_LABS = (int(Cause.ROUND), int(Cause.MILESTONE))
"""Causes by which money is put into a lab."""


def _promised_cents(model: CarouselModel) -> int:
    alive = (c for c in model.contracts.promises if c.is_alive and c.is_public)
    return sum(max(0, c.committed_cents - c.paid_cents) for c in alive)


def _margin(model: CarouselModel) -> float | None:
    """At the opening, then on the first day of every month."""
    if model.clock.day % DAYS_PER_MONTH != 1 and model.clock.day:
        return None
    rules = model.scenario_data.behaviour
    return spectral_margin(model.beliefs.weights, rules.multiplier_spread_per_day, rules.multiplier_decay_per_day)


def _holdings(model: CarouselModel) -> np.ndarray | None:
    """On the days on which the recorder writes positions down."""
    day = model.clock.day
    return all_securities_cents(model) if day % DAYS_PER_MONTH == 0 or day == model.clock.days else None


def _etf_held(model: CarouselModel) -> int:
    holders = model.cast.holders
    return holders.total_etf_shares() if holders is not None else 0


def _spreads(model: CarouselModel) -> list[float]:
    spread_of = model.contracts.bonds.spread_per_year.get
    return [spread_of(firm.name, 0.0) for firm in model.cast.listed]


def _invested(model: CarouselModel) -> list[Invested]:
    entries, slices = model.books.last.entries, model.books.last.slices
    if not len(entries):
        return []
    labs = [lab.account for lab in model.cast.labs]
    into_labs = np.isin(entries[:, CAUSE], INTO_LABS) & np.isin(entries[:, PAYEE], labs)
    found = []
    for row in np.flatnonzero(into_labs).tolist():
        money = {}
        for rule, parts in slices.items():
            first, last = (int(parts.ends[row - 1]) if row else 0), int(parts.ends[row])
            cells, cents = parts.parts[:, first:last].copy()
            money[rule] = cells // LAPS, cells % LAPS - entries.item(row, LAP_STEP), cents
        found.append(Invested(entries.item(row, PAYER), entries.item(row, PAYEE), entries.item(row, CENTS), money))
    return found


NOTE: Mapping[Track, Callable[[CarouselModel], Any]] = {
    Track.PRICES: lambda model: model.prices.price_cents[: len(model.cast.listed)].copy(),
    Track.OUTSTANDING: lambda model: model.prices.registers.outstanding[[f.security for f in model.cast.listed]],
    Track.ETF_PRICE: lambda model: model.prices.etf_price_cents,
    Track.VOLUME: lambda model: model.prices.volume_shares[: len(model.cast.listed)].copy(),
    Track.ETF_VOLUME: lambda model: model.prices.etf_volume_shares,
    Track.LAB_VALUES: lambda model: [round(100 * lab.value_usd()) for lab in model.cast.labs],
    Track.SPREADS: _spreads,
    Track.CASH: lambda model: model.books.journal.balances[: model.books.journal.n_accounts].copy(),
    Track.DEBTS: lambda model: [firm.debt_cents for firm in model.cast.listed],
    Track.RUNWAYS: lambda model: [lab.runway_months() for lab in model.cast.labs],
    Track.CAPACITY: lambda model: [cloud.delivered_mw for cloud in model.cast.clouds],
    Track.PROMISED: _promised_cents,
    Track.ETF_HELD: _etf_held,
    Track.ENTHUSIASTIC: lambda model: model.cast.story_shares()[1],
    Track.MARGIN: _margin,
    Track.HOLDINGS: _holdings,
    Track.EVENTS: lambda model: list(model.chronicle.events),
    Track.INVESTED: _invested,
}
"""How each of them is taken."""

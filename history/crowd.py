"""What the recorder takes down of households one by one: a fixed panel, the tenths by wealth, everybody who changed.

These looks remember something from day to day (`columns.Table.looks`), so each recording has its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..agents.household import Holders
from ..engine.chance import uniforms
from ..model import CarouselModel
from .choice import Choice
from .crowd_kernels import Money, list_changed, place_in_tenths, sums_of_tenths

SAMPLE_STREAM = 1_000
"""Decision number of the draw that picks a panel; above every number that an agent's draw uses."""
SAMPLED = 100
"""Households in the sample that every history has."""
TENTHS = 10
WEEK_DAYS = 5


class Rows(NamedTuple):
    """Some households as they are: row, cash in cents, ETF shares, story state."""

    rows: np.ndarray
    cash_cents: np.ndarray
    etf_shares: np.ndarray
    state: np.ndarray


NOBODY = Rows(*(np.zeros(0, kind) for kind in (np.int32, np.int64, np.int32, np.uint8)))


class Panel:
    """The same households every day."""

    def __init__(self, model: CarouselModel, households: int) -> None:
        holders = model.cast.holders
        self._rows = sampled_rows(model.clock.seed, holders.n if holders is not None else 0, households)

    def __call__(self, model: CarouselModel) -> Rows:
        holders, rows = model.cast.holders, self._rows
        if holders is None:
            return NOBODY
        return Rows(rows, holders.cash_cents[rows], holders.etf_shares[rows], holders.state[rows])


class Sample(Panel):
    """The hundred households that every history has."""

    def __init__(self, model: CarouselModel, choice: Choice) -> None:
        super().__init__(model, SAMPLED)


class ChosenPanel(Panel):
    """As many households as somebody has asked for."""

    def __init__(self, model: CarouselModel, choice: Choice) -> None:
        super().__init__(model, choice.panel)


class Tenths:
    """The tenths of households by wealth at the opening, weekly and on the last day: int64[tenths, 5] as from
    `crowd_kernels.sums_of_tenths`; None on other days."""

    def __init__(self, model: CarouselModel, choice: Choice) -> None:
        holders = model.cast.holders
        if holders is not None:
            self._tenths = tenths_of(holders, model.prices.etf_price_cents)

    def __call__(self, model: CarouselModel) -> np.ndarray | None:
        holders, day = model.cast.holders, model.clock.day
        if holders is None or (day % WEEK_DAYS and day != model.clock.days):
            return None
        sums = np.zeros((TENTHS, 5), np.int64)
        sums_of_tenths(money_of(holders), self._tenths, sums)
        return sums


class Changes:
    """Everybody who is not as on the day that was kept before; everybody on the first. Never nobody: the rows also say
    which days are kept."""

    def __init__(self, model: CarouselModel, choice: Choice) -> None:
        holders = model.cast.holders
        n = holders.n if holders is not None else 0
        self._choice = choice
        self._before: Money | None = None
        self._changed = np.empty(n + 1, np.int32)

    def __call__(self, model: CarouselModel) -> Rows:
        holders = model.cast.holders
        if holders is None or not self._choice.has_day(model.clock.day, model.clock.days):
            return NOBODY
        now = money_of(holders)
        if self._before is None:
            cash, shares, state = now
            self._before = cash.copy(), shares.copy(), state.copy()
            return Rows(np.arange(holders.n, dtype=np.int32), cash.copy(), shares.copy(), state.copy())
        rows = self._changed[: max(1, list_changed(now, self._before, self._changed))].copy()
        return Rows(rows, *(column[rows] for column in now))


def money_of(holders: Holders) -> Money:
    """Columns of everybody."""
    return holders.cash_cents, holders.etf_shares, holders.state


def tenths_of(holders: Holders, price_cents: int) -> np.ndarray:
    """Which tenth by wealth each household is in, uint8 from 0 (the poorest). Equals are in the same tenth, so that
    tenths need not be equally large."""
    wealth = holders.cash_cents + holders.etf_shares.astype(np.int64) * price_cents
    places = np.arange(1, TENTHS) * holders.n // TENTHS
    edges = np.partition(wealth, places)[places]
    tenths = np.empty(holders.n, np.uint8)
    place_in_tenths(holders.cash_cents, holders.etf_shares, price_cents, edges, tenths)
    return tenths


def sampled_rows(seed: int, holders: int, sample: int) -> np.ndarray:
    """Rows of the holders to follow, int64, ascending: one keyed pick from each of `sample` equal parts."""
    if holders <= sample or not sample:
        return np.arange(min(holders, sample), dtype=np.int64)
    luck = uniforms(seed, SAMPLE_STREAM, 0, np.arange(sample, dtype=np.int64))
    edges = np.arange(sample + 1, dtype=np.int64) * holders // sample
    rows: np.ndarray = edges[:-1] + np.minimum((luck * np.diff(edges)).astype(np.int64), np.diff(edges) - 1)
    return rows

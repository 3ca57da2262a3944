"""The retail holders: all together, by tenths of wealth, a fixed sample one by one, everybody as what has changed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...model import CarouselModel
from ..columns import cents, integer, number, small
from ..crowd import TENTHS, Changes, ChosenPanel, Rows, Sample, Tenths
from ..days import Days
from ..table import Rhythm, table_of_columns

STATES = ("0 susceptible", "1 enthusiastic", "2 tired")
"""Codes of a household's story state."""


class CrowdLook(NamedTuple):
    """What all holders share today."""

    counts: np.ndarray
    """Holders by mixing block and state of the story."""
    bought_shares: int
    sold_shares: int
    extrapolated_return: float


def crowd(model: CarouselModel) -> CrowdLook | None:
    """Today's crowd; None where there is none."""
    day = model.cast.households
    if day is None:
        return None
    return CrowdLook(day.counts.copy(), day.bought_shares, day.sold_shares, day.past_return_per_year)


class Crowd:
    """Some days of all holders together: one row a day, none without holders."""

    def __init__(self, days: Days) -> None:
        self._looks = [look for look in days.of(crowd) if look is not None]
        self.days = days
        self.counts = np.array([look is not None for look in days.of(crowd)], np.int64)

    def looked(self, name: str, kind: type = np.int64) -> np.ndarray:
        """One field of the looks."""
        return np.array([getattr(look, name) for look in self._looks], kind)

    def in_state(self, state: int) -> np.ndarray:
        """Holders in a state of the story."""
        return np.array([look.counts for look in self._looks])[:, :, state].sum(axis=1)

    def cash_cents(self) -> np.ndarray:
        """Of the account behind which all of them stand: the audit compares it with their columns every day."""
        return self.days.balances[:, self.days.model.cast.omnibus]

    def etf_shares(self) -> np.ndarray:
        """Held by that account."""
        cast = self.days.model.cast
        assert cast.etf is not None
        return self.days.holdings[:, cast.omnibus, cast.etf.security]


HOUSEHOLDS = table_of_columns(
    "households",
    (
        integer("susceptible", "holders", "holders who have not caught the story", lambda c: c.in_state(0)),
        integer("enthusiastic", "holders", "holders who tell the story", lambda c: c.in_state(1)),
        integer("tired", "holders", "holders who have had enough of it", lambda c: c.in_state(2)),
        cents("cash_cents", "cash of all holders", Crowd.cash_cents),
        integer("etf_shares", "shares", "ETF shares of all holders", Crowd.etf_shares),
        integer("bought_shares", "shares", "ETF shares bought today", lambda c: c.looked("bought_shares")),
        integer("sold_shares", "shares", "ETF shares sold today", lambda c: c.looked("sold_shares")),
        number(
            "extrapolated_return", "per year", "return the holders extrapolate from the past",
            lambda c: c.looked("extrapolated_return", float),
        ),
    ),
    "all retail holders together, one row per day",
    Crowd,
    looks=(crowd,),
)  # fmt: skip


class DecileRows:
    """The weeks' ends among some days: ten rows a day, from the poorest tenth to the richest."""

    def __init__(self, days: Days) -> None:
        looks = days.of(Tenths)
        self.counts = np.array([0 if look is None else TENTHS for look in looks], np.int64)
        taken = np.array([look for look in looks if look is not None], np.int64).reshape(-1, 5)
        self.cash_cents, self.etf_shares, *self.states = taken.T
        self.decile = np.tile(np.arange(1, TENTHS + 1), int(self.counts.sum()) // TENTHS)


HOUSEHOLD_DECILES = table_of_columns(
    "household_deciles",
    (
        small("decile", "-", "tenth of all holders by wealth at the opening: 1 the poorest, 10 the richest",
              lambda d: d.decile),
        cents("cash_cents", "its cash", lambda d: d.cash_cents),
        integer("etf_shares", "shares", "its ETF shares", lambda d: d.etf_shares),
        integer("susceptible", "holders", "holders who have not caught the story", lambda d: d.states[0]),
        integer("enthusiastic", "holders", "holders who tell the story", lambda d: d.states[1]),
        integer("tired", "holders", "holders who have had enough of it", lambda d: d.states[2]),
    ),
    "all retail holders by tenth of wealth at the opening",
    DecileRows,
    looks=(Tenths,),
    rhythm=Rhythm.WEEKLY,
    is_digested=False,
)  # fmt: skip


class HolderRows:
    """Some days of some holders one by one."""

    def __init__(self, looks: list[Rows]) -> None:
        self.counts = np.array([len(look.rows) for look in looks], np.int64)
        self.rows, self.cash_cents, self.etf_shares, self.state = map(np.concatenate, zip(*looks, strict=True))


HOLDER = (
    integer("holder", "row", "the holder's row", lambda h: h.rows),
    cents("cash_cents", "its cash", lambda h: h.cash_cents),
    integer("etf_shares", "shares", "its ETF shares", lambda h: h.etf_shares),
    integer("state", "code", "where it stands in the story", lambda h: h.state, values=STATES),
)
SMALL_HOLDER = (
    small("holder", "row", "the holder's row", lambda h: h.rows),
    HOLDER[1],
    small("etf_shares", "shares", "its ETF shares", lambda h: h.etf_shares),
    small("state", "code", "where it stands in the story", lambda h: h.state, values=STATES),
)

HOLDERS = table_of_columns(
    "holders",
    HOLDER,
    "a fixed sample of a hundred retail holders, one row per holder and day",
    lambda days: HolderRows(days.of(Sample)),
    looks=(Sample,),
    stamp=("day",),
)
PANEL = table_of_columns(
    "panel",
    SMALL_HOLDER,
    "a fixed sample of as many retail holders as were asked for, one row per holder and day",
    lambda days: HolderRows(days.of(ChosenPanel)),
    looks=(ChosenPanel,),
    stamp=("day",),
    is_digested=False,
    is_on_request=True,
)
HOLDERS_CHANGED = table_of_columns(
    "holders_changed",
    SMALL_HOLDER,
    "every retail holder on the first day that is kept, then those who are not as on the kept day before: "
    "`history.everybody.everybody` makes the full table of it",
    lambda days: HolderRows(days.of(Changes)),
    looks=(Changes,),
    stamp=("day",),
    is_digested=False,
    is_on_request=True,
)

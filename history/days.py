"""Some days in a row, as the recorder has looked at them: what tables are made of, whole columns at a time.

At the end of a day only what will change is copied (`looks.py`); everything else is worked out for all days together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, TypeVar, cast

import numpy as np

from ..engine.calendar import DAYS_PER_MONTH
from ..model import CarouselModel
from .looks import BooksLook, PricesLook, books, prices

Look = Callable[..., Any]
"""Takes down at the end of a day what a table needs of it: a function of the model, or a class, made once for a
recording from the model and the choice, whose object is called with the model."""
Made = TypeVar("Made")
Takers = Mapping[Look, Callable[[CarouselModel], Any]]
"""Each look with what takes it in one recording."""
ALWAYS: tuple[Look, ...] = (books, prices)
"""Taken down for everybody."""


class Days:
    """What was taken down at the end of some days in a row; `model` tells what never changes: names and accounts."""

    def __init__(self, model: CarouselModel) -> None:
        self.model = model
        self._days: list[int] = []
        self._dates: list[int] = []
        self._taken: dict[Look, list[Any]] = defaultdict(list)
        self._rows: list[Mapping[str, Sequence[tuple[Any, ...]]]] = []
        self._made: dict[Callable[[Days], Any], Any] = {}

    def add(self, date_number: int, looks: Takers, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        """Look at today, each look by what takes it; `rows` are today's of the tables that are filled row by row."""
        model = self.model
        self._days.append(model.clock.day)
        self._dates.append(date_number)
        self._rows.append(rows)
        for look, take in looks.items():
            self._taken[look].append(take(model))

    def __len__(self) -> int:
        return len(self._days)

    @cached_property
    def stamps(self) -> dict[str, np.ndarray]:
        """Number of each day, and its date as days since 1970, int64[days]."""
        return {"day": np.array(self._days, np.int64), "date": np.array(self._dates, np.int64)}

    @property
    def are_monthly(self) -> np.ndarray:
        """Which of the days are the first, a month's or the last, bool[days]."""
        day = self.stamps["day"]
        return (day % DAYS_PER_MONTH == 0) | (day == self.model.clock.days)

    def of(self, look: Look) -> list[Any]:
        """What a look has taken down, day by day."""
        return self._taken[look]

    def made(self, source: Callable[[Days], Made]) -> Made:
        """What is made of these days for several tables, made once."""
        if source not in self._made:
            self._made[source] = source(self)
        return cast(Made, self._made[source])

    def rows_of(self, table: str) -> list[Sequence[tuple[Any, ...]]]:
        """Rows of a table that is filled row by row, day by day."""
        return [rows.get(table, ()) for rows in self._rows]

    @cached_property
    def accounts(self) -> int:
        """Accounts that are open by the last of the days."""
        return max((len(look.balances) for look in self.of(books)), default=0)

    @cached_property
    def securities(self) -> int:
        """Securities that are open by the last of the days."""
        return max((len(look.outstanding) for look in self.of(books)), default=0)

    @cached_property
    def balances(self) -> np.ndarray:
        """Cents by day and account, int64[days, accounts]; 0 before an account is open."""
        return padded([look.balances for look in self.of(books)], (self.accounts,))

    @cached_property
    def holdings(self) -> np.ndarray:
        """Units by day, account and security, int64[days, accounts, securities]."""
        return padded([look.holdings for look in self.of(books)], (self.accounts, self.securities))

    @cached_property
    def outstanding(self) -> np.ndarray:
        """Units outstanding by day and security, int64[days, securities]."""
        return self.of_securities(lambda look: look.outstanding)

    def of_securities(self, part: Callable[[BooksLook], np.ndarray]) -> np.ndarray:
        """A part of the books by day and security, int64[days, securities]."""
        return padded([part(look) for look in self.of(books)], (self.securities,))

    @cached_property
    def bond_prices(self) -> np.ndarray:
        """Price of each bond by day and security, int64[days, securities]; 0 for what is no bond."""
        found: list[PricesLook] = self.of(prices)
        return padded([look.bonds_cents for look in found], (self.securities,))

    @cached_property
    def prices(self) -> np.ndarray:
        """Price of each share, bond and ETF share by day and security, int64[days, securities]; 0 without a price,
        as of a lab before it is listed."""
        board, cast, found = self.model.prices, self.model.cast, self.of(prices)
        whole = self.bond_prices.copy()
        shares = np.array([look.shares_cents for look in found]).reshape(len(found), -1)
        whole[:, board.securities] += shares * (self.outstanding[:, board.securities] > 0)
        if cast.etf is not None:
            whole[:, cast.etf.security] += [look.etf_cents for look in found]
        return whole

    def worth(self, days: np.ndarray | slice, accounts: Sequence[int] | slice = slice(None)) -> np.ndarray:
        """Market value in cents of what some accounts hold on some of the days, int64[days, accounts]: listed shares,
        the ETF, bonds, and private stakes at the marked value."""
        holdings, existing = self.holdings[days][:, accounts], self.outstanding[days]
        marks = np.array([look.labs_usd for look in self.of(prices)], float)[days]
        value = worth(holdings, self.prices[days])
        for place, lab in enumerate(self.model.cast.labs):
            shares, exist = holdings[:, :, lab.security], existing[:, list(lab.classes)].sum(axis=1)
            value += np.rint(100 * marks[:, place, None] * shares / exist[:, None]).astype(np.int64)
        return value


def worth(holdings: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """Units int64[days, accounts, securities] times prices int64[days, securities]: cents, int64[days, accounts]."""
    value: np.ndarray = np.matmul(holdings, prices[:, :, None])[:, :, 0]
    return value


def padded(arrays: Sequence[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """Arrays of up to this shape one behind the other, int64[arrays, *shape], with zeros where one is smaller.

    Day after day has the same shape until something new opens: such days are put in place together.
    """
    if arrays and all(array.shape == shape for array in arrays):
        return np.concatenate(arrays).reshape(len(arrays), *shape)
    whole = np.zeros((len(arrays), *shape), np.int64)
    place = 0
    for size, alike in groupby(arrays, np.shape):
        group = list(alike)
        whole[(slice(place, place + len(group)), *map(slice, size))] = np.concatenate(group).reshape(len(group), *size)
        place += len(group)
    return whole


def within(counts: np.ndarray) -> np.ndarray:
    """0, 1, ... anew for each of some groups of so many rows, int64[rows]."""
    ends = np.cumsum(counts)
    numbers: np.ndarray = np.arange(counts.sum()) - np.repeat(ends - counts, counts)
    return numbers

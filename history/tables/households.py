"""The retail holders: all together every day, a fixed sample one by one, everybody at an interval on request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np

from ...agents.household import Holders
from ...model import CarouselModel
from ..columns import Cents, Column, ColumnType, Shares, table_of_columns, table_of_rows
from ..columns import Holders as HoldersCount


class HouseholdsRow(NamedTuple):
    """All retail holders together, one row per day."""

    susceptible: Annotated[HoldersCount, "holders who have not caught the story"]
    enthusiastic: Annotated[HoldersCount, "holders who tell the story"]
    tired: Annotated[HoldersCount, "holders who have had enough of it"]
    cash_cents: Annotated[Cents, "cash of all holders"]
    etf_shares: Annotated[Shares, "ETF shares of all holders"]
    bought_shares: Annotated[Shares, "ETF shares bought today"]
    sold_shares: Annotated[Shares, "ETF shares sold today"]
    extrapolated_return: Annotated[float, "per year", "return the holders extrapolate from the past"]


def households(model: CarouselModel) -> Iterator[HouseholdsRow]:
    """One row, when there are holders."""
    day = model.cast.households
    if day is None:
        return
    holders = day.holders
    susceptible, enthusiastic, tired = (int(c) for c in day.counts.sum(axis=0))
    yield HouseholdsRow(
        susceptible=susceptible,
        enthusiastic=enthusiastic,
        tired=tired,
        cash_cents=holders.total_cash_cents(),
        etf_shares=holders.total_etf_shares(),
        bought_shares=day.bought_shares,
        sold_shares=day.sold_shares,
        extrapolated_return=day.past_return_per_year,
    )


class Looked(NamedTuple):
    """The holders somebody looks at: their rows, int64."""

    holders: Holders
    rows: np.ndarray


def _holder(name: str, unit: str, meaning: str) -> Column:
    """A column of the holders' own."""
    return Column(
        name, ColumnType.INTEGER, unit, meaning, lambda at: getattr(at.holders, name)[at.rows].astype(np.int64)
    )


HOLDER = (
    Column("holder", ColumnType.INTEGER, "row", "the holder's row", lambda at: at.rows),
    _holder("cash_cents", "US cents", "its cash"),
    _holder("etf_shares", "shares", "its ETF shares"),
    _holder("state", "code", "0 susceptible, 1 enthusiastic, 2 tired"),
)

HOUSEHOLDS = table_of_rows("households", HouseholdsRow, households)
HOLDERS = table_of_columns(
    "holders", HOLDER, "a fixed sample of retail holders, one row per holder and day", stamp=("day",)
)
HOLDERS_ALL = table_of_columns(
    "holders_all", HOLDER, "all retail holders, at an interval on request", stamp=("day",), is_digested=False
)

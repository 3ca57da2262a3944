"""Real markets to compare with: daily returns and volume of two indices and four shares, from two small packages.

S&P 500 and Nasdaq composite, 1999 to 2018, come with `arch`; Apple, Google, IBM and Microsoft, 2000 (Google 2004) to
March 2013, with `bokeh_sampledata`. Both belong to the extra `test` and are loaded when asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..sweeps.outcomes.stylised_facts import FloatArray, log_returns
from .optional import needs

INDICES = {"S&P 500": "arch.data.sp500", "Nasdaq": "arch.data.nasdaq"}
SHARES = ("AAPL", "GOOG", "IBM", "MSFT")


class Kind(StrEnum):
    """What a series is: indices and single shares have different bands."""

    INDEX = "index"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class MarketSeries:
    """Daily log returns float[days] and shares traded float[days] of one index or share, `first` to `last` date."""

    name: str
    kind: Kind
    first: str
    last: str
    returns: FloatArray
    volume: FloatArray


def real_series() -> list[MarketSeries]:
    """The two indices, then the four shares, adjusted for splits and dividends.

    Raises: MissingData if a package is not installed.
    """
    found = []
    for name, module in INDICES.items():
        table = needs(module).load()
        days = [str(day.date()) for day in table.index[[0, -1]]]
        found.append(_series(name, Kind.INDEX, days, table["Adj Close"].to_numpy(), table["Volume"].to_numpy()))
    stocks = needs("bokeh_sampledata.stocks")
    for name in SHARES:
        columns = getattr(stocks, name)
        days = [str(columns["date"][0]), str(columns["date"][-1])]
        found.append(_series(name, Kind.SHARE, days, columns["adj_close"], columns["volume"]))
    return found


def _series(name: str, kind: Kind, days: list[str], prices: object, volume: object) -> MarketSeries:
    traded = np.asarray(volume, dtype=float)[1:]
    return MarketSeries(name, kind, days[0], days[1], log_returns(np.asarray(prices, dtype=float)), traded)

"""The closing call auction: a book of orders, perhaps a crowd behind a histogram, one price, everybody's fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .auction_fill_kernels import clear_and_fill, fill_crowd
from .auction_price_kernels import NO_CROWD, Crowd, cumulate, has_negative
from .orders import OrderBook
from .orders_kernels import UNITS_LIMIT

Ints = np.ndarray
INT64 = np.dtype(np.int64)


class AuctionError(ValueError):
    """An auction that cannot be held, or a crowd whose rows are not those of its histogram."""

    def __init__(self, *, came: object, allowed: str) -> None:
        self.came = came
        self.allowed = allowed
        super().__init__(f"came {came!r}, allowed: {allowed}")


@dataclass(frozen=True, slots=True)
class CrowdOrders:
    """The orders of a crowd by limit: int64[levels] shares to buy and to sell at low_cents, low_cents + 1, ...

    Raises: AuctionError.
    """

    low_cents: int
    buys: Ints
    sells: Ints

    def __post_init__(self) -> None:
        buys, sells = self.buys, self.sells
        whole = buys.dtype == sells.dtype == INT64 and buys.ndim == 1 and buys.shape == sells.shape
        if not whole or has_negative(buys, sells):
            came = [(hist.dtype, hist.shape) for hist in (buys, sells)]
            raise AuctionError(came=came, allowed="two int64 histograms of one length, >= 0")
        if self.low_cents < 1:
            raise AuctionError(came=self.low_cents, allowed="limits of 1 cent or more")


class Margin(NamedTuple):
    """The marginal limit of each side: T shares wait there, E are executed, the first of them from single orders."""

    buy_limit_cents: int
    buy_total: int
    buy_executed: int
    buy_orders: int
    """Shares of single orders among `buy_total`."""
    sell_limit_cents: int
    sell_total: int
    sell_executed: int
    sell_orders: int


class AuctionResult(NamedTuple):
    """One price for all. `fills` int64[orders] are shares of the book's orders; the crowd's come from its margin."""

    price_cents: int
    volume: int
    fills: Ints
    crowd_margin: Margin
    crowd_bought_shares: int
    crowd_sold_shares: int
    start: int


def run_auction(book: OrderBook, crowd: CrowdOrders | None, reference_cents: int, start: int) -> AuctionResult:
    """Clear a book, with or without a crowd. `start` is a keyed random integer in [0, 2**63) for the rounding.

    Without a cross: the reference price, no volume.

    Raises: AuctionError if the reference price or the start is out of range.
    """
    if reference_cents < 1 or not 0 <= start < 2**63:
        raise AuctionError(
            came=(reference_cents, start), allowed="a reference of 1 cent or more, a start in [0, 2**63)"
        )
    out = np.empty(book.n, np.int64)
    orders = book.sides, book.quantities, book.limits
    levels = NO_CROWD if crowd is None else _cumulated(crowd)
    price, volume, at, bought, sold = clear_and_fill(orders, levels, reference_cents, start, out)
    return AuctionResult(price, volume, out, Margin(*at), volume - bought, volume - sold, start)


def fill_crowd_orders(result: AuctionResult, signed_shares: Ints, limit_cents: Ints, out: Ints | None = None) -> Ints:
    """What each row of the crowd trades: integers[rows] like `signed_shares`, + bought, - sold.

    `out` is an array of zeros to write into. The rows must be those that the histogram counted.

    Raises: AuctionError if the rows' fills are not what the auction executed for the crowd.
    """
    filled = np.zeros(signed_shares.shape, signed_shares.dtype) if out is None else out
    if not signed_shares.shape == limit_cents.shape == filled.shape:
        came = (signed_shares.shape, limit_cents.shape, filled.shape)
        raise AuctionError(came=came, allowed="columns of one length")
    bought, sold = fill_crowd(signed_shares, limit_cents, tuple(result.crowd_margin), result.start, filled)
    if (bought, sold) != (result.crowd_bought_shares, result.crowd_sold_shares):
        raise AuctionError(
            came=f"rows that buy {bought} and sell {sold} shares",
            allowed=f"those of the histogram: {result.crowd_bought_shares} and {result.crowd_sold_shares}",
        )
    return filled


def _cumulated(crowd: CrowdOrders) -> Crowd:
    demand, supply = cumulate(crowd.buys, crowd.sells)
    if len(demand):
        # shares behind both sides of a crowd stay countable in 53 bits, as everywhere
        most = max(int(demand[0]), int(supply[-1]))
        if most >= UNITS_LIMIT or min(int(demand[0]), int(supply[-1])) < 0:
            raise AuctionError(came=most, allowed="fewer than 2**53 shares")
    return crowd.low_cents, demand, supply

"""Trade in outstanding bonds: who holds too much of an issuer sells to who has room, at its own required spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..agents.bond_buyer import asked_spread_per_year, room_to_lend_cents
from ..engine.calendar import DAYS_PER_MONTH
from ..engine.chance import Decision, auction_starts, normal_of, stream_key
from ..engine.kernels import njit
from ..market.credit import YIELD_MAX, YIELD_MIN, price_per_face
from ..market.orders import FAULTS, OrderError, enter_orders
from ..market.session import SessionOrders, hold_session
from .credit_book import worth_of_bonds

if TYPE_CHECKING:
    from ..model import CarouselModel
    from .credit_book import Series

MARGIN = 0.002
"""A buyer trades outstanding bonds at its own price less and plus this margin, so never with itself."""
FORCED_LIMIT = 0.97
"""Who holds more of an issuer than its limit allows sells at worst 3 % below its own price."""
SALE_PARTS, FORCED_SALE_PARTS, ROOM_PARTS = 20, 2, 4
"""A day's offer: a twentieth of a holding, half of one beyond the limit; its bid: a quarter of the room (assumed)."""
_PREMIUM = int(Decision.BOND_PREMIUM)


def trade_bonds(model: CarouselModel) -> None:
    """Each bond series trades once a month, on its own day."""
    today = model.day % DAYS_PER_MONTH
    for series in model.credit.series:
        if series.trading_day == today and model.credit.units(series) and model.day < series.maturity_day:
            _trade_series(model, series)


def _trade_series(model: CarouselModel, series: Series) -> None:
    """One bond auction around the price that each buyer's own required spread gives."""
    credit, books, desk = model.credit, model.books, model.bond_desk
    fair = credit.fair_spread(model.listed_by_name[series.issuer])
    prices, prices_of_issuer = credit.marked(series.issuer)
    table, fault, at = series_table(
        model.seed, model.day, desk.accounts, desk.slots, desk.facts, books.journal.balances,
        books.registers.holdings, prices_of_issuer, prices, series.security, series.slot, fair, series.coupon_per_year,
        model.behaviour.riskless_rate_per_year, series.maturity_day - model.day, series.face_cents,
    )  # fmt: skip
    if fault:
        raise OrderError(security=series.security, came=tuple(table[:, at].tolist()), allowed=FAULTS[fault])
    orders = SessionOrders(table, np.array([table.shape[1]]))
    only, reference = np.array([series.security]), np.array([series.price_cents])
    rounding = auction_starts(model.seed, model.day, np.array([series.slot]))
    result = hold_session(books, model.house, only, orders, reference, rounding)
    if result.volume_shares.item(0):
        credit.set_price(series, result.price_cents.item(0))


class BondDesk:
    """All bond buyers in arrays: accounts int64[B], slots int64[B], facts float[B, 3] (disposition, premium per year,
    concentration limit)."""

    def __init__(self, model: CarouselModel) -> None:
        buyers = model.bond_buyers
        self.accounts = np.array([b.account for b in buyers], np.int64)
        self.slots = np.array([b.slot for b in buyers], np.int64)
        rows = [(b.facts.disposition, b.facts.premium_per_year, b.facts.concentration_limit) for b in buyers]
        self.facts = np.array(rows, float).reshape(len(buyers), 3)


@njit(cache=True)
def buyers_orders(  # type: ignore[no-untyped-def]
    seed, day, accounts, slots, facts, balances, holdings, held_of_issuer, held_in_all, security, series_slot, fair,
    coupon_per_year, riskless_per_year, days_left, face_cents,
):  # fmt: skip
    """Every buyer's offer and bid for one series: owners, limits in cents and signed shares, all int64[orders].

    `held_of_issuer`, `held_in_all` int64[B] are market values in cents; the rest as in `BondDesk` and `Series`.

    Raises: ValueError if a required yield is out of range.
    """
    owners = np.empty(2 * accounts.size, np.int64)
    limits = np.empty_like(owners)
    signed_shares = np.empty_like(owners)
    orders = 0
    key = stream_key(seed, _PREMIUM, day)
    for b in range(accounts.size):
        disposition, premium, limit_share = facts[b]
        spread = asked_spread_per_year(fair, normal_of(key, slots[b] ^ series_slot), disposition, premium)
        if not YIELD_MIN <= riskless_per_year + spread <= YIELD_MAX:
            raise ValueError("a required yield is out of the range of bond prices")
        worth = face_cents * price_per_face(coupon_per_year, riskless_per_year + spread, max(1, days_left))
        price = max(np.int64(1), np.int64(np.rint(worth)))
        held, cash = holdings[accounts[b], security], balances[accounts[b]]
        assets = cash + held_in_all[b]
        is_over = held_of_issuer[b] > limit_share * assets
        room = room_to_lend_cents(limit_share, cash, held_of_issuer[b], assets) // ROOM_PARTS
        if held:
            limit = price * FORCED_LIMIT if is_over else price * (1 + MARGIN)
            parts = FORCED_SALE_PARTS if is_over else SALE_PARTS
            owners[orders], limits[orders] = accounts[b], max(np.int64(1), np.int64(limit))
            signed_shares[orders] = -max(np.int64(1), held // parts)
            orders += 1
        if not is_over and room // price > 0:
            owners[orders], limits[orders] = accounts[b], max(np.int64(1), np.int64(price * (1 - MARGIN)))
            signed_shares[orders] = room // price
            orders += 1
    return owners[:orders], limits[:orders], signed_shares[:orders]


@njit(cache=True)
def series_table(  # type: ignore[no-untyped-def]
    seed, day, accounts, slots, facts, balances, holdings, prices_of_issuer, prices, security, series_slot, fair,
    coupon_per_year, riskless_per_year, days_left, face_cents,
):  # fmt: skip
    """`buyers_orders`, checked, as the table of a session: int64[4, orders] (owner, side, quantity, limit).

    Holdings are worth `prices` by security, those of the issuer `prices_of_issuer` (see `worth_of_bonds`). Returns the
    table with the fault of `check_orders` and the order that has it, whose column is as it came.
    """
    held_of_issuer, held_in_all = worth_of_bonds(holdings, accounts, prices_of_issuer, prices)
    owners, limits, signed_shares = buyers_orders(
        seed, day, accounts, slots, facts, balances, holdings, held_of_issuer, held_in_all, security, series_slot, fair,
        coupon_per_year, riskless_per_year, days_left, face_cents,
    )  # fmt: skip
    table = np.empty((4, owners.size), np.int64)
    found = enter_orders(table, 0, owners, limits, signed_shares, 0, 0, 0)
    if found[0] != 0:
        at = found[1]
        table[0, at], table[1, at], table[2, at], table[3, at] = owners[at], 0, signed_shares[at], limits[at]
    return table, found[0], found[1]

"""Loops over all bond buyers: what their holdings are worth, and their orders in one outstanding series.

Packed arguments, plain tuples: `buyers` (accounts int64[B], slots int64[B], facts float[B, 3]: disposition, premium per
year, concentration limit); `ledger` (balances int64[accounts], holdings int64[accounts, securities]); `marks` (cents by
security, int64 each, of all bonds, and of the issuer's alone); `series` (security, slot, coupon per year, days left,
face in cents); `habits` as in `bond_desk.habits`.
"""

from __future__ import annotations

import numpy as np

from ..contracts.bond_kernels import worth_of_bonds
from ..engine.chance import Decision, normal_of, stream_key
from ..engine.kernels import njit
from ..market.credit import YIELD_MAX, YIELD_MIN, price_per_face
from ..market.orders_kernels import enter_orders
from .bond_buyer import (
    ask_limit_cents,
    asked_spread_per_year,
    bid_limit_cents,
    bid_units,
    is_over_limit,
    offered_units,
    room_to_lend_cents,
)

Ints = np.ndarray
Floats = np.ndarray
_PREMIUM = int(Decision.BOND_PREMIUM)


@njit(cache=True)
def own_prices(
    key: int,
    buyers: tuple[Ints, Ints, Floats],
    series: tuple[int, int, float, int, int],
    rates: tuple[float, float],
    views: tuple[float, float],
) -> Ints:
    """Cents a unit at which each buyer earns the spread it asks, int64[B], at least one; `rates` are fair spread and
    riskless rate per year, `views` optimism and opinion.

    Raises: ValueError if a required yield is out of range.
    """
    accounts, slots, facts = buyers
    _, series_slot, coupon_per_year, days_left, face_cents = series
    fair, riskless = rates
    prices = np.empty(accounts.size, np.int64)
    for b in range(accounts.size):
        noise = normal_of(key, slots[b] ^ series_slot)
        asked = riskless + asked_spread_per_year(fair, noise, facts[b, 0], facts[b, 1], views[0], views[1])
        if not YIELD_MIN <= asked <= YIELD_MAX:
            raise ValueError("a required yield is out of the range of bond prices")
        prices[b] = max(1, int(np.rint(face_cents * price_per_face(coupon_per_year, asked, max(1, days_left)))))
    return prices


@njit(cache=True)
def buyers_orders(
    prices: Ints,
    buyers: tuple[Ints, Ints, Floats],
    ledger: tuple[Ints, Ints],
    marks: tuple[Ints, Ints],
    security: int,
    habits: tuple[float, float, float, float, float],
) -> tuple[Ints, Ints, Ints]:
    """Every buyer's offer and bid for one series around its own price (`own_prices`): owners, limits in cents and
    signed units, all int64[orders]."""
    accounts, _, facts = buyers
    balances, holdings = ledger
    margin, forced_discount, sale_share, forced_sale_share, bid_share = habits
    in_all, of_issuer = worth_of_bonds(holdings, accounts, marks)
    owners = np.empty(2 * accounts.size, np.int64)
    limits, signed_units = np.empty_like(owners), np.empty_like(owners)
    n = 0
    for b in range(accounts.size):
        price, limit_share = prices[b], facts[b, 2]
        held, cash = holdings[accounts[b], security], balances[accounts[b]]
        assets = cash + in_all[b]
        is_over = is_over_limit(limit_share, of_issuer[b], assets)
        if held > 0:
            owners[n] = accounts[b]
            limits[n] = bid_limit_cents(price, forced_discount) if is_over else ask_limit_cents(price, margin)
            signed_units[n] = -offered_units(held, forced_sale_share if is_over else sale_share)
            n += 1
        wanted = bid_units(room_to_lend_cents(limit_share, cash, of_issuer[b], assets), bid_share, price)
        if wanted > 0 and not is_over:
            owners[n], limits[n], signed_units[n] = accounts[b], bid_limit_cents(price, margin), wanted
            n += 1
    return owners[:n], limits[:n], signed_units[:n]


@njit(cache=True)
def series_table(
    luck: tuple[int, int],
    buyers: tuple[Ints, Ints, Floats],
    ledger: tuple[Ints, Ints],
    marks: tuple[Ints, Ints],
    series: tuple[int, int, float, int, int],
    rates: tuple[float, float],
    habits: tuple[float, float, float, float, float, float, float],
) -> tuple[Ints, Ints, int, int]:
    """`buyers_orders`, checked, as the table of a session: int64[4, orders] (owner, side, quantity, limit).

    `luck` are seed and day. Returns the table, where its one book ends, the fault of `check_orders`
    and the order that has it, whose column is as it came.
    """
    prices = own_prices(stream_key(luck[0], _PREMIUM, luck[1]), buyers, series, rates, habits[:2])
    owners, limits, signed_units = buyers_orders(prices, buyers, ledger, marks, series[0], habits[2:])
    table = np.empty((4, owners.size), np.int64)
    found = enter_orders(table, 0, (owners, limits, signed_units), (0, 0, 0))
    if found[0] != 0:
        at = found[1]
        table[0, at], table[1, at], table[2, at], table[3, at] = owners[at], 0, signed_units[at], limits[at]
    return table, np.array([owners.size]), found[0], found[1]

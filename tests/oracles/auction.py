"""The closing auction from its definition: every price is tried, every order is filled one after the other.

An order is (side +1 or -1, shares, limit in cents); those of institutions stand before those of households.
"""

from __future__ import annotations

from collections.abc import Sequence

Order = tuple[int, int, int]


def clear(orders: Sequence[Order], reference: int) -> tuple[int, int]:
    """(price, volume) by trying all whole cents: largest volume, smallest imbalance, nearest to the reference."""
    bought, sold = _by_limit(orders, 1), _by_limit(orders, -1)
    if not bought or not sold or max(bought) < min(sold):
        return reference, 0
    low, high = min(sold), max(bought)
    demand = sum(shares for limit, shares in bought.items() if limit >= low)
    supply = 0
    best = None
    for price in range(low, high + 1):
        supply += sold.get(price, 0)
        rank = (-min(demand, supply), abs(demand - supply), abs(price - reference), price)
        best = rank if best is None or rank < best else best
        demand -= bought.get(price, 0)
    assert best is not None
    return best[3], -best[0]


def fill(orders: Sequence[Order], price: int, volume: int, start: int) -> list[int]:
    """Shares of every order: better limits whole, those at the margin by cumulative rounding from the start."""
    fills = [0] * len(orders)
    if volume:
        for side in (1, -1):
            _fill_side(orders, side, volume, start, fills)
    return fills


def _fill_side(orders: Sequence[Order], side: int, volume: int, start: int, fills: list[int]) -> None:
    by_limit = _by_limit(orders, side)
    left = volume
    for margin in sorted(by_limit, reverse=side > 0):
        if left <= by_limit[margin]:
            break
        left -= by_limit[margin]
    waiting = by_limit[margin]
    offset, reached, given = start % waiting, 0, 0
    for k, (order_side, shares, limit) in enumerate(orders):
        if order_side != side:
            continue
        if side * limit > side * margin:
            fills[k] = shares
        elif limit == margin:
            reached += shares
            up_to = (reached * left + offset) // waiting
            fills[k], given = up_to - given, up_to


def _by_limit(orders: Sequence[Order], side: int) -> dict[int, int]:
    total: dict[int, int] = {}
    for order_side, shares, limit in orders:
        if order_side == side:
            total[limit] = total.get(limit, 0) + shares
    return total

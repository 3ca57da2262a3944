"""New shares in the closing auctions: a programme at the market, or all that is left at once, at a discount."""

from __future__ import annotations

from typing import Protocol

from ..market.session import SentOrder
from .sight import Sight


class Seller(Protocol):
    """A firm that sells new shares of its own: its account, its row on the board, its last closing price."""

    @property
    def account(self) -> int: ...
    @property
    def index(self) -> int: ...
    @property
    def price_cents(self) -> int: ...


def order_of_day(seller: Seller, sight: Sight, left_cents: int, *, is_urgent: bool) -> SentOrder | None:
    """A day of a running sale: within a part of the usual volume, at worst a little below the last price; where it is
    urgent all of it at once, an offering at a discount."""
    if left_cents <= 0:
        return None
    rules, price = sight.rules, seller.price_cents
    shares, least = left_cents // price, 1 - rules.offering_discount_max
    if not is_urgent:
        usual = sight.usual_volume_shares(seller.index) * rules.atm_share_of_volume
        shares, least = min(int(usual), shares), rules.need_price_min
    return SentOrder(seller.index, seller.account, -shares, max(1, int(price * least))) if shares > 0 else None

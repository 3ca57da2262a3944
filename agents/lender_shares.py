"""Lenders keep no shares: those that they have got for notes they sell."""

from __future__ import annotations

from collections.abc import Sequence

from ..market.session import SentOrder
from .listed_firm import ListedFirm
from .sight import Sight


def decide_share_sales(account: int, listed: Sequence[ListedFirm], sight: Sight) -> list[SentOrder]:
    """A lender's sales of today: of every share that it holds, within a part of the usual volume, at worst a little
    below the last close."""
    rules, orders = sight.rules, []
    for firm in listed:
        if held := sight.held(account, firm.security):
            most = int(rules.stake_sale_share_of_volume * sight.usual_volume_shares(firm.index))
            limit = max(1, int(firm.price_cents * rules.need_price_min))
            orders += [SentOrder(firm.index, account, -min(held, most), limit)] if most else []
    return orders

"""Flows from outside into listed securities: money that arrives with an order to buy, or holders who leave.

Nobody in the model decides them. They answer "what would this much more demand do to prices?": real cash, real orders
in the closing auctions, in a run that is compared with the same run without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..ledger.causes import Cause
from ..market.session import SentOrder

if TYPE_CHECKING:
    from ..model import CarouselModel

LIMIT_MARGIN = 0.25
"""Outside flows take any price up to a quarter off the last one: beyond every ladder's last rung."""


@dataclass(frozen=True, slots=True)
class OutsideFlow:
    """Cash that `owner`, a venture investor of the cast, brings into a security on a day; negative: what it sells.

    `security` is the name of a listed firm, or of the ETF. A sale is bounded by what the owner holds.
    """

    day: int
    owner: str
    security: str
    cents: int


def orders_of_the_day(
    model: CarouselModel, security: str, price_cents: int, number: int, share: int = -1
) -> list[SentOrder]:
    """Today's flows into one security as orders (`share`: its row on the board); the cash of purchases arrives from
    outside first."""
    orders: list[SentOrder] = []
    for flow in model.outside_flows:
        if flow.day != model.day or flow.security != security:
            continue
        owner = next(v for v in model.venture_investors if v.name == flow.owner)
        account = owner.account
        shares = abs(flow.cents) // price_cents
        if flow.cents > 0:
            limit = int(price_cents * (1 + LIMIT_MARGIN)) + 1
            model.collect(owner.partners_account, account, shares * limit, Cause.FUND_FLOW)
            orders.append(SentOrder(share, account, shares, limit))
        else:
            held = int(model.books.registers.holdings[account, number])
            limit = max(1, int(price_cents * (1 - LIMIT_MARGIN)))
            orders.append(SentOrder(share, account, -min(shares, held), limit))
    return [order for order in orders if order.signed_shares]

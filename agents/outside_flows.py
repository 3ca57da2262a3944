"""Flows from outside into listed securities: money that arrives with an order to buy, or holders who leave.

Nobody in the model decides them. They answer "what would this much more demand do to prices?": real cash, real orders
in the closing auctions, in a run that is compared with the same run without them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutsideFlow:
    """Cash that `owner`, a venture investor of the cast, brings into a security on a day; negative: what it sells.

    `security` is the name of a listed firm, or of the ETF. A sale is bounded by what the owner holds.
    """

    day: int
    owner: str
    security: str
    cents: int

    def decide(self, price_cents: int, held_shares: int, margin: float) -> tuple[int, int]:
        """Signed shares and limit in cents: any price up to a margin off the last one, beyond every ladder's last
        rung."""
        shares = abs(self.cents) // price_cents
        if self.cents > 0:
            return shares, int(price_cents * (1 + margin)) + 1
        return -min(shares, held_shares), max(1, int(price_cents * (1 - margin)))

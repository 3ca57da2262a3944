"""A cloud's orders at a chip maker: what is open is filled once, so it counts once; what has been sold is earned.

They are one running account, which ends with the cloud's default.
"""

from __future__ import annotations

from typing import final

from ..narrative.announcements import Instrument
from ..narrative.credibility import start_log_odds
from .base import Status
from .notary import Notary
from .promise import Promise
from .promised import PublicContract


@final
class ChipOrder(PublicContract):
    """What a maker will earn on chips ordered and not yet delivered, less what a letter of intent covers, and what it
    has earned on those it was paid for."""

    label = "order"
    ends_in_default = True

    def __init__(self, notary: Notary, buyer: str, supplier: str, in_own_earnings: float) -> None:
        promise = Promise(
            name=f"{buyer}'s chip orders at {supplier}",
            payer=buyer,
            payee=supplier,
            beneficiary=supplier,
            instrument=Instrument.ORDER,
            announced_cents=0,
            in_own_earnings=in_own_earnings,
        )
        super().__init__(notary, promise, start_log_odds(Instrument.ORDER, notary.rules))
        self.is_public = True
        self.status = Status.DELIVERING

    def _fulfilled_usd_per_year(self) -> float:
        return 0.0  # an order that is filled is no promise any more

    def reprice(self, open_cents: int, net_margin: float, price_earnings: float) -> None:
        """So much is on order now; it enters earnings divided by the multiple, since it comes once."""
        self.profit_usd_per_year = net_margin * open_cents / 100 / price_earnings
        self.committed_cents = open_cents
        self._notary.contract_changed()

    def on_default(self, party: str) -> None:
        """Its buyer takes no more of what is on order; a maker's estate delivers."""
        if party == self.payer:
            lost_cents = self.committed_cents
            self.committed_cents, self.profit_usd_per_year = 0, 0.0
            text = f"{party} defaults: its chip orders at {self.payee} are void"
            self.move(Status.CANCELLED, text=text, direction=-1, cents=lost_cents)

"""A promise of sales to its payer's customers: what is sold under it is earned under their orders."""

from __future__ import annotations

from ..narrative.credibility import Evidence
from .notary import Notary
from .promise import Promise
from .promised import PublicContract


class SalesPromise(PublicContract):
    """Its payer's shareholders capitalise sales that are still to come: those that are made take their place."""

    @property
    def certain_share(self) -> float:
        """Nothing: the orders say what is earned."""
        return 0.0

    @property
    def capitalised_usd_per_year(self) -> float:
        """The promised sales less those that are made."""
        return (self.profit_usd_per_year - self.retired_usd_per_year) * self.life_left

    @property
    def earned_usd_per_year(self) -> float:
        """Nothing: the orders say it."""
        return 0.0

    @property
    def certain_usd_per_year(self) -> float:
        """Nothing, likewise."""
        return 0.0

    def _fulfilled_usd_per_year(self) -> float:
        return min(self.profit_usd_per_year, self.promise.in_own_earnings * self.realised_usd_per_year)


class DeploymentPromise(SalesPromise):
    """Sales to whoever builds for its payee: it comes nearer with every GW deployed with its payer's chips."""

    served: str | None = None
    """The one contract whose capacity counts for it; None: all that no other of its kind by the same payer names."""

    def __init__(self, notary: Notary, promise: Promise, log_odds: float, *, deployed_gw: float = 0.0) -> None:
        super().__init__(notary, promise, log_odds)
        self.deployed_mw = 1000 * deployed_gw
        """With its payer's chips, fractions of a MW included."""
        self._delivered_mw = round(1000 * deployed_gw)

    @property
    def least_gw(self) -> float:
        """What is deployed is paid for."""
        return self.deployed_mw / 1000

    @property
    def delivered_mw(self) -> int:
        """Capacity deployed with its payer's chips."""
        return self._delivered_mw

    def deploy(self, megawatts: float) -> None:
        """So many more MW of its payee's capacity are in service with its payer's chips."""
        self.deployed_mw += megawatts
        self._delivered_mw = int(self.deployed_mw)
        self.learn(Evidence.DELIVERED)

    def chips_ordered(self) -> None:
        """Chips are on order for its payee: the promise looks better founded."""
        self.learn(Evidence.PAID_ON_TIME)

    def revalue(self) -> None:
        """Its profit is capitalised less and less over the last part of its capacity."""
        self.life_left = min(1.0, (1 - self.delivered_share) / self._notary.rules.promise_fade_share)

"""A promise of sales to its payer's customers: what is sold under it is earned under their orders."""

from __future__ import annotations

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

"""The cloud provider: builds toward what it promised, orders chips ahead, and finds the money."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..scenarios.schema import CloudProvider as CloudFacts
from .commitments import Buildout, Phase
from .listed_firm import ListedFirm


class Funding(StrEnum):
    """How a cloud means to close its gap."""

    NONE = "none"
    BONDS = "bonds"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class FundingPlan:
    """What to raise, and how."""

    means: Funding
    cents: int


class CloudProvider(ListedFirm):
    """A listed firm that turns promises into buildings before anybody has paid for them."""

    kind = "cloud"

    def __init__(self, model: Any, *, facts: CloudFacts, account: int, security: int, index: int) -> None:
        super().__init__(model, facts=facts, account=account, security=security, index=index)
        self.facts: CloudFacts = facts
        self.buildouts: list[Buildout] = []
        self.build_pace = 1.0
        """Share of the planned build rate it can fund."""
        self.share_sale_left_cents = 0
        """What is left of a running at-the-market programme."""
        self.start_carry = 0.0
        self.unplaced_share = 0.0
        """Share of its last funding need that no lender placed: what makes it draw its lines."""

    @property
    def delivered_mw(self) -> int:
        """MW in service under contract."""
        return sum(b.delivered_mw for b in self.buildouts)

    @property
    def building_mw(self) -> int:
        """MW under construction."""
        return sum(b.building_mw for b in self.buildouts)

    def plan_starts(self, month: int) -> list[tuple[Buildout, Phase]]:
        """Building phases to start this month: planned rate times pace, spread over contracts by what remains."""
        if self.is_defaulted:
            return []
        open_ = [b for b in self.buildouts if b.remaining_mw > 0]
        self.start_carry += self.facts.build_gw_per_year_max * 1000 / 12 * self.build_pace
        budget = int(self.start_carry)
        if not open_ or budget <= 0:
            self.start_carry = min(self.start_carry, self.facts.build_gw_per_year_max * 1000 / 12)
            return []
        remaining = sum(b.remaining_mw for b in open_)
        starts = []
        for build in open_:
            megawatts = min(build.remaining_mw, budget * build.remaining_mw // remaining)
            if megawatts <= 0:
                continue
            service = max(month + self.facts.build_months, build.first_service_month)
            order = max(month, service - self.facts.chip_lead_months)
            starts.append(
                (build, Phase(megawatts=megawatts, start_month=month, order_month=order, service_month=service))
            )
        self.start_carry -= sum(phase.megawatts for _, phase in starts)
        return starts

    def plan_funding(self, need_cents: int, spread_per_year: float) -> FundingPlan:
        """Close a gap with bonds while the spread is below its limit, then with shares at the market (MODEL s. 7)."""
        if self.is_defaulted or need_cents <= 0:
            return FundingPlan(Funding.NONE, 0)
        if spread_per_year <= self.facts.spread_limit_per_year:
            return FundingPlan(Funding.BONDS, need_cents)
        return FundingPlan(Funding.SHARES, need_cents)

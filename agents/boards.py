"""Boards that have promised to invest: what they do when a milestone is reached."""

from __future__ import annotations

import math

from ..contracts.milestone import MilestoneInvestment, Tranche, decide_tranche
from .listed_firm import ListedFirm
from .sight import Sight


def served_belief(milestone: MilestoneInvestment, sight: Sight) -> float:
    """Belief in the contracts a milestone investment serves: those its investor equips or provides, by capacity, of
    those that count for it."""
    served = [
        contract
        for contract in sight.served_by(milestone)
        if contract.payee == milestone.payer
        or milestone.payer in {supply.supplier for supply in sight.supplies_of(contract.payee)}
    ]
    capacity = sum(contract.contracted_mw for contract in served)
    return math.fsum(c.contracted_mw * c.credibility for c in served) / capacity if capacity else 0.0


def decide_due_tranche(investor: ListedFirm, milestone: MilestoneInvestment, sight: Sight) -> Tranche:
    """The investor's board on the tranche that is due: from its cash above the buffer and its belief."""
    free_cents = investor.cash_cents - round(100 * investor.facts.cash_buffer_usd)
    return decide_tranche(milestone.due_cents, free_cents, served_belief(milestone, sight), sight.rules)

"""What is told of deals that agents make: each with the numbers that decided it, and whose they are."""

from __future__ import annotations

from ..agents.cloud import CloudProvider
from ..agents.deals import ComputeOffer, CutAnswer, Replacement
from ..agents.lab_rules import PlannedDeal
from ..agents.support import Support
from ..contracts.compute import ComputeContract
from ..contracts.milestone import MilestoneInvestment


def bn(usd: float) -> str:
    """Billions of USD."""
    return f"{usd / 1e9:.1f}"


def signed(deal: PlannedDeal, offer: ComputeOffer, lab: str, highest_usd_per_gw_year: float) -> str:
    """How much for how long at which price, and what each side could take."""
    return (
        f"{deal.gw:.2f} GW for {deal.term_years:g} years at {bn(deal.price_usd_per_gw_year)} bn USD a GW and year: "
        f"{offer.provider.name} asks {bn(offer.lowest_usd_per_gw_year)} at least, "
        f"{lab} can pay {bn(highest_usd_per_gw_year)} at most"
    )


def lacks(lab: str, missing_usd: float) -> str:
    """What a lab lacks to sign."""
    return f"{lab} lacks means of {bn(missing_usd)} bn USD"


def asked(cloud: CloudProvider, spread_per_year: float) -> str:
    """Why lenders do not fund a builder."""
    limit = cloud.facts.spread_limit_per_year
    return f"lenders ask {1e4 * spread_per_year:.0f} bp of {cloud.name}, which pays {1e4 * limit:.0f} at most"


def offered(support: Support, gw: float, gap: str) -> str:
    """In which form for how much capacity, for want of what, and what it costs and earns."""
    cost, earns = bn(abs(support.cost_usd)), bn(support.profit_usd)
    expects = f"loses {cost}" if support.cost_usd >= 0 else f"gains {cost}"
    return f"{support.form} for {gw:.2f} GW: {gap}; it expects that it {expects} bn by it, and {earns} from the sale"


def replaced(letter: MilestoneInvestment, found: Replacement) -> str:
    """What takes the place of a letter, and why."""
    left = max(0, letter.promise.announced_cents - letter.paid_cents) / 100
    return (
        f"new shares in place of {letter.name}, of which {bn(left)} bn USD were to come: belief in what it is for is "
        f"{found.belief:.0%}, a share is worth {found.worth:.0%} of its price"
    )


def cut_asked(contract: ComputeContract, megawatts: int, answer: CutAnswer) -> str:
    """How much of what, what its provider says, and why."""
    asked_now, price = answer.asked_usd_per_gw_year, bn(1000 * contract.terms.price_usd_per_mw_year)
    would = "lenders fund none of it today" if asked_now is None else f"today it would ask {bn(asked_now)}"
    says = "agrees" if answer.agrees else "refuses"
    return f"{megawatts} MW of {contract.name} at {price} bn USD a GW and year; {contract.payee} {says}: {would}"

"""What parties of a scenario have promised, lent and owe each other: contracts, supplies, stakes, debts, news."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .schema_base import Day, Gigawatt, Instrument, InstrumentName, Name, Part, Role, Usd, Whole


class ComputeContract(Part):
    """A lab rents capacity from a cloud, take-or-pay on what is delivered."""

    name: Name
    customer: Name
    provider: Name
    capacity_gw: Annotated[float, Field(gt=0, le=1000)]
    price_usd_per_gw_year: Usd
    years: Annotated[float, Field(gt=0, le=50)]
    net_margin: Annotated[float, Field(ge=-1, le=1)]
    """Net profit per dollar of contract revenue, as the market sees it at signing."""
    announced: Day | None = None
    """None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.CONTRACT
    delivered_gw: Gigawatt = 0.0
    first_service: Day | None = None
    """No capacity in service before this date."""


class ChipSupply(Part):
    """A cloud buys its chips from a chip maker; everything else for a GW goes to other suppliers."""

    name: Name
    buyer: Name
    supplier: Name
    chips_usd_per_gw: Usd
    other_usd_per_gw: Usd
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the buyer's capacity that this supplier equips."""


class MilestoneInvestment(Part):
    """A supplier invests in a lab, a tranche for each GW deployed: the edge that closes the circle."""

    name: Name
    investor: Name
    investee: Name
    amount_usd_per_gw: Usd
    capacity_gw: Annotated[float, Field(gt=0, le=1000)]
    chips_usd_per_gw: Usd = 0.0
    """Chip sales the announcement promises the investor per GW: what its shareholders capitalise."""
    years: Annotated[float, Field(gt=0, le=50)] = 5.0
    announced: Day | None = None
    instrument: InstrumentName = Instrument.LETTER_OF_INTENT
    deployed_gw: Gigawatt = 0.0


class Stake(Part):
    """Shares of a firm held by a named investor or firm at the start."""

    owner: Name
    firm: Name
    shares: Annotated[int, Field(gt=0, le=10**13), Whole]


class Bond(Part):
    """A bond outstanding at the start, held by the bond buyers in proportion to their means."""

    name: Name
    issuer: Name
    face_usd: Annotated[float, Field(gt=0, le=1e13)]
    coupon_per_year: Annotated[float, Field(ge=0, le=1)]
    maturity: Day


class Obligation(Part):
    """A plain debt between two parties, due on one day of the run: one line of a clearing."""

    name: Name
    payer: Name
    payee: Name
    amount_usd: Annotated[float, Field(gt=0, le=1e13)]
    due_day: Annotated[int, Field(ge=1, le=5040), Whole] = 1


class NewsItem(Part):
    """A scheduled announcement about a firm that is no contract or investment here: guidance, for example."""

    name: Name | None = None
    """For key paths; without one, the item is addressed by its number, from 1."""
    announced: Day
    firm: Name
    text: Annotated[str, Field(min_length=1, max_length=400)]
    instrument: InstrumentName = Instrument.GUIDANCE
    amount_usd: Usd = 0.0
    profit_usd_per_year: Annotated[float, Field(ge=-1e13, le=1e13)] = 0.0
    direction: Annotated[int, Field(ge=-1, le=1), Whole] = 1
    counterparty: Name | None = None
    role: Annotated[Role | None, Field(strict=False)] = None
    """What the firm gets; the receiver of equity is endorsed by who gives it."""
    prior_similar_90d: Annotated[int, Field(ge=0, le=10**6), Whole] = 0
    """Similar announcements of the firm in the 90 days before."""

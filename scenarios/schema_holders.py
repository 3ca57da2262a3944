"""What a scenario may say of those who invest: venture investors, bond buyers, active funds, the ETF, households."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from .behaviour_rows import OPENING
from .schema_base import Label, Name, Part, Share, Usd, Whole


class VentureInvestor(Part):
    """Bids in private rounds; calls capital from its partners; sells listed stakes to raise cash."""

    stopped = MappingProxyType(
        {"dry_powder_usd": 0.0, "dry_powder_inflow_usd_per_year": 0.0, "appetite": 0.0, "sells_stakes": False}
    )

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    opening_cash_usd: Annotated[Usd, OPENING] = 0.0
    """Cash at the start."""
    cash_origin: Label | None = None
    """Label of the origin of the opening cash; default: as of called capital."""
    dry_powder_usd: Usd
    """What its limited partners (or its parent) have promised and not yet paid."""
    dry_powder_inflow_usd_per_year: Usd = 0.0
    """New promises won per year at neutral appetite."""
    partners: Label
    """Label of the origin of called capital, for example 'SoftBank, limited partners'."""
    disposition: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """How much more (or less) than the public it believes in promises, in log-odds."""
    appetite: Annotated[float, Field(ge=0, le=10)] = 1.0
    """How much of its means it bids, relative to the usual."""
    sells_stakes: bool = True
    """Whether it sells listed shares when it lacks cash for a round."""


class BondBuyerKind(StrEnum):
    """Whose money a bond buyer lends."""

    BANK = "bank"
    BOND_FUND = "bond_fund"
    PRIVATE_CREDIT = "private_credit"
    """Of investors who are bound for years: called when it is lent, never asked back."""


class BondBuyer(Part):
    """Bids spread and amount in new issues; trades outstanding bonds."""

    stopped = MappingProxyType({"inflow_usd_per_year": 0.0, "lends": False})

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    kind: Annotated[BondBuyerKind, Field(strict=False), OPENING]
    """Whose money it lends."""
    opening_cash_usd: Annotated[Usd, OPENING]
    """Cash to lend at the start."""
    committed_usd: Annotated[Usd, OPENING] = 0.0
    """Private credit only: what its investors have promised and not yet paid. It is called when it is lent."""
    inflow_usd_per_year: Usd = 0.0
    """New savings or new credit per year; of private credit, new promises."""
    open_end_share: Share = 0.0
    """Part of its assets whose savers come and go at will, as those of a bond fund; others are bound."""
    savers: Label
    """Label of the origin of its money."""
    premium_per_year: Annotated[float, Field(ge=-0.05, le=0.5)] = 0.0
    """Spread it asks beyond what the risk is worth to it."""
    concentration_limit: Annotated[float, Field(gt=0, le=1)] = 0.15
    """Largest share of its assets in one issuer."""
    disposition: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """How much more (or less) than the public it believes in promises, in log-odds."""
    lends: bool = True
    """Whether it buys and sells bonds; what it holds it keeps in any case."""


class ActiveFund(Part):
    """An institution with a price-elastic portfolio."""

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    weight: Annotated[float, Field(gt=0, le=1e6), OPENING]
    """Its part of all shares that nobody named holds, relative to the other funds."""
    equity_share: Annotated[float, Field(gt=0, lt=1), OPENING] = 0.90
    """Share of wealth in equities at the start: its cash follows from it."""
    savers: Label
    """Label of the origin of its cash."""
    open_end_share: Share = 0.0
    """Part of its assets whose savers come and go at will, as those of a mutual fund; claims on a pension stay."""
    disposition: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """How much more (or less) than the public it believes in promises, in log-odds."""
    sensitivity: Annotated[float, Field(ge=0, le=3)] = 1.0
    """s: how far it lets the narrative multiple into its value."""


class Etf(Part):
    """The exchange-traded fund on all listed firms at cap weights, and its authorized participant."""

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    price_usd: Annotated[float, Field(ge=0.01, le=1e5), OPENING]
    """Price of an ETF share at the start."""
    creation_unit_shares: Annotated[int, Field(ge=1, le=10**7), Whole, OPENING]
    """ETF shares that are created or redeemed at a time."""
    participant: Name
    """Name of the authorized participant."""
    participant_cash_usd: Annotated[Usd, OPENING]
    """The participant's cash at the start."""
    participant_origin: Label = "market makers' capital"
    """Label of the origin of that cash."""
    participant_inventory_share: Annotated[float, Field(ge=0, le=0.99), OPENING] = 0.01
    """ETF shares the participant holds at the start, as a share of those outstanding; households hold the rest."""
    creation_cost: Annotated[float, Field(ge=0, le=0.1)] = 0.0005
    """Cost of creation or redemption, as a share of value: the arbitrage band."""
    rebalance_months: Annotated[int, Field(ge=1, le=60), Whole] = 3
    """Months between rebalancings to cap weights."""


class SocialGraphKind(StrEnum):
    """How households meet: through blocks as a whole, or along drawn links."""

    BLOCKS = "blocks"
    SMALL_WORLD = "small-world"
    DEGREE_CORRECTED = "degree-corrected"


class Households(Part):
    """All retail holders together; `holders` of the scenario says how many rows carry them."""

    stopped = MappingProxyType({"saving_usd_per_year": 0.0, "plan_usd_per_year": 0.0})

    etf_value_usd: Annotated[Usd, OPENING]
    """Value of their ETF shares at the start."""
    cash_usd: Annotated[Usd, OPENING]
    """Their cash at the start."""
    saving_usd_per_year: Usd = 0.0
    """New savings a year, all together."""
    savers: Label = "household savings"
    """Label of the origin of their cash."""
    plan_usd_per_year: Usd = 0.0
    """What pension and savings plans take in a year, less what they pay out: it buys the ETF whatever the mood."""
    plan_etf_value_usd: Annotated[Usd, OPENING] = 0.0
    """Value of the plans' ETF shares at the start."""
    plan_savers: Label = "pension and savings plans"
    """Label of the origin of the plans' cash."""
    wealth_sigma: Annotated[float, Field(ge=0, le=3), OPENING] = 1.0
    """Log-normal dispersion of wealth over holders."""
    enthusiastic_share: Annotated[Share, OPENING] = 0.05
    """Part of them that believes the story at the start."""
    tired_share: Annotated[Share, OPENING] = 0.0
    """Part of them that has had enough of it at the start."""
    blocks: Annotated[int, Field(ge=1, le=64), Whole, OPENING] = 8
    """Mixing blocks of the social graph."""
    block_affinity: Share = 0.7
    """Share of contacts inside the own block."""
    social_graph: Annotated[SocialGraphKind, Field(strict=False), OPENING] = SocialGraphKind.BLOCKS
    """Blocks that mix evenly, or links drawn one by one."""
    mean_degree: Annotated[int, Field(ge=2, le=100), Whole, OPENING] = 10
    """Contacts per holder where links are drawn."""
    rewired_share: Annotated[Share, OPENING] = 0.1
    """Links of a small world that lead anywhere instead of to a near neighbour."""
    degree_sigma: Annotated[float, Field(ge=0, le=2), OPENING] = 1.0
    """Log-normal dispersion of the number of contacts where blocks are degree-corrected."""

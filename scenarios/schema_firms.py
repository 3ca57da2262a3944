"""What a scenario may say of firms: plain parties, labs, and those whose shares trade."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from .behaviour_rows import OPENING
from .schema_base import Count, Gigawatt, Label, Name, Part, PerYear, Share, Usd, Whole


class Firm(Part):
    """What every firm has."""

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    opening_cash_usd: Annotated[Usd, OPENING] = 0.0
    """Cash at the start."""
    cash_origin: Label | None = None
    """Label of the origin of the opening cash; default: 'NAME, legacy earnings'."""


class Listing(Firm):
    """A firm whose shares trade in the closing auction."""

    stopped = MappingProxyType({"revenue_usd_per_year": 0.0})

    ticker: Label
    """Symbol under which its shares trade."""
    shares: Annotated[Count, OPENING]
    """Shares outstanding at the start."""
    price_usd: Annotated[float, Field(ge=0.01, le=1e7), OPENING]
    """Price of a share at the start."""
    earnings_usd_per_year: Annotated[float, Field(gt=0, le=5e13)]
    """Yearly earnings at the start: with the price they give the multiple."""
    earnings_growth_per_year: PerYear = 0.08
    """Trend growth of those earnings."""
    earnings_volatility_per_year: Share = 0.05
    """Standard deviation of their growth around the trend."""
    daily_volatility: Annotated[float, Field(ge=1e-4, le=0.15)] = 0.015
    """Standard deviation of the share's daily return; 0.15 are 240 % a year, more than any large firm has kept up."""
    revenue_usd_per_year: Usd = 0.0
    """Sales to customers outside the circle, paid in cash day by day."""
    costs_usd_per_year: Usd = 0.0
    """Running costs, taxes and ordinary capital expenditure outside the circle, paid in cash day by day."""
    cash_growth_per_year: PerYear = 0.08
    """Growth of that revenue and those costs."""
    cash_buffer_usd: Usd = 0.0
    """Cash it does not touch for buybacks, milestones and building."""
    debt_like_usd: Annotated[Usd, OPENING] = 0.0
    """Debt-like claims already in the price at the start (leases, commitments), beside the listed bonds."""
    sector: Label = "technology"
    """Institutions shift between sectors less easily than between the shares of one."""


class ListedFirm(Listing):
    """A passive listed firm: its earnings grow, it makes the index and the ETF realistic."""


class AiLab(Firm):
    """A private lab: sells to AI customers, buys compute under take-or-pay contracts, raises private rounds."""

    stopped = MappingProxyType({"revenue_usd_per_year": 0.0})

    shares: Annotated[Count, OPENING]
    """Shares outstanding at the start."""
    valuation_usd: Annotated[float, Field(gt=0, le=5e13), OPENING]
    """Value of all its shares in the last round."""
    valuation_revenue_usd_per_year: Annotated[float | None, Field(gt=0, le=5e13), OPENING] = None
    """Annualised revenue at the time of that round: the multiple that it paid. None: that of the start."""
    revenue_usd_per_year: Usd
    """Annualised demand for what it sells at the start: its revenue, as far as it has the capacity to serve it."""
    revenue_growth_per_year: PerYear
    """Growth of that demand at the start, as a yearly rate (1.0 doubles it in a year)."""
    expected_growth_per_year: PerYear | None = None
    """Growth that its price and its contracts assume at the start; None: what really comes."""
    growth_slowdown_per_year: Annotated[float, Field(ge=0, le=10)] = 0.35
    """Rate at which that growth decays: growth(t) = growth(0) exp(-slowdown t)."""
    revenue_volatility_per_year: Share = 0.10
    """Standard deviation of a year's demand around its growth."""
    growth_volatility_per_year: Annotated[float, Field(ge=0, le=2)] = 0.0
    """Standard deviation of what happens to that growth itself in a year; it fades as growth does."""
    yield_usd_per_gw_year: Annotated[float, Field(gt=0, le=5e13)] | None = None
    """Most revenue that a GW of compute in use earns in a year, what it trains on included; None: compute bounds no
    sales."""
    yield_growth_per_year: PerYear = 0.0
    """Growth of that yield."""
    base_capacity_gw: Gigawatt = 0.0
    """Compute in use at the start under contracts that are not in this file: paid for within its running costs."""
    base_capacity_growth_gw_per_year: Gigawatt = 0.0
    """Compute that those contracts put into service in a year."""
    base_capacity_max_gw: Annotated[float, Field(ge=0, le=1000)] | None = None
    """All that they will ever put into service; None: no more than at the start."""
    costs_share_of_revenue: Annotated[float, Field(ge=0, le=10)]
    """Running costs that scale with the revenue earned on the base capacity, revenue shares excluded; capacity rented
    in this file has its bill instead."""
    costs_usd_per_year: Usd = 0.0
    """Running costs that do not scale with revenue."""
    costs_growth_per_year: PerYear = 0.0
    """Growth of those fixed costs."""
    revenue_share: Share = 0.0
    """Share of revenue paid to `revenue_share_payee`."""
    revenue_share_payee: Name | None = None
    """Who gets that share."""
    raise_below_months: Annotated[float, Field(ge=0, le=120)] = 12.0
    """It raises money when its cash lasts for fewer months than this."""
    raise_months: Annotated[float, Field(gt=0, le=120)] = 18.0
    """Months of spending that a round is to cover."""


class CloudProvider(Listing):
    """A listed cloud provider: builds capacity for labs, funds it from cash flow, bonds, then shares."""

    build_gw_per_year_max: Gigawatt = 0.0
    """Most capacity it can build in a year."""
    build_months: Annotated[int, Field(ge=1, le=60), Whole] = 12
    """Months from the start of a building phase to capacity in service."""
    chip_lead_months: Annotated[int, Field(ge=0, le=60), Whole] = 6
    """Months before service at which the chips are ordered; an order cannot be cancelled."""
    operating_cost_usd_per_gw_year: Usd = 0.0
    """Power, operation and sites of delivered capacity."""
    site_lease_usd_per_gw_year: Usd = 0.0
    """Part of it that leases of sites fix: signed with a contract, for as long as they last."""
    site_lease_years: Annotated[float, Field(gt=0, le=100)] = 15.0
    """How long they last."""
    spread_limit_per_year: Annotated[float, Field(gt=0, le=1)] = 0.03
    """Above this spread the provider sells ever fewer bonds, and shares instead."""
    asset_volatility_per_year: Annotated[float, Field(gt=0, le=3)] | None = None
    """Default: from the share's daily volatility and leverage."""


class ChipMaker(Listing):
    """A listed chip maker: sells chips at a margin with limited supply, invests in its customers' customers."""

    net_margin: Share
    """Net profit per dollar of additional chip sales."""
    supply_gw_per_year_max: Gigawatt = 1000.0
    """Chips the maker can deliver to the circle in a year, in GW of capacity."""
    supply_growth_per_year: PerYear = 0.0
    """Growth of that supply."""
    buyback_share_of_earnings: Share = 0.0
    """Share of earnings spent on buying back shares."""

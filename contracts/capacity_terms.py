"""Terms of capacity under contract."""

from __future__ import annotations

from dataclasses import dataclass

from ..scenarios.schema import ChipSupply


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityTerms:
    """Who builds for whom, at which price, how fast, and with whose chips. `provider_account` is the builder's."""

    customer: str
    customer_account: int
    provider: str
    provider_account: int
    price_usd_per_mw_year: float
    net_margin: float
    build_gw_per_year_max: float
    build_months: int
    first_service_month: int
    term_months: int
    supplies: tuple[ChipSupply, ...]
    costs_usd_per_mw_year: float = 0.0
    """Operation and depreciation of what is in service."""
    lease_usd_per_mw_year: float = 0.0
    """Of the sites that its builder leases for it."""
    lease_months: int = 0
    added_gw_per_year: float = 0.0
    """Building that its builder has added for it."""

"""Rows of the behaviour table: what labs, clouds and chip makers look at before they sign, offer, cut or replace."""

from __future__ import annotations

from pydantic import Field

from .behaviour_rows import ASSUMED, Rows, Whole, parameter


class DealRules(Rows):
    """Deals that agents make; without them only the scenario's contracts exist."""

    deal_making: Whole = Field(
        default=0,
        ge=0,
        le=1,
        description="whether labs, clouds and chip makers sign, cut and replace deals by themselves",
        json_schema_extra={"unit": "0 or 1", "source": "a switch: 0 leaves the scenario's contracts alone"},
    )
    deal_look_months: Whole = Field(
        default=3,
        ge=1,
        le=60,
        description="how often boards look at what they have signed",
        json_schema_extra={"unit": "months", "source": "assumed: boards meet once a quarter"},
    )
    deal_horizon_months: Whole = Field(
        default=36,
        ge=1,
        le=120,
        description="how far ahead a lab compares the compute that it will need with what it has signed",
        json_schema_extra={"unit": "months", "source": "assumed: a year to build, two years of growth beyond"},
    )
    deal_dead_band: float = parameter(
        0.10, "share", 0, 2, "part of its need by which signed capacity may differ before a lab acts",
        "form: Arrow, Harris & Marschak (1951), Econometrica 19(3), who act only outside a band; size assumed",
    )  # fmt: skip
    deal_step_gw: float = parameter(
        0.5,
        "GW",
        0.001,
        100,
        "most that one deal is for",
        "assumed: a campus; Stargate's sites of 2025 are 0.2 to 1.4 GW",
    )
    deal_years: float = parameter(
        5.0, "years", 0.25, 30, "term of a deal", "press, Sep 2025: that of OpenAI's contract with Oracle"
    )
    deal_build_years: float = parameter(
        2.0, "years", 0.1, 30, "time in which a cloud means to have built a deal once building starts", ASSUMED
    )
    deal_coverage_min: float = parameter(
        1.25,
        "times the bill",
        0,
        100,
        "means over the whole bill, a deal included, with which a lab still signs",
        ASSUMED,
    )
    deal_premium_per_year: float = parameter(
        0.025, "1/year", 0, 1, "return over its cost of debt that a cloud asks of a deal",
        "derived: at three quarters of belief the contract of Sep 2025 leaves so much",
    )  # fmt: skip
    deal_provider_share: float = parameter(
        0.1, "share", 0, 1, "part of the room between the lowest and the highest price that the provider gets",
        "form: Nash (1950), Econometrica 18(2); derived: the price of the contract of Sep 2025 is near its cost",
    )  # fmt: skip
    offer_cash_share: float = parameter(
        0.5, "share", 0, 1, "part of its free cash that a chip maker puts into a customer at most at once", ASSUMED
    )
    offer_equity_max: float = parameter(
        0.3, "share of the sale", 0, 10, "most equity that a chip maker offers for a dollar of chips sold",
        "derived: 10 bn for 35 bn of chips a GW, NVIDIA's letter of Sep 2025",
    )  # fmt: skip

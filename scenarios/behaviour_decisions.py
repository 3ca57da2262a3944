"""Rows of the behaviour table: what labs ask, investors bid, clouds raise, and how institutions trade in need."""

from __future__ import annotations

from pydantic import Field

from .behaviour_rows import ASSUMED, Rows, Whole, parameter


class DecisionRules(Rows):
    """Thresholds and horizons of decisions that firms and investors make."""

    trend_days: Whole = Field(
        default=126,
        ge=2,
        le=2520,
        description="horizon of the trend of AI shares that investors and labs look at",
        json_schema_extra={"unit": "days", "source": "assumed: half a year"},
    )
    steady_value_days: Whole = Field(
        default=126,
        ge=1,
        le=2520,
        description="memory of the steady values that lenders and partners of a promise look at",
        json_schema_extra={"unit": "days", "source": "assumed: half a year, so that moods do not decide on credit"},
    )
    demand_switching: float = parameter(
        0.5,
        "share",
        0,
        1,
        "part of the demand for AI which finds no capacity that goes to another lab's spare capacity",
        "assumed: half of the customers of one lab pay another as well",
    )
    bills_ahead_months: Whole = Field(
        default=6,
        ge=0,
        le=60,
        description="how far ahead a lab counts capacity that will go into service",
        json_schema_extra={"unit": "months", "source": ASSUMED},
    )
    round_step_up_trend: float = parameter(
        0.25, "log points", 0.001, 10, "trend of AI shares at which a lab asks for the whole step up", ASSUMED
    )
    round_ask_less: float = parameter(
        0.6, "share", 0, 1, "after a failed round a lab asks for this part of what it asked for", ASSUMED
    )
    round_ask_share_min: float = parameter(
        0.1, "share", 0.001, 1, "least part of its need that a lab asks for", ASSUMED
    )
    relief_runway_share: float = parameter(
        0.5, "share", 0, 1, "part of the runway threshold below which a lab whose round failed asks for relief", ASSUMED
    )
    call_patience_months: Whole = Field(
        default=3,
        ge=0,
        le=60,
        description="months an investor has to pay a capital call",
        json_schema_extra={"unit": "months", "source": ASSUMED},
    )
    appetite_max: float = parameter(3.0, "times neutral", 0, 100, "most that appetite can be", ASSUMED)
    inflow_appetite_max: float = parameter(
        1.5, "times usual", 0, 100, "most to which new promises of partners rise with appetite", ASSUMED
    )
    sellable_stake_parts: Whole = Field(
        default=4,
        ge=1,
        le=1000,
        description="an investor counts one in so many parts of its listed stakes as means for a round",
        json_schema_extra={"unit": "parts", "source": ASSUMED},
    )
    venture_optimism: float = parameter(
        0.15, "log points", 0, 5, "log change of an investor's price per unit of its disposition", ASSUMED
    )
    venture_opinion: float = parameter(
        0.1, "log points", 0, 5, "standard deviation of an investor's private opinion of a lab's price", ASSUMED
    )
    stake_sale_share_of_volume: float = parameter(
        0.1, "share", 0, 1, "most of a share's usual volume that an investor in need sells a day", ASSUMED
    )
    need_price_min: float = parameter(
        0.97, "times last price", 0.01, 1, "worst price at which sellers in need sell shares", ASSUMED
    )
    buyback_price_max: float = parameter(
        1.02, "times last price", 1, 10, "highest price at which a firm buys back shares", ASSUMED
    )
    hedge_margin: float = parameter(
        0.03, "share", 0, 1, "the participant hedges within this part of the indicative price", ASSUMED
    )
    participant_bid_parts: Whole = Field(
        default=2,
        ge=1,
        le=1000,
        description="the participant bids with one in so many parts of its cash",
        json_schema_extra={"unit": "parts", "source": ASSUMED},
    )
    outside_flow_margin: float = parameter(
        0.25,
        "share",
        0,
        0.99,
        "flows from outside take any price up to this part off the last one",
        "assumed: beyond every ladder's last rung",
    )
    funding_plan_months: Whole = Field(
        default=6,
        ge=1,
        le=60,
        description="how far ahead a cloud plans its funding",
        json_schema_extra={"unit": "months", "source": "assumed: two quarters"},
    )
    bond_years: Whole = Field(
        default=7,
        ge=1,
        le=50,
        description="maturity of new bonds",
        json_schema_extra={"unit": "years", "source": ASSUMED},
    )
    issue_bid_share: float = parameter(
        0.5, "share", 0, 1, "part of its room with which a buyer bids at its spread in a new issue", ASSUMED
    )
    bond_bid_step_per_year: float = parameter(
        0.0025, "1/year", 0, 0.5, "how far above its spread a buyer bids with the rest of its room", ASSUMED
    )
    bond_thinning_per_year: float = parameter(
        0.03,
        "1/year",
        0.0001,
        1,
        "how far above its limit of the spread a cloud sells ever fewer bonds, until it sells none",
        "assumed: between 6 % and 9 % of spread high-yield issuance dried up in 2002, 2008 and March 2020 "
        "(ICE BofA US High Yield index)",
    )
    offering_below_buffer: float = parameter(
        0.5,
        "share of its cash buffer",
        0,
        1,
        "cash below which a cloud offers new shares at once, not by the day",
        ASSUMED,
    )
    offering_discount_max: float = parameter(
        0.10,
        "share",
        0,
        0.5,
        "how far below the last price a cloud short of cash offers new shares at once",
        "Corwin (2003), Journal of Finance 58(5): seasoned offerings cost 2 % at the mean, seldom above 10 %",
    )
    bond_issue_success_share: float = parameter(
        0.9, "share", 0, 1, "part of an issue below which it counts as failed", ASSUMED
    )
    share_issue_parts: Whole = Field(
        default=50,
        ge=1,
        le=1000000,
        description="a cloud sells at most one in so many parts of its market value in shares a month",
        json_schema_extra={"unit": "parts", "source": ASSUMED},
    )
    shortfall_tolerated_parts: Whole = Field(
        default=10,
        ge=1,
        le=1000000,
        description="building slows when more than one in so many parts of a need is not raised",
        json_schema_extra={"unit": "parts", "source": ASSUMED},
    )
    build_pace_elasticity: float = parameter(
        0.5, "exponent", 0, 5, "elasticity of the pace of building to what owners pay for a dollar of earnings",
        "form: Tobin (1969), Hayashi (1982); size assumed, to be varied in sweeps",
    )  # fmt: skip
    build_pace_max: float = parameter(
        1.5, "share of plan", 1, 10, "fastest building, whatever the price of shares", ASSUMED
    )
    build_pace_min: float = parameter(0.5, "share of plan", 0, 1, "slowest building while there are funds", ASSUMED)
    build_pace_loss_per_month: float = parameter(
        0.25, "share of plan", 0, 1, "by how much a cloud slows its building in a month without funds", ASSUMED
    )
    build_pace_gain_per_month: float = parameter(
        0.1, "share of plan", 0, 1, "by how much it speeds up again in a month with funds", ASSUMED
    )

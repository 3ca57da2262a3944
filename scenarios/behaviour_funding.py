"""Rows of the behaviour table: credit, private rounds, and what happens when bills are not paid."""

from __future__ import annotations

from pydantic import Field

from .behaviour_rows import ASSUMED, Rows, Whole, parameter


class FundingRules(Rows):
    """What lenders and investors ask, how firms raise money, how long a bill may be late."""

    # credit, private rounds, stress
    riskless_rate_per_year: float = parameter(
        0.037, "1/year", 0, 0.25, "flat riskless rate", "five-year Treasury yield, Sep 2025, rounded"
    )
    spread_floor_per_year: float = parameter(
        0.002,
        "1/year",
        0,
        0.1,
        "liquidity part of every required spread",
        "Longstaff, Mithal & Neis (2005), Journal of Finance 60(5): some tens of basis points are no default risk",
    )
    commitments_as_debt: float = parameter(
        1.0,
        "share",
        0,
        1,
        "share of uncancellable commitments that counts as debt",
        "MODEL: debt-like claims; Moody's on lease commitments",
    )
    atm_share_of_volume: float = parameter(
        0.10, "share", 0, 1, "at-the-market issue per day as a share of recent volume", ASSUMED
    )
    growth_learning_per_quarter: float = parameter(
        0.35, "share", 0, 1, "how far expected revenue growth moves to what was seen, each quarter", ASSUMED
    )
    multiple_per_growth: float = parameter(
        1.0,
        "log points per 100 %",
        0,
        5,
        "change of a lab's revenue multiple per unit of growth above or below what its price assumed",
        "Damodaran (2024), revenue multiples and growth",
    )
    round_price_step: float = parameter(
        0.10, "share", 0.01, 0.5, "price step down when a private round's book is short", ASSUMED
    )
    round_price_steps_max: Whole = Field(
        default=10,
        ge=0,
        le=50,
        description="steps down before a round fails",
        json_schema_extra={
            "unit": "steps",
            "source": "assumed: to about a third; Instacart went from 39 to 13 bn, Klarna from 46 to 7 (press, 2022)",
        },
    )
    round_placement_min: float = parameter(
        0.5, "share", 0.01, 1, "least part of what a round asks for with which it still closes", ASSUMED
    )
    round_step_up: float = parameter(
        0.25, "log points", 0, 2, "largest log step-up a lab asks above its marked value", ASSUMED
    )
    round_price_up: float = parameter(
        0.25, "log points", 0, 5, "gain since its last round at which a lab sells shares before it must",
        "assumed; firms issue when their price is up: Baker & Wurgler (2002), Journal of Finance 57(1)",
    )  # fmt: skip
    round_coverage_below: float = parameter(
        1.0, "times the bill", 0, 100, "means over all it has signed below which a lab raises money before it must",
        "assumed: the bill is not covered",
    )  # fmt: skip
    round_value_share: float = parameter(
        0.08, "share", 0, 1, "part of its value that a lab asks for in a round that it could do without",
        "derived: OpenAI sold 6.6 of 157 bn in Oct 2024, 40 of 300 bn in Apr 2025 (press), the middle rounded down",
    )  # fmt: skip
    venture_bid_share: float = parameter(0.35, "share", 0, 1, "share of dry powder bid at neutral appetite", ASSUMED)
    appetite_trend: float = parameter(
        1.0, "per 100 %", 0, 20, "appetite per unit of listed AI shares' half-year return", ASSUMED
    )
    appetite_markup: float = parameter(
        0.5, "per 100 %", 0, 20, "appetite per unit of the investor's last mark-up", ASSUMED
    )
    appetite_multiple: float = parameter(
        2.0, "per log point", 0, 20, "appetite per log change of the lab's revenue multiple since the start", ASSUMED
    )
    grace_months: Whole = Field(
        default=2,
        ge=0,
        le=24,
        description="months a bill may be late before renegotiation",
        json_schema_extra={"unit": "months", "source": ASSUMED},
    )
    renegotiation_cut: float = parameter(
        0.35, "share", 0, 1, "share of undelivered capacity cut in a renegotiation", ASSUMED
    )
    renegotiations_max: Whole = Field(
        default=2,
        ge=0,
        le=20,
        description="renegotiations before cancellation and default",
        json_schema_extra={"unit": "times", "source": ASSUMED},
    )
    line_run_per_month: float = parameter(
        0.50,
        "share",
        0,
        1,
        "part of a line for any purpose that a borrower draws a month when nobody else lends to it",
        "assumed; draws ahead of need: Ivashina & Scharfstein (2010), JFE 97(3)",
    )
    line_fear: float = parameter(
        0.0,
        "times",
        0,
        10,
        "stress of a vendor's borrowers over the part of its lines that it has cut or holds back; 0: none",
        "assumed; borrowers run on a lender that withdraws: Ivashina & Scharfstein (2010), JFE 97(3)",
    )
    line_cover_min: float = parameter(
        0.0,
        "times",
        0,
        10,
        "cash less provisions over what may still be drawn, below which a vendor cuts its lines; 0: never",
        "assumed; who has promised more than it has at hand lends less: Cornett, McNutt, Strahan & Tehranian (2011), "
        "JFE 101(2)",
    )
    relet_discount: float = parameter(0.40, "share", 0, 1, "discount at which idle capacity is re-let", ASSUMED)
    recovery_own_assets: float = parameter(
        1.0,
        "share",
        0,
        1,
        "alpha: share of a defaulter's own cash that reaches creditors",
        "Rogers & Veraart (2013), Management Science 59(4)",
    )
    recovery_claims: float = parameter(
        1.0,
        "share",
        0,
        1,
        "beta: share of a defaulter's claims that reaches creditors",
        "Rogers & Veraart (2013), Management Science 59(4)",
    )

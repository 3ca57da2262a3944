"""Rows of the behaviour table: how promises fade, when boards walk away, what is lost in a default, what is news."""

from __future__ import annotations

from pydantic import Field

from .behaviour_rows import ASSUMED, Rows, Whole, parameter


class PromiseRules(Rows):
    """What becomes of a promise, of its evidence and of claims under it."""

    promise_fade_months: Whole = Field(
        default=24,
        ge=1,
        le=240,
        description="months before the end of a compute contract from which its profit is capitalised less and less",
        json_schema_extra={"unit": "months", "source": ASSUMED},
    )
    promise_fade_share: float = parameter(
        0.4,
        "share",
        0.01,
        1,
        "part of an investment or a line still to come below which its profit is capitalised less and less",
        ASSUMED,
    )
    chip_life_years: float = parameter(
        5.5, "years", 1, 30, "life over which chips are written off",
        "filings 2025: Meta 5.5, Alphabet, Microsoft and Oracle 6, Amazon 5 years for servers",
    )  # fmt: skip
    site_life_years: float = parameter(
        17.0, "years", 1, 60, "life over which all else of a site is written off", "assumed: leases of 15 to 19 years"
    )
    tax_share: float = parameter(
        0.20, "share", 0, 1, "taxes on what is earned under promises", "assumed: near the 21 % of the United States"
    )
    earnings_memory_months: Whole = Field(
        default=6,
        ge=1,
        le=60,
        description="months over which owners average what a firm earns under its promises",
        json_schema_extra={"unit": "months", "source": "assumed: two quarterly reports"},
    )
    bill_notice_days: float = parameter(
        50.0,
        "days",
        1,
        1e12,
        "time in which owners take notice of what a promise will cost to build: a share 1 - 1/e of it by then",
        "assumed; direction: Titman, Wei & Xie (2004), JFQA 39(4): capital spending is noticed late",
    )
    outlook_years: float = parameter(
        2.0,
        "years",
        0,
        10,
        "how far ahead owners and lenders look at the use of what has been built",
        "assumed: the horizon of analysts' forecasts",
    )
    arrears_stretch_months: Whole = Field(
        default=12,
        ge=1,
        le=120,
        description="months over which arrears are spread in a renegotiation",
        json_schema_extra={"unit": "months", "source": ASSUMED},
    )
    evidence_share_of_late_chips: float = parameter(
        0.25, "events", 0, 5, "part of a late payment as which a late delivery of chips counts", ASSUMED
    )
    evidence_share_of_slow_building: float = parameter(
        0.5, "events", 0, 5, "part of a late payment as which slower building counts", ASSUMED
    )
    belief_to_pay: float = parameter(
        1 / 3,
        "probability",
        0,
        1,
        "belief below which a board cuts a tranche, and a vendor the undrawn part of its line",
        ASSUMED,
    )
    cut_share: float = parameter(
        0.5, "share", 0, 0.95, "part of a tranche, or of the undrawn line, that is cut below that belief", ASSUMED
    )
    belief_to_stay: float = parameter(
        1 / 8,
        "probability",
        0,
        1,
        "belief below which a board walks away from an investment, and a vendor withdraws its line",
        ASSUMED,
    )
    recovery_of_face: float = parameter(
        0.4,
        "share",
        0,
        1,
        "part of face value that bondholders and senior lenders keep in a default",
        "Moody's long-run average of senior unsecured bonds, about 40 %",
    )
    recovery_of_junior_claims: float = parameter(
        0.25,
        "share",
        0,
        1,
        "part of principal that trade creditors and subordinated lenders keep in a default",
        "Moody's long-run average of junior subordinated bonds, about 25 %; a trade creditor is taken to get no more",
    )
    distress_cost_share: float = parameter(
        0.2,
        "share",
        0,
        1,
        "part of earning power that a default destroys",
        "Andrade & Kaplan (1998), J. Finance 53(5): 10 to 23 %",
    )
    lab_value_in_default: float = parameter(
        0.3,
        "share",
        0,
        1,
        "part of its value that a lab keeps when it has defaulted",
        "assumed: a sale of people and models",
    )
    credit_horizon_years: float = parameter(
        5.0,
        "years",
        0.25,
        30,
        "horizon of required spreads and of expected losses",
        "the five-year point at which credit is quoted",
    )
    late_spread_per_year: float = parameter(
        0.0851, "1/year", 0, 1, "least spread asked of who pays late", "Damodaran, Jan 2024: an issuer graded CCC"
    )
    coverage_when_even: float = parameter(
        2.0,
        "times interest",
        0,
        100,
        "interest coverage as which just what is owed counts, in cash and a lab's revenue of a year",
        "assumed: the border of investment grade, 2 to 2.5",
    )
    newsworthy_charge: float = parameter(
        0.02, "share of earnings", 0, 10, "charge for expected losses above which it is news", ASSUMED
    )
    newsworthy_surprise: float = parameter(0.02, "share", 0, 10, "surprise from which a report is a headline", ASSUMED)

"""The behavioural parameters: one table of name, unit, bounds, default, meaning and source, the same for all firms.

The command line (`--set behaviour.NAME=VALUE`), sweeps, sliders and docs/odd.md all read this table and nothing else.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def whole(value: Any) -> Any:
    """A float without fraction becomes an integer (1e4 is 10000); everything else is left for the type to judge."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(whole)]


def parameter(default: float, unit: str, low: float, high: float, meaning: str, source: str) -> Any:
    """One row of the table: a number with its unit, its closed bounds, what it means and where it comes from."""
    return Field(
        default=default, ge=low, le=high, description=meaning, json_schema_extra={"unit": unit, "source": source}
    )


ASSUMED = "assumed, to be varied in sweeps"
CALIBRATED = "calibrated to the default scenario's two announcements (docs/events.md)"
ENDORSED = "assumed size; mechanism: Megginson & Weiss (1991), Stuart, Hoang & Hybels (1999)"
FW = "Franke & Westerhoff (2012), JEDC 36(8), table 1, DCA-HPM"


class Behaviour(BaseModel):
    """How everybody believes, trades and funds. Facts of single firms and deals live with the firms and deals."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    # credibility: log-odds at the start, per kind of instrument, and how evidence moves them
    contract_log_odds: float = parameter(
        1.45, "log-odds", -6, 6, "public belief that a signed contract is honoured, however small", CALIBRATED
    )
    order_log_odds: float = parameter(1.50, "log-odds", -6, 6, "belief that a placed order is honoured", ASSUMED)
    letter_of_intent_log_odds: float = parameter(
        -2.20, "log-odds", -6, 6, "belief that a letter of intent is honoured, however small", CALIBRATED
    )
    guidance_log_odds: float = parameter(
        0.50, "log-odds", -6, 6, "belief that management guidance is met", "assumed: met more often than missed"
    )
    size_doubt: float = parameter(
        1.0,
        "exponent",
        0,
        1,
        "odds of a new promise are divided by (1 + announced / market value) to this power",
        "assumed form; direction: Flyvbjerg (2014), Project Management Journal 45(2)",
    )
    multiple_reversion: float = parameter(
        0.5,
        "share",
        0,
        1,
        "how far the earnings yield on a new deal's profit lies from the firm's own to the market's",
        "Beaver & Morse (1978), Financial Analysts Journal 34(4): price-earnings ratios revert",
    )
    evidence_paid_on_time: float = parameter(
        0.03, "log-odds per bill", 0, 2, "gain when a bill is paid on time", ASSUMED
    )
    evidence_delivered: float = parameter(
        0.05, "log-odds per event", 0, 2, "gain when capacity is delivered on plan", ASSUMED
    )
    evidence_late: float = parameter(
        -0.30, "log-odds per event", -5, 0, "loss when delivery or payment is late", ASSUMED
    )
    evidence_missed: float = parameter(-0.90, "log-odds per event", -5, 0, "loss when a bill is missed", ASSUMED)
    evidence_renegotiated: float = parameter(
        -0.60, "log-odds per event", -5, 0, "loss when terms are cut or stretched", ASSUMED
    )
    evidence_surprise: float = parameter(
        1.0, "log-odds per 100 %", 0, 10, "gain per unit of the payer's earnings surprise", ASSUMED
    )
    evidence_runway: float = parameter(
        0.08, "log-odds per month", 0, 2, "monthly pull of log(runway / comfort) of the payer", ASSUMED
    )
    evidence_coverage: float = parameter(
        0.08,
        "log-odds per month",
        0,
        2,
        "monthly pull of log(payer's revenue / what it has promised to pay a year)",
        ASSUMED,
    )
    runway_comfort_months: float = parameter(
        12, "months", 1, 60, "runway at which the payer's cash is neither good nor bad news", ASSUMED
    )

    # narrative multipliers and the network
    multiplier_decay_per_day: float = parameter(
        0.02, "1/day", 1e-4, 1, "d: daily decay of a narrative log-multiple", ASSUMED
    )
    multiplier_spread_per_day: float = parameter(
        0.010, "1/day", 0, 0.015, "a: daily spread of log-multiples along the network, below decay / rho(W)", ASSUMED
    )
    multiplier_spillover: float = parameter(
        0.15, "share", 0, 1, "b: same-day spillover of a shock to neighbours", ASSUMED
    )
    announcement_impulse: float = parameter(
        0.05, "log points", 0, 1, "shock of an announcement as large as the firm, at full attention", ASSUMED
    )
    announcement_concavity: float = parameter(
        0.5, "exponent", 0.1, 1, "exponent of announced size over market value", ASSUMED
    )
    endorsement_impulse: float = parameter(
        1.2,
        "log points",
        0,
        5,
        "shock of a certain stake, times the root of its size: 0.2 of the receiver at most",
        ENDORSED,
    )
    bad_news_weight: float = parameter(
        2.25,
        "times",
        1,
        10,
        "weight of bad news against good",
        "Tversky & Kahneman (1992), J. Risk and Uncertainty 5: loss aversion",
    )
    surprise_impulse: float = parameter(
        0.5, "log points per 100 %", 0, 5, "shock per unit of quarterly earnings surprise", ASSUMED
    )

    # retail story and demand
    story_catch_per_day: float = parameter(
        0.020,
        "1/day",
        0,
        1,
        "rate of catching the story from an all-enthusiastic neighbourhood",
        "Shiller (2017), AER 107(4)",
    )
    story_news_catch: float = parameter(
        0.05, "probability per unit news", 0, 1, "chance that one unit of news wins a susceptible holder", ASSUMED
    )
    story_return_catch: float = parameter(
        0.25, "probability per 100 %", 0, 5, "catching per unit of positive extrapolated return", ASSUMED
    )
    story_loss_per_day: float = parameter(
        0.008, "1/day", 0, 1, "rate at which enthusiasm tires with time", "Shiller (2017), AER 107(4)"
    )
    story_loss_return: float = parameter(
        0.60, "probability per 100 %", 0, 10, "losing enthusiasm per unit of negative extrapolated return", ASSUMED
    )
    story_recover_per_day: float = parameter(
        0.004, "1/day", 0, 1, "rate at which the tired become susceptible again", ASSUMED
    )
    extrapolation_per_quarter: float = parameter(
        0.56,
        "weight",
        0,
        0.999,
        "weight of each older quarter in the extrapolated return",
        "Greenwood & Shleifer (2014), RFS 27(3)",
    )
    extrapolation_sensitivity: float = parameter(
        0.30,
        "share of wealth per 100 %",
        0,
        5,
        "move of the desired ETF share per unit of extrapolated return",
        ASSUMED,
    )
    enthusiasm_tilt: float = parameter(
        0.10, "share of wealth", 0, 1, "extra desired ETF share of an enthusiastic holder", ASSUMED
    )
    attention_per_day: float = parameter(
        0.03,
        "1/day",
        0.0001,
        1,
        "mean chance that a holder looks at its account (Calvo)",
        "Gabaix & Laibson (2002); inattention of about a month",
    )
    trade_gap_share: float = parameter(0.30, "share", 0, 1, "share of the gap that an attentive holder trades", ASSUMED)
    limit_tolerance: float = parameter(
        0.005, "share of price", 0, 0.2, "largest premium a holder accepts in its limit order", ASSUMED
    )

    # active funds
    micro_elasticity: float = parameter(
        1.2,
        "exponent",
        0.05,
        20,
        "eta_micro: weight of a share by (value / price)",
        "Gabaix & Koijen (2021), NBER 28967, s. 2",
    )
    sector_elasticity: float = parameter(
        0.50,
        "exponent",
        0.05,
        20,
        "eta_sector: weight of a sector by (value / price); no effect where all shares are of one sector",
        "multipliers of 2 to 3 for a sector or style: Gabaix & Koijen (2021), NBER 28967; Li & Lin (2022)",
    )
    macro_elasticity: float = parameter(
        0.20,
        "exponent",
        0.01,
        20,
        "eta_macro: equity allocation by (value / price)",
        "Gabaix & Koijen (2021), NBER 28967, s. 2",
    )
    private_noise_per_day: float = parameter(
        0.002, "log points", 0, 0.5, "daily innovation of a fund's private view", ASSUMED
    )
    private_noise_persistence: float = parameter(
        0.97, "per day", 0, 0.9999, "AR(1) coefficient of a fund's private view", ASSUMED
    )
    fw_mu: float = parameter(0.01, "per day", 0, 1, "price adjustment", FW)
    fw_beta: float = parameter(1.0, "-", 0, 20, "intensity of choice", FW)
    fw_phi: float = parameter(0.12, "-", 0, 5, "fundamentalists' reaction", FW)
    fw_chi: float = parameter(1.50, "-", 0, 20, "chartists' reaction", FW)
    fw_sigma_fundamental: float = parameter(0.758, "-", 0, 10, "noise of fundamentalist demand", FW)
    fw_sigma_chartist: float = parameter(2.087, "-", 0, 10, "noise of chartist demand", FW)
    fw_alpha_0: float = parameter(-0.327, "-", -10, 10, "predisposition", FW)
    fw_alpha_n: float = parameter(1.79, "-", 0, 10, "herding", FW)
    fw_alpha_p: float = parameter(18.43, "-", 0, 100, "misalignment", FW)

    volatility_feedback: float = parameter(
        0.78,
        "share",
        0,
        0.95,
        "part of the size of sentiment that answers how wild prices have been over a week, a month, a quarter, a year",
        "Mueller et al. (1997); Corsi (2009), J. Financial Econometrics 7(2); value calibrated, docs/facts.md",
    )
    volatility_feedback_of_losses: float = parameter(
        0.7, "share", 0, 1, "extra weight of a loss, and less of a gain, in it", "Zakoian (1994), JEDC 18(5)"
    )
    volatility_feedback_common: float = parameter(
        0.5,
        "exponent",
        0,
        1,
        "how far the whole market's volatility feedback is in every share's own",
        "Herskovic et al. (2016), J. Financial Economics 119(2)",
    )
    sentiment_overshoot: float = parameter(
        0.05,
        "share",
        0,
        0.5,
        "part of a day's change of sentiment that is a price concession, gone the day after",
        "Campbell, Grossman & Wang (1993), QJE 108(4)",
    )

    # credit, private rounds, stress
    riskless_rate_per_year: float = parameter(
        0.037, "1/year", 0, 0.25, "flat riskless rate", "five-year Treasury yield, Sep 2025, rounded"
    )
    spread_floor_per_year: float = parameter(
        0.004, "1/year", 0, 0.1, "liquidity part of every required spread", "Damodaran, Jan 2024: AAA 0.59 %"
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
        default=5,
        ge=0,
        le=50,
        description="steps down before a round fails",
        json_schema_extra={"unit": "steps", "source": ASSUMED},
    )
    round_step_up: float = parameter(
        0.25, "log points", 0, 2, "largest log step-up a lab asks above its marked value", ASSUMED
    )
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


def parameter_table() -> list[dict[str, Any]]:
    """Every behavioural parameter as a row: name, unit, low, high, default, meaning, source."""
    rows = []
    for name, field in Behaviour.model_fields.items():
        bounds = {type(m).__name__: m for m in field.metadata}
        extra = field.json_schema_extra
        assert isinstance(extra, dict)
        rows.append(
            {
                "name": name,
                "unit": extra["unit"],
                "low": bounds["Ge"].ge,
                "high": bounds["Le"].le,
                "default": field.default,
                "meaning": field.description,
                "source": extra["source"],
            }
        )
    return rows

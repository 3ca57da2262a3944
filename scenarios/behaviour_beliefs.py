"""Rows of the behaviour table: how promises are believed, and how a story spreads from firm to firm."""

from __future__ import annotations

from pydantic import Field

from .behaviour_rows import ASSUMED, CALIBRATED, ENDORSED, Rows, Whole, parameter


class BeliefRules(Rows):
    """Credibility of promises, evidence about them, narrative multipliers on the network."""

    # credibility: log-odds at the start, per kind of instrument, and how evidence moves them
    contract_log_odds: float = parameter(
        1.45, "log-odds", -6, 6, "public belief that a signed contract is honoured, however small", CALIBRATED
    )
    order_log_odds: float = parameter(1.50, "log-odds", -6, 6, "belief that a placed order is honoured", ASSUMED)
    letter_of_intent_log_odds: float = parameter(
        -0.90, "log-odds", -6, 6, "belief that a letter of intent is honoured, however small", CALIBRATED
    )
    letter_additional_share: float = parameter(
        0.33, "share", 0, 1, "sales in a letter of intent that nobody expected without it: its customer buys anyway",
        "assumed: with the belief above, the first day of letters of intent in the record",
    )  # fmt: skip
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
    coverage_weight: float = parameter(
        3.0,
        "log-odds per log point",
        0,
        20,
        "b: log-odds for the payer's means over its whole bill, against the reference",
        "assumed form: a logit in log coverage, as in Ohlson (1980), J. Accounting Research 18(1)",
    )
    coverage_reference: float = parameter(
        1.7, "times the bill", 0.01, 100, "C_ref: means over the bill that leave belief where the instrument puts it",
        ASSUMED,
    )  # fmt: skip
    coverage_log_max: float = parameter(
        1.5, "log", 0, 10, "bound of log(C / C_ref) either way", "assumed: 4.5 times is as good as plenty"
    )
    coverage_years: float = parameter(
        8.0, "years", 1, 30, "how far ahead a payer's earnings and bills are counted", "assumed: building and term"
    )
    coverage_look_days: Whole = Field(
        default=5,
        ge=1,
        le=252,
        description="days after which the public reckons a lab's coverage anew, and on days with news: saves computing",
        json_schema_extra={"unit": "days", "source": "assumed: once a week"},
    )
    coverage_discount_per_year: float = parameter(
        0.10,
        "1/year",
        0,
        1,
        "rate at which they are discounted",
        "assumed: between cost of equity and of venture capital",
    )
    value_as_means: float = parameter(0.25, "share", 0, 1, "phi: part of its value that a payer can raise", ASSUMED)
    judgement_error: float = parameter(
        0.6, "log", 0, 3, "standard deviation of the public's first error about a payer's coverage", ASSUMED
    )
    strain_weight: float = parameter(
        0.75, "log-odds per log point", 0, 20, "g: log-odds lost for the spread of who must deliver, against its start",
        ASSUMED,
    )  # fmt: skip
    strain_log_max: float = parameter(1.5, "log", 0, 10, "bound of log(s / s_0) either way", ASSUMED)
    reflection_per_day: float = parameter(
        0.04, "1/day", 1e-4, 1, "kappa: share of the way from first belief to what coverage says, each day", ASSUMED
    )
    evidence_coverage: float = parameter(
        0.08,
        "log-odds per month",
        0,
        2,
        "monthly pull of log(a builder's earnings over its debt service)",
        ASSUMED,
    )
    solvency_log_min: float = parameter(-3.0, "log", -10, 0, "least log(coverage): 5 % is as bad as nothing", ASSUMED)
    solvency_log_max: float = parameter(
        1.0, "log", 0, 10, "most log(coverage): 2.7 times is as good as plenty", ASSUMED
    )
    log_odds_max: float = parameter(
        8.0, "log-odds", 1, 50, "bound of log-odds either way: evidence can always move belief back", ASSUMED
    )

    # narrative multipliers and the network
    multiplier_decay_per_day: float = parameter(
        0.02, "1/day", 1e-4, 1, "d: daily decay of a narrative log-multiple", ASSUMED
    )
    multiplier_spread_per_day: float = parameter(
        0.010, "1/day", 0, 0.015, "a: daily spread of log-multiples along the network, below decay / rho(W)", ASSUMED
    )
    multiplier_return_max: float = parameter(
        0.95,
        "share of d",
        0,
        0.99,
        "most of a story's daily decay that comes back from the network; W is scaled down to it",
        "assumed: a story then lasts at most 20 times as long as alone",
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
    announced_size_max: float = parameter(
        1.0, "times the firm", 0.01, 100, "announced sum over market value that counts at most", ASSUMED
    )
    attention_to_gigawatts: float = parameter(
        1.0, "times dollars", 0, 10, "how loud the same announcement is when it is told in gigawatts",
        "assumed: no louder, until it is measured; to be varied in sweeps",
    )  # fmt: skip
    attention_to_chips: float = parameter(
        1.0, "times dollars", 0, 10, "how loud the same announcement is when it is told in chips",
        "assumed: no louder, until it is measured; to be varied in sweeps",
    )  # fmt: skip
    typical_daily_volatility: float = parameter(
        0.022,
        "1/day",
        0.001,
        0.2,
        "daily volatility of a share on which news has its plain effect",
        "a large technology share (facts of the default scenario)",
    )
    fatigue_memory_days: float = parameter(
        63, "trading days", 1, 2520, "time after which an earlier announcement of the same kind weighs 1/e", ASSUMED
    )
    fatigue_from_others: float = parameter(
        0,
        "share",
        0,
        1,
        "weight of an earlier announcement of another firm against one of the firm's own: how tired the market is",
        "assumed in runs; `events` takes 0.3, fitted (docs/events.md)",
    )
    endorsement_impulse: float = parameter(
        1.2,
        "log points",
        0,
        5,
        "shock of a certain stake, times the root of its size, which counts up to `endorsed_share_max`",
        ENDORSED,
    )
    endorsed_share_max: float = parameter(
        0.2,
        "share",
        0.01,
        1,
        "stake over its receiver's value beyond which more money vouches no louder: an owner, no longer a name",
        "significant influence: IAS 28, s. 5 (20 %)",
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
    surprise_max: float = parameter(
        1.0, "share", 0.01, 10, "earnings surprise that shocks the story at most, either way", ASSUMED
    )

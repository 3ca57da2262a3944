"""Rows of the behaviour table: how promises are believed, and how a story spreads from firm to firm."""

from __future__ import annotations

from .behaviour_rows import ASSUMED, CALIBRATED, ENDORSED, Rows, parameter


class BeliefRules(Rows):
    """Credibility of promises, evidence about them, narrative multipliers on the network."""

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

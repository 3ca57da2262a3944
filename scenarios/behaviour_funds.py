"""Rows of the behaviour table: what active funds want, their disagreement, and the sentiment of the market."""

from __future__ import annotations

from typing import Annotated

from .behaviour_rows import ASSUMED, FW, Fixed, Rows, Whole, parameter

HORIZONS = "Mueller et al. (1997), J. Empirical Finance 4; Corsi (2009), J. Financial Econometrics 7(2)"


REMEMBERED = Fixed("the past is kept for so long from the opening on")


class FundRules(Rows):
    """Elasticities of demand, private views, the switching of crowds and how they answer wild days."""

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
        0.60,
        "exponent",
        0.05,
        20,
        "eta_sector: weight of a sector by (value / price); no effect where all shares are of one sector",
        "fitted: multipliers of 2 to 3 for a sector or style: Gabaix & Koijen (2021), NBER 28967; Li & Lin (2022)",
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
    volatility_feedback_jump_limit: float = parameter(
        4.0,
        "standard deviations",
        0.5,
        100,
        "of the day's own noise: a larger move counts as this, since what has a known reason makes nobody wilder",
        ASSUMED,
    )
    volatility_feedback_min: float = parameter(0.1, "times usual", 0.01, 1, "least volatility feedback", ASSUMED)
    volatility_feedback_max: float = parameter(
        4.0,
        "times usual",
        1,
        20,
        "most volatility feedback: risk limits end what traders do",
        "highest close of the VIX (82.7, 16 March 2020) over its mean (19.5; Cboe, 1990 to 2024)",
    )
    volatility_memory_week_days: Annotated[Whole, REMEMBERED] = parameter(
        5, "trading days", 1, 1260, "memory of the traders who look back a week", HORIZONS
    )
    volatility_memory_quarter_days: Annotated[Whole, REMEMBERED] = parameter(
        63, "trading days", 1, 1260, "memory of the traders who look back a quarter", HORIZONS
    )
    volatility_memory_half_year_days: Annotated[Whole, REMEMBERED] = parameter(
        126, "trading days", 1, 1260, "memory of the traders who look back half a year", HORIZONS
    )
    volatility_memory_year_days: Annotated[Whole, REMEMBERED] = parameter(
        252, "trading days", 1, 1260, "memory of the traders who look back a year", HORIZONS
    )
    market_daily_volatility: float = parameter(
        0.0105,
        "1/day",
        0,
        0.1,
        "usual standard deviation of the whole market's daily returns",
        "S&P 500 and Nasdaq, 1999-2018: 1.2 and 1.6 % with crises, 0.8 to 1.1 % without",
    )
    sentiment_overshoot: float = parameter(
        0.05,
        "share",
        0,
        0.5,
        "part of a day's change of sentiment that is a price concession, gone the day after",
        "Campbell, Grossman & Wang (1993), QJE 108(4)",
    )

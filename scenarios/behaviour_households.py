"""Rows of the behaviour table: what households catch, see and trade."""

from __future__ import annotations

from typing import Annotated

from .behaviour_rows import ASSUMED, OPENING, Rows, parameter


class HouseholdRules(Rows):
    """The story among households, their extrapolation of returns, how often and how much they trade."""

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
    tired_tilt: float = parameter(
        0.5, "share of the tilt", 0, 1, "how far a tired holder goes the other way, over what enthusiasm adds", ASSUMED
    )
    extrapolation_spread: Annotated[float, OPENING] = parameter(
        1.0, "share", 0, 1, "how far holders' sensitivities to past returns lie from their mean", ASSUMED
    )
    attention_per_day: Annotated[float, OPENING] = parameter(
        0.03,
        "1/day",
        0.0001,
        1,
        "mean chance that a holder looks at its account (Calvo)",
        "Gabaix & Laibson (2002); inattention of about a month",
    )
    attention_spread: Annotated[float, OPENING] = parameter(
        0.5, "share", 0, 1, "how far holders' chances to look lie from their mean", ASSUMED
    )
    holder_lean_spread: Annotated[float, OPENING] = parameter(
        0.5, "share", 0, 1, "how far the ETF part of a holder's opening wealth leans from the mean", ASSUMED
    )
    trade_gap_share: float = parameter(0.30, "share", 0, 1, "share of the gap that an attentive holder trades", ASSUMED)
    limit_tolerance: float = parameter(
        0.005, "share of price", 0, 0.2, "largest premium a holder accepts in its limit order", ASSUMED
    )

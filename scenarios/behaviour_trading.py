"""Rows of the behaviour table: how orders are written, what is remembered of trading, trade in outstanding bonds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .behaviour_rows import ASSUMED, OPENING, Rows, Whole, parameter


class TradingRules(Rows):
    """Funds' ladders of limit orders, memory of volumes and swings, bond buyers' offers and bids."""

    # funds' orders
    ladder_rungs: Whole = Field(
        default=16,
        ge=1,
        le=40,
        description="limit orders a side in a fund's ladder",
        json_schema_extra={"unit": "orders", "source": "assumed; with step and growth 0.05 to 22 % off the price"},
    )
    ladder_step: float = parameter(
        0.0005, "share of price", 1e-5, 0.02, "distance of a ladder's first order from the indifference price", ASSUMED
    )
    ladder_growth: float = parameter(
        1.5, "times", 1.01, 4, "distance of each order of a ladder over that of the one before", ASSUMED
    )

    # what is remembered of trading
    opening_turnover_per_day: Annotated[float, OPENING] = parameter(
        0.004,
        "share of shares outstanding",
        0,
        0.5,
        "usual volume on the opening day",
        "assumed: about once a year, as NYSE and Nasdaq turn over",
    )
    volume_memory_per_day: float = parameter(
        0.05, "weight", 0, 1, "weight of today in the usual volume: a memory of about a month", ASSUMED
    )
    variance_memory_per_day: float = parameter(
        0.996,
        "weight",
        0,
        0.9999,
        "weight of the past in a share's variance",
        "assumed: a year; form of RiskMetrics Technical Document (1996), whose month is the length of a mood",
    )
    variance_jump_limit: float = parameter(
        3.0,
        "standard deviations",
        0.5,
        20,
        "what one day counts at most: a jump on news is no lasting volatility, and good news is no credit risk",
        "robust exponential smoothing: Gelper, Fried & Croux (2010), J. Forecasting 29(3)",
    )

    # trade in outstanding bonds
    bond_buyer_optimism: float = parameter(
        0.15, "log points", 0, 2, "log change of the spread a bond buyer asks per unit of its disposition", ASSUMED
    )
    bond_buyer_opinion: float = parameter(
        0.10, "share of spread", 0, 0.3, "standard deviation of a bond buyer's private view of a spread", ASSUMED
    )
    bond_quote_margin: float = parameter(
        0.002,
        "share of price",
        0,
        0.2,
        "what a bond buyer asks above and bids below its own price, so that it never trades with itself",
        ASSUMED,
    )
    bond_forced_discount: float = parameter(
        0.03, "share of price", 0, 0.5, "what a buyer beyond its limit in an issuer gives way at most", ASSUMED
    )
    bond_sale_share: float = parameter(0.05, "share", 0.001, 1, "part of a holding offered on one day", ASSUMED)
    bond_forced_sale_share: float = parameter(
        0.5, "share", 0.001, 1, "part of a holding offered by a buyer beyond its limit in the issuer", ASSUMED
    )
    bond_bid_share: float = parameter(
        0.25, "share", 0, 1, "part of a buyer's room for an issuer that it bids with on one day", ASSUMED
    )

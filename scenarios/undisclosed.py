"""Deals whose price nobody has said: what a file leaves out is the mean of those that say theirs."""

from __future__ import annotations

import math
from typing import Any

from .addresses import address
from .checks_sizes import MARKET_VALUE_MAX_USD

PRICE = "price_usd_per_gw_year"
SOURCE = "derived: not disclosed; the mean of the contracts of this file that say theirs, by capacity"


def fill_prices(data: dict[str, Any], sources: dict[str, str]) -> None:
    """Compute contracts without a price get the mean of the others, by capacity, and a source that says so; where no
    other contract has a valid price, they are left as they are: the schema asks for one."""
    contracts = data.get("contract")
    entries = [(i, x) for i, x in enumerate(contracts) if isinstance(x, dict)] if isinstance(contracts, list) else []
    told = [(_number(x.get("capacity_gw")), _number(x[PRICE])) for _, x in entries if PRICE in x]
    whole = math.fsum(gw for gw, usd in told if usd)
    if whole <= 0:
        return
    mean = math.fsum(gw * usd for gw, usd in told) / whole
    for index, entry in entries:
        if PRICE not in entry:
            entry[PRICE] = mean
            sources[f"contract.{address(entry, index)}.{PRICE}"] = SOURCE


def _number(value: Any) -> float:
    """A number of a file that may say anything; 0 for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value <= MARKET_VALUE_MAX_USD else 0.0

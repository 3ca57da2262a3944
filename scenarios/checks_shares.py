"""What firms are worth and who holds them: market values, stakes and baskets within the shares outstanding, the ETF."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .addresses import address
from .checks_names import kind_of
from .checks_sizes import MARKET_VALUE_MAX_USD
from .errors import Fault, shown

if TYPE_CHECKING:
    from .schema import Scenario


def market_values(s: Scenario) -> Iterator[Fault]:
    """Market values fit into the books; a share of a lab is worth a cent at least."""
    for firm in s.listed:
        value = firm.shares * firm.price_usd
        if value > MARKET_VALUE_MAX_USD:
            came = f"{firm.shares} at {firm.price_usd} = {value:.6g} USD"
            allowed = f"a market value of at most {MARKET_VALUE_MAX_USD:g} USD"
            yield Fault(f"{kind_of(s, firm.name)}.{firm.name}.shares", came, allowed)
    total = math.fsum(x.shares * x.price_usd for x in s.listed)
    if total > MARKET_VALUE_MAX_USD:
        yield Fault("listed_firm", f"{total:.6g} USD for all listed firms", f"at most {MARKET_VALUE_MAX_USD:g} USD")
    for lab in s.lab:
        if lab.valuation_usd < lab.shares * 0.01:
            came = f"{lab.valuation_usd:.6g} USD for {lab.shares} shares"
            yield Fault(f"lab.{lab.name}.valuation_usd", came, "at least one cent per share")


def _etf_share(s: Scenario) -> float:
    """The part of every listed firm's shares that the ETF holds at the start."""
    total = math.fsum(x.shares * x.price_usd for x in s.listed)
    if s.etf is None or s.households is None or total <= 0:
        return 0.0
    return s.households.etf_value_usd * (1 + s.etf.participant_inventory_share) / total


def shareholders(s: Scenario) -> Iterator[Fault]:
    """Named stakes and the ETF's baskets stay within the shares outstanding."""
    if s.listed and not s.active_fund:
        allowed = "at least one active_fund: somebody must hold the shares that nobody named holds"
        yield Fault("active_fund", f"none, but {len(s.listed)} listed firms", allowed)
    outstanding = {lab.name: lab.shares for lab in s.lab} | {firm.name: firm.shares for firm in s.listed}
    listed = {firm.name for firm in s.listed}
    in_etf = _etf_share(s)
    for firm, shares in outstanding.items():
        owned = sum(x.shares for x in s.stake if x.firm == firm)
        basket = math.ceil(in_etf * shares) if firm in listed else 0
        if owned > shares:
            last = next(address(x, i) for i, x in reversed(list(enumerate(s.stake))) if x.firm == firm)
            yield Fault(f"stake.{last}.shares", f"{owned} in all", f"at most the {shares} shares outstanding of {firm}")
        elif owned + basket >= shares and basket:
            came = f"baskets that need {basket} shares of {firm} beside {owned} in named hands"
            yield Fault("households.etf_value_usd", came, f"fewer than the {shares} outstanding")


def etf(s: Scenario) -> Iterator[Fault]:
    """A creation unit holds a share of every firm; what households hold is a unit at least."""
    etf = s.etf
    if etf is None:
        return
    if not s.listed:
        yield Fault(
            "etf", "an ETF without listed firms", "at least one cloud, chip_maker or listed_firm for the basket"
        )
        return
    unit_usd = etf.creation_unit_shares * etf.price_usd
    total = math.fsum(x.shares * x.price_usd for x in s.listed)
    for firm in s.listed:
        if firm.shares * unit_usd < total:
            need = total / firm.shares / etf.price_usd
            came = f"{etf.creation_unit_shares}, less than one share of {firm.name} per creation unit"
            yield Fault("etf.creation_unit_shares", came, f"at least {math.ceil(need)} at this price and cap weight")
            return
    value = s.households.etf_value_usd if s.households is not None else 0.0
    if 0 < value < unit_usd:
        yield Fault("households.etf_value_usd", shown(value), f"0 or at least one creation unit, {unit_usd:g} USD")

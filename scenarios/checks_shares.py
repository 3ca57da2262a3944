"""What firms are worth and who holds them: market values, stakes and baskets within the shares outstanding, the ETF."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .addresses import address
from .checks_names import kind_of
from .checks_sizes import MARKET_VALUE_MAX_USD, PRICE_EARNINGS_MAX
from .errors import Fault, shown
from .opening import basket_shares, creation_units, fund_cash_usd, fund_float, owned_shares
from .schema_world import World


def market_values(s: World) -> Iterator[Fault]:
    """Market values fit into the books, earnings carry the price; a share of a lab is worth a cent at least."""
    for firm in s.listed:
        value = firm.shares * firm.price_usd
        path = f"{kind_of(s, firm.name)}.{firm.name}"
        if value > MARKET_VALUE_MAX_USD:
            came = f"{firm.shares} at {firm.price_usd} = {value:.6g} USD"
            allowed = f"a market value of at most {MARKET_VALUE_MAX_USD:g} USD"
            yield Fault(f"{path}.shares", came, allowed)
        if value > PRICE_EARNINGS_MAX * firm.earnings_usd_per_year:
            came = f"{firm.earnings_usd_per_year:g} for a market value of {value:.6g} USD"
            allowed = (
                f"at least 1/{PRICE_EARNINGS_MAX} of the market value: each new dollar earned is worth as much more"
            )
            yield Fault(f"{path}.earnings_usd_per_year", came, allowed)
    total = math.fsum(x.shares * x.price_usd for x in s.listed)
    if total > MARKET_VALUE_MAX_USD:
        yield Fault("listed_firm", f"{total:.6g} USD for all listed firms", f"at most {MARKET_VALUE_MAX_USD:g} USD")
    for lab in s.lab:
        if lab.valuation_usd < lab.shares * 0.01:
            came = f"{lab.valuation_usd:.6g} USD for {lab.shares} shares"
            yield Fault(f"lab.{lab.name}.valuation_usd", came, "at least one cent per share")


def shareholders(s: World) -> Iterator[Fault]:
    """Named stakes stay within the shares outstanding of every firm."""
    if s.listed and not s.active_fund:
        allowed = "at least one active_fund: somebody must hold the shares that nobody named holds"
        yield Fault("active_fund", f"none, but {len(s.listed)} listed firms", allowed)
    outstanding = {x.name: x.shares for x in s.lab} | {x.name: x.shares for x in s.listed}
    for firm, shares in outstanding.items():
        owned = owned_shares(s, firm)
        if owned > shares:
            last = next(address(x, i) for i, x in reversed(list(enumerate(s.stake))) if x.firm == firm)
            allowed = f"at most the {shares} shares outstanding of {firm}"
            yield Fault(f"stake.{last}.shares", f"{owned} in all", allowed)


def etf(s: World) -> Iterator[Fault]:
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
    for firm, each in zip(s.listed, basket_shares(s), strict=True):
        if each < 1:
            need = total / firm.shares / etf.price_usd
            came = f"{etf.creation_unit_shares}, less than one share of {firm.name} per creation unit"
            yield Fault("etf.creation_unit_shares", came, f"at least {math.ceil(need)} at this price and cap weight")
            return
    value = s.households.etf_value_usd if s.households is not None else 0.0
    if 0 < value < unit_usd:
        yield Fault("households.etf_value_usd", shown(value), f"0 or at least one creation unit, {unit_usd:g} USD")


def funds(s: World) -> Iterator[Fault]:
    """Of every listed firm some shares are left for the funds, and their cash beside it fits into the books."""
    units = creation_units(s)
    for firm, each, left in zip(s.listed, basket_shares(s), fund_float(s), strict=True):
        if left < 1:
            owned = firm.shares - left - units * each
            came = f"baskets that need {units * each} shares of {firm.name} beside {owned} in named hands"
            path = "households.etf_value_usd" if units * each else f"{kind_of(s, firm.name)}.{firm.name}.shares"
            yield Fault(path, came, f"fewer than the {firm.shares} outstanding: the funds hold the rest")
            return
    for fund, cash_usd in zip(s.active_fund, fund_cash_usd(s), strict=True):
        if cash_usd > MARKET_VALUE_MAX_USD:
            came = f"{fund.equity_share:g}, with {cash_usd:.3g} USD of cash beside its shares"
            allowed = f"a share that leaves at most {MARKET_VALUE_MAX_USD:g} USD of cash"
            yield Fault(f"active_fund.{fund.name}.equity_share", came, allowed)


def listings(s: World) -> Iterator[Fault]:
    """A lab is listed once, on a market that is there, in a sector that somebody is in."""
    sectors, seen = sorted({firm.sector for firm in s.listed}), set[str]()
    for index, one in enumerate(s.listing):
        path = f"listing.{address(one, index)}"
        if not sectors:
            yield Fault(
                path, "no listed firm", "at least one cloud, chip_maker or listed_firm: a market to be listed on"
            )
        elif one.sector not in sectors:
            yield Fault(f"{path}.sector", shown(one.sector), f"that of a listed firm: {', '.join(sectors)}")
        if one.lab in seen:
            yield Fault(f"{path}.lab", shown(one.lab), "one listing of each lab")
        seen.add(one.lab)

"""Who holds the listed shares at the opening: named stakes, the ETF's baskets, and the funds, who get the rest."""

from __future__ import annotations

import math

from ..ledger.units import cents
from .schema_world import World


def creation_units(world: World) -> int:
    """Creation units of the ETF at the start: those of households, plans and the participant; one at least."""
    etf = world.etf
    if etf is None:
        return 0
    people = world.households
    held_usd = people.etf_value_usd + people.plan_etf_value_usd if people else 0.0
    wanted = cents(held_usd) / cents(etf.price_usd) / (1 - etf.participant_inventory_share)
    return max(1, round(wanted / etf.creation_unit_shares))


def basket_shares(world: World) -> list[int]:
    """Shares of each listed firm in one creation unit, at capitalisation weights, rounded down.

    b_f = floor(price unit N_f / sum N P), in cents.
    """
    etf = world.etf
    total = sum(firm.shares * cents(firm.price_usd) for firm in world.listed)
    if etf is None or total <= 0:
        return [0] * len(world.listed)
    worth = cents(etf.price_usd) * etf.creation_unit_shares
    return [worth * firm.shares // total for firm in world.listed]


def owned_shares(world: World, firm: str) -> int:
    """Shares of a firm in named hands."""
    return sum(stake.shares for stake in world.stake if stake.firm == firm)


def fund_float(world: World) -> list[int]:
    """Shares of each listed firm that nobody named and not the ETF holds: the active funds'."""
    units = creation_units(world)
    return [
        firm.shares - owned_shares(world, firm.name) - units * each
        for firm, each in zip(world.listed, basket_shares(world), strict=True)
    ]


def fund_cash_usd(world: World) -> list[float]:
    """Cash of each active fund: what its equity share leaves beside its part of the float, at the opening prices."""
    worth = math.fsum(shares * firm.price_usd for shares, firm in zip(fund_float(world), world.listed, strict=True))
    weights = math.fsum(fund.weight for fund in world.active_fund)
    return [worth * (fund.weight / weights) * (1 - fund.equity_share) / fund.equity_share for fund in world.active_fund]

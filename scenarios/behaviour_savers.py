"""Rows of the behaviour table: how savers of funds and bond funds answer what these have returned."""

from __future__ import annotations

from .behaviour_rows import Rows, parameter

CONVEX = "Sirri & Tufano (1998), J. Finance 53(5); Chevalier & Ellison (1997), JPE 105(6); size assumed"
CONCAVE = "Goldstein, Jiang & Ng (2017), J. Financial Economics 126(3); size assumed"


class SaverRules(Rows):
    """Money into and out of funds whose savers come and go at will, after a year's return beyond a yardstick."""

    flow_memory_months: float = parameter(
        12.0, "months", 1, 120, "memory of savers for what a fund has returned", "a year, as in the three studies below"
    )
    fund_flow_gain: float = parameter(
        2.0, "of assets a year per 100 % a year", 0, 10, "inflow after a return above that of all shares", CONVEX
    )
    fund_flow_loss: float = parameter(
        0.5, "of assets a year per 100 % a year", 0, 10, "outflow after a return below it: less, hence convex", CONVEX
    )
    bond_flow_gain: float = parameter(
        0.25, "of assets a year per 100 % a year", 0, 10, "inflow after a return above the riskless rate", CONCAVE
    )
    bond_flow_loss: float = parameter(
        0.9, "of assets a year per 100 % a year", 0, 10, "outflow after a return below it: more, hence concave", CONCAVE
    )

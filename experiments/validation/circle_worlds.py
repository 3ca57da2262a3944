"""Worlds with the circle and without it, with the same luck: what is measured in an autumn and over three years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...history.tables.payers import net_cash
from ...model import CarouselModel
from ...report.measures_turn import RegimeName
from ...scenarios.loader import load
from ...scenarios.schema import Scenario
from ...scenarios.schema_world import DEALS as KINDS_OF_DEALS
from ...scenarios.validated import validated
from ..sweeps.mesa_model import MeasuredModel

CONTRACT_DAY, LETTER_DAY, CHRISTMAS_DAY = 1, 9, 77
"""Trading days of 10 and 22 September and of 29 December 2025 in `ai-2025`."""
AUTUMN_DAYS, YEARS_DAYS = 126, 756
DEALS = tuple(kind for kind, deal in KINDS_OF_DEALS.items() if deal.is_promise)
"""Lists of a scenario that are promises: without all of them there is no circle."""
NO_MOODS = (
    "behaviour.fw_sigma_fundamental=0", "behaviour.fw_sigma_chartist=0", "behaviour.private_noise_per_day=0",
    "behaviour.volatility_feedback=0",
)  # fmt: skip
NO_CLAIMS = ("behaviour.coverage_weight=0", "behaviour.strain_weight=0")
"""News of one promise says nothing of another, and spreads nothing of belief."""


def world(
    changes: tuple[str, ...], *, days: int, without: Sequence[str] = (), scenario_name: str = "ai-2025"
) -> Scenario:
    """A scenario with changes, and without some parts: without all `DEALS` it is the twin."""
    scenario = load(scenario_name, [f"days={days}", "holders=300", *changes])
    return validated(scenario.model_dump() | dict.fromkeys(without, ()), "twin") if without else scenario


def autumn(changes: list[str], seed: int, has_circle: bool) -> dict[str, Any]:
    """One autumn: log prices of Oracle and NVIDIA, Oracle's spread by day, the lab's revenue, value and new money."""
    model = CarouselModel(world(tuple(changes), days=AUTUMN_DAYS, without=() if has_circle else DEALS), rng=seed)
    oracle, nvidia, lab = (*(model.cast.listed_by_name[name] for name in ("Oracle", "NVIDIA")), model.cast.labs[0])
    prices, spreads, revenue, value, calls = [], [], [], [], []
    while True:
        prices.append([math.log(firm.price_cents) for firm in (oracle, nvidia)])
        spreads.append(model.contracts.bonds.spread_per_year.get(oracle.name, 0.0))
        revenue.append(lab.sales_usd_per_year)
        value.append(lab.value_usd())
        calls.append(len(model.contracts.calls))
        if not model.running:
            break
        model.step()
    return {
        "oracle": [p[0] for p in prices], "nvidia": [p[1] for p in prices], "spread": spreads, "revenue": revenue,
        "value": value, "calls": max(calls),
    }  # fmt: skip


def years(changes: list[str], seed: int, has_circle: bool) -> dict[str, float]:
    """Three years: what was delivered, what the lab earns and could serve, what firms are worth, what was raised, and
    what each channel of outside money has put in, net, in bn USD."""
    scenario = world(tuple(changes), days=YEARS_DAYS, without=() if has_circle else DEALS)
    model = MeasuredModel(scenario, outcomes="regime", rng=seed)
    while model.running:
        model.step()
    lab, cloud = model.cast.labs[0], model.cast.clouds[0]
    firms = model.cast.listed_by_name
    served = lab.sales_max_usd_per_year()
    return {
        **{channel.value: cents / 1e11 for channel, cents in net_cash(model).items()},
        "is_expansion": float(model.outcome("regime") == RegimeName.EXPANSION.value),
        "delivered_mw": cloud.delivered_mw, "revenue": lab.sales_usd_per_year, "served": served,
        "demand": lab.demand_usd_per_year.now, "oracle": float(firms["Oracle"].market_value_cents),
        "nvidia": float(firms["NVIDIA"].market_value_cents), "debt": float(cloud.debt_cents),
        "is_broken": float(bool(model.contracts.in_default)),
    }  # fmt: skip

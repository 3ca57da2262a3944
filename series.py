"""Mesa's own collector: model-level series for batch runs and notebooks. Agents' histories are the recorder's
business (history/)."""

from __future__ import annotations

import math

from mesa.datacollection import DataCollector

from .timeline.world import World


def seed(model: World) -> int:
    """Seed of all chance."""
    return model.clock.seed


def day(model: World) -> int:
    """Trading days since the start."""
    return model.clock.day


def circle_value_usd(model: World) -> float:
    """Market value of clouds and chip makers at the last close."""
    return float(model.prices.circle_values_usd[-1])


def lab_value_usd(model: World) -> float:
    """Marked value of all labs."""
    return math.fsum([lab.value_usd() for lab in model.cast.labs])


def lab_cash_usd(model: World) -> float:
    """Cash of all labs."""
    return sum([lab.cash_cents for lab in model.cast.labs]) / 100


def delivered_mw(model: World) -> int:
    """Capacity in service under contract."""
    return sum([cloud.delivered_mw for cloud in model.cast.clouds])


def etf_price_usd(model: World) -> float:
    """Last price of the ETF."""
    return model.prices.etf_price_cents / 100


def enthusiastic_share(model: World) -> float:
    """Share of holders who tell the story."""
    return model.cast.story_shares()[1]


def data_collector() -> DataCollector:
    """A collector of the seed, the day's number and the six series."""
    reporters = (
        seed,
        day,
        circle_value_usd,
        lab_value_usd,
        lab_cash_usd,
        delivered_mw,
        etf_price_usd,
        enthusiastic_share,
    )
    return DataCollector(model_reporters={reporter.__name__: reporter for reporter in reporters})

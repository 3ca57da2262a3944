"""Mesa's own collector: model-level series for batch runs and notebooks. Agents' histories are the recorder's
business (history/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa.datacollection import DataCollector

if TYPE_CHECKING:
    from .model import CarouselModel


def circle_value_usd(model: CarouselModel) -> float:
    """Market value of clouds and chip makers at the last close."""
    return float(model.circle_values[-1])


def lab_value_usd(model: CarouselModel) -> float:
    """Marked value of all labs."""
    return sum([lab.value_usd() for lab in model.labs])


def lab_cash_usd(model: CarouselModel) -> float:
    """Cash of all labs."""
    return sum([lab.cash_cents for lab in model.labs]) / 100


def delivered_mw(model: CarouselModel) -> int:
    """Capacity in service under contract."""
    return sum([cloud.delivered_mw for cloud in model.clouds])


def etf_price_usd(model: CarouselModel) -> float:
    """Last price of the ETF."""
    return model.board.etf_price_cents / 100


def enthusiastic_share(model: CarouselModel) -> float:
    """Share of holders who tell the story."""
    return model.story_shares()[1]


def data_collector() -> DataCollector:
    """A collector of the seed, the day's number and the six series."""
    reporters = (circle_value_usd, lab_value_usd, lab_cash_usd, delivered_mw, etf_price_usd, enthusiastic_share)
    own = {"seed": "seed", "day": "day"}
    return DataCollector(model_reporters={**own, **{reporter.__name__: reporter for reporter in reporters}})

"""What a scenario may say and probably does not mean: asked, never refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .schema import Scenario
from .schema_world import KINDS

SMALL_USD = 1e5
"""An amount below this, in a world of labs or listed firms, was perhaps meant in millions or billions."""
PRICES = ("price_usd", "strike_usd", "strike_price_usd")
"""Keys of what one share costs, which is small."""


def questions(scenario: Scenario) -> Iterator[str]:
    """One line for each thing that is allowed and looks like a slip."""
    yield from _never_built(scenario)
    if scenario.lab or scenario.listed:
        yield from _small_amounts(scenario)


def _never_built(scenario: Scenario) -> Iterator[str]:
    """A cloud that builds nothing, for all that it has sold."""
    for cloud in scenario.cloud:
        if cloud.build_gw_per_year_max > 0:
            continue
        sold = [c for c in scenario.contract if c.provider == cloud.name and not c.build_gw_per_year]
        open_gw = sum(contract.capacity_gw - contract.delivered_gw for contract in sold)
        if open_gw > 0:
            yield (
                f"cloud.{cloud.name}.build_gw_per_year_max is 0, so that nothing is built of the {open_gw:g} GW it has "
                "sold and nobody can break a promise about it: is that meant?"
            )


def _small_amounts(scenario: Scenario) -> Iterator[str]:
    """Amounts of a few dollars in a world of billions."""
    for kind in KINDS:
        for entry in getattr(scenario, kind):
            for key, value in entry.model_dump().items():
                if _is_small(key, value):
                    name = getattr(entry, "name", "")
                    yield f"{kind}.{name}.{key} is {value:g} dollars: was {value:g}e9 (bn) or {value:g}e6 (m) meant?"


def _is_small(key: str, value: Any) -> bool:
    is_amount = "_usd" in key and key not in PRICES and "price" not in key
    return is_amount and isinstance(value, int | float) and 0 < value < SMALL_USD

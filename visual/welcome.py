"""What the server simulates with, imported when the first visitor asks: the page itself does not wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..engine.kernel_cache import has_kernels
from ..model import CarouselModel, run
from ..scenarios.schema import Scenario
from .play import Fan, Play
from .recipe import Recipe
from .tables import tables

ROOT = Path(__file__).parents[1]


def typed(data: Any, offered: Mapping[str, Scenario]) -> list[dict[str, Any]]:
    """The tables of the world that plain data say.  Raises: ScenarioError."""
    return tables(Recipe.of(data).world(offered))


def has_all_kernels() -> bool:
    """Whether the market's kernels are compiled already."""
    return has_kernels(ROOT)


def warm() -> None:
    """Compile or load every kernel that the first days need."""
    run(CarouselModel("ai-2025", rng=0, days=1, holders=300))


def begun(data: Any, after: int, worlds: int, offered: Mapping[str, Scenario]) -> Play | Fan:
    """A run at its opening, or a fan before its first world if there are to be any.  Raises: ScenarioError."""
    recipe = Recipe.of(data)
    return Fan(recipe, worlds, offered) if worlds else Play(recipe, after_day=after, offered=offered)

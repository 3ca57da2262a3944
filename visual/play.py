"""Runs in progress: a recipe is simulated ahead in slices, and only what has changed since the day before is told."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..engine.calendar import DAYS_PER_MONTH
from ..history.digest import Chain
from ..model import CarouselModel
from ..report.measures_market import peak_and_trough
from ..scenarios.schema import Scenario
from .frames import frame, opening, places
from .recipe import Recipe
from .sliders import in_force, sliders

SLICE_SECONDS = 0.02
"""How long one run keeps all others waiting."""
ALWAYS = ("day",)
"""Parts of a frame that are told every day."""


class Teller:
    """Tells each day of a model without what is as it was the day before; it looks and never touches."""

    def __init__(self, model: CarouselModel, *, after_day: int = -1) -> None:
        """Days up to `after_day` are not told; the opening is, if it may be."""
        self.model, self._after = model, after_day
        self._chain = Chain()
        self._before: dict[str, Any] = {}
        self._place_of = places(model)[1]
        self._scenario, self._force = model.scenario_data, in_force(model.scenario_data)
        self.frames: list[dict[str, Any]] = []
        """What has been told and not been taken."""
        self(model)

    def __call__(self, model: CarouselModel) -> None:
        """Tell the day that has just ended; its `link` depends on everything that came before."""
        day = model.clock.day
        self._chain.add(model, with_households=day % DAYS_PER_MONTH == 0)
        if day <= self._after:
            return
        if model.scenario_data is not self._scenario:
            self._scenario, self._force = model.scenario_data, in_force(model.scenario_data)
        whole = frame(model, self._place_of) | {"link": self._chain.links[-1], "force": self._force}
        known = self._before
        self.frames.append({k: v for k, v in whole.items() if k in ALWAYS or k not in known or known[k] != v})
        self._before = whole

    def take(self) -> list[dict[str, Any]]:
        """What has been told since the last time."""
        taken, self.frames = self.frames, []
        return taken


class Play:
    """One run from its opening on. `head` is what never changes; `slice` goes on for a moment."""

    def __init__(self, recipe: Recipe, *, after_day: int = -1, offered: Mapping[str, Scenario] | None = None) -> None:
        """Open the run; days up to `after_day` are simulated and not told.  Raises: ScenarioError."""
        self.model = recipe.model(offered)
        self._teller = Teller(self.model, after_day=after_day)
        self.head = opening(self.model) | {
            "recipe_toml": recipe.as_toml(offered),
            "command": recipe.as_command(offered),
            "sliders": sliders(self.model.recipe),
        }

    @property
    def is_over(self) -> bool:
        """Whether the last day has been told."""
        return not self.model.running and not self._teller.frames

    def slice(self, seconds: float = SLICE_SECONDS) -> list[dict[str, Any]]:
        """Frames of the next days, as many as fit into a slice, one day at least."""
        began = time.perf_counter()
        while self.model.running:
            self.model.step()
            self._teller(self.model)
            if time.perf_counter() - began >= seconds:
                break
        return self._teller.take()


class Fan:
    """The same recipe with other seeds, one world after the other: values of the circle, day by day."""

    head: Mapping[str, Any] = {}
    """A fan lies behind a run that has one."""

    def __init__(self, recipe: Recipe, worlds: int, offered: Mapping[str, Scenario] | None = None) -> None:
        """So many worlds, with the seeds that follow the recipe's."""
        self._seeds = [recipe.seed + n for n in range(1, worlds + 1)]
        self._recipe, self._offered = recipe, offered
        self._model: Any = None
        self._values: list[int] = []

    @property
    def is_over(self) -> bool:
        """Whether all worlds have been told."""
        return self._model is None and not self._seeds

    def slice(self, seconds: float = SLICE_SECONDS) -> list[dict[str, Any]]:
        """The world that ends in this slice, if one does: its seed, the circle's market value in cents by day, its
        deepest fall."""
        if self._model is None:
            self._model = replace(self._recipe, seed=self._seeds.pop(0)).model(self._offered)
            self._values = [circle_cents(self._model)]
        began = time.perf_counter()
        while self._model.running and time.perf_counter() - began < seconds:
            self._model.step()
            self._values.append(circle_cents(self._model))
        if self._model.running:
            return []
        model, self._model = self._model, None
        fall = peak_and_trough(np.arange(len(self._values)), np.array(self._values, float))
        return [{"seed": model.clock.seed, "circle_cents": self._values, "drawdown": fall.drawdown}]


def circle_cents(model: Any) -> int:
    """Market value of clouds and chip makers and marked value of labs, as the answer counts the circle."""
    listed = sum(firm.market_value_cents for firm in model.cast.circle)
    return int(listed + sum(round(100 * lab.value_usd()) for lab in model.cast.labs))

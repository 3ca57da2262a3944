"""Carousel in Mesa's own SolaraViz: `carousel serve --mesa`, or `solara run carousel.visual.mesa_app`.

For those who know Mesa's pages: its controls, its sliders, a model of one's own per visitor. Needs the extra
`mesa-page`. The page of `carousel serve` needs nothing more and plays what has been simulated back and forth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from mesa.visualization import Slider, SolaraViz
from mesa.visualization.utils import update_counter

from ..scenarios.schema import Scenario
from .mesa_views import circle_svg, events_html, values_svg, who_paid_svg
from .mesa_watch import Watch, WatchedModel, first_run
from .recipe import Recipe
from .sliders import sliders

STEPS = 200
"""Of a slider, from its low end to its high one."""
VIEWS = (circle_svg, values_svg, who_paid_svg, events_html)
"""In the order in which they are drawn; the last lets the model go on."""


def parameters(recipe: Recipe, world: Scenario) -> dict[str, Any]:
    """What SolaraViz makes a model from, and what of it a visitor is asked for: seed and headline parameters."""
    rows = sliders(world)
    return {
        "world": world,
        "tracing": recipe.tracing,
        "shown_first": {row["name"]: row["now"] for row in rows},
        "rng": {"type": "InputText", "label": "seed", "value": str(recipe.seed)},
        **{
            row["name"]: Slider(f"{row['name'].replace('_', ' ')} ({row['unit']})", row["now"], row["low"], row["high"],
                                (row["high"] - row["low"]) / STEPS, dtype=float)
            for row in rows
        },
    }  # fmt: skip


def view(draw: Callable[[Watch], str]) -> Any:
    """A component that draws one picture after every step, while the model stands still."""

    @solara.component
    def View(model: WatchedModel) -> None:
        update_counter.get()
        with model.turn:
            if draw is VIEWS[0]:
                model.is_drawn.clear()
            told = draw(model.watch)
        solara.HTML(tag="div", unsafe_innerHTML=told, style="width: 100%")
        if draw is VIEWS[-1]:
            model.is_drawn.set()

    return View


COMPONENTS = [view(draw) for draw in VIEWS]


@solara.component
def Page() -> None:
    """The page of one visitor, with a model of its own."""
    recipe, world = first_run()
    asked = solara.use_memo(lambda: parameters(recipe, world), [])
    fixed = {name: value for name, value in asked.items() if name in ("world", "tracing", "shown_first")}
    model = solara.use_memo(lambda: WatchedModel(**fixed, rng=recipe.seed), [])
    SolaraViz(model, components=COMPONENTS, model_params=asked, name=f"Carousel: {world.name}", play_interval=1)

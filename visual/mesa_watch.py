"""A model that is watched while a page steps it: what its pictures need of the days so far, and whose turn it is."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from ..model import CarouselModel
from ..scenarios.schema import Scenario
from .frames import frame, opening, places
from .recipe import Recipe

WINDOW_DAYS = 63
"""Ribbons are as wide as the money of so many days."""
EVENTS_SHOWN = 14
OF_MESA = "scenario"
"""From 3.5 on Mesa hands a model that is reset an object of its own under this name."""
PATIENCE_SECONDS = 2.0
"""A picture that is never finished, as of a visitor who has gone, keeps a step waiting for no longer."""

Pair = tuple[int, int]
_first: list[tuple[Recipe, Scenario]] = []


def begin_with(recipe: Recipe, offered: Mapping[str, Scenario]) -> None:
    """Which run every visitor of this process's page begins with.  Raises: ScenarioError."""
    _first[:] = [(recipe, recipe.world(offered))]


def first_run() -> tuple[Recipe, Scenario]:
    """The recipe that the page begins with, and its world."""
    if not _first:
        begin_with(Recipe(), {})
    return _first[0]


class WatchedModel(CarouselModel):
    """A model that takes down what is shown of it, and does not step while it is being drawn.

    Pages of Mesa step in one thread and draw in another: without a turn a step restarts the drawing before it ends,
    and a drawing sees half a step. `kwargs`, the one name for them that Mesa 3.3.1 knows, are the parameters of
    CarouselModel; those that stand as in `shown_first` are left as the scenario says.
    """

    def __init__(
        self,
        world: str | Scenario = "ai-2025",
        *,
        rng: Any = None,
        shown_first: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        first = shown_first or {}
        kwargs.pop(OF_MESA, None)
        moved = {name: value for name, value in kwargs.items() if first.get(name) != value}
        super().__init__(world, rng=rng, **moved)
        self.is_drawn = threading.Event()
        self.is_drawn.set()
        self.turn = threading.RLock()
        self.watch = Watch(self)
        self.observers.append(self.watch)

    def step(self) -> None:
        """One trading day, once the picture of the day before has been drawn."""
        self.is_drawn.wait(PATIENCE_SECONDS)
        self.is_drawn.set()
        with self.turn:
            super().step()


class Watch:
    """An observer that keeps what pictures need: values of all days, payments of a quarter, whose money it was."""

    def __init__(self, model: CarouselModel) -> None:
        """At the opening."""
        self.head = opening(model)
        self._place_of = places(model)[1]
        self.values: dict[str, list[int]] = {}
        """Market value in cents by firm and day."""
        self.whose: Counter[tuple[int, int, int]] = Counter()
        """Cents by cause, tracing rule and class of origin since the start."""
        self.recent: Counter[Pair] = Counter()
        """Cents by payer and payee over the window."""
        self._days: deque[Counter[Pair]] = deque()
        self.events: deque[tuple[str, str]] = deque(maxlen=EVENTS_SHOWN)
        self.now: dict[str, Any] = {}
        """The last frame."""
        self(model)

    def __call__(self, model: CarouselModel) -> None:
        """Take down the day that has just ended."""
        self.now = frame(model, self._place_of)
        for name, cents, *_ in self.now["firms"]:
            self.values.setdefault(name, []).append(cents)
        today: Counter[Pair] = Counter()
        for payer, payee, cause, cents in self.now["paid"]:
            if cause != self.head["opening_cause"]:
                today[payer, payee] += cents
        self._days.append(today)
        self.recent.update(today)
        if len(self._days) > WINDOW_DAYS:
            self.recent.subtract(self._days.popleft())
        for _, _, cause, rule, origin, _, cents in self.now["whose"]:
            self.whose[cause, rule, origin] += cents
        date = self.head["dates"][self.now["day"]]
        self.events.extend((date, event[4]) for event in self.now["events"])

"""The circle as one Mesa model: a cast built from a scenario, and a day whose timeline reads from top to bottom.

Only this module, the phases in `timeline/` that it calls, and market/settlement write the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mesa

from .agents.cast import Cast
from .contracts.register import Contracts
from .engine.clock import Clock
from .ledger.books import Books
from .ledger.origins import TracingRule
from .market.price_board import Board
from .narrative.beliefs import Beliefs
from .narrative.chronicle import Chronicle
from .scenarios.dated import with_tomorrow
from .scenarios.loader import load
from .scenarios.overrides import override
from .scenarios.parameters import apply_parameters
from .scenarios.run_settings import seed_of, tracing_of
from .scenarios.schema import DatedChange, Scenario, Stop
from .series import data_collector
from .timeline import opening
from .timeline.announce import announce
from .timeline.change import change
from .timeline.make_deals import make_deals
from .timeline.move_fund_savings import move_fund_savings
from .timeline.operate import operate
from .timeline.raise_funds import raise_funds
from .timeline.receive_household_savings import receive_household_savings
from .timeline.reflect import reflect
from .timeline.report import report
from .timeline.settle_bills import settle_bills
from .timeline.trade import trade
from .timeline.update_beliefs import update_beliefs


class CarouselModel(mesa.Model):
    """An agent-based market in which a lab, clouds, chip makers and their investors pay each other in a circle.

    `scenario` is a bundled name, a path, or a Scenario; the other parameters are those of
    `scenarios.parameters.PARAMETERS` (None: as the scenario says). `rng` is the seed of all chance; None takes
    a fresh one, which `clock.seed` and the collector's `seed` name.

    Raises: ScenarioError, ParameterError on bad input; AuditError on the day that breaks the books.
    """

    scenario_data: Scenario
    """What is in force today."""
    recipe: Scenario
    """The scenario as it began, with every change that was injected since: it makes the same run again."""
    clock: Clock
    """Which day it is, and the luck of the day."""
    cast: Cast
    """Everybody who takes part."""
    books: Books
    """Journal, registers, tracing, audit."""
    contracts: Contracts
    """All promises, bonds, loans, calls and bills."""
    beliefs: Beliefs
    """Multiples, sentiment, values."""
    prices: Board
    """The price board."""
    chronicle: Chronicle
    """Events, and announcements for tomorrow."""

    def __init__(
        self,
        scenario: str | Scenario = "ai-2025",
        *,
        rng: Any = None,
        days: int | None = None,
        holders: int | None = None,
        tracing: str = "pro-rata",
        monetisation_growth_per_year: float | None = None,
        committed_scale: float | None = None,
        dry_powder_scale: float | None = None,
        bond_appetite_scale: float | None = None,
        enthusiasm_tilt: float | None = None,
        story_catch_per_day: float | None = None,
        micro_elasticity: float | None = None,
        macro_elasticity: float | None = None,
        multiplier_spread_per_day: float | None = None,
        contract_log_odds: float | None = None,
        letter_of_intent_log_odds: float | None = None,
        attention_per_day: float | None = None,
    ) -> None:
        seed, headline_rule = seed_of(rng), tracing_of(tracing)
        super().__init__(rng=seed)
        given = {
            "monetisation_growth_per_year": monetisation_growth_per_year,
            "committed_scale": committed_scale,
            "dry_powder_scale": dry_powder_scale,
            "bond_appetite_scale": bond_appetite_scale,
            "enthusiasm_tilt": enthusiasm_tilt,
            "story_catch_per_day": story_catch_per_day,
            "micro_elasticity": micro_elasticity,
            "macro_elasticity": macro_elasticity,
            "multiplier_spread_per_day": multiplier_spread_per_day,
            "contract_log_odds": contract_log_odds,
            "letter_of_intent_log_odds": letter_of_intent_log_odds,
            "attention_per_day": attention_per_day,
        }
        data = scenario if isinstance(scenario, Scenario) else load(scenario)
        sizes = [f"{k}={v}" for k, v in (("days", days), ("holders", holders)) if v is not None]
        self._open(apply_parameters(override(data, sizes), given), seed, headline_rule)

    def _open(self, scenario: Scenario, seed: int, headline_rule: TracingRule) -> None:
        """Day 0: the parts, the cast, what it owns and what is promised."""
        self.scenario_data = self.recipe = scenario
        self.observers: list[Callable[[CarouselModel], None]] = []
        """Called at the end of every day; they look and never touch."""
        self.clock = Clock(seed=seed, start=scenario.start_date, days=scenario.days)
        self.books = opening.open_books(headline_rule)
        self.chronicle = Chronicle(self.clock)
        self.contracts = opening.open_contracts(self.clock, scenario, self.books, self.chronicle)
        self.cast = opening.open_cast(self.clock, scenario, self.books, self.contracts)
        opening.open_market(self, self)
        opening.open_promises(self)
        self.datacollector = data_collector()
        self.running = True

    def step(self) -> None:
        """One trading day; these lines are the timing in docs/odd.md. Does nothing once the run is over."""
        if not self.running:
            return
        self._begin_day()
        self.scenario_data = change(self)
        announce(self)
        reflect(self)
        update_beliefs(self)
        trade(self)
        operate(self)
        receive_household_savings(self)
        settle_bills(self)
        raise_funds(self)
        make_deals(self)
        move_fund_savings(self)
        report(self)
        self._end_day()

    def inject(self, change: DatedChange | Stop) -> None:
        """Something changes at the start of the next day, as if the scenario had said so; its own day is not asked.

        Raises: ScenarioError if it cannot take force.
        """
        tomorrow = self.clock.day + 1
        self.scenario_data = with_tomorrow(self.scenario_data, change, tomorrow)
        self.recipe = with_tomorrow(self.recipe, change, tomorrow)

    def _begin_day(self) -> None:
        """Turn the page of the journal and of the chronicle."""
        self.clock.tick()
        self.chronicle.turn_page()
        self.books.journal.start_day(self.clock.day)

    def _end_day(self) -> None:
        """Beliefs and prices are finite, the books close (guards and audit raise on the day that broke them); then
        observers look."""
        self.beliefs.guard.check(self.clock.day)
        self.prices.guard.check(self.clock.day)
        self.books.close_day(self.clock.day)
        self.datacollector.collect(self)
        self.running = not self.clock.is_over
        for observe in self.observers:
            observe(self)


def run(model: CarouselModel) -> CarouselModel:
    """Step a model to its end."""
    while model.running:
        model.step()
    return model


__all__ = ["CarouselModel", "run"]

"""The circle as one Mesa model: a cast built from a scenario, and a day whose timeline reads from top to bottom.

Only this module, the phases in `timeline/` that it calls, and market/settlement write the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import mesa
import numpy as np

from .agents.base import CarouselAgent
from .agents.bond_desk import BondDesk
from .agents.commitments import Commitment
from .agents.own_demand import OwnDemand
from .engine.calendar import trading_dates
from .engine.columns import ColumnAgentSet, install_columns
from .ledger.books import Books, DayEntries
from .ledger.causes import Cause
from .ledger.origins import TracingRule
from .ledger.units import Carry
from .market.ladder_desk import LadderDesk
from .market.ladders import rung_factors
from .narrative.announcements import Announcement, AnnouncementBoard
from .scenarios.loader import load
from .scenarios.overrides import override
from .scenarios.parameters import apply_parameters
from .scenarios.run_settings import seed_of, tracing_of
from .scenarios.schema import Scenario
from .series import data_collector
from .timeline import promises
from .timeline.announce import announce
from .timeline.beliefs import Beliefs, rebuild_network, update_beliefs
from .timeline.cast import endow, seat_cast
from .timeline.credit_book import CreditBook
from .timeline.dues import DuesBook, settle_dues
from .timeline.first_days import FirstDay
from .timeline.flows import Flows
from .timeline.funding import CapitalCall, raise_funds
from .timeline.households import HouseholdsDay, receive_household_savings
from .timeline.loan_book import LoanBook
from .timeline.lookups import Lookups
from .timeline.operations import operate
from .timeline.outside_flows import OutsideFlow
from .timeline.reporting import report
from .timeline.trading import trade
from .timeline.vendor_finance import provide

DATES_AHEAD = 5040 + 252 * 10
"""Trading dates known in advance, so that maturities beyond the run have a day."""


class CarouselModel(Lookups, mesa.Model):
    """An agent-based market in which a lab, clouds, chip makers and their investors pay each other in a circle.

    `scenario` is a bundled name, a path, or a Scenario; the other parameters are those of
    `scenarios.parameters.PARAMETERS` (None: as the scenario says). `rng` is the seed of all chance; None takes
    a fresh one, which `seed` names.

    Raises: ScenarioError, ParameterError on bad input; AuditError on the day that breaks the books.
    """

    def __init__(
        self,
        scenario: str | Scenario = "ai-2025",
        *,
        rng: Any = 0,
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
        self.seed = seed_of(rng)
        super().__init__(rng=self.seed)
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
        self.scenario_data = apply_parameters(override(data, sizes), given)
        self.behaviour = self.scenario_data.behaviour
        self.tracing = tracing_of(tracing)
        self.day = 0
        self.days = self.scenario_data.days
        self.dates_ahead = trading_dates(self.scenario_data.start_date, DATES_AHEAD)
        self._open_parts()
        self._open_books()
        self.datacollector = data_collector()
        self.running = True

    def step(self) -> None:
        """One trading day; these lines are the timing in docs/odd.md. Does nothing once the run is over."""
        if not self.running:
            return
        self._begin_day()
        announce(self)
        update_beliefs(self)
        trade(self)
        operate(self)
        receive_household_savings(self)
        settle_dues(self)
        raise_funds(self)
        report(self)
        self._end_day()

    def _begin_day(self) -> None:
        """Turn the page of the journal."""
        self.day += 1
        self.new_events.clear()
        self.books.journal.start_day(self.day)

    def _end_day(self) -> None:
        """Close the books (the audit raises on the day that broke them), then let observers look."""
        self.day_entries: DayEntries = self.books.close_day(self.day)
        self.flows.add(self.day_entries)
        self.datacollector.collect(self)
        self.running = self.day < self.days
        for observe in self.observers:
            observe(self)

    def _open_parts(self) -> None:
        """Empty lists and tables, before anybody is seated."""
        self.books = Books(tuple(TracingRule))
        self.outside: dict[str, int] = {}
        self.ai_customers = self.other_customers = self.suppliers = self.house = -1
        self.household_savers = self.omnibus = -1
        self.listed = []
        self.labs = []
        self.plain_firms: list[CarouselAgent] = []
        self.venture_investors = []
        self.bond_buyers = []
        self.funds = []
        self.etf = None
        self.participant = None
        self.basket = np.zeros(0, np.int64)
        self.is_rebalancing = False
        self.holders = None
        self.announcements = AnnouncementBoard()
        self.released_today: list[Announcement] = []
        self.capital_calls: list[CapitalCall] = []
        self.outside_flows: list[OutsideFlow] = []
        self.new_events = []
        self.observers: list[Callable[[CarouselModel], None]] = []
        self.credit = CreditBook(self)
        self.loans = LoanBook(self)
        self.own_demand: dict[int, OwnDemand] = {}
        self.buildouts = {}
        self.milestone_terms = {}
        self.deployed_mw: dict[int, float] = {}
        self.tranches_decided: dict[int, int] = {}
        self.announced_profit_usd: dict[int, float] = {}
        self.supplies = {}
        for supply in self.scenario_data.supply:
            self.supplies.setdefault(supply.buyer, []).append(supply)

    def _open_books(self) -> None:
        """Day 0: seat the cast, hand out what it owns, enter what was promised, and audit the opening balance."""
        self.books.journal.start_day(0)
        seat_cast(self, self.scenario_data)
        self.index_cast()
        endow(self, self.scenario_data)
        self.dues = DuesBook(self)
        rules = self.behaviour
        factors = rung_factors(rules.ladder_rungs, rules.ladder_step, rules.ladder_growth)
        self.ladder_desk = LadderDesk(self.books, factors)
        self.bond_desk = BondDesk(self.bond_buyers, self.behaviour, self.seed)
        self.beliefs = Beliefs(self)
        self.carries = [(Carry(), Carry(), Carry(), Carry()) for _ in self.listed]
        for firm in self.listed:
            firm.debt_at_start_cents, firm.cash_at_start_cents = firm.debt_cents, firm.cash_cents
            firm.stakes_at_start_cents = self.lab_stakes_cents(firm.account)
        if self.holders is not None:
            self.holders_day = HouseholdsDay(self, self.holders)
            install_columns(self, ColumnAgentSet(self.holders))
        promises.enter(self, self.scenario_data)
        self.loans.remember_start()
        self.flows = Flows(self)
        self.first_day_moves: dict[int, FirstDay] = {}
        self.credit.mark()
        self.dues.refresh_owed()
        if self.loans.loans or self.loans.guarantees:
            provide(self)
            self.loans.remember_start()
        if self.etf is not None:
            self.board.etf_price_cents = self.board.etf_previous_cents = round(100 * self.etf.facts.price_usd)
            self.books.extra_identities.append(self.basket_gaps)
            assert self.participant is not None
            self.participant_target_shares = int(
                self.books.registers.holdings[self.participant.account, self.etf.security]
            )
        self.day_entries = self.books.close_day(0)
        self.flows.add(self.day_entries)
        self.rebuild_network()

    def rebuild_network(self) -> None:
        """Rebuild the narrative network from today's contracts, stakes, debts and index weights."""
        rebuild_network(self)

    @property
    def date(self) -> date:
        """Today's date."""
        return self.dates_ahead[self.day]

    def pay_or_owe(self, payer: int, payee: int, cents: int, cause: Cause) -> None:
        """Pay what the payer has; the rest falls due at the next settlement."""
        if cents <= 0:
            return
        paid = min(cents, max(0, self.books.journal.balance(payer)))
        if paid:
            self.books.journal.post(payer, payee, paid, cause)
        if cents > paid and not self.is_in_default(payer):
            self.dues.add(payer, payee, cents - paid, cause)

    def collect(self, source: int, receiver: int, cents: int, cause: Cause) -> None:
        """Money from the outside world."""
        if cents > 0:
            self.books.journal.post(source, receiver, cents, cause)


def run(model: CarouselModel) -> CarouselModel:
    """Step a model to its end."""
    while model.running:
        model.step()
    return model


__all__ = ["CarouselModel", "Commitment", "run"]

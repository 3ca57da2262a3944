"""Day 0: the parts are opened, the cast is seated and endowed, promises are entered, the opening balance is audited."""

from __future__ import annotations

import mesa
import numpy as np

from ..agents.cast import Cast
from ..agents.fund_desk import FundDesk
from ..agents.sight import Sight
from ..contracts.notary import Notary
from ..contracts.register import Contracts
from ..engine.clock import Clock
from ..ledger.books import Books
from ..ledger.flows import Flow
from ..ledger.origins import TracingRule
from ..narrative.beliefs import Beliefs
from ..narrative.chronicle import Chronicle
from ..narrative.fund_values import Coming
from ..scenarios.schema import Scenario
from .identities import add_identities
from .lend import mark_bonds, provide
from .opening_cast import seat_cast
from .opening_holdings import endow, listings_of, seat_households
from .opening_promises import enter_promises
from .reflect import think_over
from .update_beliefs import rebuild_network
from .world import World


def open_books(headline_rule: TracingRule) -> Books:
    """Books that trace by all rules; the headline tables follow one of them."""
    return Books(tuple(TracingRule), headline_rule=headline_rule)


def open_contracts(clock: Clock, scenario: Scenario, books: Books, chronicle: Chronicle) -> Contracts:
    """The register of contracts, empty."""
    return Contracts(Notary(clock, scenario.behaviour, books, chronicle), scenario.supply)


def open_cast(clock: Clock, scenario: Scenario, books: Books, contracts: Contracts) -> Cast:
    """The cast, empty."""
    rules = scenario.behaviour
    return Cast(Sight(clock, rules, books, contracts), FundDesk(books, rules))


def open_market(world: World, model: mesa.Model) -> None:
    """Seat the cast and hand out what it owns; then there are prices and beliefs."""
    seat_cast(world, model)
    world.prices = endow(world, model)
    cast, rules = world.cast, world.scenario_data.behaviour
    coming = [
        Coming(lab.name, lab.slot, lab.account, lab.security, terms.daily_volatility)
        for lab, terms in listings_of(world)
    ]
    others = [lab.name for lab in cast.labs if lab not in cast.board_labs]
    world.beliefs = Beliefs(
        cast.listed,
        [*(lab.name for lab in coming), *others],
        cast.funds,
        world.prices.fund_benchmark,
        rules=rules,
        seed=world.clock.seed,
        coming=coming,
    )
    cast.sight.beliefs_open(world.beliefs)
    world.books.flows.ask(Flow.LAB_SPENDING, [lab.account for lab in cast.labs])
    world.books.flows.ask(Flow.BUILDING, [cloud.account for cloud in cast.clouds])
    seat_households(world, model)


def days_known(scenario: Scenario) -> dict[str, int]:
    """Weekdays before the start for which compute contracts have been known, by name."""
    known = ((x.name, x.known_since) for x in scenario.contract if x.known_since is not None)
    return {name: max(1, int(np.busday_count(since, scenario.start_date))) for name, since in known}


def open_promises(world: World) -> None:
    """Enter what was promised before the start or will be announced, mark what is owed, and close day 0."""
    contracts, cast, books, scenario = world.contracts, world.cast, world.books, world.scenario_data
    enter_promises(world)
    think_over(world, days_known(scenario))
    contracts.lending.remember_start()
    contracts.refresh_bills()
    for firm in cast.listed:
        firm.remember_opening()
    mark_bonds(world)
    contracts.bonds.remember_start()
    if contracts.lending.loans or contracts.lending.guarantees:
        provide(world)
        contracts.lending.remember_start()
    if cast.etf is not None and cast.participant is not None:
        world.prices.open_etf(round(100 * cast.etf.facts.price_usd))
        cast.participant.remember_opening()
    add_identities(world)
    books.close_day(0)
    rebuild_network(world)

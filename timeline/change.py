"""Change: what the scenario says of today takes force before anybody acts, and its owners take it themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..contracts.guarantee import Guarantee
from ..contracts.promise import Agreed
from ..narrative.chronicle import Happening
from ..scenarios.dated import after, due, told
from ..scenarios.schema import Scenario, Stop
from .opening_beside import enter_news
from .opening_holdings import memory_of
from .opening_promises import WAYS
from .world import World


def change(world: World) -> Scenario:
    """The scenario in force today: yesterday's, or one in which today's changes have taken force everywhere."""
    before, day = world.scenario_data, world.clock.day
    entries = due(before, day)
    if not entries:
        return before
    now = after(before, day)
    promised = dict(_agreed(world, before))
    _people(world, now)
    _markets(world, now)
    _deals(world, before, now, promised)
    for entry in entries:
        who = entry.announce.firm if entry.announce else ""
        world.chronicle.note(Happening.CHANGED, agent=who, detail=f"changed by the scenario: {told(entry)}")
        if isinstance(entry, Stop):
            if entry.payer in world.cast.chip_maker_by_name:
                world.cast.chip_maker_by_name[entry.payer].withdraw()
            for contract in list(world.contracts.ever_of(entry.payer)):
                if contract.is_alive and contract.payer == entry.payer:
                    contract.payer_stops()
    for item in now.news[len(before.news) :]:
        enter_news(world, item)
    return now


def _people(world: World, now: Scenario) -> None:
    """Everybody whose facts have changed takes them."""
    cast = world.cast
    kinds = (now.listed, now.lab, now.venture_investor, now.bond_buyer, now.active_fund)
    seated = (cast.listed, cast.labs, cast.venture_investors, cast.bond_buyers, cast.funds)
    for entries, agents in zip(kinds, seated, strict=True):
        for facts, agent in zip(entries, agents, strict=True):
            agent.take(facts)
    if now.etf is not None and cast.etf is not None and cast.participant is not None:
        cast.etf.take(now.etf)
        cast.participant.take(now.etf)
    if now.households is not None and cast.households is not None:
        cast.households.take(now.households, now.behaviour, now.listed)
        if cast.plans is not None:
            cast.plans.take(now.households)


def _markets(world: World, now: Scenario) -> None:
    """Habits change: of everybody who sees, of the desks, of the board, of what is believed."""
    rules, before = now.behaviour, world.scenario_data
    world.cast.sight.take(rules)
    world.cast.fund_desk.take(rules)
    world.prices.take_memory(memory_of(rules))
    world.beliefs.take(now.listed, now.active_fund, rules)
    for firm, old, new in zip(world.cast.listed, before.listed, now.listed, strict=True):
        if new.earnings_usd_per_year != old.earnings_usd_per_year:
            world.beliefs.scale_earnings(firm.index, new.earnings_usd_per_year / old.earnings_usd_per_year)


def _deals(world: World, before: Scenario, now: Scenario, promised: dict[str, Agreed]) -> None:
    """Contracts work by their new terms; belief in a promise moves by as much as that of its kind."""
    contracts = world.contracts
    contracts.take(now.behaviour, now.supply)
    for name, new in _agreed(world, now):
        if new != promised[name]:
            kind, _, deal = name.partition(".")
            _by_name(world, WAYS[kind].contract, deal).amend(*new)
    for old, limit in zip(before.guarantee, now.guarantee, strict=True):
        if limit != old:
            _by_name(world, Guarantee, old.name).take_limit(limit.limit_usd)
    contracts.refresh_bills()


def _agreed(world: World, scenario: Scenario) -> Iterator[tuple[str, Agreed]]:
    """What every living deal promises by a scenario, by kind and name, those that agents have made included; never
    less than what is delivered."""
    for kind, way in WAYS.items():
        for terms in (*getattr(scenario, kind), *world.contracts.made.get(kind, ())):
            contract = _by_name(world, way.contract, terms.name)
            if contract.is_alive:
                least = {"capacity_gw": max(terms.capacity_gw, contract.least_gw)} if contract.least_gw else {}
                yield f"{kind}.{terms.name}", way.read(world, terms.model_copy(update=least))


def _by_name(world: World, wanted: type[Any], name: str) -> Any:
    """The contract of a class and a name."""
    return next(contract for contract in world.contracts.kind(wanted) if contract.name == name)

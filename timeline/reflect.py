"""Reflect: what a customer can bring up against all it has signed, and what lenders ask, move belief in promises."""

from __future__ import annotations

from collections.abc import Mapping

from ..agents.lab import AiLab
from ..contracts.compute import ComputeContract
from ..contracts.guidance import Guidance
from ..contracts.promised import PublicContract
from ..narrative import doubt
from ..narrative.chronicle import Happening
from .world import World


def reflect(world: World) -> None:
    """A day of reflection on every lab's promises; on a day with news of a lab they jump first, and once a month it is
    noted which promises are doubted anew."""
    rules = world.scenario_data.behaviour
    news = {name for item in world.chronicle.released_today for name in (item.firm, item.counterparty, item.endorsed)}
    for lab in world.cast.labs:
        has_news = lab.name in news
        if has_news or lab.seen_coverage is None or world.clock.day % rules.coverage_look_days == 0:
            _look(world, lab, has_news=has_news)
        if lab.seen_coverage is None:
            continue
        pull = doubt.coverage_pull(lab.seen_coverage, lab.judgement, rules)
        for contract in _known(world, lab):
            contract.reflect(pull + _strain(world, contract))
    for firm in world.cast.listed:
        if (coverage := firm.rent_coverage()) is not None:
            pull = doubt.coverage_pull(coverage, 0.0, rules)
            for rented in world.contracts.compute_of(firm.name):
                if _was_known(world, rented):
                    rented.reflect(pull + _strain(world, rented))
    for contract in world.contracts.promises:
        if isinstance(contract, Guidance) and contract.payer_coverage is not None and _was_known(world, contract):
            contract.reflect(doubt.coverage_pull(contract.payer_coverage, 0.0, rules))
    if world.clock.is_month_end:
        _note_doubts(world)


def think_over(world: World, days_known: Mapping[str, int]) -> None:
    """Before the start: belief in compute contracts that were known for so many days, by name, has followed what their
    customers can bring up; what is believed of them is in the opening price."""
    rules, cast = world.scenario_data.behaviour, world.cast
    pulls = dict[str, float]()
    for contract in world.contracts.kind(ComputeContract):
        days, customer = days_known.get(contract.name, 0), contract.payer
        if not days:
            continue
        lab = cast.lab_by_name.get(customer)
        if customer not in pulls:
            coverage = cast.listed_by_name[customer].rent_coverage() if lab is None else lab.reckon_coverage()
            judgement = 0.0 if lab is None else lab.judgement
            pulls[customer] = 0.0 if coverage is None else doubt.coverage_pull(coverage, judgement, rules)
        contract.thought_over(pulls[customer], days)
        believed = contract.believed_share * contract.profit_usd_per_year
        world.beliefs.take_out_of_base(contract.promise.beneficiary, believed)


def _note_doubts(world: World) -> None:
    """Promises in which belief has fallen too low for a board to go on paying in full: what is left of them."""
    for contract in world.contracts.promises:
        if contract.is_in_force and contract.falls_into_doubt():
            left_cents = max(0, contract.promise.announced_cents - contract.paid_cents)
            detail = f"belief in {contract.name} falls to {contract.credibility:.0%}"
            parties = {"agent": contract.payer, "counterparty": contract.payee}
            world.chronicle.note(Happening.DOUBTED, **parties, cents=left_cents, detail=detail)


def _look(world: World, lab: AiLab, *, has_news: bool) -> None:
    """Coverage is reckoned anew; on a day with news what it changes moves belief in all that the lab had signed
    before at once."""
    rules, before, now = world.scenario_data.behaviour, lab.seen_coverage, lab.reckon_coverage()
    if not has_news or before is None or now is None:
        return
    jump = doubt.coverage_pull(now, lab.judgement, rules) - doubt.coverage_pull(before, lab.judgement, rules)
    for contract in _known(world, lab):
        contract.shift(jump)


def _known(world: World, lab: AiLab) -> list[PublicContract]:
    """Its promises in force of which people have known since yesterday at least."""
    return [c for c in world.contracts.of(lab.name) if _was_known(world, c)]


def _was_known(world: World, contract: PublicContract) -> bool:
    """Whether it is in force and people have known of it since yesterday at least."""
    return contract.is_in_force and contract.public_day < world.clock.day


def _strain(world: World, contract: PublicContract) -> float:
    """What lenders ask of who has to build, against the start."""
    if not isinstance(contract, ComputeContract):
        return 0.0
    builder, spreads = contract.terms.provider, world.contracts.bonds.spread_per_year
    start = world.contracts.bonds.spread_at_start.get(builder, 0.0)
    return doubt.strain_pull(spreads.get(builder, 0.0), start, world.scenario_data.behaviour)

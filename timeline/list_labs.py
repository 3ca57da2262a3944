"""List labs: at a month's end whose window is open sells new shares to the ETF, to households and to active funds."""

from __future__ import annotations

from ..agents.lab import AiLab
from ..contracts.flotation import Flotation, Offer
from ..contracts.promise import in_bn
from ..engine.calendar import DAYS_PER_QUARTER
from ..ledger.causes import Cause
from ..ledger.units import split
from ..narrative.chronicle import Happening
from .payments import collect
from .world import World


def list_labs(world: World) -> None:
    """Every planned listing whose time has come takes place, or fails for want of buyers and is tried again."""
    for flotation in world.contracts.kind(Flotation):
        lab = world.cast.lab_by_name[flotation.payer]
        offer = lab.decide_listing()
        if offer is not None:
            _offer(world, flotation, lab, offer)


def _offer(world: World, flotation: Flotation, lab: AiLab, offer: Offer) -> None:
    """Shares against cash; then they have a place on the board and in the index."""
    bought = _allot(world, flotation, lab, offer)
    placed = Offer(sum(bought.values()), offer.price_cents)
    if placed.shares < world.scenario_data.behaviour.round_placement_min * offer.shares:
        cents = offer.shares * offer.price_cents
        detail = f"no listing: {placed.shares / max(1, offer.shares):.0%} of {in_bn(cents):.1f} bn USD placed"
        world.chronicle.note(Happening.ROUND_FAILED, agent=lab.name, cents=cents, detail=detail)
        return
    cash_before_cents, journal = lab.cash_cents, world.books.journal
    savers, small = world.cast.household_savers, world.cast.small_shareholders.get(lab.name)
    for account, shares in bought.items():
        cents = shares * offer.price_cents
        if account == small:
            collect(world, savers, account, cents, Cause.SAVING)
        journal.post(account, lab.account, cents, Cause.LISTING, flotation.number)
        world.books.registers.issue(lab.public, account, shares)
    flotation.placed(placed, cash_before_cents)
    of_funds = sum(bought.get(fund.account, 0) for fund in world.cast.funds)
    world.prices.admit(lab.index, offer.price_cents, (placed.shares, of_funds))
    if world.cast.etf is not None:
        world.cast.etf.include()
    lab.round_closed(offer.price_cents, world.clock.day + DAYS_PER_QUARTER)


def _allot(world: World, flotation: Flotation, lab: AiLab, offer: Offer) -> dict[int, int]:
    """Shares by account of who buys them: what the ETF's basket will need, what households take, and for the rest
    active funds by their weight; nobody more than he has cash for, but households, who bring savings."""
    cast, left, bought = world.cast, offer.shares, dict[int, int]()
    if cast.participant is not None:
        bought[cast.participant.account] = cast.participant.subscribe(offer)
    if cast.households is not None:
        kept = int(left * flotation.terms.household_share)
        bought[cast.small_shareholders[lab.name]] = cast.households.subscribe(kept)
    left = max(0, left - sum(bought.values()))
    for fund, shares in zip(cast.funds, split(left, world.prices.fund_benchmark.tolist()), strict=True):
        bought[fund.account] = min(shares, fund.cash_cents // offer.price_cents)
    return {account: shares for account, shares in bought.items() if shares > 0}

"""Clouds fund their building: bonds, fewer the wider the spread, then shares; what is not raised slows the building."""

from __future__ import annotations

from ..agents.cloud import CloudProvider
from ..agents.credit_standing import fair_spread
from ..contracts.bond import FACE_CENTS, BondTerms
from ..contracts.promise import in_bn
from ..engine.calendar import DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..ledger.registers import SecurityKind
from ..market.credit import uniform_price_book
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from .lend import mark_bonds
from .payments import collect
from .world import World


def fund_cloud(world: World, cloud: CloudProvider) -> None:
    """Bonds, fewer the wider the spread, then shares; what is not raised slows the building."""
    mark_bonds(world)
    spread = fair_spread(cloud, world.cast.listed_by_name, world.cast.sight)
    need = cloud.need_cents()
    plan = cloud.plan_funding(need, spread)
    raised = _issue_bonds(world, cloud, plan.bonds_cents, spread) if plan.bonds_cents else 0
    missing = plan.cents - raised
    on_sale = cloud.sell_shares_for(plan, missing)
    if cloud.unplaced_share:
        detail = f"spread {spread * 1e4:.0f} bp"
        world.chronicle.note(Happening.SHARE_ISSUE, agent=cloud.name, cents=on_sale, detail=detail)
    _set_pace(world, cloud, need, missing - on_sale)


def _set_pace(world: World, cloud: CloudProvider, need_cents: int, missing_cents: int) -> None:
    """Where building slows, belief in what is being built falls, and everybody knows tomorrow."""
    if not cloud.set_pace(need_cents, missing_cents):
        return
    detail = f"pace {cloud.build_pace:.0%} of plan"
    world.chronicle.note(Happening.BUILD_SLOWED, agent=cloud.name, cents=missing_cents, detail=detail)
    for contract in cloud.contracts:
        contract.building_slows()
    text = f"{cloud.name} slows its building"
    world.chronicle.announce_tomorrow(
        Draft(firm=cloud.name, instrument=Instrument.GUIDANCE, text=text, announced_cents=missing_cents, direction=-1)
    )


def _issue_bonds(world: World, cloud: CloudProvider, wanted_cents: int, fair: float) -> int:
    """A uniform-price book of all buyers' bids. Returns cents placed."""
    bids = [bid for buyer in world.cast.bond_buyers for bid in buyer.decide_bids(cloud.name, cloud.slot, fair)]
    result = uniform_price_book(bids, wanted_cents, cloud.bond_limit_per_year())
    placed = _place(world, cloud, dict(result.allotments), result.spread_per_year) if result.placed_cents else 0
    if placed:
        detail = f"spread {result.spread_per_year * 1e4:.0f} bp, wanted {in_bn(wanted_cents):.1f} bn"
        world.chronicle.note(Happening.BOND_ISSUED, agent=cloud.name, cents=placed, detail=detail)
    if placed < world.scenario_data.behaviour.bond_issue_success_share * wanted_cents:
        detail = f"spread {fair * 1e4:.0f} bp"
        world.chronicle.note(Happening.BOND_FAILED, agent=cloud.name, cents=wanted_cents - placed, detail=detail)
    return placed


def _place(world: World, cloud: CloudProvider, allotments: dict[int, int], spread: float) -> int:
    """Issue a series at par with the coupon the book asked; units against cash, whole units only."""
    journal, registers, day = world.books.journal, world.books.registers, world.clock.day
    for buyer in world.cast.bond_buyers:
        if buyer.is_private_credit and (cents := allotments.get(buyer.account, 0) // FACE_CENTS * FACE_CENTS):
            collect(world, buyer.savers.account, buyer.account, buyer.call_investors(cents), Cause.CAPITAL_CALL)
    bought = {account: min(cents, journal.balance(account)) // FACE_CENTS for account, cents in allotments.items()}
    if not any(bought.values()):
        return 0
    rules = world.scenario_data.behaviour
    coupon = rules.riskless_rate_per_year + spread
    name = f"{cloud.name} {coupon:.2%} issued day {day}"
    security = registers.open_security(name, SecurityKind.BOND)
    world.contracts.bonds.enter(
        BondTerms(
            name=name,
            issuer=cloud.name,
            issuer_account=cloud.account,
            security=security,
            coupon_per_year=coupon,
            maturity_day=day + rules.bond_years * DAYS_PER_YEAR,
            luck=f"{cloud.name}, bond of day {day}, ",
        )
    )
    for account, units in bought.items():
        if units:
            journal.post(account, cloud.account, units * FACE_CENTS, Cause.BOND_ISSUE)
            registers.issue(security, account, units)
    world.contracts.bonds.changed()
    return sum(bought.values()) * FACE_CENTS

"""Clouds fund their building: bonds, fewer the wider the spread, then revolving lines, then shares; what is not raised
slows the building."""

from __future__ import annotations

from ..agents.cloud import CloudProvider
from ..agents.credit_standing import fair_spread
from ..contracts.bond import FACE_CENTS, Bond, BondTerms
from ..contracts.promise import in_bn
from ..contracts.revolving_line import RevolvingLine
from ..engine.calendar import DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..market.credit import uniform_price_book
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from .lend import mark_bonds
from .payments import collect
from .place_notes import place
from .world import World


def fund_cloud(world: World, cloud: CloudProvider) -> None:
    """Bonds, fewer the wider the spread, then its revolving lines, then shares; what is not raised slows the
    building."""
    mark_bonds(world)
    spread = fair_spread(cloud, world.cast.listed_by_name, world.cast.sight)
    need = cloud.need_cents()
    plan = cloud.plan_funding(need, spread)
    raised = _issue_bonds(world, cloud, plan.bonds_cents, spread) if plan.bonds_cents else 0
    missing = plan.cents - raised
    if missing <= FACE_CENTS * len(world.cast.bond_buyers):  # what whole bonds leave over
        missing = 0
    missing -= _draw_lines(world, cloud, missing, spread)
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
    name, rules = f"issued day {world.clock.day}", world.scenario_data.behaviour
    until = world.clock.day + rules.bond_years * DAYS_PER_YEAR
    spread = result.spread_per_year
    bond = _place(world, cloud, dict(result.allotments), (spread, until, name)) if result.placed_cents else None
    placed = bond.face_outstanding_cents if bond is not None else 0
    if placed:
        detail = f"spread {result.spread_per_year * 1e4:.0f} bp, wanted {in_bn(wanted_cents):.1f} bn"
        world.chronicle.note(Happening.BOND_ISSUED, agent=cloud.name, cents=placed, detail=detail)
    if placed < world.scenario_data.behaviour.bond_issue_success_share * wanted_cents:
        _tell_failure(world, cloud, wanted_cents - placed, fair)
    return placed


def _tell_failure(world: World, cloud: CloudProvider, missing_cents: int, fair: float) -> None:
    """Lenders have not bought what was offered: everybody knows tomorrow, as of a lab's round that fails."""
    detail = f"spread {fair * 1e4:.0f} bp"
    world.chronicle.note(Happening.BOND_FAILED, agent=cloud.name, cents=missing_cents, detail=detail)
    text = f"{cloud.name} does not place {in_bn(missing_cents):.1f} bn USD of bonds"
    world.chronicle.announce_tomorrow(
        Draft(firm=cloud.name, instrument=Instrument.GUIDANCE, text=text, announced_cents=missing_cents, direction=-1)
    )


def _draw_lines(world: World, cloud: CloudProvider, missing_cents: int, spread: float) -> int:
    """Its revolving lines bring what bonds did not, within their room; the lender takes in the credit that it grants.
    Returns cents drawn."""
    drawn = 0
    for line in world.contracts.kind(RevolvingLine):
        if line.payee != cloud.name or world.contracts.bills.late_cents(cloud.account):
            continue
        cents = min(missing_cents - drawn, line.room_cents(spread)) // FACE_CENTS * FACE_CENTS
        if cents <= 0:
            continue
        bank = next(buyer for buyer in world.cast.bond_buyers if buyer.name == line.payer)
        collect(world, bank.savers.account, bank.account, cents, Cause.BOND_INFLOW)
        name = f"drawn on {line.name} on day {world.clock.day}"
        note = _place(world, cloud, {bank.account: cents}, (line.terms.margin_per_year, line.maturity_day, name))
        assert note is not None, "the credit has just been taken in"
        line.drawn(note)
        drawn += cents
        world.chronicle.note(
            Happening.BOND_ISSUED, agent=cloud.name, counterparty=bank.name, cents=cents, detail=f"drawn on {line.name}"
        )
    return drawn


def _place(
    world: World, cloud: CloudProvider, allotments: dict[int, int], terms: tuple[float, int, str]
) -> Bond | None:
    """Issue a series at par with the riskless rate and a spread as its coupon until a day, under a name; units against
    cash, whole units only. None where nobody can pay for one."""
    spread, until_day, words = terms
    coupon = world.scenario_data.behaviour.riskless_rate_per_year + spread
    series = BondTerms(
        name=f"{cloud.name} {coupon:.2%} {words}",
        issuer=cloud.name,
        issuer_account=cloud.account,
        coupon_per_year=coupon,
        maturity_day=until_day,
        issue_day=world.clock.day,
        luck=f"{cloud.name}, bond of day {world.clock.day}, " + words.partition("day")[0].removeprefix("issued "),
    )
    return place(world, series, allotments)

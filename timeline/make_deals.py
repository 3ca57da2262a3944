"""Make deals: once a quarter labs sign compute or ask to cut it, clouds and chip makers offer, letters are replaced."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..agents import deal_rules, deals
from ..agents.cloud import CloudProvider
from ..agents.deals import ComputeOffer
from ..agents.lab import AiLab
from ..agents.lab_rules import PlannedDeal
from ..agents.support import Gap, Sale, Support, cheapest, credit_offers, equity_offers
from ..contracts.compute import ComputeContract
from ..contracts.milestone import MilestoneInvestment
from ..contracts.supply import bought
from ..narrative.announcements import Instrument
from ..narrative.chronicle import Happening
from ..scenarios import schema
from . import deal_words
from .opening_promises import COMPUTE, SHARES, enter_deal
from .put_in import HelpedDeal, new_name, put_in, tomorrow
from .world import World


class Backed(NamedTuple):
    """What a cloud offers, what a chip maker undertakes for it so that it can, and what lenders ask of it without."""

    offer: ComputeOffer
    support: Support | None
    spread_per_year: float


def make_deals(world: World) -> None:
    """Boards look at their books: what is decided today is announced tomorrow. Nothing with deal-making off."""
    rules, clock = world.scenario_data.behaviour, world.clock
    if not rules.deal_making or not clock.is_month_end or clock.month % rules.deal_look_months:
        return
    for lab in clock.in_keyed_order(world.cast.labs):
        wish_gw = deals.wish_gw(lab, world.cast.sight)
        if wish_gw > 0:
            _sign(world, lab, wish_gw)
        elif wish_gw < 0:
            _ask_cut(world, lab, -wish_gw)
    for letter in list(world.contracts.kind(MilestoneInvestment)):
        if letter.is_in_force and letter.promise.instrument is Instrument.LETTER_OF_INTENT:
            _review(world, letter)


def _sign(world: World, lab: AiLab, gw: float) -> None:
    """The cheapest cloud that can build and fund it, at a price between what both can take; where the lab lacks the
    means, a chip maker may help."""
    sight, rules = world.cast.sight, world.scenario_data.behaviour
    found = _cheapest(world, lab, gw)
    if found is None:
        return
    offer, highest = found.offer, deals.highest_price(lab, sight)
    price = deal_rules.bargain(offer.lowest_usd_per_gw_year, highest, rules.deal_provider_share)
    if not price:
        return
    cloud, build = offer.provider, gw / rules.deal_build_years
    planned = PlannedDeal(gw, price, cloud.facts.build_months / 12, build, rules.deal_years)
    missing = deals.missing_usd(lab, planned, sight)
    helped = _help(world, lab, found, gw, missing) if missing else None
    if missing and helped is None:
        return
    name = new_name(world, f"{lab.name}-{cloud.name} compute")
    helped_deal = HelpedDeal(name, gw, cloud, lab, missing, found.spread_per_year)
    for support in (found.support, helped):
        if support is not None:
            put_in(world, support, helped_deal)
    enter_deal(
        world,
        COMPUTE,
        name=name,
        customer=lab.name,
        provider=cloud.name,
        capacity_gw=gw,
        price_usd_per_gw_year=price,
        years=rules.deal_years,
        net_margin=(1 - rules.tax_share) * (1 - cloud.cost_usd_per_gw_year() / price),
        build_gw_per_year=build,
    )
    detail = deal_words.signed(planned, offer, lab.name, highest)
    cents = round(100 * gw * price * rules.deal_years)
    world.chronicle.note(Happening.SIGNED, agent=lab.name, counterparty=cloud.name, cents=cents, detail=detail)


def _cheapest(world: World, lab: AiLab, gw: float) -> Backed | None:
    """The cheapest of what clouds offer by themselves; if none does, of what they do with a chip maker behind them."""
    sight, listed = world.cast.sight, world.cast.listed_by_name
    clouds = world.clock.in_keyed_order(world.cast.clouds)
    spreads = {cloud.name: deals.asked_spread(cloud, gw, listed, sight) for cloud in clouds}
    made = [(deals.decide_compute_offer(cloud, lab, spreads[cloud.name], sight), cloud) for cloud in clouds]
    found = [Backed(offer, None, spreads[cloud.name]) for offer, cloud in made if offer is not None]
    if not found:
        backed = (_backed(world, lab, gw, (cloud, spreads[cloud.name])) for cloud in clouds)
        found = [each for each in backed if each is not None]
    return min(found, key=_asked, default=None)


def _asked(backed: Backed) -> float:
    return backed.offer.lowest_usd_per_gw_year


def _backed(world: World, lab: AiLab, gw: float, asked: tuple[CloudProvider, float]) -> Backed | None:
    """What a cloud offers of which lenders ask too much, when one of its chip makers brings that down to its limit."""
    sight, (cloud, spread), limit = world.cast.sight, asked, asked[0].facts.spread_limit_per_year
    if not deals.can_build(cloud, sight) or spread <= limit:
        return None
    gap, belief = Gap(cloud, deals.building_usd(cloud, gw, sight), spread), deals.belief_in(lab, sight)
    for sale in _sales(world, cloud, gw):
        support = cheapest(credit_offers(sale, gap, 1 - belief, sight))
        if support is not None:
            return Backed(ComputeOffer(cloud, deals.lowest_price(cloud, belief, limit, sight)), support, spread)
    return None


def _help(world: World, lab: AiLab, found: Backed, gw: float, missing_usd: float) -> Support | None:
    """The first chip maker of the cloud, the largest first, that puts up what the lab lacks, after what it undertakes
    for the cloud."""
    for sale in _sales(world, found.offer.provider, gw):
        spent = found.support.cost_usd if found.support is not None and found.support.maker is sale.maker else 0.0
        support = cheapest(equity_offers(sale, lab, missing_usd, spent, world.cast.sight))
        if support is not None:
            return support
    return None


def _sales(world: World, cloud: CloudProvider, gw: float) -> list[Sale]:
    """What a cloud's chip makers would sell, the largest part first."""
    supplies = sorted(world.contracts.supplies.of(cloud.name), key=_share, reverse=True)
    makers = world.cast.chip_maker_by_name
    return [Sale(makers[name], supply.share * supply.chips_usd_per_gw * gw) for name, supply in bought(supplies)]


def _share(supply: schema.ChipSupply) -> float:
    return supply.share


def _ask_cut(world: World, lab: AiLab, gw: float) -> None:
    """A lab that has signed for more than it needs asks the provider with most left to begin to give some of it up.

    What both agree upon is a reset; for want of money it is a renegotiation like others, and no strike either.
    """
    clouds, sight = world.cast.cloud_by_name, world.cast.sight
    signed = [contract for contract in world.contracts.compute_of(lab.name) if contract.terms.provider in clouds]
    open_ = [contract for contract in signed if contract.remaining_mw > 0]
    if not open_:
        return
    contract = max(open_, key=_remaining)
    cloud = clouds[contract.terms.provider]
    spread = deals.asked_spread(cloud, 0.0, world.cast.listed_by_name, sight)
    answer = deals.decide_cut(cloud, contract, spread, sight)
    megawatts = min(contract.not_begun_mw, math.ceil(1000 * gw))
    detail = deal_words.cut_asked(contract, megawatts, answer)
    world.chronicle.note(Happening.CUT_ASKED, agent=lab.name, counterparty=cloud.name, detail=detail)
    if answer.agrees:
        contract.give_up(megawatts, is_reset=not deals.is_in_difficulty(lab, sight))


def _remaining(contract: ComputeContract) -> int:
    return contract.remaining_mw


def _review(world: World, letter: MilestoneInvestment) -> None:
    """A chip maker's board may replace a letter by a subscription of less that it pays at once."""
    maker, lab = world.cast.chip_maker_by_name.get(letter.payer), world.cast.lab_by_name[letter.payee]
    if maker is None:
        return
    found = deals.decide_replacement(maker, lab, letter, world.cast.sight)
    if found.usd <= lab.price_cents / 100:
        return
    enter_deal(
        world,
        SHARES,
        name=new_name(world, f"{maker.name}-{lab.name} subscription"),
        investor=maker.name,
        investee=lab.name,
        amount_usd=found.usd,
        closes=tomorrow(world),
        replaces=letter.name,
    )
    detail, cents = deal_words.replaced(letter, found), round(100 * found.usd)
    world.chronicle.note(Happening.OFFERED, agent=maker.name, counterparty=lab.name, cents=cents, detail=detail)

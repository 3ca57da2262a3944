"""Make deals: once a quarter labs sign compute or ask to cut it, clouds and chip makers offer, letters are replaced."""

from __future__ import annotations

import math

from ..agents import deal_rules, deals
from ..agents.chip_maker import ChipMaker
from ..agents.deals import ComputeOffer, EquityOffer
from ..agents.lab import AiLab
from ..agents.lab_rules import PlannedDeal
from ..contracts.compute import ComputeContract
from ..contracts.milestone import MilestoneInvestment
from ..contracts.supply import bought
from ..narrative.announcements import Instrument
from ..narrative.chronicle import Happening
from ..scenarios import schema
from ..scenarios.schema_base import NAME_MAX
from .opening_promises import COMPUTE, LETTER, SHARES, enter_deal
from .world import World


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
    made = (
        deals.decide_compute_offer(cloud, lab, gw, sight) for cloud in world.clock.in_keyed_order(world.cast.clouds)
    )
    offers = [offer for offer in made if offer is not None]
    if not offers:
        return
    offer = min(offers, key=_asked)
    lowest, highest = offer.lowest_usd_per_gw_year, deals.highest_price(lab, sight)
    price = deal_rules.bargain(lowest, highest, rules.deal_provider_share)
    if not price:
        return
    build, cloud = gw / rules.deal_build_years, offer.provider
    planned = PlannedDeal(gw, price, cloud.facts.build_months / 12, build, rules.deal_years)
    missing = deals.missing_usd(lab, planned, sight)
    helper = _help(world, lab, offer, gw, missing) if missing else None
    if missing and helper is None:
        return
    if helper is not None:
        _put_in(world, lab, helper, gw)
    enter_deal(
        world,
        COMPUTE,
        name=_name(world, f"{lab.name}-{cloud.name} compute"),
        customer=lab.name,
        provider=cloud.name,
        capacity_gw=gw,
        price_usd_per_gw_year=price,
        years=rules.deal_years,
        net_margin=(1 - rules.tax_share) * (1 - cloud.cost_usd_per_gw_year() / price),
        build_gw_per_year=build,
    )
    detail = (
        f"{gw:.2f} GW at {price / 1e9:.1f} bn USD a GW and year; it takes {lowest / 1e9:.1f} to {highest / 1e9:.1f}"
    )
    cents = round(100 * gw * price * rules.deal_years)
    world.chronicle.note(Happening.SIGNED, agent=lab.name, counterparty=cloud.name, cents=cents, detail=detail)


def _asked(offer: ComputeOffer) -> float:
    return offer.lowest_usd_per_gw_year


def _help(
    world: World, lab: AiLab, offer: ComputeOffer, gw: float, missing_usd: float
) -> tuple[ChipMaker, EquityOffer] | None:
    """The first chip maker of the cloud, the largest first, that puts up what the lab lacks."""
    supplies = sorted(world.contracts.supplies.of(offer.provider.name), key=_share, reverse=True)
    for name, supply in bought(supplies):
        maker = world.cast.chip_maker_by_name[name]
        chips_usd = supply.share * supply.chips_usd_per_gw * gw
        equity = deals.decide_equity_offer(maker, lab, missing_usd, chips_usd, world.cast.sight)
        if equity is not None:
            return maker, equity
    return None


def _share(supply: schema.ChipSupply) -> float:
    return supply.share


def _put_in(world: World, lab: AiLab, helper: tuple[ChipMaker, EquityOffer], gw: float) -> None:
    """A chip maker's subscription, or its letter: a tranche for each GW of the deal."""
    maker, equity = helper
    parties = {"investor": maker.name, "investee": lab.name}
    name = _name(world, f"{maker.name}-{lab.name} equity")
    if equity.instrument is Instrument.EQUITY:
        closes = world.clock.dates[world.clock.day + 1]
        enter_deal(world, SHARES, name=name, amount_usd=equity.usd, closes=closes, **parties)
    else:
        enter_deal(world, LETTER, name=name, amount_usd_per_gw=equity.usd / gw, capacity_gw=gw, **parties)
    detail = f"{equity.instrument.value} for {gw:.2f} GW"
    cents = round(100 * equity.usd)
    world.chronicle.note(Happening.OFFERED, agent=maker.name, counterparty=lab.name, cents=cents, detail=detail)


def _ask_cut(world: World, lab: AiLab, gw: float) -> None:
    """A lab that has signed for more than it needs asks the provider with most left to begin to give some of it up."""
    clouds = world.cast.cloud_by_name
    signed = [c for c in world.contracts.compute_of(lab.name) if c.terms.provider in clouds]
    open_ = [c for c in signed if c.remaining_mw > 0 and c.can_be_renegotiated]
    if not open_:
        return
    contract = max(open_, key=_remaining)
    cloud = clouds[contract.terms.provider]
    agrees = deals.agrees_to_cut(cloud, contract, world.cast.sight)
    detail = f"{contract.name}: {'agreed' if agrees else 'refused'}"
    world.chronicle.note(Happening.CUT_ASKED, agent=lab.name, counterparty=cloud.name, detail=detail)
    if agrees:
        contract.renegotiate(is_relief=True, given_up_mw=math.ceil(1000 * gw))


def _remaining(contract: ComputeContract) -> int:
    return contract.remaining_mw


def _review(world: World, letter: MilestoneInvestment) -> None:
    """A chip maker's board may replace a letter by a subscription of less that it pays at once."""
    maker, lab = world.cast.chip_maker_by_name.get(letter.payer), world.cast.lab_by_name[letter.payee]
    if maker is None:
        return
    usd = deals.decide_replacement(maker, lab, letter, world.cast.sight)
    if usd <= lab.price_cents / 100:
        return
    enter_deal(
        world,
        SHARES,
        name=_name(world, f"{maker.name}-{lab.name} subscription"),
        investor=maker.name,
        investee=lab.name,
        amount_usd=usd,
        closes=world.clock.dates[world.clock.day + 1],
        replaces=letter.name,
    )
    detail = f"in place of {letter.name}"
    cents = round(100 * usd)
    world.chronicle.note(Happening.OFFERED, agent=maker.name, counterparty=lab.name, cents=cents, detail=detail)


def _name(world: World, words: str) -> str:
    """A name that no contract has: with its date, and a count where a day has several; long words are cut."""
    taken = {contract.name for contract in world.contracts.promises}
    end, count = f" of {world.clock.date}", 1
    while (name := words[: NAME_MAX - len(end)].rstrip() + end) in taken:
        count += 1
        end = f" of {world.clock.date} ({count})"
    return name

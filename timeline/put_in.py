"""Put in what a chip maker has offered: its shares, letter, loan, guarantee or cover become deals like any other."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from ..agents.cloud import CloudProvider
from ..agents.lab import AiLab
from ..agents.support import Form, Support
from ..contracts.guarantee import Guarantee
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from ..scenarios.schema_base import NAME_MAX
from ..scenarios.schema_vendor import Guarantee as GuaranteeTerms
from ..scenarios.schema_vendor import LoanRank
from . import deal_words
from .opening_promises import COVER, LETTER, LOAN, SHARES, enter_deal
from .world import World

DAYS_OF_CALENDAR = 365.25
"""Of a year by the calendar, which the last day of cover is told in."""


class HelpedDeal(NamedTuple):
    """A deal that a chip maker helps to sign: its name, how much, who builds for whom, what the lab lacks, and what
    lenders ask of the builder without help."""

    name: str
    gw: float
    cloud: CloudProvider
    lab: AiLab
    missing_usd: float
    spread_per_year: float


def tomorrow(world: World) -> date:
    """Day of the announcement of what is decided today."""
    return world.clock.dates[world.clock.day + 1]


def new_name(world: World, words: str) -> str:
    """A name that no contract has: with its date, and a count where a day has several; long words are cut."""
    taken = {contract.name for contract in world.contracts.promises}
    end, count = f" of {world.clock.date}", 1
    while (name := words[: NAME_MAX - len(end)].rstrip() + end) in taken:
        count += 1
        end = f" of {world.clock.date} ({count})"
    return name


def put_in(world: World, support: Support, deal: HelpedDeal) -> None:
    """What a chip maker has offered so that a deal could be signed, and the event that tells it."""
    goes_to_lab = support.form in (Form.SHARES, Form.LETTER)
    receiver, words = (deal.lab.name if goes_to_lab else deal.cloud.name), "equity" if goes_to_lab else support.form
    WAYS[support.form](world, support, deal, new_name(world, f"{support.maker.name}-{receiver} {words}"))
    if goes_to_lab:
        gap = deal_words.lacks(deal.lab.name, deal.missing_usd)
    else:
        gap = deal_words.asked(deal.cloud, deal.spread_per_year)
    world.chronicle.note(
        Happening.OFFERED,
        agent=support.maker.name,
        counterparty=receiver,
        cents=round(100 * support.usd),
        detail=deal_words.offered(support, deal.gw, gap),
    )


def _shares(world: World, support: Support, deal: HelpedDeal, name: str) -> None:
    enter_deal(
        world, SHARES, name=name, investor=support.maker.name, investee=deal.lab.name, amount_usd=support.usd,
        closes=tomorrow(world),
    )  # fmt: skip


def _letter(world: World, support: Support, deal: HelpedDeal, name: str) -> None:
    """A tranche for each GW of the deal, and of no other."""
    enter_deal(
        world, LETTER, name=name, investor=support.maker.name, investee=deal.lab.name, capacity_gw=deal.gw,
        amount_usd_per_gw=support.usd / deal.gw, contract=deal.name,
    )  # fmt: skip


def _loan(world: World, support: Support, deal: HelpedDeal, name: str) -> None:
    """A line for its chips while the deal is built, at what lenders would ask, repaid over the deal's term."""
    rules, supplies = world.scenario_data.behaviour, world.contracts.supplies.of(deal.cloud.name)
    chips = sum(s.share * s.chips_usd_per_gw * deal.gw for s in supplies if s.supplier == support.maker.name)
    enter_deal(
        world, LOAN, name=name, lender=support.maker.name, borrower=deal.cloud.name, committed_usd=support.usd,
        financed_share=min(1.0, support.usd / chips), spread_per_year=min(1.0, deal.spread_per_year),
        rank=LoanRank.TRADE,
        draw_months=deal.cloud.facts.build_months + math.ceil(12 * rules.deal_build_years),
        repayment_months=math.ceil(12 * rules.deal_years),
    )  # fmt: skip


def _cover(world: World, support: Support, deal: HelpedDeal, name: str) -> None:
    """For idle capacity over the time in which the deal is built and runs."""
    rules = world.scenario_data.behaviour
    years = deal.cloud.facts.build_months / 12 + rules.deal_build_years + rules.deal_years
    enter_deal(
        world, COVER, name=name, backer=support.maker.name, cloud=deal.cloud.name, limit_usd=support.usd,
        expires=world.clock.date + timedelta(days=round(DAYS_OF_CALENDAR * years)),
    )  # fmt: skip


def _guarantee(world: World, support: Support, deal: HelpedDeal, name: str) -> None:
    """In force at once: lenders are told first."""
    maker, cloud = support.maker.name, deal.cloud.name
    terms = GuaranteeTerms(name=name, guarantor=maker, issuer=cloud, limit_usd=support.usd)
    world.contracts.enter(Guarantee(world.contracts.notary, terms))
    text = f"{maker} answers for up to {support.usd / 1e9:.2f} bn USD of {cloud}'s bonds"
    world.chronicle.announce_tomorrow(
        Draft(
            firm=cloud, counterparty=maker, instrument=Instrument.CONTRACT, text=text,
            announced_cents=round(100 * support.usd),
        )
    )  # fmt: skip


WAYS: dict[Form, Callable[[World, Support, HelpedDeal, str], None]] = {
    Form.SHARES: _shares,
    Form.LETTER: _letter,
    Form.LOAN: _loan,
    Form.GUARANTEE: _guarantee,
    Form.COVER: _cover,
}
"""What becomes of each form."""

"""What a chip maker offers where a sale fails for want of its customer's funds: shares or a letter to the lab, a
loan, a guarantee or cover of idle capacity to the builder; of those that close the gap the one that costs least."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ..contracts.loan_rules import default_probability
from ..narrative.announcements import Instrument
from ..narrative.credibility import credibility, start_log_odds
from . import deal_rules
from .chip_maker import ChipMaker
from .cloud import CloudProvider
from .credit_standing import own_spread
from .deal_rules import least_that
from .lab import AiLab
from .sight import Sight


class Form(StrEnum):
    """In which form a chip maker helps."""

    SHARES = "new shares"
    LETTER = "letter of intent"
    LOAN = "loan"
    GUARANTEE = "guarantee"
    COVER = "cover of idle capacity"


@dataclass(frozen=True, slots=True)
class Support:
    """What a board offers: how much in which form, what it needs in cash, what it expects to lose by it, and what the
    sale earns."""

    maker: ChipMaker
    form: Form
    usd: float
    cash_usd: float
    cost_usd: float
    profit_usd: float

    @property
    def is_worth_it(self) -> bool:
        """Whether the sale pays for it. Source: a supplier lends where it gains by the sale: Petersen & Rajan (1997),
        RFS 10(3); Brennan, Maksimovic & Zechner (1988), J. Finance 43(5)."""
        return self.profit_usd >= self.cost_usd


class Sale(NamedTuple):
    """Chips that a maker would sell, and what the sale leaves it."""

    maker: ChipMaker
    chips_usd: float

    @property
    def profit_usd(self) -> float:
        """Net profit."""
        return self.maker.facts.net_margin * self.chips_usd


class Gap(NamedTuple):
    """A builder that lenders would ask more than it sells bonds at, for what it would build in all."""

    cloud: CloudProvider
    building_usd: float
    spread_per_year: float


def cheapest(offers: Iterable[Support]) -> Support | None:
    """Of offers that close a gap and are worth it the one that is expected to cost least; of equals that with the least
    cash; None for none."""
    return min((offer for offer in offers if offer.is_worth_it), key=_cost, default=None)


def _cost(offer: Support) -> tuple[float, float]:
    return offer.cost_usd, offer.cash_usd


def may_invest(maker: ChipMaker, sight: Sight) -> bool:
    """Whether a board thinks of helping at all: it has not withdrawn, is not in default, and pays its own bills."""
    return maker.invests and not maker.is_defaulted and not sight.late_cents(maker.account)


def at_once_usd(maker: ChipMaker, sight: Sight) -> float:
    """What a board spends at most on customers now: a part of cash above the buffer that no subscription and no line
    waits for."""
    waiting_cents = sight.subscribed_cents(maker.name) + sight.undrawn_cents(maker.account)
    free = (maker.cash_cents - waiting_cents) / 100 - maker.facts.cash_buffer_usd
    return sight.rules.offer_cash_share * max(0.0, free)


def stake_worth(lab: AiLab) -> float:
    """What a dollar of a lab's new shares is worth to who knows how far its contracts are believed."""
    return lab.worth_by_belief() * lab.fair_price_cents() / lab.price_cents


def equity_offers(sale: Sale, lab: AiLab, missing_usd: float, spent_usd: float, sight: Sight) -> Iterator[Support]:
    """Shares from free cash, or a letter that is paid by the GW: as much as the lab lacks in what people believe of
    such a promise, one share at least, within a part of the sale. A letter costs only as far as it is honoured;
    `spent_usd` of what the sale earns is spent already."""
    if not may_invest(sale.maker, sight) or lab.is_defaulted:
        return
    rules, share_usd = sight.rules, lab.price_cents / 100
    most, loss = rules.offer_equity_max * sale.chips_usd, 1 - stake_worth(lab)
    for form, instrument in ((Form.SHARES, Instrument.EQUITY), (Form.LETTER, Instrument.LETTER_OF_INTENT)):
        believed = _believed(instrument, sight)
        usd = max(share_usd, missing_usd / believed if believed else math.inf)
        paid, cash = (usd, usd) if form is Form.SHARES else (believed * usd, 0.0)
        if usd <= most and cash <= at_once_usd(sale.maker, sight):
            yield Support(sale.maker, form, usd, cash, paid * loss, sale.profit_usd - spent_usd)


def credit_offers(sale: Sale, gap: Gap, doubt: float, sight: Sight) -> Iterator[Support]:
    """What brings the spread that lenders ask down to what the builder sells bonds at, at most as much as the sale:

    - a loan for chips, which lenders are not asked for then; of it the maker expects to lose what a trade creditor does
      if the builder fails;
    - a guarantee of so many bonds that the rest at its own spread and they at the maker's blend to that; it costs what
      bonds lose if the builder fails;
    - cover that leaves of the loss that lenders see in idle capacity no more than that spread pays for; it is paid
      if the customer goes, of whom `doubt` is what is not believed.
    """
    maker, cloud, rules = sale.maker, gap.cloud, sight.rules
    if not may_invest(maker, sight):
        return
    fails = default_probability(
        gap.spread_per_year, rules.spread_floor_per_year, 1 - rules.recovery_of_face, rules.credit_horizon_years
    )
    for form, needed, cash_share, loss_share in (
        (Form.LOAN, _loan_usd, 1.0, fails * (1 - rules.recovery_of_junior_claims)),
        (Form.GUARANTEE, _guarantee_usd, 0.0, fails),
        (Form.COVER, _cover_usd, 0.0, doubt),
    ):
        usd = needed(maker, gap, sight)
        if usd is None or not 0 < usd <= sale.chips_usd or cash_share * usd > at_once_usd(maker, sight):
            continue
        lost = usd
        if form is Form.GUARANTEE:
            debts = cloud.debt_cents / 100 + gap.building_usd
            lost = min(usd, (1 - rules.recovery_of_face) * debts)
        yield Support(maker, form, usd, cash_share * usd, loss_share * lost, sale.profit_usd)


def _believed(instrument: Instrument, sight: Sight) -> float:
    return credibility(start_log_odds(instrument, sight.rules, 0.0), 0.0)


def _loan_usd(_: ChipMaker, gap: Gap, sight: Sight) -> float | None:
    """So much less to ask of lenders."""
    return least_that(
        _fits(gap, sight, lambda usd: own_spread(gap.cloud, sight, 100 * (gap.building_usd - usd))), gap.building_usd
    )


def _cover_usd(_: ChipMaker, gap: Gap, sight: Sight) -> float | None:
    """So much for what stands idle, as far as it is believed: what a limit of the whole building does not do, no other
    does."""
    believed = _believed(Instrument.CONTRACT, sight)

    def spread(usd: float) -> float:
        return own_spread(gap.cloud, sight, 100 * gap.building_usd, backed_cents=100 * believed * usd)

    return least_that(_fits(gap, sight, spread), gap.building_usd)


def _guarantee_usd(maker: ChipMaker, gap: Gap, sight: Sight) -> float | None:
    """So many bonds at the maker's spread that all together ask for no more than the builder pays."""
    spread, own, limit = gap.spread_per_year, own_spread(maker, sight), gap.cloud.facts.spread_limit_per_year
    return (
        deal_rules.guaranteed_part(spread, own, limit) * (gap.cloud.debt_cents / 100 + gap.building_usd)
        if own < limit
        else None
    )


def _fits(gap: Gap, sight: Sight, spread: Callable[[float], float]) -> Callable[[float], bool]:
    limit = gap.cloud.facts.spread_limit_per_year
    return lambda usd: spread(usd) <= limit

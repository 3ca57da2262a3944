"""Agents make deals: each from the chronicle, with what decided it, and none at all with deal-making off."""

from __future__ import annotations

import re
from functools import cache

import pytest
from carousel.agents import deals
from carousel.contracts.base import Status
from carousel.contracts.compute import ComputeContract
from carousel.contracts.equity_ticket import EquityTicket
from carousel.contracts.milestone import MilestoneInvestment
from carousel.engine.calendar import DAYS_PER_QUARTER
from carousel.model import CarouselModel
from carousel.scenarios.loader import load

YEARS = 756
FAST, SLOW = "lab.*.revenue_growth_per_year=3.2", "lab.*.revenue_growth_per_year=1.2"
EAGER, SHY = "venture_investor.*.appetite*=1.5", "venture_investor.*.appetite*=0.5"


class Played:
    """A run with deals, and what happened in it."""

    def __init__(self, seed: int, days: int, *changes: str) -> None:
        self.model = CarouselModel(load("ai-2025-deals", changes), rng=seed, days=days, holders=240)
        self.events = []
        while self.model.running:
            self.model.step()
            self.events += self.model.chronicle.events

    def of(self, kind: str):
        return [event for event in self.events if event.kind == kind]

    @property
    def compute(self) -> list[ComputeContract]:
        return list(self.model.contracts.kind(ComputeContract))

    @property
    def contracted_mw(self) -> int:
        return sum(contract.contracted_mw for contract in self.compute if contract.is_alive)


@cache
def played(seed: int, days: int, *changes: str) -> Played:
    return Played(seed, days, *changes)


def test_with_deal_making_off_only_the_contracts_of_the_scenario_exist():
    run = played(4, 126, "behaviour.deal_making=0")
    assert not [e for e in run.events if e.kind in ("signed", "offered", "cut_asked")]
    assert {c.name for c in run.model.contracts.promises if c.announcement >= 0} == {
        "OpenAI-Oracle compute", "NVIDIA-OpenAI investment",
    }  # fmt: skip


def test_what_is_signed_is_announced_the_next_day_and_bound_like_any_contract():
    run = played(1, YEARS)
    signed = run.of("signed")
    assert signed
    for event, contract in zip(signed, run.compute[1:], strict=True):
        item = run.model.chronicle.announcements[contract.announcement]
        assert event.day % DAYS_PER_QUARTER == 0
        assert (item.day, item.firm, item.counterparty) == (event.day + 1, "Oracle", "OpenAI")
        assert item.announced_cents == event.cents == contract.promise.announced_cents
        assert contract.is_public
        assert contract.terms.price_usd_per_mw_year * 1000 * 5 * contract.promise.capacity_mw / 10 == pytest.approx(
            event.cents, rel=1e-6
        )


def test_a_price_lies_between_what_the_cloud_asks_and_what_the_lab_can_pay():
    for event in played(1, YEARS).of("signed"):
        price, low, high = (float(bn) for bn in re.findall(r"(?:at|asks|pay) ([0-9.]+)", event.detail))
        assert low <= price <= high


def test_a_deal_adds_to_what_its_provider_builds_and_goes_into_service():
    """Half a GW at two years of building adds .25 GW a year while it is not begun in full."""
    run = played(4, 1260)
    cloud = run.model.cast.clouds[0]
    assert cloud.build_gw_per_year() == cloud.facts.build_gw_per_year_max + 0.25 * sum(
        c.remaining_mw > 0 for c in run.compute[1:]
    )
    assert any(contract.service_mw for contract in run.compute[1:])


def test_fast_customers_make_labs_sign_and_slow_ones_make_them_cut():
    for seed in (0, 1, 3):
        fast, slow = played(seed, YEARS, FAST), played(seed, YEARS, SLOW)
        assert fast.contracted_mw > slow.contracted_mw
        assert len(fast.of("signed")) >= len(slow.of("signed"))
    assert any(played(seed, YEARS, SLOW).of("reset") for seed in (0, 1, 3))


def test_eager_investors_never_make_for_fewer_deals():
    """Paired worlds: right in three of five at least, wrong in none of ten."""
    more = [played(seed, YEARS, EAGER).contracted_mw - played(seed, YEARS, SHY).contracted_mw for seed in range(5)]
    assert min(more) >= 0
    assert sum(mw > 0 for mw in more) >= 3


def test_nobody_signs_while_investors_refuse_the_lab_money():
    run = played(2, 1260)
    assert run.of("round_failed")
    refused = [event.day for event in run.of("round_failed")]
    relieved = [event.day for event in (*run.of("round_closed"), *run.of("down_round"))]
    for event in run.of("signed"):
        last = max((day for day in refused if day <= event.day), default=-1)
        assert last < 0 or any(last < day <= event.day for day in relieved)


def test_a_letter_that_a_board_would_not_pay_in_full_is_replaced_by_shares_paid_at_once():
    run = played(1, YEARS)
    (ticket,) = run.model.contracts.kind(EquityTicket)
    (letter,) = run.model.contracts.kind(MilestoneInvestment)
    assert letter.status is Status.CANCELLED
    (offered,) = run.of("offered")
    assert offered.detail.startswith("new shares in place of NVIDIA-OpenAI investment, of which ")
    assert ticket.promise.announced_cents == offered.cents < letter.promise.announced_cents
    assert ticket.paid_cents <= offered.cents
    assert ticket.paid_cents > 0.99 * offered.cents


def test_a_chip_maker_puts_up_what_its_customer_lacks_where_the_sale_is_worth_it():
    """A lab that asks half more than its bill of itself signs on that day only with help, which is within bounds: at
    most .3 of 17.5 bn of chips."""
    strict = "behaviour.deal_coverage_min=1.55"
    run = played(3, 441, strict)
    (offered,) = run.of("offered")
    assert (offered.agent, offered.counterparty) == ("NVIDIA", "OpenAI")
    assert offered.detail.startswith("new shares for 0.50 GW: OpenAI lacks means of ")
    assert 0 < offered.cents <= 0.3 * 17.5e11
    assert run.of("signed")[-1].day == offered.day == 441
    assert played(3, 441, strict, "behaviour.offer_equity_max=0").of("signed") == run.of("signed")[:-1]


def test_a_cloud_offers_nothing_beyond_the_spread_at_which_it_sells_no_bonds():
    assert played(4, 252).of("signed")
    assert not played(4, 252, "cloud.*.spread_limit_per_year=0.0001").of("signed")


def test_a_lab_that_compute_does_not_bound_wants_none():
    run = played(4, 126, "lab.*.yield_usd_per_gw_year=5e13")
    lab, sight = run.model.cast.labs[0], run.model.cast.sight
    assert deals.need_gw(lab, sight) == pytest.approx(0, abs=0.01)
    assert not run.of("signed")

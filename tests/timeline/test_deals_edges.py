"""Who makes no deal: whoever has withdrawn or is in default, who has no suppliers, who lacks less than a MW."""

from __future__ import annotations

import pytest
from carousel.agents import deals, support
from carousel.contracts.compute import ComputeContract
from carousel.contracts.supply import Supplies
from carousel.model import CarouselModel, run
from carousel.scenarios.loader import load
from carousel.scenarios.schema_base import NAME_MAX
from carousel.scenarios.schema_dated import DatedChange, Stop
from carousel.timeline.opening_promises import COMPUTE, SHARES, enter_deal
from carousel.timeline.put_in import new_name

CHIPS_USD = 17.5e9


@pytest.fixture
def model() -> CarouselModel:
    """A day into a world with deals."""
    made = CarouselModel(load("ai-2025-deals"), rng=4, days=30, holders=240)
    made.step()
    return made


def _offer(model: CarouselModel, missing_usd: float = 1e9):
    sale = support.Sale(model.cast.chip_makers[0], CHIPS_USD)
    return support.cheapest(support.equity_offers(sale, model.cast.labs[0], missing_usd, 0.0, model.cast.sight))


def _compute(model: CarouselModel) -> ComputeContract:
    enter_deal(
        model, COMPUTE, name="a deal", customer="OpenAI", provider="Oracle", capacity_gw=0.5,
        price_usd_per_gw_year=13e9, years=5.0, net_margin=0.1, build_gw_per_year=0.25,
    )  # fmt: skip
    return model.contracts.promises[-1]


def test_a_chip_maker_that_stops_offers_nothing_more(model):
    assert _offer(model) is not None
    model.inject(Stop(payer="NVIDIA"))
    model.step()
    assert _offer(model) is None


def test_a_chip_maker_in_default_offers_nothing(model):
    model.contracts.declare_default(model.cast.chip_makers[0].account)
    assert _offer(model) is None


def test_cash_that_a_subscription_waits_for_is_not_offered_again(model):
    maker, sight = model.cast.chip_makers[0], model.cast.sight
    before = support.at_once_usd(maker, sight)
    closes = model.clock.dates[2]
    enter_deal(model, SHARES, name="a ticket", investor="NVIDIA", investee="OpenAI", amount_usd=2e9, closes=closes)
    assert before - support.at_once_usd(maker, sight) == pytest.approx(0.5 * 2e9)


def test_equity_that_is_offered_buys_a_share_at_least(model):
    offer = _offer(model, missing_usd=0.01)
    assert offer is not None
    assert 100 * offer.usd >= model.cast.labs[0].price_cents


def test_a_cloud_without_suppliers_for_all_of_it_offers_nothing(model):
    """What nobody equips would cost nothing: its offer would be the cheapest."""
    cloud, lab, sight = model.cast.clouds[0], model.cast.labs[0], model.cast.sight
    assert deals.decide_compute_offer(cloud, lab, 0.01, sight) is not None
    parts = (supply.model_copy(update={"share": 0.2}) for supply in model.contracts.supplies.of(cloud.name))
    model.contracts.supplies = Supplies(parts)
    assert deals.decide_compute_offer(cloud, lab, 0.01, sight) is None


@pytest.mark.parametrize("gap_gw", [0.0004, -0.0004, 0.0])
def test_less_than_a_megawatt_is_no_deal(model, monkeypatch, gap_gw):
    monkeypatch.setattr(deals, "need_gw", lambda lab, sight: deals.signed_gw(lab, sight) + gap_gw)
    model.cast.sight.take(model.scenario_data.behaviour.model_copy(update={"deal_dead_band": 0.0}))
    assert deals.wish_gw(model.cast.labs[0], model.cast.sight) == 0


def test_names_of_deals_stay_within_those_of_a_scenario_and_never_meet(model):
    first = new_name(model, "A" * NAME_MAX)
    assert len(first) <= NAME_MAX
    _compute(model)
    model.contracts.promises[-1].name = first
    second = new_name(model, "A" * NAME_MAX)
    assert len(second) <= NAME_MAX
    assert second != first


def test_a_change_of_supplies_reaches_deals_that_agents_have_made(model):
    contract = _compute(model)
    model.step()
    dear = DatedChange(times={"supply.*.chips_usd_per_gw": 2.0})
    model.inject(dear)
    model.step()
    assert contract.terms.supplies == model.contracts.supplies.of("Oracle")
    assert contract.terms.build_gw_per_year_max == 0.25


def test_building_that_costs_nothing_has_no_price_to_agree_upon():
    free = ["supply.*.chips_usd_per_gw=0", "supply.*.other_usd_per_gw=0", "cloud.*.operating_cost_usd_per_gw_year=0",
            "behaviour.deal_provider_share=0", "behaviour.deal_look_months=1"]  # fmt: skip
    run = CarouselModel(load("ai-2025-deals", free), rng=4, days=22, holders=240)
    while run.running:
        run.step()
    assert len(list(run.contracts.kind(ComputeContract))) == 1


def test_a_lab_that_is_worth_anything_pays_no_more_than_a_contract_can_say():
    changes = (
        "behaviour.deal_provider_share=1", "behaviour.value_as_means=1", "behaviour.deal_years=0.25",
        "lab.*.valuation_usd*=50", "behaviour.deal_look_months=1", "behaviour.deal_horizon_months=60",
        "behaviour.deal_coverage_min=1",
    )  # fmt: skip
    model = CarouselModel(load("ai-2025-deals", changes), rng=4, days=84, holders=240)
    run(model)
    assert max(c.terms.price_usd_per_mw_year for c in model.contracts.kind(ComputeContract)) == 5e10

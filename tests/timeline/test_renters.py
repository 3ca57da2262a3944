"""Who rents compute beside labs, who lets it beside clouds, and clouds that have chips of their own made."""

from __future__ import annotations

import math

import pytest
from carousel.contracts.base import Status
from carousel.contracts.compute import ComputeContract
from carousel.ledger.causes import Cause
from carousel.model import CarouselModel
from carousel.narrative.doubt import coverage_pull
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import parse

MONTH = 21
RENTER = """extends = "ai-2025"
[[listed_firm]]
name = "Renter"
ticker = "RNT"
opening_cash_usd = 40e9
shares = 1000000000
price_usd = 100.0
earnings_usd_per_year = 4e9
revenue_usd_per_year = 50e9
costs_usd_per_year = 44e9
[[contract]]
name = "Renter-Oracle compute"
customer = "Renter"
provider = "Oracle"
capacity_gw = 0.6
price_usd_per_gw_year = 12e9
years = 4.0
net_margin = 0.1
delivered_gw = 0.5
"""
LAB = """
[[lab]]
name = "Tenant"
opening_cash_usd = 9e9
shares = 1000000
valuation_usd = 30e9
revenue_usd_per_year = 2e9
revenue_growth_per_year = 0.8
yield_usd_per_gw_year = 10e9
base_capacity_gw = 0.1
costs_share_of_revenue = 0.4
"""
LET = f"""extends = "ai-2025"
{LAB}
[[contract]]
name = "Tenant-OpenAI compute"
customer = "Tenant"
provider = "OpenAI"
capacity_gw = 0.3
price_usd_per_gw_year = 10e9
years = 1.0
net_margin = 0.0
announced = 2025-10-15
"""
OWN = """extends = "ai-2025"
[[supply]]
name = "Oracle-NVIDIA chips"
share = 0.4
[[supply]]
name = "Oracle's own chips"
buyer = "Oracle"
chips_usd_per_gw = 20e9
other_usd_per_gw = 15e9
share = 0.6
"""


def played(text: str, days: int, seed: int = 1) -> CarouselModel:
    """A run whose audit passes every day."""
    model = CarouselModel(parse(text), rng=seed, days=days, holders=240)
    while model.running:
        model.step()
    return model


def rented(model: CarouselModel, name: str) -> ComputeContract:
    return next(c for c in model.contracts.kind(ComputeContract) if c.name == name)


def given(model: CarouselModel, payer: str, cause: Cause) -> int:
    return int(model.books.flows.given_by_cause[model.books.journal.account(payer), cause])


def taken(model: CarouselModel, payee: str, cause: Cause) -> int:
    return int(model.books.flows.taken_by_cause[model.books.journal.account(payee), cause])


def test_a_listed_firm_pays_a_month_of_what_it_rents_to_the_cent():
    """.5 GW at 12 bn a GW and year are half a billion a month: the first month is billed at its end, the second
    later; both are paid by the day after."""
    model = played(RENTER, 2 * MONTH + 2)
    contract = rented(model, "Renter-Oracle compute")
    assert given(model, "Renter", Cause.COMPUTE_BILL) == contract.paid_cents
    assert contract.paid_cents in (50_000_000_000, 100_000_000_000)
    assert contract.status is Status.DELIVERING


def test_what_a_listed_firm_brings_up_is_what_it_has_and_earns_over_its_rent():
    """Before the first trading day: cash of 40 bn, six a year that grow by 8 %, against the planned .5 to .6 GW."""
    model = CarouselModel(parse(RENTER), rng=1, days=1, holders=240)
    firm, rules = model.cast.listed_by_name["Renter"], model.scenario_data.behaviour
    steps = round(2 * rules.coverage_years)
    years = [(k + 0.5) / 2 for k in range(steps)]
    weights = [math.exp(-rules.coverage_discount_per_year * t) / 2 for t in years]
    brought = 40e9 + math.fsum(w * 6e9 * 1.08**t for w, t in zip(weights, years, strict=True))
    gw = [min(0.6, 0.5 + 0.6 * t) if t < 4 else 0.0 for t in years]
    owed = math.fsum(w * x * 12e9 for w, x in zip(weights, gw, strict=True))
    assert firm.rent_coverage() == pytest.approx(brought / owed, rel=1e-9)
    assert model.cast.listed_by_name["NVIDIA"].rent_coverage() is None


def test_belief_in_a_listed_firms_contract_follows_what_it_can_bring_up():
    rich, poor = (played(RENTER.replace("40e9", cash), MONTH) for cash in ("40e9", "1e9"))
    name = "Renter-Oracle compute"
    assert rented(rich, name).log_odds > rented(poor, name).log_odds
    rules = rich.scenario_data.behaviour
    found = [m.cast.listed_by_name["Renter"].rent_coverage() for m in (rich, poor)]
    pulls = [coverage_pull(c, 0.0, rules) for c in found if c is not None]
    assert pulls[0] > pulls[1]


def test_a_listed_firm_that_cannot_pay_loses_what_it_rents_and_defaults():
    """Nothing in the till and a business that lacks money: late, renegotiated, lost; then its other creditors call."""
    poor = RENTER.replace("40e9", "0").replace("costs_usd_per_year = 44e9", "costs_usd_per_year = 60e9")
    model = played(poor, 14 * MONTH)
    assert not rented(model, "Renter-Oracle compute").is_alive
    assert model.cast.listed_by_name["Renter"].is_defaulted


def test_what_a_lab_lets_changes_hands_once_it_is_announced_and_is_paid_to_the_cent():
    """.3 GW from the end of the month of the announcement: what one has more the other has less; 10 bn a GW and year
    are a quarter of a billion a month."""
    model = CarouselModel(parse(LET), rng=1, days=7 * MONTH, holders=240)
    lessor, tenant = (model.cast.lab_by_name[name] for name in ("OpenAI", "Tenant"))
    contract = rented(model, "Tenant-OpenAI compute")
    while model.running:
        before = lessor.base_capacity_gw + tenant.capacity_gw
        model.step()
        grown = lessor._base_gw.at(model.clock.day) - lessor._base_gw.at(model.clock.day - 1)
        assert lessor.base_capacity_gw + tenant.capacity_gw == pytest.approx(before + grown, abs=1e-12)
    assert contract.service_mw == 300
    assert tenant.capacity_gw == pytest.approx(0.4)
    assert contract.paid_cents > 0
    assert contract.paid_cents % 25_000_000_000 == 0
    assert taken(model, "OpenAI", Cause.COMPUTE_BILL) == contract.paid_cents
    assert lessor.rent_usd_per_year() == 3e9


def test_when_the_term_is_over_the_lab_has_its_compute_back():
    model = played(LET, 252 + 4 * MONTH)
    lessor, contract = model.cast.lab_by_name["OpenAI"], rented(model, "Tenant-OpenAI compute")
    assert contract.status is Status.DONE
    assert lessor.base_capacity_gw == lessor._base_gw.at(model.clock.day)
    assert lessor.rent_usd_per_year() == 0


def test_a_lab_that_lets_to_nobody_has_all_it_had():
    model = CarouselModel(parse('extends = "ai-2025"'), rng=1, days=1, holders=240)
    lab = model.cast.lab_by_name["OpenAI"]
    assert (lab.lets, lab.base_capacity_gw, lab.rent_usd_per_year()) == ([], 1.6, 0)


def test_chips_of_a_clouds_own_design_are_nobodys_sale():
    """Six tenths at 20 bn a GW go to suppliers outside, as building does; NVIDIA sells four tenths at 35. Both count as
    chips, which are written off faster than sites: what has been invoiced is a cent off at most for each phase."""
    model = played(OWN, 380)
    (contract,) = model.cast.cloud_by_name["Oracle"].contracts
    lots, phases = contract.plant.chips.lots, contract.phases
    equipped_mw = contract.service_mw + sum(phase.chips_delivered_mw for phase in phases)
    chips = sum(lot.cents for lot in lots) + sum(phase.chips_cents_billed for phase in phases)
    sold, cents_per_mw = taken(model, "NVIDIA", Cause.CHIP_BILL), 100 * (0.4 * 35e9 + 0.6 * 20e9) / 1000
    assert equipped_mw > 0
    assert abs(chips - cents_per_mw * equipped_mw) <= 2 * (len(lots) + len(phases))
    assert 0 < sold <= round(100 * 0.4 * 35e9 / 1000 * equipped_mw)


def test_a_cloud_with_its_own_chips_alone_builds_without_any_chip_maker():
    alone = OWN.replace('"ai-2025"', '"ai-2025"\nremove = ["supply.Oracle-NVIDIA chips"]')
    alone = alone.replace('[[supply]]\nname = "Oracle-NVIDIA chips"\nshare = 0.4\n', "").replace(
        "share = 0.6", "share = 1"
    )
    model = played(alone, 380)
    assert model.cast.cloud_by_name["Oracle"].delivered_mw > 0
    assert taken(model, "NVIDIA", Cause.CHIP_BILL) == 0


@pytest.mark.parametrize(
    ("text", "path", "came"),
    [
        (LET.replace("capacity_gw = 0.3", "capacity_gw = 1.7"), "contract.Tenant-OpenAI compute.capacity_gw", "1.7 GW"),
        (LET + "delivered_gw = 0.1\n", "contract.Tenant-OpenAI compute.delivered_gw", "0.1"),
        (
            RENTER.replace('customer = "Renter"', 'customer = "SoftBank"'),
            "contract.Renter-Oracle compute.customer",
            "So",
        ),
        (RENTER.replace('customer = "Renter"', 'customer = "Oracle"'), "contract.Renter-Oracle compute.provider", "Or"),
    ],
)
def test_what_nobody_can_rent_or_let_is_refused_with_its_key(text, path, came):
    with pytest.raises(ScenarioError) as caught:
        parse(text)
    assert caught.value.key_path == path
    assert came in caught.value.came


def test_a_price_that_nobody_has_said_is_the_mean_of_those_that_are_known_by_capacity():
    """4.5 GW at 13 1/3 bn and .6 at 12 bn: (60 + 7.2) / 5.1."""
    more = RENTER + (
        '[[contract]]\nname = "Untold"\ncustomer = "Renter"\nprovider = "Oracle"\ncapacity_gw = 1.0\nyears = 2.0\n'
        "net_margin = 0.1\n"
    )
    scenario = parse(more)
    untold = next(c for c in scenario.contract if c.name == "Untold")
    assert untold.price_usd_per_gw_year == pytest.approx(67.2e9 / 5.1, rel=1e-9)
    assert scenario.sources["contract.Untold.price_usd_per_gw_year"].startswith("derived: not disclosed")


def test_where_no_price_is_known_one_is_asked_for():
    lines = LET.replace('extends = "ai-2025"', 'extends = "ai-2025"\nremove = ["contract.OpenAI-Oracle compute"]')
    with pytest.raises(ScenarioError) as caught:
        parse(lines.replace("price_usd_per_gw_year = 10e9\n", ""))
    assert caught.value.key_path == "contract.Tenant-OpenAI compute.price_usd_per_gw_year"

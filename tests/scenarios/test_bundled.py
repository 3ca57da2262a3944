"""The scenarios that come with the package load, say where every number is from, and agree with the record."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from carousel.scenarios.addresses import address
from carousel.scenarios.loader import bundled, load, parse, read_text, to_json
from carousel.scenarios.schema import Instrument, Scenario

WIDE, AUTUMN = "ai-2025-wide", "ai-2025-wide-september"


def bare_numbers(node: Any, path: str = "") -> list[str]:
    """Key paths of numbers that stand in a file without a source beside them."""
    if isinstance(node, dict):
        if "value" in node and str(node.get("source", "")).strip():
            return []
        return [found for key, value in node.items() for found in bare_numbers(value, f"{path}.{key}")]
    if isinstance(node, list):
        return [found for i, value in enumerate(node) for found in bare_numbers(value, f"{path}.{address(value, i)}")]
    return [path] if isinstance(node, int | float) and not isinstance(node, bool) else []


def test_the_scenarios_of_the_model_description_are_bundled() -> None:
    assert set(bundled()) == {
        "ai-2025", "ai-2025-as-printed", "ai-2025-deals", "ai-2025-ticket", WIDE, f"{WIDE}-deals", AUTUMN, "joke",
        "vendor-boom", "vendor-loans",
    }  # fmt: skip


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_scenario_loads_under_its_own_name(name: str) -> None:
    assert load(name).name == name


@pytest.mark.parametrize("name", bundled())
def test_every_number_in_a_bundled_file_has_a_source_beside_it(name: str) -> None:
    assert bare_numbers(tomllib.loads(read_text(name)[0])) == []


def test_a_number_without_source_would_be_found() -> None:
    assert bare_numbers(tomllib.loads("[[bond]]\nname = 'B'\nface_usd = 1.0")) == [".bond.B.face_usd"]


@pytest.mark.parametrize("name", bundled())
def test_sources_are_kept_under_key_paths_that_lead_to_numbers_or_dates(name: str) -> None:
    scenario = load(name)
    assert scenario.sources
    for path in scenario.sources:
        node: Any = scenario
        steps = path.split(".")
        for i, step in enumerate(steps):
            if isinstance(node, dict):  # what a dated change sets, by key path
                node = node[".".join(steps[i:])]
                break
            if isinstance(node, tuple):
                node = {address(entry, i): entry for i, entry in enumerate(node)}[step]
            else:
                node = getattr(node, step)
        assert isinstance(node, int | float | date), path


@pytest.mark.parametrize("name", bundled())
def test_a_scenario_written_as_json_comes_back_unchanged(name: str) -> None:
    scenario = load(name)
    assert Scenario.model_validate_json(to_json(scenario), strict=False) == scenario


def test_the_joke_is_a_ring_of_equal_debts_and_nobody_has_cash() -> None:
    joke = load("joke")
    assert [o.amount_usd for o in joke.obligation] == [100.0] * 3
    assert [o.payee for o in joke.obligation] == [joke.obligation[i].payer for i in (1, 2, 0)]
    assert {f.opening_cash_usd for f in joke.firms} == {0.0}
    assert (joke.days, joke.holders, joke.listed) == (1, 0, ())


def test_the_contract_is_worth_300_bn_over_five_years_on_the_day_after_the_start() -> None:
    (contract,) = load("ai-2025").contract
    yearly = contract.capacity_gw * contract.price_usd_per_gw_year
    assert round(yearly / 1e9, 6) == 60
    assert round(yearly * contract.years / 1e9, 6) == 300
    assert (contract.announced, contract.instrument) == (date(2025, 9, 10), Instrument.CONTRACT)


def test_the_investment_is_100_bn_and_only_a_letter_of_intent() -> None:
    (milestone,) = load("ai-2025").milestone
    assert milestone.amount_usd_per_gw * milestone.capacity_gw == 100e9
    assert (milestone.announced, milestone.instrument) == (date(2025, 9, 22), Instrument.LETTER_OF_INTENT)


def test_the_loop_returns_a_fifth_of_the_cost_of_a_gigawatt() -> None:
    scenario = load("ai-2025")
    (supply,), (milestone,) = scenario.supply, scenario.milestone
    assert milestone.amount_usd_per_gw / (supply.chips_usd_per_gw + supply.other_usd_per_gw) == 0.20


def test_market_values_and_multiples_are_those_of_september_2025() -> None:
    firms = {f.name: f for f in load("ai-2025").listed}
    values_bn = {n: f.shares * f.price_usd / 1e9 for n, f in firms.items()}
    assert round(values_bn["Oracle"]) == 679
    assert round(values_bn["NVIDIA"] / 10) == 429
    assert round(values_bn["Oracle"] * 1e9 / firms["Oracle"].earnings_usd_per_year) == 55


def test_oracle_had_negative_free_cash_flow_of_0_4_bn_before_the_circle() -> None:
    scenario = load("ai-2025")
    oracle = scenario.cloud[0]
    coupons = sum(b.face_usd * b.coupon_per_year for b in scenario.bond)
    assert round((oracle.revenue_usd_per_year - oracle.costs_usd_per_year - coupons) / 1e9, 1) == -0.4
    assert round(sum(b.face_usd for b in scenario.bond) / 1e9, 6) == 92.6


def test_openai_burns_twice_what_it_burnt_in_the_first_half() -> None:
    lab = load("ai-2025").lab[0]
    assert lab.valuation_revenue_usd_per_year is not None
    kept = (
        lab.valuation_revenue_usd_per_year * (1 - lab.costs_share_of_revenue - lab.revenue_share)
        - lab.costs_usd_per_year
    )
    assert round(kept / 1e9, 6) == -2 * 2.5


def test_the_misprint_differs_from_the_record_in_the_contract_and_in_what_the_letter_is_told_in() -> None:
    record, printed = load("ai-2025"), load("ai-2025-as-printed")
    ratio = printed.contract[0].price_usd_per_gw_year / record.contract[0].price_usd_per_gw_year
    assert round(ratio, 6) == 10
    a, b = record.model_dump(), printed.model_dump()
    assert {k for k in a if a[k] != b[k]} == {"name", "title", "description", "contract", "milestone", "sources"}
    assert a["contract"][0].keys() == b["contract"][0].keys()
    assert {k for k, v in a["contract"][0].items() if b["contract"][0][k] != v} == {"price_usd_per_gw_year"}
    assert {k for k, v in a["milestone"][0].items() if b["milestone"][0][k] != v} == {"told_in"}


@pytest.mark.parametrize("name", [WIDE, AUTUMN])
def test_the_wide_scenarios_have_several_of_each_and_stakes_across(name: str) -> None:
    wide = load(name)
    assert min(len(wide.lab), len(wide.cloud)) >= 3
    assert len(wide.chip_maker) >= 2
    firms = {f.name for f in wide.firms}
    assert sum(s.owner in firms for s in wide.stake) >= 3


def test_what_openai_has_committed_itself_to_adds_up_to_what_it_said() -> None:
    """1,400 bn USD and 30 GW (6 Nov 2025): four contracts with a name and a sum, and a letter for the rest."""
    wide = load(WIDE)
    own = {c.provider: c for c in wide.contract if c.customer == "OpenAI"}
    sums_bn = {name: round(c.capacity_gw * c.price_usd_per_gw_year * c.years / 1e9, 1) for name, c in own.items()}
    assert {name: sums_bn[name] for name in ("Oracle", "Microsoft", "Amazon", "CoreWeave")} == {
        "Oracle": 300, "Microsoft": 250, "Amazon": 38, "CoreWeave": 22.4,
    }  # fmt: skip
    assert round(sum(sums_bn.values())) == 1400
    (lab,) = (lab for lab in wide.lab if lab.name == "OpenAI")
    assert round(sum(c.capacity_gw for c in own.values()) + (lab.base_capacity_max_gw or 0), 1) == 30


def test_the_wide_scenario_has_the_terms_of_the_record() -> None:
    wide = load(WIDE)
    (warrant,), (backstop,) = wide.warrant, wide.backstop
    assert (warrant.shares, warrant.capacity_gw, warrant.last_price_usd) == (160_000_000, 6, 600)
    assert (backstop.limit_usd, backstop.cloud) == (6.3e9, "CoreWeave")
    chips_bn = {m.investor: m.chips_usd_per_gw * m.capacity_gw / 1e9 for m in wide.milestone}
    assert (chips_bn["Broadcom"], warrant.chips_usd_per_gw * warrant.capacity_gw / 1e9) == (100, 90)
    assert {s.owner: s.shares / 1e9 for s in wide.stake if s.firm == "OpenAI"}["Microsoft"] == 0.27
    oracle = next(c for c in wide.cloud if c.name == "Oracle")
    leases_bn = oracle.site_lease_usd_per_gw_year * oracle.site_lease_years * wide.contract[0].capacity_gw / 1e9
    assert round(leases_bn) == 248
    assert round(sum(b.face_usd for b in wide.bond if b.issuer == "Oracle") / 1e9, 6) == 106


def test_nothing_of_the_wide_scenario_is_later_than_its_start() -> None:
    wide = load(WIDE)
    assert wide.start_date == date(2025, 12, 31)
    assert all(c.known_since is not None and c.known_since < wide.start_date for c in wide.contract)
    assert not [c for c in (*wide.contract, *wide.milestone, *wide.warrant, *wide.equity_ticket) if c.announced]


def test_the_wide_scenario_with_deals_differs_in_that_alone() -> None:
    plain, deals = load(WIDE).model_dump(), load(f"{WIDE}-deals").model_dump()
    differs = {key for key in plain if plain[key] != deals[key]}
    assert differs == {"name", "title", "description", "behaviour", "sources"}
    assert {k for k, v in plain["behaviour"].items() if deals["behaviour"][k] != v} == {"deal_making"}


def test_funds_differ_in_belief_and_sensitivity() -> None:
    funds = load("ai-2025").active_fund
    assert len(funds) == 8
    assert (min(f.disposition for f in funds), max(f.disposition for f in funds)) == (-0.6, 0.6)
    assert (min(f.sensitivity for f in funds), max(f.sensitivity for f in funds)) == (0.6, 1.4)


def test_a_source_of_an_entry_stands_for_its_numbers_that_have_none() -> None:
    text = read_text("joke")[0] + (
        '\n[[firm]]\nname = "Extra"\nsource = "assumed: a test"\nopening_cash_usd = 5\n'
        '[[firm]]\nname = "Own"\nsource = "assumed: a test"\nopening_cash_usd = { value = 5, source = "itself" }\n'
    )
    sources = parse(text).sources
    assert sources["firm.Extra.opening_cash_usd"] == "assumed: a test"
    assert sources["firm.Own.opening_cash_usd"] == "itself"
    assert not any("name" in path for path in sources)


def test_plain_numbers_are_allowed_and_have_no_source() -> None:
    text = read_text("joke")[0].replace('{ value = 100.0, source = "the joke: each owes the next 100" }', "100")
    scenario = parse(text)
    assert scenario.obligation[0].amount_usd == 100
    assert "obligation.Compute.amount_usd" not in scenario.sources

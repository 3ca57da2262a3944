"""`--set key=value`: any number of a scenario can be changed by its key path, and nothing else can."""

from __future__ import annotations

from datetime import date

import pytest
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import load
from carousel.scenarios.overrides import override
from carousel.scenarios.schema import Scenario


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load("ai-2025")


def refused(base: Scenario, assignment: str) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        override(base, [assignment])
    return caught.value


def test_a_value_is_set_by_name_and_its_source_says_so(base: Scenario) -> None:
    changed = override(base, ["lab.OpenAI.revenue_growth_per_year=0.2"])
    assert changed.lab[0].revenue_growth_per_year == 0.2
    path = "lab.OpenAI.revenue_growth_per_year"
    assert changed.sources[path] == "override lab.OpenAI.revenue_growth_per_year=0.2"
    assert base.lab[0].revenue_growth_per_year == 2.3
    assert base.sources[path].startswith("derived")


def test_nothing_else_changes(base: Scenario) -> None:
    a, b = (
        base.model_dump(),
        override(base, ["behaviour.micro_elasticity=2", "etf.price_usd=50", "days=3"]).model_dump(),
    )
    assert {k for k in a if a[k] != b[k]} == {"behaviour", "etf", "days", "sources"}
    assert b["behaviour"]["micro_elasticity"] == 2.0


def test_a_star_stands_for_all_entries_of_a_list(base: Scenario) -> None:
    changed = override(base, ["active_fund.*.disposition=0.1"])
    assert {f.disposition for f in changed.active_fund} == {0.1}


def test_a_factor_multiplies_what_the_scenario_says(base: Scenario) -> None:
    changed = override(base, ["contract.*.capacity_gw*=2", "lab.OpenAI.shares *= 1.5"])
    assert changed.contract[0].capacity_gw == 9.0
    assert changed.lab[0].shares == 1_500_000_000


def test_fields_that_the_file_leaves_out_can_be_set_and_multiplied(base: Scenario) -> None:
    changed = override(base, ["contract.*.first_service=2027-01-04", "behaviour.fw_mu*=3"])
    assert changed.contract[0].first_service == date(2027, 1, 4)
    assert changed.behaviour.fw_mu == pytest.approx(0.03)


def test_texts_need_no_quotes_and_none_empties_an_optional_field(base: Scenario) -> None:
    changed = override(
        base, ["etf.name=Another fund", "contract.*.announced=none", "venture_investor.*.sells_stakes=false"]
    )
    assert changed.etf is not None
    assert (changed.etf.name, changed.contract[0].announced) == ("Another fund", None)
    assert not any(v.sells_stakes for v in changed.venture_investor)


def test_whole_numbers_may_be_written_with_an_exponent(base: Scenario) -> None:
    assert override(base, ["holders=1e5"]).holders == 100_000


def test_later_overrides_see_earlier_ones(base: Scenario) -> None:
    assert override(base, ["days=10", "days*=3"]).days == 30


@pytest.mark.parametrize(
    ("assignment", "nearest"),
    [
        ("lab.OpenAi.shares=1", "lab.OpenAI"),
        ("lab.OpenAI.revenue_growth=1", "lab.OpenAI.revenue_growth_per_year"),
        ("labs.OpenAI.shares=1", "lab"),
        ("behavior.micro_elasticity=2", "behaviour"),
        ("behaviour.micro_elastcity=2", "behaviour.micro_elasticity"),
        ("etf.price=2", "etf.price_usd"),
        ("holder=2", "holders"),
    ],
)
def test_an_unknown_path_names_the_nearest_ones(base: Scenario, assignment: str, nearest: str) -> None:
    error = refused(base, assignment)
    assert error.key_path == assignment.partition("=")[0]
    assert nearest in error.nearest


NO_ASSIGNMENTS = """days|days=|=3|days==3|lab=3|etf=3|lab.OpenAI=3|a.b.c.d=1|sources.days=x|news.*.amount_usd=1|days*=x
etf.name*=2|contract.*.announced*=2|days=[1]|days={a=1}|lab.*.nothing=1""".replace("\n", "|").split("|")


@pytest.mark.parametrize("assignment", ["", "x" * 500 + "=1", *NO_ASSIGNMENTS])
def test_what_is_no_assignment_to_a_value_is_refused(base: Scenario, assignment: str) -> None:
    error = refused(base, assignment)
    assert error.file == ""
    assert str(error).startswith(f"{error.key_path}: came ")


def test_a_change_that_is_refused_is_told_by_its_key_alone(base: Scenario) -> None:
    assert str(refused(base, "days=0")) == "days: came 0; allowed: greater than or equal to 1"
    assert str(refused(base, "x")) == "change: came 'x'; allowed: KEY.PATH=VALUE or KEY.PATH*=FACTOR"


def test_a_value_that_makes_the_scenario_invalid_is_refused(base: Scenario) -> None:
    error = refused(base, "holders=0")
    assert (error.key_path, error.came) == ("holders", "0")
    error = refused(base, "contract.*.provider=NVIDIA")
    assert error.key_path == "contract.OpenAI-Oracle compute.provider"


def test_load_applies_overrides() -> None:
    assert load("ai-2025", ["days=5"]).days == 5
    assert load("ai-2025", []).days == 756

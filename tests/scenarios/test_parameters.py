"""Headline parameters: declared once, applied to any scenario, refused outside their bounds."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from carousel.scenarios.behaviour import Behaviour, parameter_table
from carousel.scenarios.errors import ParameterError, ScenarioError
from carousel.scenarios.loader import bundled, load
from carousel.scenarios.parameters import PARAMETERS, Operation, Parameter, apply_parameters, parameter
from carousel.scenarios.schema import Scenario
from hypothesis import given, settings
from hypothesis import strategies as st

BASE = load("ai-2025")
NAMES = [p.name for p in PARAMETERS]


def refused(values: dict[str, object], scenario: Scenario = BASE) -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        apply_parameters(scenario, values)  # type: ignore[arg-type]
    return caught.value


def test_names_are_unique_and_bounds_are_ordered() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(p.low < p.high for p in PARAMETERS)
    assert all(p.doc and p.unit and p.paths for p in PARAMETERS)
    assert {p.default for p in PARAMETERS} == {None}


@pytest.mark.parametrize("row", [p for p in PARAMETERS if p.paths[0].startswith("behaviour.")], ids=lambda p: p.name)
def test_behavioural_rows_repeat_the_behaviour_table(row: Parameter) -> None:
    table = {r["name"]: r for r in parameter_table()}[row.name]
    assert (row.unit, row.low, row.high, row.doc) == (table["unit"], table["low"], table["high"], table["meaning"])


@pytest.mark.parametrize("name", [n for n in bundled() if n != "joke"])
@pytest.mark.parametrize("row", PARAMETERS, ids=lambda p: p.name)
@pytest.mark.parametrize("end", ["low", "high"])
def test_both_ends_of_every_parameter_give_a_valid_scenario(name: str, row: Parameter, end: str) -> None:
    scenario = load(name)
    if row.name == "dry_powder_scale" and not scenario.venture_investor:
        pytest.skip("nobody invests privately there")
    changed = apply_parameters(scenario, {row.name: getattr(row, end)})
    assert changed != scenario


def test_growth_is_set_for_every_lab() -> None:
    wide = apply_parameters(load("ai-2025-wide-september"), {"monetisation_growth_per_year": 0.25})
    assert {lab.revenue_growth_per_year for lab in wide.lab} == {0.25}


def test_commitments_are_scaled_together() -> None:
    changed = apply_parameters(BASE, {"committed_scale": 2.0})
    assert changed.contract[0].capacity_gw == 2 * BASE.contract[0].capacity_gw
    assert changed.milestone[0].capacity_gw == 2 * BASE.milestone[0].capacity_gw


def test_what_is_delivered_stays_when_commitments_shrink() -> None:
    wide = load("ai-2025-wide-september")
    changed = apply_parameters(wide, {"committed_scale": 0.05})
    for before, after in zip(wide.contract, changed.contract, strict=True):
        assert after.capacity_gw == max(0.05 * before.capacity_gw, before.delivered_gw)


def test_dry_powder_and_bond_money_scale_with_their_inflows() -> None:
    changed = apply_parameters(BASE, {"dry_powder_scale": 0.5, "bond_appetite_scale": 0.0})
    for before, after in zip(BASE.venture_investor, changed.venture_investor, strict=True):
        assert after.dry_powder_usd == before.dry_powder_usd / 2
        assert after.dry_powder_inflow_usd_per_year == before.dry_powder_inflow_usd_per_year / 2
    assert {b.opening_cash_usd for b in changed.bond_buyer} | {b.inflow_usd_per_year for b in changed.bond_buyer} == {
        0.0
    }


@pytest.mark.parametrize("row", [p for p in PARAMETERS if p.operation is Operation.MULTIPLY], ids=lambda p: p.name)
def test_a_scale_of_one_changes_no_number(row: Parameter) -> None:
    changed = apply_parameters(BASE, {row.name: 1.0}).model_dump(exclude={"sources"})
    assert changed == BASE.model_dump(exclude={"sources"})


def test_none_means_as_the_scenario_says() -> None:
    assert apply_parameters(BASE, dict.fromkeys(NAMES)) is BASE


def test_a_changed_number_says_which_parameter_changed_it() -> None:
    changed = apply_parameters(BASE, {"micro_elasticity": 2})
    assert changed.behaviour == Behaviour(micro_elasticity=2.0)
    assert changed.sources["behaviour.micro_elasticity"] == "parameter micro_elasticity = 2.0"


def test_numbers_from_arrays_are_accepted() -> None:
    changed = apply_parameters(BASE, {"committed_scale": np.float64(2), "micro_elasticity": np.int64(2)})
    assert type(changed.behaviour.micro_elasticity) is float


def test_an_unknown_parameter_is_met_with_the_nearest() -> None:
    error = refused({"comitted_scale": 1.0})
    assert (error.name, error.nearest[0]) == ("comitted_scale", "committed_scale")
    with pytest.raises(ParameterError):
        parameter("nothing like it")


@pytest.mark.parametrize("value", [-1.0, 1e9, float("nan"), float("inf"), "2", True, [1.0], 10**400, object()])
def test_a_value_outside_its_bounds_is_refused_with_the_bounds(value: object) -> None:
    error = refused({"committed_scale": value})
    assert error.name == "committed_scale"
    assert error.allowed.startswith("a number from 0.05 to 20")


def test_a_parameter_that_meets_nothing_is_refused() -> None:
    error = refused({"committed_scale": 2.0}, load("joke"))
    assert error.allowed == "nothing: the scenario has no contract or milestone or build_plan"


def test_a_combination_that_breaks_the_scenario_is_refused() -> None:
    rich = load("ai-2025", ["contract.*.capacity_gw=900"])
    error = refused({"committed_scale": 20.0}, rich)
    assert error.name == "committed_scale"
    assert "contract.OpenAI-Oracle compute.capacity_gw" in error.came


def test_a_parameter_error_is_a_scenario_error_and_survives_pickling() -> None:
    error = refused({"committed_scale": 0.0})
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, ScenarioError)
    assert (again.name, str(again)) == (error.name, str(error))


@given(
    st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), st.floats() | st.none() | st.integers(), max_size=4)
)
@settings(max_examples=100, deadline=None)
def test_any_values_give_a_scenario_or_one_parameter_error(values: dict[str, float | None]) -> None:
    result: Scenario | ParameterError
    try:
        result = apply_parameters(BASE, values)
    except ParameterError as error:
        result = error
    assert isinstance(result, Scenario) or str(result).isprintable()


def test_behaviour_rows_have_bounds_around_their_defaults_and_a_source() -> None:
    for row in parameter_table():
        assert row["low"] <= row["default"] <= row["high"], row["name"]
        assert row["unit"]
        assert row["meaning"]
        assert row["source"]


def test_no_parameter_of_behaviour_stands_in_two_tables():
    """The later one would take the place of the other, unseen."""
    names = [name for table in Behaviour.__bases__ for name in table.__annotations__]
    assert len(names) == len(Behaviour.model_fields) > 100
    assert len(set(names)) == len(names)

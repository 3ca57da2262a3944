"""What is typed over in a scenario's tables is what `--set` changes."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from carousel.cli.options import changed_scenario
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import bundled, load
from carousel.visual.recipe import SETS_MAX, Recipe
from carousel.visual.tables import tables


def cells(name: str) -> list[tuple[str, str]]:
    """Every cell of a scenario: its key path and what stands in it."""
    return [
        (f"{path}.{field}" if path else field, cell)
        for table in tables(load(name))
        for field, *row in table["rows"]
        for path, cell in zip(table["paths"], row, strict=True)
        if cell is not None
    ]


@pytest.mark.parametrize("name", bundled())
def test_every_cell_typed_again_as_it_stands_is_the_same_scenario(name: str) -> None:
    typed = cells(name)
    assert len(typed) >= 5
    again = changed_scenario(name, [f"{path}={cell}" for path, cell in typed])
    assert again.model_dump(exclude={"sources"}) == load(name).model_dump(exclude={"sources"})


def test_a_number_that_is_typed_over_is_in_the_world_and_in_the_command() -> None:
    sets = ["contract.OpenAI-Oracle compute.capacity_gw=2.5", "bond.Oracle 2026.face_usd=8e9"]
    recipe = Recipe.of({"days": 40, "sets": sets})
    assert recipe.world().contract[0].capacity_gw == 2.5
    words = shlex.split(recipe.as_command())
    given = [words[n + 1] for n, word in enumerate(words) if word == "--set"]
    assert given == sets
    assert changed_scenario("ai-2025", ["days=40", *given]) == recipe.world()


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        ("x=1", "a list of at most"),
        ([1], "a list of at most"),
        (["days=9"] * (SETS_MAX + 1), "a list of at most"),
        (["lab.Nobody.shares=1"], "OpenAI"),
        (["lab.OpenAI.shares=much"], "lab.OpenAI.shares"),
        (["holders=10000000"], "household-days"),
        (["x" * 500], "KEY.PATH=VALUE"),
    ],
)
def test_what_is_no_change_is_refused_in_one_line(sets: Any, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        Recipe.of({"sets": sets}).world()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)

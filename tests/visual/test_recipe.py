"""A recipe is the whole run: as data, as a scenario file, as a command; what is none is refused in one line."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from carousel.cli.options import changed_scenario
from carousel.cli.serve import made_by
from carousel.scenarios.dated import after
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import load
from carousel.visual.recipe import WORK_MAX, Recipe
from carousel.visual.sliders import in_force, paths_that_change, sliders

TURNS = [
    {"day": 20, "stop": "SoftBank"},
    {"day": 30, "moved": {"bond_appetite_scale": 0.5, "monetisation_growth_per_year": 1.0}},
    {"day": 31, "announce": {"firm": "Oracle", "text": 'It says "more\x7f"', "amount_usd": 1e11, "direction": 1}},
    {"day": 40, "moved": {"bond_appetite_scale": 0.0}},
    {"day": 25, "moved": {"bond_appetite_scale": 2.0, "dry_powder_scale": 0}},
    {"day": 41, "moved": {"bond_appetite_scale": 4.0, "dry_powder_scale": 1.0}},
]


def test_the_file_and_the_command_that_are_shown_make_the_same_world(tmp_path: Path) -> None:
    data = {"seed": 4, "days": 60, "holders": 300, "parameters": {"dry_powder_scale": 0.5}, "turns": TURNS}
    recipe = Recipe.of(data)
    (tmp_path / "changed.toml").write_text(recipe.as_toml())
    words = shlex.split(recipe.as_command())
    assert words[:4] == ["python", "run.py", "simulate", "changed.toml"]
    given = {words[n]: words[n + 1] for n in range(4, len(words), 2)}
    assert (given.pop("--seed"), given.pop("--days"), given.pop("--holders")) == ("4", "60", "300")
    made = changed_scenario(str(tmp_path / "changed.toml"), ["days=60", "holders=300", given.pop("--set")])
    assert not given
    ours = recipe.world()
    names = {"name", "sources"}
    assert made.model_dump(exclude=names) == ours.model_dump(exclude=names)


def test_a_scenario_on_offer_is_named_by_the_words_that_make_it() -> None:
    words = made_by(
        ["run.py", "simulate", "ai-2025", "--set=lab.OpenAI.revenue_share=0.1", "--days", "9", "--holders", "300"]
    )
    assert words == ["ai-2025", "--set", "lab.OpenAI.revenue_share=0.1", "--holders", "300"]
    assert (made_by(["run.py", "simulate", "--quiet"]), made_by(["run.py", "branch", "x"])) == (["ai-2025"], [])
    offered = {shlex.join(words): changed_scenario(words[0], [words[2], "holders=300"]), "run in x": load("ai-2025")}
    recipe = Recipe.of({"scenario": shlex.join(words), "seed": 2, "days": 9, "turns": [{"day": 5, "stop": "SoftBank"}]})
    assert (
        recipe.as_command(offered) == f"python run.py simulate changed.toml {shlex.join(words[1:])} --seed 2 --days 9"
    )
    assert recipe.as_toml(offered).startswith('extends = "ai-2025"')
    unsaid = Recipe.of({"scenario": "run in x", "turns": [{"day": 5, "stop": "SoftBank"}]})
    assert (unsaid.as_command(offered), unsaid.as_toml(offered)[:9]) == ("", "\n[[stop]]")


def test_a_recipe_without_turns_is_the_bundled_scenario() -> None:
    assert Recipe.of({}).world() == load("ai-2025")
    assert Recipe.of({}).as_toml() == ""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "an object"),
        ({"path": "/etc/passwd"}, "an unknown key"),
        ({"scenario": "../../etc/passwd"}, "one of"),
        ({"scenario": "/etc/passwd"}, "one of"),
        ({"scenario": "scenarios/ai-2025.toml"}, "one of"),
        ({"text": "extends = '../../x.toml'"}, "extends"),
        ({"seed": 1.5}, "a whole number"),
        ({"seed": True}, "a whole number"),
        ({"days": 10**9}, "a whole number from 1 to 5040"),
        ({"holders": -1}, "a whole number"),
        ({"holders": 10_000_000}, f"{WORK_MAX:,} household-days"),
        ({"tracing": "none"}, "pro-rata"),
        ({"parameters": {"x": "y"}}, "an object of numbers"),
        ({"parameters": {"nothing": 1}}, "an unknown parameter"),
        ({"turns": [{"day": 0, "stop": "SoftBank"}]}, "a day from 1"),
        ({"turns": [{"day": 5, "stop": "Nobody"}]}, "SoftBank"),
        ({"turns": [{"day": 5, "moved": {"attention_per_day": 0.1}}]}, "can change in a run"),
        ({"turns": [{"day": 5, "moved": {"enthusiasm_tilt": 1e9}}]}, "a number from"),
        ({"turns": [{"day": 5}]}, "set, times or announce"),
        ({"turns": [{"day": 5, "moved": 5}]}, "an object of numbers"),
        ({"turns": [{"day": 5, "moved": {"enthusiasm_tilt": 0.1}, "set": 7}]}, "an object of numbers"),
        ({"turns": [{"day": 5, "moved": {"enthusiasm": 0.1}}]}, "enthusiasm_tilt"),
        ({"turns": [{"day": 5, "until": 9, "stop": "SoftBank"}]}, "an unknown key"),
        ({"seed": None}, "a whole number"),
        ({"seed": ""}, "a whole number"),
        ({"seed": "9" * 20}, "a whole number"),
        ({"turns": [{"day": 5, "stop": "SoftBank"}] * 65}, "at most 64"),
        ({"text": "x" * 60_001}, "at most 60000"),
    ],
)
def test_what_is_no_recipe_is_refused_in_one_line(data: Any, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)) as refused:
        Recipe.of(data).world()
    assert "\n" not in str(refused.value)


def test_a_seed_that_a_browser_has_not_whole_comes_as_its_digits() -> None:
    assert Recipe.of({"seed": str(2**63 - 1)}).seed == 2**63 - 1


def test_a_slider_that_multiplies_stands_for_times_the_scenario_however_often_it_was_moved() -> None:
    def inflow(day: int, *moves: tuple[int, float], **more: Any) -> float:
        turns = [{"day": moved, "moved": {"bond_appetite_scale": value}} for moved, value in moves]
        world = Recipe.of({"days": 60, "turns": turns} | more).world()
        for moved in sorted(moved for moved, _ in moves if moved <= day):
            world = after(world, moved)
        return sum(buyer.inflow_usd_per_year for buyer in world.bond_buyer)

    whole = inflow(0)
    assert whole > 0
    moves = ((30, 0.5), (10, 2.0), (40, 0.0), (50, 1.0))
    for day, value in ((9, 1.0), (10, 2.0), (30, 0.5), (40, 0.0), (50, 1.0)):
        assert inflow(day, *moves) == pytest.approx(value * whole)
    halved = {"parameters": {"bond_appetite_scale": 0.5}}
    assert inflow(5, (5, 0.0), **halved) == 0
    assert inflow(20, (5, 0.0), (20, 1.0), **halved) == pytest.approx(whole)
    assert inflow(20, (20, 1.0), **halved) == pytest.approx(whole)


def test_sliders_are_the_parameters_that_can_move_in_a_run() -> None:
    scenario = load("ai-2025")
    rows = {row["name"]: row for row in sliders(scenario)}
    stands = dict(zip(rows, in_force(scenario), strict=True))
    assert stands["monetisation_growth_per_year"] == scenario.lab[0].revenue_growth_per_year
    assert rows["bond_appetite_scale"]["is_factor"]
    assert stands["bond_appetite_scale"] == sum(buyer.inflow_usd_per_year for buyer in scenario.bond_buyer)
    assert "attention_per_day" not in rows
    assert paths_that_change(("bond_buyer.*.opening_cash_usd", "bond_buyer.*.inflow_usd_per_year"), scenario) == [
        "bond_buyer.*.inflow_usd_per_year"
    ]

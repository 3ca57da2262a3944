"""Many worlds beside their twins: the same luck, medians and paired differences by hand, and every number of the answer
again by plain pandas from the table of worlds."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from carousel.experiments.sweeps.outcomes import names_of
from carousel.experiments.sweeps.run_world import run_world
from carousel.experiments.worlds.comparison import twin_of, with_twin
from carousel.experiments.worlds.pairs import MEASURED, Middle, Worlds, run_pairs
from carousel.experiments.worlds.seven_answers import answers, money, share
from carousel.experiments.worlds.written import AnswerOfWorlds, table_of, write_worlds
from carousel.history.run_directory import RunDirectory
from carousel.report.answer import Answer
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import load

SMALL = ["days=70", "holders=240"]


@pytest.fixture(scope="module")
def played():
    scenario = load("ai-2025", SMALL)
    return scenario, run_pairs(scenario, with_twin(scenario), range(3), workers=1)


def answer_of(scenario, worlds):
    """The whole answer, of whose example no tables are kept."""
    example = Answer("one world", (), ())
    return AnswerOfWorlds(scenario, with_twin(scenario), worlds, answers(scenario, worlds), example, worlds.seeds[0])


def made(own, twins=None):
    twins = twins or [dict.fromkeys(run, 0.0) for run in own]
    return Worlds(tuple(range(len(own))), tuple(own), tuple(twins))


def test_a_middle_is_a_median_between_tenths():
    assert Middle.of([float(x) for x in range(11)]) == Middle(5.0, 1.0, 9.0)
    assert Middle.of([math.nan, 2.0]) == Middle(2.0, 2.0, 2.0)
    assert math.isnan(Middle.of([math.nan]).median)


def test_an_effect_is_the_median_of_differences_not_the_difference_of_medians():
    worlds = made([{"x": 1.0}, {"x": 5.0}, {"x": 9.0}], [{"x": 9.0}, {"x": 1.0}, {"x": 5.0}])
    assert worlds.middle("x").median == 5.0
    assert worlds.effect("x").median == 4.0


def test_the_example_is_the_world_nearest_to_the_medians():
    from carousel.experiments.worlds.pairs import TYPICAL

    rows = [dict.fromkeys(TYPICAL, value) for value in (0.0, 9.0, 10.0, 12.0, 30.0)]
    assert made(rows).example() == 2


def test_money_says_its_unit_once_and_a_range_only_where_there_is_one():
    bn = 1e11
    assert money(Middle(2 * bn, bn, 3 * bn)) == "$2.00 bn (1.00 to 3.00)"
    assert money(Middle(bn, -bn / 100, 3 * bn)) == "$1.00 bn (-$10.0 m to $3.00 bn)"
    assert money(Middle(bn, bn, bn)) == "$1.00 bn"
    assert share(Middle(0.5, 0.4, 0.6)) == "50 % (40 to 60)"


def test_a_twin_has_the_same_luck_and_no_deals(played):
    scenario, worlds = played
    twin = twin_of(scenario.model_copy(update={"behaviour": scenario.behaviour.model_copy(update={"deal_making": 1})}))
    assert (twin.contract, twin.milestone, twin.equity_ticket) == ((), (), ())
    assert twin.behaviour.deal_making == 0
    assert {run["regime"] for run in worlds.twins} == {"none"}
    names = names_of(MEASURED, scenario)
    assert dict(run_world(scenario, 1, names, ["circle_value"]).scalars).items() <= worlds.own[1].items()


def test_the_seven_answers_come_in_their_order(played):
    titles = [section.title for section in answers(*played)]
    assert titles == [
        "Who put up the promised equity?", "Who built it?", "Who paid OpenAI?", "What moved?", "Who is left holding?",
        "Did it turn?", "Who made it possible?",
    ]  # fmt: skip


def test_every_number_of_the_answer_comes_again_from_the_table_of_worlds(played, tmp_path):
    """Plain pandas, without our measures."""
    scenario, worlds = played
    with RunDirectory.at(tmp_path / "w", default="w") as directory:
        write_worlds(directory, answer_of(scenario, worlds))
    rows = pd.read_parquet(tmp_path / "w" / "worlds.parquet")
    own, twin = rows[~rows["is_beside"]].set_index("seed"), rows[rows["is_beside"]].set_index("seed")
    said = json.loads((tmp_path / "w" / "answer.json").read_text())
    assert said["seeds"] == [0, 1, 2]
    assert len(said["outcomes"]) > 100
    for name, numbers in said["outcomes"].items():
        values = pd.to_numeric(own[name])
        assert numbers["world"] == pytest.approx(values.quantile([0.1, 0.5, 0.9]).tolist())
        effect = (values - pd.to_numeric(twin[name])).dropna()
        if len(effect):
            assert numbers["effect"] == pytest.approx(effect.quantile([0.1, 0.5, 0.9]).tolist())
        else:
            assert numbers["effect"] == [None, None, None]
    page = (tmp_path / "w" / "answer.md").read_text()
    paid = pd.to_numeric(own["paid.NVIDIA-OpenAI investment"])
    assert f"Of that {money(Middle.of(paid.tolist()))} was paid." in page
    assert f"It turned in {sum(own['regime'].isin(['reversal', 'default']))} of 3 worlds" in page


def test_a_scenario_that_promises_nothing_has_no_twin():
    assert with_twin(load("joke")) is None
    with pytest.raises(ScenarioError, match="joke: contract: came none; allowed: a scenario that promises something"):
        twin_of(load("joke"))


def test_every_bundled_circle_has_its_answer():
    for name in ("ai-2025-wide-september", "ai-2025-deals", "vendor-loans"):
        scenario = load(name, ["days=3", "holders=300"])
        worlds = run_pairs(scenario, with_twin(scenario), range(2), workers=1)
        assert answer_of(scenario, worlds).to_json()["answers"]
        assert table_of(worlds).num_rows == 4

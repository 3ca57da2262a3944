"""Many worlds beside their twins: the same luck, medians and paired differences by hand, and every number of the answer
again by plain pandas from the table of worlds."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from html import escape

import carousel
import pandas as pd
import pytest
from carousel.experiments.sweeps.outcomes import names_of
from carousel.experiments.sweeps.run_world import run_world
from carousel.experiments.validation.circle_books import with_turnover
from carousel.experiments.worlds.comparison import twin_of, with_twin
from carousel.experiments.worlds.pairs import MEASURED, Middle, Worlds, run_pairs
from carousel.experiments.worlds.said import money, share
from carousel.experiments.worlds.seven_answers import answers
from carousel.experiments.worlds.turns import chain_to_break, own_links, turn_of
from carousel.experiments.worlds.written import AnswerOfWorlds, table_of
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
    beside = with_twin(scenario)
    return AnswerOfWorlds(scenario, beside, worlds, answers(scenario, beside, worlds), worlds.seeds[0], example)


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
    titles = [answer.section.title for answer in answers(played[0], with_twin(played[0]), played[1])]
    assert titles == [
        "Who put up the $100 bn?", "Who built it?", "Who paid OpenAI?", "What moved?", "Who is left holding?",
        "Did it turn?", "Who made it possible?",
    ]  # fmt: skip


def spoken(cents):
    """Cents as an answer says them, by rules of its own."""
    size = abs(cents) / 100
    for unit, word in ((1e12, " tn"), (1e9, " bn"), (1e6, " m")):
        value = float(f"{size / unit:.3g}")
        if value >= 1:
            digits = 0 if value >= 100 else 1 if value >= 10 else 2
            return f"{'-' if cents < 0 else ''}${value:.{digits}f}{word}"
    if not size:
        return "$0"
    return f"{'-' if cents < 0 else ''}${size:,.0f}" if size >= 100 or size == int(size) else f"${size:.2f}"


def recomputed(number, own, twin):
    """Low, median and high of a number of the answer, from the table of worlds by plain pandas."""

    def added(rows, names):
        return sum(pd.to_numeric(rows[name.removeprefix("-")]) * (-1 if name.startswith("-") else 1) for name in names)

    values = added(own, number["sum_of"])
    if number["is_difference"]:
        values = values - added(twin, number["sum_of"])
    if number["over"]:
        values = values / added(own, number["over"]).replace(0, math.nan)
    return values.dropna().quantile([0.1, 0.5, 0.9]).tolist()


def test_every_number_of_the_answer_comes_again_from_the_table_of_worlds(played, tmp_path):
    """Plain pandas, without our measures; and the page says no number that is not among them."""
    scenario, worlds = played
    with RunDirectory.at(tmp_path / "w", default="w") as directory:
        answer_of(scenario, worlds).write(directory)
    rows = pd.read_parquet(tmp_path / "w" / "worlds.parquet")
    own, twin = rows[~rows["is_beside"]].set_index("seed"), rows[rows["is_beside"]].set_index("seed")
    said = json.loads((tmp_path / "w" / "answer.json").read_text())
    page = (tmp_path / "w" / "answer.md").read_text()
    assert said["seeds"] == [0, 1, 2]
    seen = 0
    for answer in said["answers"]:
        cells = {cell for table in answer["tables"] for row in table["rows"] for cell in row}
        for number in answer["numbers"]:
            assert number["text"] in cells or any(number["text"] in line for line in answer["sentences"]), number
            assert number["text"] in page
            if number["unit"] == "worlds":
                continue
            wanted = recomputed(number, own, twin)
            assert [number["low"], number["median"], number["high"]] == pytest.approx(wanted, rel=1e-12, abs=1e-9)
            if number["unit"] == "US cents":
                assert number["text"].startswith(spoken(wanted[1])), number
            seen += 1
    assert seen > 100
    for name, numbers in said["outcomes"].items():
        values = pd.to_numeric(own[name])
        assert numbers["unit"]
        assert numbers["world"] == pytest.approx(values.quantile([0.1, 0.5, 0.9]).tolist())
    turned = own["regime_of_circle"].isin(["reversal", "default"]).sum()
    assert f"It turned in {turned} of 3 worlds" in page


def test_no_number_is_printed_that_the_json_does_not_hold(played):
    """What is left of the sentences without the numbers of answer.json has no digit in it."""
    scenario, worlds = played
    for answer in answer_of(scenario, worlds).to_json()["answers"]:
        texts = sorted((number["text"] for number in answer["numbers"]), key=len, reverse=True)
        for line in answer["sentences"]:
            for text in texts:
                line = line.replace(text, "")
            assert not any(sign.isdigit() for sign in line), line


def test_the_same_answer_is_printed_written_and_given_to_python(tmp_path, here):
    size = {"days": 20, "holders": 240}
    words = ["simulate", "--seed", "5", "--days", "20", "--holders", "240", "--no-figures", "--out", "run"]
    ended = here(*words, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    written = json.loads((tmp_path / "run" / "answer.json").read_text())
    in_memory = carousel.run("ai-2025", seed=5, **size).answer
    assert written == in_memory
    printed = " ".join(ended.stdout.split())
    for line in (line for answer in written["answers"] for line in answer["sentences"]):
        assert " ".join(line.split()) in printed
    shown = carousel.open_run(tmp_path / "run")._repr_html_()
    assert all(escape(answer["question"]) in shown for answer in written["answers"])


def test_turnover_at_equal_surplus_moves_no_number_of_the_seven_answers(played):
    scenario, worlds = played
    told = answer_of(scenario, worlds).to_json()["answers"]
    for scale in (0.2, 2.0):
        other = with_turnover(scenario, scale)
        again = run_pairs(other, with_twin(other), range(3), workers=1)
        for one, two in zip(told, answer_of(other, again).to_json()["answers"], strict=True):
            assert one["sentences"] == two["sentences"]
            assert one["tables"] == two["tables"]


def test_another_world_may_stand_beside_each(tmp_path, here):
    words = ["simulate", "--days", "5", "--holders", "240", "--no-figures", "--quiet", "--seed", "1", "--out", "run"]
    ended = here(*words, "--against", "lab.OpenAI.revenue_share=0.1", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    written = json.loads((tmp_path / "run" / "answer.json").read_text())
    assert written["beside"] == "with lab.OpenAI.revenue_share=0.1"
    assert "one draw" in written["title"]
    both = here(*words, "--against", "joke", "--against", "a=1", cwd=tmp_path)
    assert both.returncode == 2
    assert "--against: came joke and a=1; allowed: one scenario, or changes KEY=VALUE" in both.stderr


def link(day, kind, agent, counterparty=""):
    on = (date(2025, 9, 9) + timedelta(days=day)).isoformat()
    return {"day": day, "date": on, "kind": kind, "agent": agent, "counterparty": counterparty, "cents": 1, "times": 1,
            "detail": ""}  # fmt: skip


def test_what_happens_to_a_firm_without_the_deals_too_makes_no_turn():
    """The lab fails in both worlds; the broken contract is the circle's own, and its chain begins with the doubt."""
    start = date(2025, 9, 9)
    shared = link(90, "default", "Lab")
    strains = [link(30, "doubted", "Lab", "Cloud"), link(60, "renegotiated", "Lab", "Cloud"), shared]
    run = {"regime": "default", "planned_mw": None, "delivered_mw": 0, "strains": json.dumps(strains)}
    twin = {"regime": "none", "strains": json.dumps([shared])}
    assert turn_of(run, twin, start) == {
        "regime_of_circle": "reversal", "turn_day": 60, "strain_day": 30, "breaks_anyway": 1,
    }  # fmt: skip
    assert turn_of(run, None, start)["regime_of_circle"] == "default"
    links = own_links(run, twin)
    assert [each["kind"] for each in chain_to_break(links)] == ["doubted", "renegotiated"]


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

"""One changes a run on the page: its past stays, its future differs, and the page says by how much."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from carousel.history.recorder import Recorder
from carousel.model import CarouselModel, run
from carousel.tests.visual.browser import SMALL, Tab

pytestmark = pytest.mark.once
DAY = 30
CHANGES = {
    "cut off": """() => {
        document.getElementById("stop-who").value = "AI customers";
        document.getElementById("stop").click();
    }""",
    "announce": """() => {
        document.getElementById("say-sum").value = "200";
        document.getElementById("say").click();
    }""",
    "slider": """() => {
        const slider = document.querySelector("input[aria-label='monetisation growth per year']");
        slider.value = slider.min;
        slider.dispatchEvent(new Event("change"));
    }""",
}
Visit = Callable[..., Tab]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_leaves_the_past_and_moves_the_future_by_what_the_page_says(visit: Visit, change: str) -> None:
    tab = visit().open(SMALL).ended()
    before = tab.links()
    tab.seek(DAY)
    tab.page.evaluate(CHANGES[change])
    tab.wait(lambda: tab.state("s.ghost !== null && s.ghost !== s.track"))
    tab.ended()
    after = tab.links()
    assert after[: DAY + 1] == before[: DAY + 1]
    assert after[DAY + 1 :] != before[DAY + 1 :]
    tab.seek(DAY)
    assert set(tab.page.evaluate(EFFECTS)) == {"no difference"}
    tab.seek(90)
    firms = tab.state("s.track.frames[90].firms.map((row, n) => [row[0], row[1] - s.ghost.frames[90].firms[n][1]])")
    told = tab.page.evaluate(EFFECTS)
    assert any(cents for _, cents in firms)
    for (_, cents), said in zip(firms, told, strict=False):
        assert said == "no difference" if not cents else said[0] == ("+" if cents > 0 else "-") and "$" in said
    tab.page.click("#undo")
    tab.wait(lambda: tab.state("s.undo.length") == 0)
    assert tab.links() == before


EFFECTS = '() => [...document.querySelectorAll("#effects strong")].map((each) => each.textContent)'


def test_the_changed_run_one_takes_home_has_the_digest_of_the_command_that_is_shown(
    visit: Visit, tmp_path: Path
) -> None:
    tab = visit().open(SMALL | {"days": 5, "turns": [{"day": 3, "stop": "SoftBank"}]}).ended()
    with tab.page.expect_download() as coming:
        tab.page.evaluate('document.getElementById("save-run").click()')
    coming.value.save_as(tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        digest = json.loads(archive.read("run/manifest.json"))["digest"]
    command, _, file = tab.says("command").partition("\n\n# changed.toml\n")
    assert command == "python run.py simulate changed.toml --seed 0 --days 5 --holders 300"
    (tmp_path / "changed.toml").write_text(file)
    model = CarouselModel(str(tmp_path / "changed.toml"), rng=0, days=5, holders=300)
    recorder = Recorder(model)
    model.observers.append(recorder)
    run(model)
    assert digest == recorder.finish()


def test_a_scenario_edited_on_the_page_is_run_and_one_that_is_none_is_refused_in_words(visit: Visit) -> None:
    tab = visit().open(SMALL).ended()
    file = 'extends = "ai-2025"\nname = "mine"\ndays = { value = 4, source = "short" }\n'
    send = '(text) => { document.getElementById("text").value = text; document.getElementById("text-run").click(); }'
    tab.page.evaluate(send, file + "nonsense = 1\n")
    tab.wait(lambda: "nonsense" in tab.says("status"))
    tab.page.evaluate(send, file + 'holders = { value = 300, source = "few" }\n')
    tab.wait(lambda: tab.state("s.track.head.scenario") == "mine")
    assert tab.ended().state("s.track.last") == 4
    assert tab.says("command").endswith(file + 'holders = { value = 300, source = "few" }\n')


def test_other_worlds_lie_behind_this_one_and_bets_are_told_at_the_end(visit: Visit) -> None:
    tab = visit().open(SMALL).ended()
    tab.page.evaluate('document.getElementById("worlds-many").value = 3; document.getElementById("worlds").click()')
    tab.wait(lambda: tab.says("worlds-told").startswith("3 other worlds"))
    assert tab.drawn().page.evaluate('document.querySelectorAll("#lines .fan").length') == 1
    tab.page.evaluate('document.getElementById("bet").click()')
    tab.wait(lambda: "Hidden until" in tab.says("whose"))
    tab.page.evaluate('document.querySelector("#bets button").click()')
    assert "guess a share" in tab.says("bets")
    tab.page.evaluate('document.querySelector("#bets input").value = 40')
    tab.page.evaluate('document.querySelector("#bets button").click()')
    tab.wait(lambda: "in the wrong pockets" in tab.says("bets") or "nobody is right" in tab.says("bets"))
    tab.wait(lambda: "Hidden" not in tab.says("whose"))

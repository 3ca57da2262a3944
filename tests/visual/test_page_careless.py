"""What a careless user does to the page: links that hold nothing, changes while the server is away, one change upon
another, keys after clicks. What is shown stays, and the page says what was wrong."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable

import pytest
from carousel.tests.visual.browser import SMALL, Server, Tab

pytestmark = pytest.mark.once
Visit = Callable[..., Tab]
CLICK = "(id) => document.getElementById(id).click()"
CLICK_AND_HEAR = """(id) => {
  document.getElementById(id).click();
  return document.getElementById("status").textContent;
}"""
"""The run that was asked for before may come at any moment, and then nothing is said any more."""
SLIDE = """([name, value]) => {
  const slider = document.querySelector(`#sliders input[aria-label="${name}"]`);
  slider.focus();
  slider.value = value;
  slider.dispatchEvent(new Event("change"));
}"""
HELD = "document.activeElement.dataset.key ?? document.activeElement.tagName"


def test_a_link_that_holds_no_run_leads_to_one_and_says_why(visit: Visit) -> None:
    tab = visit()
    for link, said in (
        ("%E0%A4%A", "it cannot be read"),
        ("[1]", "it is no recipe"),
        ('{"scenario":"../x"}', "allowed: one of ai-2025"),
        ('{"turns":[{"day":5,"moved":7}]}', "allowed: an object of numbers"),
    ):
        tab.page.goto(tab.url + "#" + (link if link[0] == "%" else urllib.parse.quote(link)))
        tab.page.reload()
        tab.wait(lambda: tab.says("day").endswith("of 756"))
        assert said in tab.says("status")


def test_what_is_refused_leaves_what_is_shown_and_nothing_to_take_back(visit: Visit) -> None:
    tab = visit().open(SMALL).ended()
    recipe, links = tab.state("s.recipe"), tab.links()
    tab.page.evaluate('document.getElementById("text").value = "é".repeat(40000)')
    tab.page.evaluate(CLICK, "text-run")
    tab.wait(lambda: "longer than the server takes" in tab.says("status"))
    tab.page.evaluate('document.getElementById("text").value = "nonsense = 1"')
    tab.page.evaluate(CLICK, "text-run")
    tab.wait(lambda: "nonsense" in tab.says("status"))
    for field, value in (("seed", "-5"), ("seed", "1.5"), ("worlds-many", "0"), ("say-sum", "")):
        tab.page.evaluate(
            "([id, value]) => { const field = document.getElementById(id); field.value = value;"
            ' field.dispatchEvent(new Event("change")); }',
            [field, value],
        )
        tab.page.evaluate(CLICK, {"worlds-many": "worlds", "say-sum": "say"}.get(field, "play"))
    assert (tab.state("s.recipe"), tab.links(), tab.state("s.undo.length")) == (recipe, links, 0)
    assert json.loads(urllib.parse.unquote(tab.page.evaluate("location.hash.slice(1)"))) == recipe


def test_a_change_that_is_made_while_the_server_is_away_is_made_when_it_is_back(visit: Visit, server: Server) -> None:
    tab = visit().open(SMALL).ended()
    past = tab.links()
    tab.seek(30)
    tab.expected = "WebSocket"
    server.kill()
    tab.wait(lambda: "does not answer" in tab.says("status"))
    tab.page.evaluate(CLICK, "stop")
    server.start()
    tab.wait(lambda: tab.state("s.track.recipe.turns?.length === 1"))
    tab.ended()
    assert tab.links()[:31] == past[:31]
    assert tab.links()[31:] != past[31:]


def test_changes_upon_changes_are_told_apart_and_taken_back_one_by_one(visit: Visit) -> None:
    tab = visit().open(SMALL).ended()
    past = tab.links()
    tab.seek(30)
    tab.page.evaluate(SLIDE, ["bond appetite scale", 0.5])
    tab.page.evaluate(SLIDE, ["bond appetite scale", 2])
    tab.wait(lambda: tab.state("s.track.recipe.turns?.[0].moved.bond_appetite_scale === 2"))
    tab.ended()
    assert tab.state("s.recipe.turns") == [{"day": 31, "moved": {"bond_appetite_scale": 2}}]
    assert tab.page.evaluate(HELD) == "bond_appetite_scale"
    tab.page.evaluate(CLICK, "worlds")
    tab.page.evaluate(CLICK, "stop")
    assert "cut off already" in tab.page.evaluate(CLICK_AND_HEAR, "stop")
    tab.wait(lambda: tab.state("s.track.recipe.turns?.length === 2"))
    tab.page.evaluate('document.getElementById("worlds-many").value = 2')
    tab.page.evaluate(CLICK, "worlds")
    tab.wait(lambda: tab.says("worlds-told").startswith("2 other worlds"))
    tab.ended()
    tab.page.evaluate('document.querySelectorAll("#turns button")[1].click()')
    tab.wait(lambda: tab.state("s.track.recipe.turns?.length === 1"))
    tab.ended()
    assert tab.day() == 30
    for left in (2, 1, 0):
        tab.page.evaluate(CLICK, "undo")
        assert tab.state("s.undo.length") == left
    assert tab.links() == past


def test_a_link_shows_the_day_the_rule_and_what_the_run_is_compared_with(visit: Visit) -> None:
    against = urllib.parse.quote(json.dumps(SMALL))
    tab = visit()
    whole = SMALL | {"turns": [{"day": 20, "stop": "AI customers"}]}
    tab.page.goto(f"{tab.url}#{urllib.parse.quote(json.dumps(whole))}&day=60&rule=2&against={against}")
    tab.wait(lambda: tab.state("s.track?.isOver && s.ghost?.isOver"))
    assert (tab.drawn().day(), tab.says("play"), tab.state("s.rule")) == (60, "Play", 2)
    told = '[...document.querySelectorAll("#effects strong")].map((each) => each.textContent)'
    tab.wait(lambda: any("$" in said for said in tab.page.evaluate(told)))


def test_keys_work_after_a_click_and_who_stands_on_a_firm_stays_there(visit: Visit) -> None:
    tab = visit().open(SMALL).ended()
    tab.seek(20)
    tab.page.click("#step")
    tab.page.keyboard.press("ArrowRight")
    tab.wait(lambda: tab.day() == 22)
    tab.page.evaluate('document.querySelector("#circle .firm").focus()')
    held = tab.page.evaluate(HELD)
    tab.page.set_viewport_size({"width": 1100, "height": 700})
    tab.wait(lambda: tab.page.evaluate('document.getElementById("circle").viewBox.baseVal.width') < 800)
    assert held == tab.page.evaluate(HELD) != "BODY"
    tab.page.keyboard.press("PageUp")
    tab.wait(lambda: tab.day() == 1)

"""The page plays a run: pause, step, keys, seeking both ways, two tabs, a server that dies and comes again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from carousel.tests.visual.browser import SMALL, Server, Tab

pytestmark = pytest.mark.once
Visit = Callable[..., Tab]
MINUTE = SMALL | {"days": 1_260}
"""A run that plays for a minute at least."""
LONG = SMALL | {"days": 5_040, "holders": 4_000}
"""A run that no server tells in the time that it takes to end it."""


def test_it_plays_pauses_and_steps_by_one_day(visit: Visit) -> None:
    tab = visit().open(MINUTE)
    assert tab.says("play") == "Pause"
    tab.wait(lambda: tab.day() > 2)
    tab.page.click("#play")
    day = tab.day()
    for _ in range(10):
        assert tab.drawn().day() == day
    assert tab.says("play") == "Play"
    tab.page.click("#step")
    tab.wait(lambda: tab.day() == day + 1)
    tab.page.evaluate("document.activeElement.blur()")
    for said in ("Pause", "Play"):
        tab.page.keyboard.press("Space")
        assert tab.says("play") == said


def test_keys_do_what_hands_do(visit: Visit) -> None:
    tab = visit().open(SMALL).ended()
    press = tab.page.keyboard.press
    for key, day in (("Home", 0), ("ArrowRight", 1), ("PageDown", 22), ("ArrowLeft", 21), ("PageUp", 0), ("End", 90)):
        press(key)
        tab.wait(lambda day=day: tab.day() == day)
    press("Home")
    press("Space")
    tab.wait(lambda: tab.day() > 0)
    for _ in range(3):
        press("Tab")
    assert tab.page.evaluate("document.activeElement !== document.body")


def test_a_day_shows_the_same_words_and_numbers_whenever_one_comes_to_it(visit: Visit) -> None:
    tab = visit().open(SMALL).ended()
    tab.page.click("#play")
    seen = {}
    for day in (10, 40, 63, 90):
        tab.seek(day)
        seen[day] = tab.text()
    assert len(set(seen.values())) == 4
    for day in (63, 10, 90, 40):
        tab.seek(day)
        assert tab.text() == seen[day]


def test_two_tabs_know_nothing_of_each_other(visit: Visit) -> None:
    one, other = visit().open(SMALL), visit().open(SMALL | {"seed": 5})
    other.page.click("#play")
    for tab in (one, other):
        tab.ended()
    other.seek(3)
    assert one.links() != other.links()
    one.seek(7)
    assert other.day() == 3
    assert (one.state("s.recipe.seed"), other.state("s.recipe.seed")) == (0, 5)


def test_when_the_server_dies_one_seeks_on_and_when_it_is_back_the_run_goes_on_from_the_same_past(
    visit: Visit, server: Server
) -> None:
    tab = visit().open(LONG)
    tab.page.click("#play")
    tab.wait(lambda: tab.state("s.track.last") > 20)
    tab.expected = "WebSocket"
    server.kill()
    tab.wait(lambda: "does not answer" in tab.says("status"))
    past = tab.links()
    assert 20 < len(past) < 5_041
    tab.seek(20)
    tab.seek(4)
    server.start()
    tab.wait(lambda: tab.state("s.track.last") > len(past) + 5)
    assert tab.links()[: len(past)] == past
    assert tab.day() == 4
    known = tab.links()[: len(past) + 5]
    tab.page.close()
    whole = visit().open(LONG)
    whole.wait(lambda: whole.state("s.track.last") > len(past) + 5)
    assert whole.links()[: len(past) + 5] == known

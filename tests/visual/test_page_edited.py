"""A scenario's numbers are typed over on the page, and days that say nothing new are counted all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from carousel.tests.visual.browser import SMALL, Tab

pytestmark = pytest.mark.once
Visit = Callable[..., Tab]
PATH = "contract.OpenAI-Oracle compute.capacity_gw"
TYPE = """([kind, path, value]) => {
  const select = document.getElementById("tables-kind");
  select.value = kind;
  select.dispatchEvent(new Event("change"));
  const cell = document.querySelector(`#tables input[aria-label="${path}"]`);
  cell.value = value;
  cell.dispatchEvent(new Event("input"));
  document.getElementById("tables-run").click();
}"""
TOLD = """(path) => {
  const cell = document.querySelector(`#tables input[aria-label="${path}"]`);
  return [cell.value, cell.classList.contains("changed")];
}"""
"""What stands in a cell, and whether somebody has typed it there since the tables came."""
FILLED = 'document.querySelectorAll("#tables input").length'
COUNTED = """async () => {
  const { Track } = await import("./track.js");
  const track = new Track({ opening_cause: 0, places: [] });
  track.add({ day: 0, paid: [], whose: [], events: [] });
  track.add({ day: 1, paid: [[0, 1, 5, 70]], whose: [[0, 1, 5, 0, 2, 0, 70]], events: [["kind", "who", "", 0, "words", 0]] });
  track.add({ day: 2 });
  track.add({ day: 3, paid: [], whose: [], events: [] });
  return [track.window(3, 3)[0][1], track.window(3, 9, track.whose)[0][1], track.events.length];
}"""  # noqa: E501


def test_a_number_typed_over_in_a_table_is_run_and_stands_in_the_command(visit: Visit) -> None:
    tab = visit().open(SMALL | {"days": 4}).ended()
    before = tab.links()
    tab.page.evaluate('document.getElementById("edit").open = true')
    tab.wait(lambda: tab.page.evaluate(FILLED))
    tab.page.evaluate(TYPE, ["contract", PATH, "2.5"])
    tab.wait(lambda: f"{PATH}=2.5" in tab.says("command"))
    assert tab.ended().links() != before
    tab.wait(lambda: tab.page.evaluate(TOLD, PATH) == ["2.5", False])
    tab.page.evaluate(TYPE, ["contract", PATH, "much"])
    tab.wait(lambda: PATH in tab.says("status"))
    assert tab.state("s.track.last") == 4


def test_a_day_that_is_as_the_day_before_is_counted_all_the_same(visit: Visit) -> None:
    tab = visit().open(SMALL | {"days": 4})
    assert tab.page.evaluate(COUNTED) == [140, 140, 2]

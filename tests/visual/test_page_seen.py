"""The page can be read: by eye in both layouts and all bundled scenarios, by a screen reader, by who gets dizzy."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
from carousel.scenarios.loader import bundled
from carousel.tests.visual.browser import DESKTOP, LARGE, PHONE, SMALL, Tab

pytestmark = pytest.mark.once
TEXT_PIXELS_MIN = 11
OVERLAP_PIXELS = 1.0
Visit = Callable[..., Tab]


def five_clouds() -> str:
    """Three labs and five clouds: the wide circle and one more cloud, with a contract and chips like the last one's."""
    wide = (resources.files("carousel.scenarios") / "ai-2025-wide-september.toml").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?=\[\[)", wide)
    cloud = next(part for part in parts if part.startswith('[[cloud]]\nname = "Amazon"'))
    contract = next(part for part in parts if part.startswith("[[contract]]") and 'provider = "Amazon"' in part)
    supply = next(part for part in parts if part.startswith("[[supply]]") and 'buyer = "Amazon"' in part)
    more = (cloud + contract + supply).replace("Amazon", "Fifth Cloud").replace("AMZN", "FIVE")
    return 'extends = "ai-2025-wide-september"\nname = "five-clouds"\n\n' + re.sub(r"(?m)^#.*\n", "", more)


WORLDS: dict[str, dict[str, Any]] = {
    **{name: {"scenario": name} if name == "joke" else SMALL | {"scenario": name} for name in bundled()},
    "five-clouds": {"text": five_clouds(), "days": 90, "holders": 300},
}


@pytest.mark.parametrize("world", WORLDS)
def test_no_two_texts_of_the_pictures_overlap_and_none_is_cut(visit: Visit, world: str) -> None:
    tab = visit().open(WORLDS[world]).ended()
    tab.page.click("#play")
    for width, height in (DESKTOP, LARGE, PHONE):
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.wait(lambda size=[width, height]: tab.page.evaluate("[innerWidth, innerHeight]") == size)
        for day in {0, min(40, tab.state("s.track.last")), tab.state("s.track.last")}:
            tab.seek(day)
            tab.wait(lambda: tab.page.evaluate(DRAWN_FOR) == tab.page.evaluate(ROOM))
            for picture in ("circle", "lines"):
                left, top, right, low, texts = tab.page.evaluate(BOXES, picture)
                assert texts
                for n, (text, *box) in enumerate(texts):
                    assert min(box[0] - left, box[1] - top, right - box[2], low - box[3]) >= -1, (world, width, text)
                    for other, *there in texts[:n]:
                        wide, high = (min(box[k + 2], there[k + 2]) - max(box[k], there[k]) for k in (0, 1))
                        assert min(wide, high) <= OVERLAP_PIXELS, (world, width, day, text, other)
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    firms = tab.state("s.track.head.places.filter((place) => place.circle).length")
    assert tab.page.evaluate('document.querySelectorAll("#circle .firm").length') == firms


DRAWN_FOR = '["circle", "lines"].map((id) => document.getElementById(id).getAttribute("viewBox").slice(4))'
ROOM = """["stage", "below"].map((id) => {
  const { width, height } = document.getElementById(id).getBoundingClientRect();
  return `${Math.round(width)} ${Math.round(height)}`;
})"""
BOXES = """(id) => {
  const whole = document.getElementById(id).getBoundingClientRect();
  const texts = [...document.querySelectorAll(`#${id} text`)].filter((each) => each.textContent);
  return [whole.left, whole.top, whole.right, whole.bottom, texts.map((each) => {
    const box = each.getBoundingClientRect();
    return [each.textContent, box.left, box.top, box.right, box.bottom];
  })];
}"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_all_text_is_large_enough_and_everything_one_can_use_has_a_name(visit: Visit, size: tuple[int, int]) -> None:
    tab = visit(size).open(SMALL).ended()
    tab.seek(90)
    tab.page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })')
    tab.wait(lambda: tab.page.evaluate('document.querySelectorAll("#tables input").length'))
    assert not [small for small in tab.page.evaluate(SIZES) if small[1] < TEXT_PIXELS_MIN]
    assert not tab.page.evaluate(NAMELESS)
    assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert tab.page.get_attribute("#date", "role") == "status"
    assert tab.page.get_attribute("#status", "role") == "alert"
    for part in ("#circle", "#lines"):
        assert tab.page.get_attribute(part, "aria-label")
    assert "Oracle" in tab.page.evaluate('[...document.querySelectorAll("[role=button]")].map((b) => b.textContent)+""')


SIZES = """() => [...document.querySelectorAll("body *")]
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((each) => each.tagName !== "title" && each.tagName !== "SCRIPT")
  .map((each) => [each.textContent.slice(0, 40), parseFloat(getComputedStyle(each).fontSize)])"""
NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea, [role=button], summary")]
  .filter((each) => !(each.getAttribute("aria-label") || each.textContent.trim()))
  .filter((each) => !each.labels?.[0]?.textContent.trim())
  .map((each) => each.outerHTML)"""


def test_who_wants_less_motion_sees_no_dots_and_nothing_that_plays_by_itself(visit: Visit) -> None:
    tab = visit(reduced_motion="reduce").open(SMALL).ended()
    assert tab.says("play") == "Play"
    assert tab.day() == 0
    tab.page.click("#play")
    tab.wait(lambda: tab.day() > 3)
    assert not tab.page.evaluate(PAINTED)
    moving = visit().open(SMALL | {"days": 1_260})
    moving.wait(lambda: moving.page.evaluate(PAINTED))


PAINTED = """() => {
  const canvas = document.getElementById("dots");
  return canvas.width > 0 && canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
}"""

"""A run in one file plays without any server, and shows what the page would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from carousel.tests.visual.browser import SMALL, Tab
from carousel.visual.keep import kept

pytestmark = pytest.mark.once
Visit = Callable[..., Tab]


def test_the_file_asks_for_itself_only_and_shows_what_the_page_shows(visit: Visit, tmp_path: Path) -> None:
    keeping = kept("replay.html", SMALL, {})
    while not keeping.is_over:
        keeping.slice()
    (tmp_path / "replay.html").write_bytes(keeping.file())
    keeping.close()
    replay, page = visit(), visit().open(SMALL).ended()
    replay.url = (tmp_path / "replay.html").as_uri()
    replay.open().wait(lambda: replay.says("day").endswith("of 90"))
    assert replay.requests == [replay.url]
    for tab in (page, replay):
        tab.page.click("#play")
    for day in (90, 63):
        page.seek(day)
        replay.seek(day)
        assert shown(replay) == shown(page)
    assert replay.requests == [replay.url]
    replay.page.click("#step")
    replay.wait(lambda: replay.day() == 64)


def shown(tab: Tab) -> Any:
    """What both tell of a day."""
    parts = '["circle", "lines", "whose", "net", "belief", "events", "date", "day", "promised", "paid", "gained"]'
    return tab.page.evaluate(f"() => {parts}.map((id) => document.getElementById(id).textContent)")

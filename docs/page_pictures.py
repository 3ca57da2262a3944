"""The pictures of docs/page.md and the moving one of README.md, taken from the page itself.

`python docs/page_pictures.py` needs what the page's tests need: Chromium and playwright.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from carousel.tests.visual.browser import DESKTOP, PHONE, Server, Tab, opened
from PIL import Image

FIGURES = Path(__file__).parent / "figures"
RUN = {"scenario": "ai-2025", "seed": 0}
CUT_DAY = 420
MOVING_DAYS = range(0, 757, 14)
MOVING_WIDTH = 720
MILLISECONDS = 160
BUTTON = 'document.getElementById("play")'


def pictures() -> None:
    """All of them, from a server that is started for it."""
    server = Server()
    try:
        with opened() as browser:
            tab = _tab(browser, server, DESKTOP).open(RUN).ended()
            _moving(tab)
            _still(tab, "page", 500)
            _cut(tab)
            phone = _tab(browser, server, PHONE).open(RUN).ended()
            _still(phone, "page-phone", 500)
    finally:
        server.kill()


def _tab(browser: Any, server: Server, size: tuple[int, int]) -> Tab:
    return Tab(browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page(), server.url)


def _run_up_to(tab: Tab, day: int) -> None:
    """Play the last days before one, so that money is on its way."""
    tab.seek(max(0, day - 140))
    tab.page.evaluate(
        'document.getElementById("play").textContent === "Play" && document.getElementById("play").click()'
    )
    tab.wait(lambda: tab.day() >= day)
    tab.page.evaluate(f"{BUTTON}.click()")
    tab.page.mouse.move(400, 560)


def _still(tab: Tab, name: str, day: int) -> None:
    _run_up_to(tab, day)
    _kept(Image.open(io.BytesIO(tab.page.screenshot())), name)


def _cut(tab: Tab) -> None:
    """A payer is cut off, and the run beside the one without."""
    tab.seek(CUT_DAY)
    tab.page.select_option("#stop-who", "AI customers")
    tab.page.click("#stop")
    tab.wait(lambda: tab.state("s.ghost !== null && s.ghost !== s.track"))
    _still(tab.ended(), "page-cut", 640)


def _moving(tab: Tab) -> None:
    """The whole run at two quarters a second."""
    tab.page.evaluate(
        '() => { const bar = document.getElementById("speed"); bar.value = 3; bar.dispatchEvent(new Event("input")); }'
    )
    tab.seek(0)
    frames = []
    tab.page.evaluate(f"{BUTTON}.click()")
    for day in MOVING_DAYS:
        tab.wait(lambda day=day: tab.day() >= day)
        shot = Image.open(io.BytesIO(tab.page.screenshot(type="jpeg", quality=92))).convert("RGB")
        frames.append(
            shot.resize((MOVING_WIDTH, round(MOVING_WIDTH * shot.height / shot.width)), Image.Resampling.LANCZOS)
        )
    durations = [MILLISECONDS] * (len(frames) - 1) + [2500]
    frames[0].save(
        FIGURES / "page.webp", save_all=True, append_images=frames[1:], duration=durations, loop=0, quality=62, method=4
    )


def _kept(shot: Any, name: str) -> None:
    shot.convert("RGB").save(FIGURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    pictures()

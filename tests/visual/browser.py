"""A browser that looks at the page: Debian's Chromium by playwright; run as a script it says what is missing."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
DESKTOP, LARGE, PHONE = (1280, 800), (1920, 1080), (390, 844)
WAIT_SECONDS = 180
"""Whoever waits longer waits for nothing; no claim is about time, and a busy machine may take its own."""
SMALL = {"scenario": "ai-2025", "seed": 0, "days": 90, "holders": 300}
"""The run that most claims look at."""


def chromium() -> str:
    """Path of the browser; empty if there is none."""
    named = os.environ.get("CHROMIUM", "")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


def missing() -> str:
    """One line on what is missing and how to get it; empty if nothing is."""
    lacks = [] if chromium() else ["no Chromium (Debian: apt-get install chromium, or name one: CHROMIUM=/path)"]
    if importlib.util.find_spec("playwright") is None:
        lacks.append("no playwright (make install-test)")
    return f"the page is not looked at: {'; '.join(lacks)}" if lacks else ""


class Server:
    """`carousel serve` in a process of its own, on one port also when it is started again.

    The port is bound here too, where nobody listens: nobody else is given it while the server is dead.
    """

    def __init__(self, *arguments: str) -> None:
        self._arguments, self._held = arguments, socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self.port = self._held.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Serve; returns when the address is open."""
        command = [sys.executable, "-m", "carousel.run", "serve", *self._arguments, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[3]

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Tab:
    """One tab at the page, and everything that went wrong in it or was asked of others."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url
        self.errors: list[str] = []
        self.expected = ""
        """Errors that hold this are no complaint, whenever they come."""
        page.set_default_timeout(1000 * WAIT_SECONDS)
        self.requests: list[str] = []
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: self.errors.append(str(fault)))
        page.on("request", lambda asked: self.requests.append(asked.url))
        page.on("websocket", lambda line: self.requests.append(line.url.replace("ws:", "http:", 1)))

    def open(self, recipe: dict[str, Any] | None = None) -> Tab:
        """Open a recipe's link and wait for its first day."""
        self.page.goto(self.url + ("#" + urllib.parse.quote(json.dumps(recipe)) if recipe else ""))
        self.wait(lambda: self.says("day"))
        return self

    def ended(self) -> Tab:
        """Wait until the whole run is in the browser, compared run included."""
        self.wait(lambda: self.state("s.track.isOver && (!s.ghost || s.ghost.isOver)"))
        return self

    def says(self, name: str) -> str:
        """The text of an element."""
        return str(self.page.evaluate("(id) => document.getElementById(id).textContent", name))

    def day(self) -> int:
        """The day that is shown."""
        return int(self.says("day").split()[1])

    def state(self, what: str) -> Any:
        """Something the page knows: an expression of its state `s`."""
        return self.page.evaluate(f'async () => {{ const s = (await import("./session.js")).state; return {what}; }}')

    def links(self) -> list[str]:
        """The links of the days so far: what each day and all before it were."""
        return list(self.state("s.track.frames.map((frame) => frame.link)"))

    def seek(self, day: int) -> None:
        """Drag the slider of days, and wait for all that is shown of the day."""
        self.page.evaluate(SEEK, day)
        self.drawn().wait(lambda: self.day() == day)

    def drawn(self) -> Tab:
        """Wait until whatever the page knows by now is drawn: it draws in the browser's next frame."""
        self.page.evaluate(TWO_FRAMES)
        return self

    def text(self) -> str:
        """All words and numbers that are shown."""
        return str(self.page.evaluate(TEXT))

    def wait(self, claim: Callable[[], Any]) -> None:
        """Until something is so; the content policy forbids the driver's own way."""
        end = time.monotonic() + WAIT_SECONDS
        while not claim():
            assert time.monotonic() < end, f"still waiting; the page says: {self.says('status')} {self.errors}"
            time.sleep(0.02)

    def blame(self) -> None:
        """Complain of errors, and of requests to anybody but the page's own server."""
        unexpected = [said for said in self.errors if not self.expected or self.expected not in said]
        assert not unexpected, unexpected
        foreign = [url for url in self.requests if not url.startswith((self.url, "data:", "blob:"))]
        assert not foreign, foreign


SEEK = """(day) => {
  const bar = document.getElementById("seek");
  bar.value = day;
  bar.dispatchEvent(new Event("input"));
}"""
TWO_FRAMES = "() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(() => seen())))"
TEXT = """() => {
  const parts = [...document.querySelectorAll("aside, #circle, #lines, .when")];
  return parts.map((part) => part.textContent).join("\\n");
}"""


@contextmanager
def opened() -> Iterator[Any]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


if __name__ == "__main__" and missing():
    print(missing())

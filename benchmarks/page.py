"""What the page costs: processor time a day, bytes a day, memory a session; then what a browser sees of it.

`OMP_NUM_THREADS=1 python benchmarks/page.py --holders 10000` measures the page; `--solara PYTHON` names an interpreter
with the extra `mesa-page`, and measures SolaraViz with the same model and the same views beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from carousel.benchmarks.measure import environment, in_turn, print_table, processor_seconds, tell, write_json
from carousel.model import CarouselModel, run
from carousel.visual.play import Play, Teller
from carousel.visual.recipe import Recipe

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
DAYS = 126
SESSIONS = 4
LOOK_SECONDS = 4.0
Row = tuple[str, str]


def costs(holders: int, rounds: int) -> list[Row]:
    """Milliseconds of processor time a day: the model alone, and with every day told as text."""

    def alone() -> float:
        model = CarouselModel("ai-2025", rng=7, holders=holders, days=DAYS)
        return processor_seconds(lambda: run(model))

    def told() -> float:
        model = CarouselModel("ai-2025", rng=7, holders=holders, days=DAYS)
        teller = Teller(model)

        def tell_day(model: CarouselModel) -> None:
            teller(model)
            for frame in teller.take():
                _text(frame)

        model.observers.append(tell_day)
        return processor_seconds(lambda: run(model))

    seconds = in_turn({"alone": alone, "told": told}, rounds)
    least = {name: 1e3 * min(times) / DAYS for name, times in seconds.items()}
    return [
        ("the model, ms of processor time a day", f"{least['alone']:.2f}"),
        ("frame and text on top of it, ms a day", f"{least['told'] - least['alone']:.2f}"),
    ]


def sizes(holders: int) -> list[Row]:
    """Bytes of a whole run, as text and as the socket sends them."""
    playing, texts = Play(Recipe(seed=7, holders=holders)), []
    packer = zlib.compressobj(1, wbits=-15, memLevel=5)
    sent = 0
    while not playing.is_over:
        texts += [_text(frame) for frame in playing.slice()]
    for text in texts:
        sent += len(packer.compress(text.encode())) + len(packer.flush(zlib.Z_SYNC_FLUSH))
    raw = sum(map(len, texts))
    return [
        (f"{len(texts)} frames, bytes a day", f"{raw / len(texts):.0f}"),
        ("the same as sent, deflated", f"{sent / len(texts):.0f}"),
        ("a whole run as sent, kB", f"{sent / 1e3:.0f}"),
    ]


def memory(holders: int) -> list[Row]:
    """Resident memory of one more session in the middle of its run."""
    kept = []
    before = _resident(os.getpid())
    for seed in range(SESSIONS):
        playing = Play(Recipe(seed=seed, holders=holders))
        while playing.model.clock.day < DAYS:
            playing.slice()
        kept.append(playing)
    return [("memory of a session, MB", f"{(_resident(os.getpid()) - before) / SESSIONS / 1e6:.1f}")]


def seen(holders: int) -> list[Row]:
    """What a browser sees of the page."""
    from carousel.tests.visual.browser import DESKTOP, Server, Tab, opened

    with opened() as browser:
        page = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}).new_page()
        began = time.monotonic()
        server = Server("--holders", str(holders))
        tab = Tab(page, server.url)
        page.goto(server.url)
        control = time.monotonic() - began
        tab.wait(lambda: tab.says("day"))
        first = time.monotonic() - began
        used = _processor_seconds(server.process.pid)
        tab.ended()
        used = (_processor_seconds(server.process.pid) - used) / 757
        tab.seek(0)
        told = page.evaluate(WATCH, LOOK_SECONDS)
        memory = _resident(server.process.pid)
        server.kill()
    return [
        ("server's start to the page's controls, s", f"{control:.2f}"),
        ("server's start to the first frame, s", f"{first:.2f}"),
        ("pictures a second while it plays", f"{told['pictures']:.0f}"),
        ("days a second at a year a second", f"{told['days']:.0f}"),
        ("last day shown after Pause, ms", f"{told['pause']:.0f}"),
        ("server's processor time a day, the model's included, ms", f"{1e3 * used:.2f}"),
        ("server's memory, MB", f"{memory / 1e6:.0f}"),
    ]


WATCH = """async (seconds) => {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const day = () => Number(document.getElementById("day").textContent.split(" ")[1]);
  const play = document.getElementById("play"), speed = document.getElementById("speed");
  speed.value = 5;
  speed.dispatchEvent(new Event("input"));
  if (play.textContent === "Play") play.click();
  let pictures = 0, last = day(), changed = performance.now();
  const count = () => { pictures += 1; if (day() !== last) { last = day(); changed = performance.now(); } requestAnimationFrame(count); };
  requestAnimationFrame(count);
  const from = day(), began = performance.now();
  await wait(seconds * 500);
  const told = { pictures: pictures / (performance.now() - began) * 1000, days: (day() - from) / (performance.now() - began) * 1000 };
  const pressed = performance.now();
  play.click();
  await wait(600);
  return { ...told, pause: Math.max(0, changed - pressed) };
}"""  # noqa: E501


def solara(python: str, holders: int) -> list[Row]:
    """The same of SolaraViz: how fast it steps and draws, and what its server takes for it."""
    from carousel.tests.visual.browser import DESKTOP, opened

    began = time.monotonic()
    command = [python, "-m", "carousel.run", "serve", "--mesa", "--port", "0", "--holders", str(holders)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[3]
        with opened() as browser:
            page = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}).new_page()
            _reached(page, address, process)
            play = page.get_by_text("▶").first
            play.wait_for(timeout=120_000)
            control = time.monotonic() - began
            play.click()
            page.wait_for_timeout(3000)
            used, days, start = _processor_seconds(process.pid), _day(page), time.monotonic()
            page.wait_for_timeout(1000 * LOOK_SECONDS)
            days, used = _day(page) - days, _processor_seconds(process.pid) - used
            span = time.monotonic() - start
    finally:
        memory = _resident(process.pid)
        process.kill()
        process.wait()
    return [
        ("server's start to the page's controls, s", f"{control:.2f}"),
        ("days, each drawn, a second", f"{days / span:.1f}"),
        ("server's processor time a day, the model's included, ms", f"{1e3 * used / max(1, days):.1f}"),
        ("server's memory, MB", f"{memory / 1e6:.0f}"),
    ]


def _reached(page: Any, url: str, process: subprocess.Popen[str]) -> None:
    from playwright.sync_api import Error

    while process.poll() is None:
        try:
            page.goto(url)
            return
        except Error:
            time.sleep(0.2)
    raise SystemExit("SolaraViz does not start: is the extra mesa-page installed there?")


def _day(page: Any) -> int:
    return int(page.evaluate("() => Number(document.body.innerText.match(/(?:Step|Time)s?:?\\s*(\\d+)/)[1])"))


def _text(frame: dict[str, Any]) -> str:
    return json.dumps(frame, separators=(",", ":"), allow_nan=False)


def _resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE_BYTES


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--holders", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--solara", default="", help="an interpreter with the extra mesa-page")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    found: dict[str, list[Row]] = {}
    parts: dict[str, Callable[[], list[Row]]] = {
        "server": lambda: costs(chosen.holders, chosen.rounds) + sizes(chosen.holders) + memory(chosen.holders),
        "browser": lambda: seen(chosen.holders),
    }
    if chosen.solara:
        parts["SolaraViz"] = lambda: solara(chosen.solara, chosen.holders)
    for name, measure in parts.items():
        tell(name)
        found[name] = measure()
        print_table(f"{name}, {chosen.holders:,} households", ("what", "figure"), found[name])
    write_json(
        chosen.json, {"environment": environment(), "holders": chosen.holders} | {k: dict(v) for k, v in found.items()}
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

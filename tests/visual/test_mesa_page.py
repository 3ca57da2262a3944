"""Mesa's page shows what the books say of a model that nothing has been done to, to this machine only."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import MutableMapping
from importlib.util import find_spec
from typing import Any

import pytest
from carousel.cli.endings import run_command
from carousel.history.recorder import Recorder
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, PAYEE, PAYER
from carousel.model import CarouselModel, run
from carousel.scenarios.loader import bundled, load
from carousel.tests.visual.loops import apart
from carousel.visual.frames import places
from carousel.visual.guard import ADDRESS, Guard
from carousel.visual.mesa_serve import NEEDED, Guarded
from carousel.visual.mesa_views import circle_svg, events_html, values_svg, who_paid_svg
from carousel.visual.mesa_watch import WINDOW_DAYS, WatchedModel
from carousel.visual.sliders import sliders

DAYS, HOLDERS, PORT = WINDOW_DAYS + 9, 300, 8765
VIEWS = (circle_svg, values_svg, who_paid_svg, events_html)


@pytest.fixture(scope="module")
def watched() -> WatchedModel:
    model = WatchedModel(rng=3, days=DAYS, holders=HOLDERS)
    while model.running:
        model.step()
    return model


def test_a_watched_model_has_the_digest_of_an_unwatched_one() -> None:
    digests = []
    for kind in (CarouselModel, WatchedModel):
        model = kind("ai-2025", rng=3, days=20, holders=HOLDERS)
        recorder = Recorder(model)
        model.observers.append(recorder)
        run(model)
        digests.append(recorder.finish())
    assert digests[0] == digests[1]


def test_a_ribbon_is_the_money_of_the_last_quarter_to_the_cent(watched: WatchedModel) -> None:
    model = CarouselModel("ai-2025", rng=3, days=DAYS, holders=HOLDERS)
    place_of, paid = places(model)[1], Counter[tuple[int, int]]()
    while model.running:
        model.step()
        if model.clock.day > DAYS - WINDOW_DAYS:
            for row in model.books.last.entries:
                if row[CAUSE] != Cause.OPENING:
                    paid[int(place_of[row[PAYER]]), int(place_of[row[PAYEE]])] += int(row[CENTS])
    assert {pair: n for pair, n in watched.watch.recent.items() if n} == {pair: n for pair, n in paid.items() if n}


def test_parameters_that_nobody_has_moved_are_as_the_scenario_says() -> None:
    first = {row["name"]: row["now"] for row in sliders(load("ai-2025-wide-september"))}
    as_shown = WatchedModel("ai-2025-wide-september", rng=0, days=3, holders=HOLDERS, shown_first=first, **first)
    assert as_shown.recipe == CarouselModel("ai-2025-wide-september", rng=0, days=3, holders=HOLDERS).recipe
    moved = WatchedModel("ai-2025", rng="7", days=3, holders=HOLDERS, shown_first=first,
                         **first | {"micro_elasticity": 2.5})  # fmt: skip
    assert moved.recipe.behaviour.micro_elasticity == 2.5
    assert moved.clock.seed == 7


def test_a_model_that_mesa_resets_with_an_object_of_its_own_is_the_same_model() -> None:
    first, again = (WatchedModel(rng=2, days=3, holders=HOLDERS, **more) for more in ({}, {"scenario": object()}))
    assert again.recipe == first.recipe


@pytest.mark.parametrize("name", bundled())
def test_every_firm_of_every_bundled_scenario_is_drawn_inside_the_picture(name: str) -> None:
    model = WatchedModel(name, rng=0, days=load(name).days, holders=None)
    model.step()
    drawn = [draw(model.watch) for draw in VIEWS]
    assert all("nan" not in each and "inf" not in each for each in drawn)
    assert drawn[0].count("<rect") == sum(place["circle"] for place in model.watch.head["places"])


def test_what_a_scenario_says_is_text_and_never_markup() -> None:
    model = WatchedModel(rng=0, days=2, holders=HOLDERS)
    model.watch.events.append(("2025-01-01", "<script>alert(1)</script>"))
    model.watch.head["places"][0]["name"] = "<script>"
    model.watch.recent[0, 1] = 10**12
    assert not any("<script" in draw(model.watch) for draw in VIEWS)


def test_a_step_waits_until_the_day_before_has_been_drawn() -> None:
    model = WatchedModel(rng=0, days=3, holders=HOLDERS)
    model.is_drawn.clear()
    stepping = threading.Thread(target=model.step)
    stepping.start()
    stepping.join(0.05)
    assert model.clock.day == 0
    model.is_drawn.set()
    stepping.join()
    assert model.clock.day == 1


async def asked(guarded: Guarded, kind: str, *headers: tuple[bytes, bytes]) -> list[MutableMapping[str, Any]]:
    """What a request with some headers is answered."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await guarded({"type": kind, "headers": list(headers)}, receive, send)
    return sent


def test_a_foreign_host_or_origin_reaches_neither_page_nor_socket() -> None:
    reached = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["type"])

    async def claim() -> None:
        guarded = Guarded(inner, Guard(PORT))
        host, origin = (b"host", f"{ADDRESS}:{PORT}".encode()), (b"origin", f"http://{ADDRESS}:{PORT}".encode())
        strange_host, strange_origin = (b"host", b"evil.example"), (b"origin", b"http://evil.example")
        assert (await asked(guarded, "http", strange_host))[0]["status"] == 421
        assert (await asked(guarded, "http"))[0]["status"] == 421
        assert (await asked(guarded, "http", host, strange_origin))[0]["status"] == 403
        for headers in ((strange_host, origin), (host, strange_origin), (host,), (host, origin, origin)):
            assert [m["type"] for m in await asked(guarded, "websocket", *headers)] == ["websocket.close"]
        assert not reached
        await asked(guarded, "http", host)
        await asked(guarded, "websocket", host, origin)
        assert reached == ["http", "websocket"]

    apart(lambda: asyncio.run(claim()))


@pytest.mark.skipif(all(find_spec(name) for name in NEEDED), reason="the extra mesa-page is installed here")
def test_without_the_extra_one_line_says_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["serve", "--mesa", "--port", "0"]) == 2
    assert "pip install -e '.[mesa-page]'" in capsys.readouterr().err


def test_solara_renders_the_page() -> None:
    solara = pytest.importorskip("solara", reason="the extra mesa-page is not installed")
    from carousel.visual.mesa_app import Page

    box, _ = solara.render(solara.AppLayout(children=[Page()]), handle_error=False)
    told, asked = [], [box]
    while asked:
        widget = asked.pop()
        told.append(str(getattr(widget, "unsafe_innerHTML", "")))
        asked += [child for child in getattr(widget, "children", []) if hasattr(child, "keys")]
        asked += [child for child in getattr(widget, "items", []) if hasattr(child, "keys")]
    assert sum("<svg" in each for each in told) == 3

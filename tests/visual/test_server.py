"""The page's server serves its own page on this machine, and nobody else, nor anything else."""

from __future__ import annotations

import asyncio
import io
import json
import random
import socket
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from carousel.history.recorder import Recorder
from carousel.model import CarouselModel, run
from carousel.tests.visual.browser import Server
from carousel.tests.visual.loops import apart
from carousel.visual.guard import ADDRESS
from carousel.visual.house import COLLECT_SECONDS, FILES, House
from carousel.visual.server import SOCKETS_MAX, application
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.websocket import WebSocketClientConnection, websocket_connect

SMALL = {"days": 3, "holders": 300}
WAIT_SECONDS = 300
"""Whoever waits longer waits for nothing; no claim is about time."""


def asking(url: str, **more: Any) -> HTTPRequest:
    """A request that is given up no sooner than everything else."""
    return HTTPRequest(url, connect_timeout=WAIT_SECONDS, request_timeout=WAIT_SECONDS, **more)


class Served:
    """A server in the test's own loop."""

    def __init__(self) -> None:
        sockets = bind_sockets(0, address=ADDRESS)
        self.port = sockets[0].getsockname()[1]
        self.house = House(self.port, {}, {"scenario": "ai-2025"} | SMALL)
        self.house.is_warm = True
        self.server = HTTPServer(application(self.house))
        self.server.add_sockets(sockets)
        self.origin = f"http://{ADDRESS}:{self.port}"

    async def get(self, path: str, **headers: str) -> HTTPResponse:
        """An answer, whatever its status."""
        asked = asking(self.origin + path, headers=headers)
        return await AsyncHTTPClient().fetch(asked, raise_error=False)

    async def visit(self, **headers: str) -> WebSocketClientConnection:
        """A socket."""
        asked = asking(f"ws://{ADDRESS}:{self.port}/socket", headers={"Origin": self.origin} | headers)
        return await websocket_connect(asked)


def served(claim: Callable[[Served], Awaitable[None]]) -> None:
    """Run a claim against a server of its own."""

    async def whole() -> None:
        here = Served()
        try:
            await asyncio.wait_for(claim(here), WAIT_SECONDS)
        finally:
            here.server.stop()
            await asyncio.sleep(0.05)

    apart(lambda: asyncio.run(whole()))


async def heard(visitor: WebSocketClientConnection, wanted: str) -> list[dict[str, Any]]:
    """Messages up to the first that has a key."""
    messages: list[dict[str, Any]] = []
    while not messages or wanted not in messages[-1]:
        said = await visitor.read_message()
        assert isinstance(said, str), "the server hung up"
        messages.append(json.loads(said))
    return messages


def test_the_page_and_nothing_else_is_served_with_its_protection() -> None:
    async def claim(here: Served) -> None:
        for name in ("", *FILES):
            answer = await here.get(f"/{name}")
            assert answer.code == 200
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert not {"Access-Control-Allow-Origin", "Server"} & set(answer.headers)
        for path in ("/../setup.cfg", "/..%2f..%2fsetup.cfg", "/%2e%2e/setup.cfg", "//etc/passwd", "/page/main.js",
                     "/main.js/", "/main.py", "/.git/config", "/index.html%00", "/static/x", "/server.py"):  # fmt: skip
            answer = await here.get(path)
            assert (answer.code, answer.body) == (404, b"404\n"), path

    served(claim)


def test_a_foreign_host_is_421_and_a_foreign_origin_403_on_page_and_socket() -> None:
    async def claim(here: Served) -> None:
        for host in (
            "evil.example",
            f"evil.example:{here.port}",
            ADDRESS,
            f"{ADDRESS}:1",
            f"LOCALHOST.:{here.port}",
            "",
        ):
            assert (await here.get("/", Host=host)).code == 421, host
            with pytest.raises(HTTPClientError) as refused:
                await here.visit(Host=host)
            assert refused.value.code == 421
        for origin in ("http://evil.example", "null", f"https://{ADDRESS}:{here.port}", f"{here.origin}.evil.example"):
            assert (await here.get("/", Origin=origin)).code == 403, origin
            with pytest.raises(HTTPClientError) as refused:
                await here.visit(Origin=origin)
            assert refused.value.code == 403
        assert (await here.get("/", Host=f"localhost:{here.port}")).code == 200
        assert (await here.get("/", Origin=here.origin)).code == 200

    served(claim)


def test_a_socket_without_an_origin_is_refused() -> None:
    async def claim(here: Served) -> None:
        with pytest.raises(HTTPClientError) as refused:
            await websocket_connect(asking(f"ws://{ADDRESS}:{here.port}/socket"))
        assert refused.value.code == 403
        asked = asking(f"{here.origin}/run.zip", method="POST", body="{}")
        assert (await AsyncHTTPClient().fetch(asked, raise_error=False)).code == 403

    served(claim)


def test_it_listens_to_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")

    async def claim(here: Served) -> None:
        assert {s.getsockname()[0] for s in here.server._sockets.values()} == {"127.0.0.1"}

    served(claim)


def test_ten_thousand_malformed_messages_do_nothing() -> None:
    dice = random.Random(0)
    pieces = [
        '{"do":"play"',
        '"run":',
        "1e999",
        "NaN",
        "[[[[",
        "}",
        '"recipe":{}',
        "\x00",
        "ü",
        '"do":',
        "null",
        "-1",
        ",",
    ]
    shaped = [
        "", "[]", "1", '"play"', "null", '{"do":"eval","code":"1"}', '{"do":"play"}', '{"do":"play","run":"x"}',
        '{"do":"play","run":-1}', '{"do":"play","run":1.5}', '{"do":"fan","run":1,"worlds":9999}', '{"do":["play"]}',
        '{"do":"play","run":1,"after":"x"}', '{"do":"play","run":true}', "[" * 5000, '{"do":{"a":1}}',
    ]  # fmt: skip

    async def claim(here: Served) -> None:
        visitor = await here.visit()
        for n in range(10_000):
            text = shaped[n % len(shaped)] if n % 2 else "".join(dice.choices(pieces, k=dice.randrange(9)))
            await visitor.write_message(text)
        for _ in range(10):
            await visitor.write_message(dice.randbytes(40), binary=True)
        await visitor.write_message(json.dumps({"do": "play", "run": 7, "recipe": SMALL}))
        messages = await heard(visitor, "over")
        assert sum("refused" in said for said in messages) == 20
        assert {said["run"] for said in messages if "run" in said} == {7}
        assert [f["day"] for said in messages for f in said.get("play", [])] == [0, 1, 2, 3]
        visitor.close()

    served(claim)


def test_a_message_beyond_64_kib_ends_the_conversation_and_no_more_visitors_come_than_there_is_room_for() -> None:
    async def claim(here: Served) -> None:
        visitor = await here.visit()
        await visitor.write_message("x" * 70_000)
        assert await visitor.read_message() is None
        while here.house.visitors:
            await asyncio.sleep(0.01)
        visitors = [await here.visit() for _ in range(SOCKETS_MAX)]
        with pytest.raises(HTTPClientError) as refused:
            await here.visit()
        assert refused.value.code == 503
        for each in visitors:
            each.close()

    served(claim)


def test_a_bad_recipe_fails_alone_and_says_why() -> None:
    async def claim(here: Served) -> None:
        visitor = await here.visit()
        await visitor.write_message(json.dumps({"do": "play", "run": 1, "recipe": {"scenario": "../x"}}))
        assert "allowed: one of" in (await heard(visitor, "failed"))[-1]["failed"]
        await visitor.write_message(json.dumps({"do": "play", "run": 2, "recipe": SMALL}))
        assert (await heard(visitor, "over"))[-1] == {"run": 2, "over": "play"}
        visitor.close()

    served(claim)


def test_a_client_that_never_reads_delays_nobody() -> None:
    async def claim(here: Served) -> None:
        deaf = socket.create_connection((ADDRESS, here.port))
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        key = "GET /socket HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        key += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        deaf.sendall((key % (f"{ADDRESS}:{here.port}", here.origin)).encode())
        asked = json.dumps({"do": "play", "run": 1, "recipe": {"days": 5040, "holders": 300}}).encode()
        deaf.sendall(bytes([0x81, 0x80 | 126]) + len(asked).to_bytes(2, "big") + bytes(4) + asked)
        visitor = await here.visit()
        await visitor.write_message(json.dumps({"do": "play", "run": 2, "recipe": SMALL}))
        assert (await heard(visitor, "over"))[-1] == {"run": 2, "over": "play"}
        visitor.close()
        deaf.close()

    served(claim)


@pytest.mark.slow
def test_two_hundred_sessions_opened_and_closed_leave_memory_as_it_was() -> None:
    server = Server()

    async def come_and_go(visitors: int) -> int:
        for number in range(visitors):
            address = f"ws://{ADDRESS}:{server.port}/socket"
            visitor = await websocket_connect(asking(address, headers={"Origin": server.url.rstrip("/")}))
            await visitor.write_message(json.dumps({"do": "play", "run": number, "recipe": SMALL | {"days": 1}}))
            await heard(visitor, "head" if number % 10 else "over")
            visitor.close()
        await asyncio.sleep(2 * COLLECT_SECONDS)
        return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])

    async def claim() -> None:
        before = await come_and_go(40)
        assert await come_and_go(200) <= 1.05 * before

    try:
        apart(lambda: asyncio.run(asyncio.wait_for(claim(), 600)))
    finally:
        server.kill()


def test_the_run_one_takes_home_has_the_digest_of_the_command(tmp_path: Path) -> None:
    async def claim(here: Served) -> None:
        for name in ("run.zip", "replay.html"):
            body, headers = json.dumps(SMALL), {"Origin": here.origin}
            asked = asking(f"{here.origin}/{name}", method="POST", body=body, headers=headers)
            answer = await AsyncHTTPClient().fetch(asked)
            (tmp_path / name).write_bytes(answer.body)

    served(claim)
    with zipfile.ZipFile(io.BytesIO((tmp_path / "run.zip").read_bytes())) as archive:
        manifest = json.loads(archive.read("run/manifest.json"))
        assert "run/page.html" in archive.namelist()
    model = CarouselModel("ai-2025", rng=0, **SMALL)
    recorder = Recorder(model)
    model.observers.append(recorder)
    run(model)
    assert manifest["digest"] == recorder.finish()


def test_a_download_of_what_is_no_recipe_is_refused() -> None:
    async def claim(here: Served) -> None:
        for body in ("", "[" * 50_000, "[]", '{"scenario": "../x"}', '{"days": 0}', "\x00"):
            asked = asking(f"{here.origin}/run.zip", method="POST", body=body, headers={"Origin": here.origin})
            answer = await AsyncHTTPClient().fetch(asked, raise_error=False)
            assert (answer.code, answer.body) == (400, b"400\n"), body[:20]

    served(claim)

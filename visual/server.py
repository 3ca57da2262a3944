"""The server of the page: files known by name, one socket a visitor, runs simulated ahead in turn.

It binds to this machine only, whatever the environment says, answers to its own name and origin only, takes no path
from anybody, and keeps nothing that a recipe cannot make again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ..scenarios.errors import BadInput
from .guard import ADDRESS, HEADERS
from .house import FILES, House, aside_of

if TYPE_CHECKING:
    from ..scenarios.schema import Scenario

MESSAGE_BYTES_MAX = 64 * 1024
SOCKETS_MAX = 32
REFUSALS_TOLD = 20
"""So many wrong messages of a visitor are answered, more are dropped."""
WORLDS_MAX = 40
DOES = ("hello", "play", "fan", "tables", "stop")
"""What a visitor may ask for."""


class Page(RequestHandler):
    """One of the files, by its exact name."""

    def initialize(self, house: House) -> None:
        """Keep what visitors share."""
        self.house = house

    def set_default_headers(self) -> None:
        """What protects the page stands on every answer, errors too."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse strangers."""
        if status := self.house.guard.refusal(self.request, needs_origin=False):
            raise HTTPError(status)

    def get(self, name: str) -> None:
        """Send the file."""
        asked = name or "index.html"
        if asked not in self.house.files:
            raise HTTPError(404)
        self.set_header("Content-Type", FILES[asked])
        self.write(self.house.files[asked])

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say no more than the status."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}\n")


class Home(Page):
    """What a visitor takes home, simulated anew from the recipe that is sent."""

    has_left = False

    def prepare(self) -> None:
        """Refuse strangers, and whoever does not say where it comes from."""
        if status := self.house.guard.refusal(self.request, needs_origin=True):
            raise HTTPError(status)

    def on_connection_close(self) -> None:
        """Who has left gets nothing."""
        self.has_left = True

    def get(self, name: str) -> None:
        """Nothing is made by looking."""
        raise HTTPError(405)

    async def post(self, name: str) -> None:
        """Simulate the recipe and send the file."""
        from .keep import kept

        in_turn = self.house.in_turn
        try:
            data = json.loads(self.request.body)
            keeping = await in_turn(lambda: kept(name, data, self.house.offered), aside=True)
        except (ValueError, RecursionError):
            raise HTTPError(400) from None
        try:
            while not keeping.is_over:
                if self.has_left:
                    return
                await in_turn(keeping.slice)
            file = await in_turn(keeping.file, aside=True)
        finally:
            keeping.close()
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.write(file)


class Socket(WebSocketHandler):
    """One visitor: a run at a time, and a fan behind it."""

    def initialize(self, house: House) -> None:
        """Keep what visitors share."""
        self.house, self.refused = house, 0
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.is_counted = False

    def prepare(self) -> None:
        """Refuse strangers, and more than there is room for."""
        if status := self.house.guard.refusal(self.request, needs_origin=True):
            raise HTTPError(status)
        if self.house.visitors >= SOCKETS_MAX:
            raise HTTPError(503)

    def check_origin(self, origin: str) -> bool:
        """The guard's list decides."""
        return origin in self.house.guard.origins

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say no more than the status."""
        self.finish(f"{status_code}\n")

    def open(self, *_: str, **__: str) -> None:
        """A visitor has come."""
        self.house.visitors += 1
        self.is_counted = True
        self.set_nodelay(True)

    def on_close(self) -> None:
        """A visitor has gone, and its runs end."""
        if self.is_counted:
            self.house.visitors -= 1
        for task in self.tasks.values():
            task.cancel()
        self.tasks.clear()
        self.house.collect_soon()

    async def on_message(self, message: str | bytes) -> None:
        """Do what is asked; what is no request does nothing."""
        try:
            asked = json.loads(message) if isinstance(message, str) else None
            self._do(asked)
        except (ValueError, RecursionError, KeyError, TypeError) as fault:
            self.refused += 1
            if self.refused <= REFUSALS_TOLD:
                await self._tell({"refused": str(fault)[:300]})

    def _do(self, asked: Any) -> None:
        """Start or end what a request names.  Raises: ValueError for what is none."""
        if not isinstance(asked, dict) or asked.get("do") not in DOES:
            raise ValueError(f"allowed: an object whose `do` is one of {', '.join(DOES)}")
        if asked["do"] == "hello":
            self._begin("hello", self._hello())
            return
        run, work = asked.get("run"), "fan" if asked["do"] == "fan" else "play"
        if type(run) is not int or not 0 <= run < 2**31:
            raise ValueError("allowed: `run`, a whole number")
        if asked["do"] == "stop":
            for task in self.tasks.values():
                task.cancel()
            return
        if asked["do"] == "tables":
            self._begin("tables", self._tables(run, asked.get("recipe")))
            return
        after, worlds = asked.get("after", -1), asked.get("worlds", 0)
        least = 1 if asked["do"] == "fan" else 0
        if type(after) is not int or type(worlds) is not int or not least <= worlds <= WORLDS_MAX * least:
            raise ValueError(f"allowed: `after`, a day; `worlds`, up to {WORLDS_MAX}")
        self._begin(work, self._simulate(work, run, asked.get("recipe"), after, worlds))

    def _begin(self, name: str, work: Any) -> None:
        """One piece of work of a kind at a time."""
        if name in self.tasks:
            self.tasks[name].cancel()
        self.tasks[name] = asyncio.create_task(work)

    async def _hello(self) -> None:
        """What there is to play."""
        names = await aside_of(self.house.scenario_names)
        await self._tell({"welcome": {"scenarios": names, "start": self.house.start, "link": self.house.link}})

    async def _tables(self, run: int, data: Any) -> None:
        """The numbers that a recipe starts with."""
        from .welcome import typed

        try:
            told = await self.house.in_turn(lambda: typed(data, self.house.offered), aside=True)
            await self._tell({"run": run, "tables": told})
        except BadInput as fault:
            await self._tell({"run": run, "failed": str(fault)[:600]})

    async def _simulate(self, work: str, run: int, data: Any, after: int, worlds: int) -> None:
        """Simulate ahead, a slice at a time, as fast as this visitor reads."""
        try:
            if not self.house.is_warm:
                warming = asyncio.create_task(self.house.warm())
                while not warming.done():
                    await self._tell({"run": run, "waiting": "compiling" if self.house.is_compiling else "imports"})
                    await asyncio.wait([warming], timeout=1.0)
                await warming
            from .welcome import begun

            playing = await self.house.in_turn(lambda: begun(data, after, worlds, self.house.offered), aside=True)
            if playing.head:
                await self._tell({"run": run, "head": playing.head})
            while not playing.is_over:
                frames = await self.house.in_turn(playing.slice)
                if frames:
                    await self._tell({"run": run, work: frames})
            await self._tell({"run": run, "over": work})
        except asyncio.CancelledError:
            raise
        except BadInput as fault:
            await self._tell({"run": run, "failed": str(fault)[:600]})
        except Exception as fault:  # a run that fails says so, and stops nobody else's
            await self._tell({"run": run, "failed": f"the run failed: {type(fault).__name__}: {fault}"[:600]})

    async def _tell(self, said: Mapping[str, Any]) -> None:
        """Send a message, and wait until the visitor has taken it."""
        with contextlib.suppress(WebSocketClosedError):
            await self.write_message(json.dumps(said, separators=(",", ":"), allow_nan=False))

    def get_compression_options(self) -> dict[str, Any]:
        """Frames are mostly digits: they shrink to a fifth."""
        return {"compression_level": 1, "mem_level": 5}


def application(house: House) -> Application:
    """The page and its socket."""
    shared = {"house": house}
    return Application(
        [
            ("/socket", Socket, shared),
            (r"/(run\.zip|replay\.html)", Home, shared),
            (r"/([a-z]*(?:\.[a-z]+)?)", Page, shared),
        ],
        default_handler_class=Nothing,
        default_handler_args=shared,
        websocket_max_message_size=MESSAGE_BYTES_MAX,
        websocket_ping_interval=20,
        websocket_ping_timeout=20,
        log_function=lambda _: None,
    )


class Nothing(Page):
    """Every other address."""

    def get(self, name: str = "") -> None:
        """There is nothing."""
        raise HTTPError(404)


async def serve(
    port: int, offered: Mapping[str, Scenario], start: Mapping[str, Any], say: Callable[[str], None], link: str
) -> None:
    """Serve until cancelled; `say` is told the address once it is open, `link` is the last day of the run that is
    served, as it was written.  Raises: OSError if the port is taken."""
    sockets = bind_sockets(port, address=ADDRESS)
    port = sockets[0].getsockname()[1]
    house = House(port, offered, start, link)
    server = HTTPServer(application(house), max_body_size=MESSAGE_BYTES_MAX,
                        max_header_size=16 * 1024)  # fmt: skip
    server.add_sockets(sockets)
    say(f"http://{ADDRESS}:{port}/")
    warming = asyncio.create_task(house.warm())
    await asyncio.Event().wait()
    await warming

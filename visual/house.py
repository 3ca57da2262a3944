"""What all visitors of the page share: its files by name, the scenarios on offer, and the turn of whoever simulates."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from collections.abc import Callable, Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from .guard import Guard

if TYPE_CHECKING:
    from ..scenarios.schema import Scenario

MODULES = (
    "words", "wire", "talk", "track", "stubs", "circle", "dots", "lines", "panels", "actions", "tables", "share",
    "session", "main",
)  # fmt: skip
"""Scripts of the page in the order in which they need each other."""
FILES = {
    "index.html": "text/html; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    **{f"{name}.js": "text/javascript; charset=utf-8" for name in MODULES},
}
"""Everything that is served; nothing else has a name."""
COLLECT_SECONDS = 0.2
T = TypeVar("T")


async def aside_of(work: Callable[[], T]) -> T:
    """What some work returns or raises, done in a thread that nobody waits for who leaves meanwhile."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(set_it: Callable[[Any], None], done: Any) -> None:
        if not future.done():
            set_it(done)

    def whole() -> None:
        done: tuple[Callable[[Any], None], Any]
        try:
            done = (future.set_result, work())
        except BaseException as fault:
            done = (future.set_exception, fault)
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody asks any more
            loop.call_soon_threadsafe(tell, *done)

    threading.Thread(target=whole, daemon=True).start()
    return await future


class House:
    """What all visitors share: the guard, the files, scenarios on offer, the turn of whoever simulates."""

    def __init__(self, port: int, offered: Mapping[str, Scenario], start: Mapping[str, Any], link: str = "") -> None:
        """For one port; `start` is the recipe with which a visitor begins, `link` how its last day was written."""
        self.guard = Guard(port)
        folder = resources.files(__package__) / "page"
        self.files = {name: (folder / name).read_bytes() for name in FILES}
        self.offered, self.start, self.link = dict(offered), dict(start), link
        self.turn = asyncio.Lock()
        """First come, first served."""
        self.visitors = 0
        self.is_compiling = False
        self.is_warm = False
        self._is_to_collect = False

    async def in_turn(self, work: Callable[[], Any], *, aside: bool = False) -> Any:
        """Do some work when it is somebody's turn; long work aside, so that pages are served meanwhile."""
        async with self.turn:
            if aside:
                return await aside_of(work)
            done = work()
        await asyncio.sleep(0)
        return done

    def scenario_names(self) -> list[str]:
        """Those on offer and the bundled ones."""
        from ..scenarios.loader import bundled

        return [*self.offered, *(name for name in bundled() if name not in self.offered)]

    async def warm(self) -> None:
        """Import and compile what simulates, once, aside: pages are served meanwhile."""
        async with self.turn:
            if not self.is_warm:
                await aside_of(self._warm)
                self.is_warm = True

    def _warm(self) -> None:
        from .welcome import has_all_kernels, warm

        self.is_compiling = not has_all_kernels()
        warm()

    def collect_soon(self) -> None:
        """Models are circles of references: they are collected once for all who have gone in a while."""
        if not self._is_to_collect:
            self._is_to_collect = True
            asyncio.get_running_loop().call_later(COLLECT_SECONDS, self._collect)

    def _collect(self) -> None:
        self._is_to_collect = False
        gc.collect()

"""Tasks that are under way on a cluster: each is started under a number, and comes back with a result or an error."""

from __future__ import annotations

import itertools
import queue
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Client, Future


@dataclass(frozen=True, slots=True)
class Back:
    """A task that is over: its number, and its result or what went wrong; `has_died`: the process that did it ended."""

    number: int
    result: Any = None
    error: BaseException | None = None
    has_died: bool = False


class Window:
    """Tasks under way; how many, who uses it decides."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._under_way: dict[int, Future] = {}
        self._over: queue.SimpleQueue[tuple[int, Future]] = queue.SimpleQueue()
        self._name, self._starts = uuid.uuid4().hex, itertools.count()

    def __len__(self) -> int:
        return len(self._under_way)

    def start(
        self, number: int, function: Callable[..., Any], arguments: Sequence[Any], only_on: Sequence[str] | None = None
    ) -> None:
        """Start `function(*arguments)` under a number, if need be on some workers only."""
        key = f"{function.__name__}-{self._name}-{next(self._starts)}"
        future = self._client.submit(function, *arguments, key=key, pure=False, workers=only_on)
        self._under_way[number] = future
        future.add_done_callback(lambda done: self._over.put((number, done)))

    def next(self, seconds: float | None = None) -> Back | None:
        """The next task that is over; None if none is by then."""
        from distributed import KilledWorker

        try:
            number, future = self._over.get(timeout=seconds)
        except queue.Empty:
            return None
        del self._under_way[number]
        try:
            return Back(number, result=future.result())
        except KilledWorker as error:
            return Back(number, error=error, has_died=True)
        except Exception as error:
            return Back(number, error=error, has_died=type(error).__name__ == "FutureCancelledError")
        finally:
            future.release()

    def drop(self) -> None:
        """Give up what has not begun."""
        for future in self._under_way.values():
            future.cancel()
        self._under_way.clear()

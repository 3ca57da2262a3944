"""The Mesa page served to this machine only: Solara as it comes accepts any Host and Origin, and calls home."""

from __future__ import annotations

import os
import socket
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..scenarios.errors import BadInput
from .guard import ADDRESS, FORBIDDEN, MISDIRECTED, Guard
from .mesa_watch import begin_with
from .recipe import Recipe

if TYPE_CHECKING:
    from ..scenarios.schema import Scenario

NEEDED = ("solara", "altair", "uvicorn")
SETTINGS = {
    "SOLARA_APP": "carousel.visual.mesa_app",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_KERNEL_CULL_TIMEOUT": "60s",
}
"""What Solara is told before it is imported; the last: how long a model outlives the last browser that looked at it."""
MESSAGE_BYTES_MAX = 2**20
SESSIONS_MAX = 32
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]


class Guarded:
    """An ASGI application behind the guard of the page's own server; only so many sockets at a time."""

    def __init__(self, inner: Asgi, guard: Guard) -> None:
        self._inner, self._guard, self._sockets = inner, guard, 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request pass, or say why not."""
        channel = scope["type"]
        if channel not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        status = self._refusal(scope, is_socket=channel == "websocket")
        if status and channel == "http":
            await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": f"{status}\n".encode()})
        elif status or (channel == "websocket" and self._sockets >= SESSIONS_MAX):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            self._sockets += channel == "websocket"
            try:
                await self._inner(scope, receive, send)
            finally:
                self._sockets -= channel == "websocket"

    def _refusal(self, scope: Message, *, is_socket: bool) -> int | None:
        named = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        hosts = [value for name, value in named if name == b"host"]
        origins = [value for name, value in named if name == b"origin"]
        if len(hosts) != 1 or hosts[0] not in self._guard.hosts:
            return MISDIRECTED
        if origins or is_socket:
            return None if len(origins) == 1 and origins[0] in self._guard.origins else FORBIDDEN
        return None


def serve_mesa(
    port: int, offered: Mapping[str, Scenario], start: Mapping[str, Any], say: Callable[[str], None]
) -> None:
    """Serve the Mesa page until interrupted; it begins with the recipe `start`.

    Raises: BadInput where the extra is not installed; OSError if the port is taken.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise BadInput(f"--mesa: {', '.join(missing)} missing; install the extra: pip install -e '.[mesa-page]'")
    begin_with(Recipe.of(dict(start)), offered)
    os.environ.update(SETTINGS)
    import solara.server.settings
    import uvicorn
    from solara.server.starlette import app

    solara.server.settings.telemetry.mixpanel_enable = False
    listening = socket.create_server((ADDRESS, port))
    port = listening.getsockname()[1]
    say(f"http://{ADDRESS}:{port}/")
    config = uvicorn.Config(Guarded(app, Guard(port)), log_level="warning", ws_max_size=MESSAGE_BYTES_MAX)
    uvicorn.Server(config).run(sockets=[listening])

"""Who may ask the page for anything: this machine, under its own name, from its own page."""

from __future__ import annotations

from tornado.httputil import HTTPServerRequest

ADDRESS = "127.0.0.1"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
MISDIRECTED, FORBIDDEN = 421, 403


class Guard:
    """The exact names under which the page is reached, and the origins its sockets may have."""

    def __init__(self, port: int) -> None:
        self.hosts = frozenset(f"{name}:{port}" for name in (ADDRESS, "localhost"))
        self.origins = frozenset(f"http://{host}" for host in self.hosts)

    def refusal(self, request: HTTPServerRequest, *, needs_origin: bool) -> int | None:
        """The status with which a request is refused; None if it may pass.

        A page may come without an origin, as browsers open it; a socket and whatever changes something may not.
        """
        hosts, origins = (request.headers.get_list(name) for name in ("Host", "Origin"))
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return MISDIRECTED
        if origins or needs_origin:
            return None if len(origins) == 1 and origins[0] in self.origins else FORBIDDEN
        return None

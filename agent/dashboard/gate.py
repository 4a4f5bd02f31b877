"""Who may send something here at all, and what a browser may do with what it gets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_FORM = 256 << 10
_FOREIGN = "SA-7514"
_OWN = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?", re.IGNORECASE)

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not "no-referrer": with that a form's own Origin would be "null".
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Gate:
    """Lets in requests under a known name; what changes something only from our own pages.

    A page of somebody else in the same browser shows in Origin, a rebound name (DNS rebinding) in
    Host.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str], *, secure: bool) -> None:
        self._app = app
        self._hosts = {name.lower() for name in (*_OWN, *hosts)}
        self._headers = dict(HEADERS)
        if secure:
            self._headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on; the answer gets our headers either way."""
        headers = Headers(scope=scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    found.setdefault(name, value)
                found.setdefault("cache-control", "no-store")
            await send(message)

        refusal = self._refusal(scope["method"], headers)
        if refusal:
            await refusal(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        name = _HOST.fullmatch(host)
        if name is None or name[1].lower() not in self._hosts:
            return PlainTextResponse(f"{_FOREIGN} unknown host: see `hosts` of `dashboard`", 403)
        if method in {"GET", "HEAD"}:
            return None
        if headers.get("origin", "").lower().partition("://")[2] != host.lower():
            return PlainTextResponse(f"{_FOREIGN} the form was sent from another page", 403)
        length = headers.get("content-length", "")
        # With a Transfer-Encoding the length says nothing about what comes.
        chunked = "transfer-encoding" in headers
        if chunked or not length.isdigit() or int(length) > LARGEST_FORM:
            return PlainTextResponse("the form is too large", 413)
        return None

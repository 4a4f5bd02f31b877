"""Answers that get lost after the work was done, from our own servers and before real ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.peers.http_server import Asked, answering

OWN = {"host", "content-length", "connection", "transfer-encoding", "content-encoding"}
"""Headers that belong to one connection."""


class Lost(Response):
    """An answer that breaks off: whoever asked cannot know what was done."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise ten bytes and send none."""
        del scope, receive
        head = [(b"content-length", b"10")]
        await send({"type": "http.response.start", "status": 200, "headers": head})


@dataclass
class Relay:
    """Passes requests on to a server. `lose` says how many answers to writes get lost.

    With `lose_when` only one answer gets lost: to the next request whose body holds that text.
    """

    server: str
    url: str = ""
    lose: int = 0
    lose_when: str = ""
    writes: list[str] = field(default_factory=list)
    """Method and path of every request but GET."""

    def __call__(self, asked: Asked) -> Response:
        """The server's answer, or nothing whole."""
        request = asked.request
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        headers = {name: text for name, text in asked.headers.items() if name not in OWN}
        answer = httpx.request(
            request.method, self.server + path, headers=headers, content=asked.body, timeout=60
        )
        if request.method != "GET":
            self.writes.append(f"{request.method} {request.url.path}")
            if self.lose:
                self.lose -= 1
                return Lost()
        if self.lose_when and self.lose_when.encode() in asked.body:
            self.lose_when = ""
            return Lost()
        passed = {name: text for name, text in answer.headers.items() if name not in OWN}
        return Response(answer.content, answer.status_code, passed)


@contextmanager
def relaying(server: str) -> Iterator[Relay]:
    """A relay before a server, until the block ends."""
    relay = Relay(server)
    with answering(relay) as peer:
        relay.url = peer.url
        yield relay

"""A real HTTP server in a thread of the test: whatever Starlette application it is given."""

from __future__ import annotations

import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

App = Callable[[Scope, Receive, Send], Awaitable[None]]


@contextmanager
def serving(app: App) -> Iterator[str]:
    """The address at which `app` answers, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, lifespan="off", ws="none", http="h11", date_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came, with its whole body."""

    request: Request
    body: bytes

    @property
    def path(self) -> str:
        """The path, unescaped."""
        return self.request.url.path

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address."""
        return dict(self.request.query_params)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, names in any case."""
        return self.request.headers


Answer = Callable[[Asked], Response]


class Peer:
    """A server whose answers a test writes: one function from a request to a response.

    `asked` holds every request that came, in order.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        asked = Asked(request, await request.body())
        self.asked.append(asked)
        response = self.answer(asked)
        await response(scope, receive, send)

    @property
    def questions(self) -> list[str]:
        """Path and query of every request that came."""
        return [f"{each.path}?{each.request.url.query}".rstrip("?") for each in self.asked]


@contextmanager
def answering(answer: Answer) -> Iterator[Peer]:
    """A peer that answers, until the block ends."""
    peer = Peer(answer)
    with serving(peer) as peer.url:
        yield peer

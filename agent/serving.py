"""A web server in a thread of the agent: it sleeps while nobody asks, and ends when told."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections there. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    # Every connection takes it over. Without it the second part of an answer waits 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def quiet(application: Any, *, http: Any = "h11", **more: Any) -> uvicorn.Config:
    """How every server of the agent is set up: it logs nothing and tells nothing of itself.

    `more` are further options of `uvicorn.Config`: limits, a certificate.
    """
    return uvicorn.Config(
        application,
        http=http,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        **more,
    )


def patient(seconds: float) -> type[H11Protocol]:
    """The protocol, for whom a request may take so long to come in, however it trickles.

    Who says nothing, or never ends, else keeps a connection for ever, and others out.
    """

    class Patient(H11Protocol):
        _clock: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._begin_to_wait()

        def handle_events(self) -> None:
            super().handle_events()
            if self.conn.their_state is h11.DONE:  # all of it is here: the answer may take its time
                self._wait_no_more()

        def on_response_complete(self) -> None:
            self._begin_to_wait()
            super().on_response_complete()

        def connection_lost(self, exc: Exception | None) -> None:
            self._wait_no_more()
            super().connection_lost(exc)

        def _begin_to_wait(self) -> None:
            self._wait_no_more()
            self._clock = self.loop.call_later(seconds, self.transport.abort)

        def _wait_no_more(self) -> None:
            if self._clock:
                self._clock.cancel()

    return Patient


class TicklessServer(uvicorn.Server):
    """Uvicorn wakes ten times a second to see whether it shall exit; this one is told."""

    _loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Wait until told; an agent with nothing to do sleeps."""
        self._told = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        if not await self.on_tick(0):
            await self._told.wait()

    def stop(self) -> None:
        """Ask from another thread to come to an end, also before the loop runs."""
        self.should_exit = True
        if self._loop:
            self._loop.call_soon_threadsafe(self._told.set)

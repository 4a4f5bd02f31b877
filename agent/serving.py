"""A web server in a thread of the agent: it sleeps while nobody asks, and ends when told."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn


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

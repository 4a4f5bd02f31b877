"""Long polling: a question waits until something happens, or until its time is over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from starlette.requests import Request

from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import LONGEST_WAIT

LOOK_ROUND = 0.5
"""Seconds after which a waiting question looks whether anybody still listens."""


class Bell:
    """Rings when something happened, for all who wait at that moment."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Something happened."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def until(self, happened: Callable[[], bool], request: Request) -> None:
        """Return as soon as it happened, or when the time that the question may wait is over.

        Nor does it wait for somebody who has gone.
        """
        deadline = time.monotonic() + _seconds_to_wait(request)
        while not happened() and (left := deadline - time.monotonic()) > 0:
            if await request.is_disconnected():
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._next.wait(), min(left, LOOK_ROUND))


def _seconds_to_wait(request: Request) -> float:
    """Raises 422 for what is no number."""
    text = request.query_params.get("wait", "0")
    if not (text.isascii() and text.isdigit()):
        raise Problem(422, "wrong_wait", "wait is a number of seconds")
    return min(float(text), LONGEST_WAIT)

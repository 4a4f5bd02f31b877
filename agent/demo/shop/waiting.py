"""Long polling: a question waits until something happens, or until its time is over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import LONGEST_WAIT


class Bell:
    """Rings when something happened, for all who wait at that moment."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Something happened."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def until(self, happened: Callable[[], bool], seconds: float) -> None:
        """Return as soon as it happened, or after so many seconds."""
        deadline = time.monotonic() + seconds
        while not happened() and (left := deadline - time.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._next.wait(), left)


def seconds_to_wait(query: Mapping[str, str]) -> float:
    """The `wait` of a question; raises 422 for what is no number."""
    text = query.get("wait", "0")
    if not (text.isascii() and text.isdigit()):
        raise Problem(422, "wrong_wait", "wait is a number of seconds")
    return min(float(text), LONGEST_WAIT)

"""Waits in a thread of its own for something to come into a feed: long polling."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from agent.errors import Misconfigured, SyncError
from connectors.shop.api import CURSOR_GONE, ShopApi
from connectors.shop.feeds import Page
from connectors.shop.options import ShopOptions

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until a shop that did not answer is asked again: doubled each time, up to the longest."""
REFUSED_PAUSE = 900.0
"""Seconds after a log-in that was refused: no account gets locked for the sake of an event."""
AT_ONCE, LAZY_PAUSE = 0.5, 5.0
"""A shop that says `nothing` sooner than that cannot wait, and is asked every so many seconds."""


class FeedWatch:
    """A thread that asks until it is closed. What is wrong is told by the runs of the flow."""

    def __init__(self, connection: ShopOptions, path: str, wake: Callable[[], None]) -> None:
        self._api = ShopApi(connection)
        self._path = path
        self._wake = wake
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="feed", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ask no more; a question that waits is cut off."""
        self._closed.set()
        self._api.abort()
        self._thread.join()
        self._api.close()

    def _serve(self) -> None:
        cursor, pause = "", FIRST_PAUSE
        while not self._closed.is_set():
            try:
                cursor = self._ask(cursor)
                pause = FIRST_PAUSE
            except Misconfigured:
                self._closed.wait(REFUSED_PAUSE)
            except SyncError:
                self._closed.wait(pause)
                pause = min(LONGEST_PAUSE, 2 * pause)

    def _ask(self, cursor: str) -> str:
        """Wait for the end of the feed to move; where it is now."""
        started = time.monotonic()
        wait = self._api.longest_wait if cursor else 0
        answer = self._api.question(self._path, after=cursor, limit=0, wait=wait)
        if answer.status == CURSOR_GONE:
            return ""
        answer.require_success()
        end = answer.json(Page).cursor
        if end != cursor:
            self._wake()
        elif time.monotonic() - started < AT_ONCE:
            self._closed.wait(LAZY_PAUSE)
        return end

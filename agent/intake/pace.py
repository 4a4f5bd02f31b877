"""How fast a system may be read, so that an old server is not overrun, and when it is not."""

from __future__ import annotations

import threading

from agent.clock import Clock


class Pause(Exception):
    """The agent is stopping, the outbox is full, or the source is to be left alone."""


class Cancelled(Pause):
    """Somebody took the job back."""


class Pace:
    """The reading speed of one connection, shared by all flows that read it.

    `rows_per_second` and `queries_per_minute` are limits, 0 for none. A batch counts as one query:
    where a source reads page by page it is exactly that.
    """

    def __init__(
        self, clock: Clock, *, rows_per_second: float = 0.0, queries_per_minute: float = 0.0
    ) -> None:
        self._clock = clock
        self._row_takes = 1 / rows_per_second if rows_per_second else 0.0
        self._query_takes = 60 / queries_per_minute if queries_per_minute else 0.0
        self._free_at = 0.0
        self._lock = threading.Lock()

    def took(self, rows: int) -> float:
        """Note a batch of so many rows; the seconds to wait before the next one is asked for."""
        takes = max(rows * self._row_takes, self._query_takes)
        if not takes:
            return 0.0
        with self._lock:
            now = self._clock.monotonic()
            self._free_at = max(self._free_at, now) + takes
            return self._free_at - now

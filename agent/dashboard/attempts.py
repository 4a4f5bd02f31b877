"""Attempts to log in, counted by name and address, so that guessing takes years."""

from __future__ import annotations

import threading
from collections import deque

from agent.clock import Clock

WINDOW = 900.0
"""Seconds for which a failure counts."""
OF_NAME, OF_ADDRESS = 5, 30
"""Failures within the window after which a name from an address, and an address, must wait."""
MOST = 10_000
"""Names and addresses that are remembered; the oldest give way."""


class Attempts:
    """Failures of the last quarter of an hour."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def begin(self, name: str, address: str) -> float:
        """An attempt begins, and counts as failed; how long it has to wait, 0 for not at all."""
        now = self._clock.monotonic()
        with self._lock:
            wait = 0.0
            for place, limit in self._places(name, address):
                failures = self._failures.get(place, deque())
                while failures and failures[0] <= now - WINDOW:
                    failures.popleft()
                if len(failures) >= limit:
                    wait = max(wait, failures[0] + WINDOW - now)
            if not wait:
                for place, _ in self._places(name, address):
                    self._failures.setdefault(place, deque()).append(now)
                while len(self._failures) > MOST:
                    del self._failures[next(iter(self._failures))]
            return wait

    def succeeded(self, name: str, address: str) -> None:
        """It did not fail: the name begins anew, and the address has one failure less."""
        with self._lock:
            (own, _), (shared, _) = self._places(name, address)
            self._failures.pop(own, None)
            if failures := self._failures.get(shared):
                failures.pop()

    def _places(self, name: str, address: str) -> list[tuple[str, int]]:
        return [(f"{address} {name[:64]}", OF_NAME), (address, OF_ADDRESS)]

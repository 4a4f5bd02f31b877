"""A value that keeps a job at work until it is let through."""

from __future__ import annotations

import threading


class Slow:
    """Stands in a key column."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __str__(self) -> str:
        self.reached.set()
        assert self.open.wait(60)
        return "SLOW-1"

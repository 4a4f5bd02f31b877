"""Waiting for what happens by itself, in another thread or process."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds; a machine that does much else beside the tests takes its time."""


def until(happens: Callable[[], object], what: str = "it happens") -> None:
    """Return as soon as it does. Raises `TimeoutError` where it never does."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain until {what}")
        time.sleep(0.01)

"""Wakes once a file has been left alone for a while. Whoever watches a folder notes its files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

AFTER_SETTLING = 0.01
"""File times tick every few milliseconds: ask a tick late rather than a tick early."""


class Settling:
    """Calls `wake`, from a thread of its own, when a noted file was not noted again for a while."""

    def __init__(self, settle: float, wake: Callable[[], None], name: str) -> None:
        self._wait = settle + AFTER_SETTLING if settle else 0.0
        self._wake = wake
        self._due: dict[str, float] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def note(self, file: str) -> None:
        """This file was written, moved or removed just now."""
        with self._changed:
            self._due[file] = time.monotonic() + self._wait
            self._changed.notify()

    def close(self) -> None:
        """Wake no more; closing twice is harmless."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while self._wait_until_due():
            self._wake()

    def _wait_until_due(self) -> bool:
        """Wait for a file that has settled; False when closed."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                due = [file for file, moment in self._due.items() if moment <= now]
                if due:
                    for file in due:
                        del self._due[file]
                    return True
                self._changed.wait(min(self._due.values()) - now if self._due else None)
            return False

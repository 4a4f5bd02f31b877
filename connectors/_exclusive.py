"""One thread at a time per name, where looking and making are two steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Condition


class Exclusive:
    """Names that some thread is at work on.

    Two threads that both look for a product, find none, and both make it, make two. All names are
    taken at once, so that nobody waits in circles.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._held: set[str] = set()

    @contextmanager
    def holding(self, names: Iterable[str]) -> Iterator[None]:
        """Nobody else holds one of these names meanwhile."""
        wanted = set(names)
        with self._changed:
            self._changed.wait_for(lambda: self._held.isdisjoint(wanted))
            self._held |= wanted
        try:
            yield
        finally:
            with self._changed:
                self._held -= wanted
                self._changed.notify_all()

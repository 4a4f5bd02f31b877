"""What came in for a connection, as one of its readers sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.contract import AnySource, Event, can
from agent.store import Events


class Mailbox:
    """The `Inbox` of one reader; `reader` is a flow, or `flow.lookup`."""

    def __init__(self, events: Events, connection: str, reader: str) -> None:
        self._events = events
        self._connection = connection
        self._reader = reader

    def newest(
        self, *, after: int = 0, before: int | None = None, limit: int = 1000
    ) -> Sequence[Event]:
        """Events between these numbers, both excluded, the newest first."""
        found = self._events.newest(self._connection, after=after, before=before, limit=limit)
        return [Event(*row) for row in found]

    def take(self, number: int) -> None:
        """Everything up to this number is taken over."""
        self._events.take(self._reader, number)


def attended(make_source: Callable[[], AnySource], inbox: Mailbox) -> AnySource:
    """A new source, with its inbox where it wants one."""
    source = make_source()
    if can(source, "attend"):
        source.attend(inbox)
    return source

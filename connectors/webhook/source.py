"""Events as a list of changes: the newest word on a key counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from agent.contract import Batch, Event, Finding, Inbox, Source
from agent.errors import Rejected
from agent.model import Json, join_key, key_text
from connectors._rest.records import MISSING, Columns, readable, take
from connectors.webhook.content import parsed, records_at
from connectors.webhook.options import EventOptions, WebhookConnection

Placed = tuple[tuple[Any, ...] | Rejected, str]
"""A row, or why there is none, and the event that it came with."""


class WebhookSource(Source[WebhookConnection, EventOptions]):
    """Reads the inbox. The cursor is the number of the last event taken over.

    A pass shows a key once, so events are read from the newest back and older words on a key are
    passed over. All of it is a list of changes: what no event names stays as it is.
    """

    _inbox: Inbox

    def __init__(self, connection: WebhookConnection, options: EventOptions) -> None:
        super().__init__(connection, options)
        self._columns = Columns(options.key, options.columns, options.optional)

    def attend(self, inbox: Inbox) -> None:
        """Where what came in lies."""
        self._inbox = inbox

    @property
    def key_columns(self) -> tuple[str, ...]:
        """As configured."""
        return self.options.key

    def check(self) -> Iterator[Finding]:
        """When the last event came."""
        where = f"{self.connection.host}:{self.connection.port}{self.connection.path}"
        for event in self._inbox.newest(limit=1):
            yield Finding(where, f"the last event came at {_moment(event):%Y-%m-%d %H:%M:%S} UTC")
            return
        yield Finding(where, "no event has come yet")

    def read(self, cursor: str) -> Iterator[Batch]:
        """What came after the cursor, or everything that is still kept."""
        after = int(cursor) if cursor.isdecimal() else 0
        met: set[str | None] = set()
        held: Batch | None = None
        newest, before = 0, None
        while events := self._inbox.newest(
            after=after, before=before, limit=self.options.page_size
        ):
            if held:
                yield held
            newest, before = newest or events[0].number, events[-1].number
            held = self._batch(list(self._rows(events, met)), cursor)
        if held:
            yield replace(held, cursor=str(newest))

    def settle(self, batch: Batch) -> None:
        """Tell the inbox how far we got."""
        if batch.cursor.isdecimal():
            self._inbox.take(int(batch.cursor))

    def _batch(self, placed: list[Placed], cursor: str) -> Batch:
        return Batch(
            self._columns.names,
            readable([row for row, _ in placed]),
            cursor,
            where=partial(_where, [where for _, where in placed]),
        )

    def _rows(self, events: Sequence[Event], met: set[str | None]) -> Iterator[Placed]:
        for event in events:
            records, doubtful = self._records(event)
            for number in range(len(records) - 1, -1, -1):
                record, where = records[number], f"event {event.id}"
                if len(records) > 1:
                    where += f", record {number + 1}"
                if isinstance(record, Rejected):
                    yield record, where
                    continue
                key = self._key(record)
                if key is None or key not in met:
                    met.add(key)
                    (row,) = self._columns.rows([record], doubtful=doubtful)
                    yield row, where

    def _key(self, record: Json) -> str | None:
        """The record's key, whatever else it lacks; None where it lacks that."""
        parts = [take(record, name) for name in self.options.key]
        return None if MISSING in parts else join_key(tuple(map(key_text, parts)))

    def _records(self, event: Event) -> tuple[list[Json], bool]:
        try:
            content = parsed(event.body)
            records = records_at(content.value, self.options.record_path)
        except Rejected as error:
            return [error], False
        around = {"id": event.id, "received_at": _moment(event), "body": content.value}
        return [
            {**record, "@event": around} if isinstance(record, dict) else record
            for record in records
        ], content.doubtful


def _moment(event: Event) -> datetime:
    return datetime.fromtimestamp(event.received_at / 1000, UTC)


def _where(places: Sequence[str], index: int) -> str:
    return places[index]

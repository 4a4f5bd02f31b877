"""What other systems told us by calling us: kept before it is acknowledged, forgotten in time.

An event stays for a while after everyone took it: sent twice, it is the same event. Readers are
flows, or tables in which a flow looks values up; each has come so far with its connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from agent.store.database import Database

_SLICE = 2_000


class EventRow(NamedTuple):
    """One event; `number` is its place in the order of arrival, `received_at` unix ms."""

    number: int
    id: str
    body: bytes
    received_at: int


class Events:
    """The events of all connections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, connection: str, event: str, body: bytes | None, now: int) -> bool:
        """Keep an event; False where it was kept before. Without a body nobody will read it."""
        with self._database.transaction():
            return bool(
                self._database.write(
                    "INSERT INTO event (connection, id, body, received_at) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT DO NOTHING RETURNING number",
                    (connection, event, body, now),
                )
            )

    def newest(
        self, connection: str, *, after: int, before: int | None, limit: int
    ) -> list[EventRow]:
        """Events that can be read, between two numbers, the newest first."""
        found = self._database.rows(
            "SELECT number, id, body, received_at FROM event WHERE connection = ?1"
            " AND number > ?2 AND (?3 IS NULL OR number < ?3) AND body IS NOT NULL"
            " ORDER BY number DESC LIMIT ?4",
            (connection, after, before, limit),
        )
        return [EventRow(*line) for line in found]

    def set_readers(self, readers: Mapping[str, str]) -> None:
        """Reader → its connection, all there are. One that changed its connection begins anew."""
        with self._database.transaction():
            known = dict(self._database.rows("SELECT reader, connection FROM event_reader"))
            for reader, connection in known.items():
                if readers.get(reader) != connection:
                    self._database.write("DELETE FROM event_reader WHERE reader = ?", (reader,))
            self._database.write_many(
                "INSERT INTO event_reader VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
                readers.items(),
            )

    def take(self, reader: str, number: int) -> None:
        """The reader has taken over what came up to this number."""
        with self._database.transaction():
            self._database.write(
                "UPDATE event_reader SET taken = ? WHERE reader = ? AND taken < ?",
                (number, reader, number),
            )

    def waiting(self, connection: str, most: int) -> int:
        """How many events of a connection some reader has not taken; counted up to `most`."""
        return int(
            self._database.value(
                "SELECT count(*) FROM (SELECT 1 FROM event WHERE connection = ?1"
                " AND body IS NOT NULL AND number >"
                " (SELECT min(taken) FROM event_reader WHERE connection = ?1) LIMIT ?2)",
                (connection, most),
            )
        )

    def forget(self, oldest: int) -> bool:
        """Forget a slice of what came before that time and is taken. True: there may be more."""
        with self._database.transaction():
            gone = self._database.write(
                "DELETE FROM event WHERE number IN (SELECT number FROM event WHERE received_at < ?"
                " AND (body IS NULL OR NOT EXISTS (SELECT 1 FROM event_reader"
                " WHERE event_reader.connection = event.connection AND taken < number)) LIMIT ?)"
                " RETURNING number",
                (oldest, _SLICE),
            )
        return len(gone) == _SLICE

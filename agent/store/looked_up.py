"""Tables that flows look values up in, as last read: key → row.

What changed there is marked until the flow has looked at its own rows again: a crash in between
loses no change.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

import apsw
import msgspec
from xxhash import xxh3_128_digest

from agent.store.database import Database
from agent.store.names import enter_flow

_TEXTS: dict[type, tuple[int, Any]] = {
    Decimal: (1, Decimal),
    date: (2, date.fromisoformat),
    datetime: (3, datetime.fromisoformat),
    time: (4, time.fromisoformat),
}
"""Types that MessagePack does not know: how each is marked, and made from its text again."""
_FROM_TEXT = dict(_TEXTS.values())


class LookupState(NamedTuple):
    """Where the reading of a lookup stands; `number` names it, `reading` this reading of it."""

    number: int
    fingerprint: str
    cursor: str
    columns: tuple[str, ...]
    reading: int


class Entry(NamedTuple):
    """A row under its key, as it was read; `digest` is the source's own, "" where it gives none."""

    key: str
    row: tuple[Any, ...]
    digest: bytes = b""


class LookedUpRow(NamedTuple):
    """A row as last read, and its digest."""

    row: tuple[Any, ...]
    digest: bytes


class LookedUp:
    """The looked-up rows of all flows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, flow: str, name: str, fingerprint: str) -> LookupState:
        """A new reading; under another fingerprint everything is read anew."""
        with self._database.transaction():
            number = enter_flow(self._database, flow)
            self._database.write(
                "INSERT INTO lookup (flow, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (number, name),
            )
            (found,) = self._database.write(
                "UPDATE lookup SET reading = reading + 1, fingerprint = ?1,"
                " cursor = CASE WHEN fingerprint = ?1 THEN cursor ELSE '' END"
                " WHERE flow = ?2 AND name = ?3 RETURNING id, cursor, columns, reading",
                (fingerprint, number, name),
            )
        lookup, cursor, columns, reading = found
        return LookupState(lookup, fingerprint, cursor, tuple(json.loads(columns)), reading)

    def state(self, flow: str, name: str) -> LookupState:
        """Where it stands, without reading it anew; nothing where it was never read."""
        found = self._database.row(
            "SELECT lookup.id, lookup.fingerprint, lookup.cursor, lookup.columns, reading"
            " FROM lookup JOIN flow ON flow.id = lookup.flow"
            " WHERE flow.name = ? AND lookup.name = ?",
            (flow, name),
        )
        lookup, fingerprint, cursor, columns, reading = found or (0, "", "", "[]", 0)
        return LookupState(lookup, fingerprint, cursor, tuple(json.loads(columns)), reading)

    def met(self, state: LookupState) -> bool:
        """Whether this reading met any row."""
        found = self._database.row(
            "SELECT 1 FROM looked_up WHERE lookup = ? AND reading = ? LIMIT 1",
            (state.number, state.reading),
        )
        return found is not None

    def differing(self, state: LookupState, rows: Sequence[Entry]) -> list[Entry]:
        """Those of these rows that are new or differ by their digests; the others count as met."""
        known = self.find(state.number, [each.key for each in rows])
        digests = {key: row.digest for key, row in known.items()}
        equal = {each.key for each in rows if digests.get(each.key) == each.digest}
        with self._database.transaction():
            self._database.write_many(
                "UPDATE looked_up SET reading = ? WHERE lookup = ? AND key = ?",
                ((state.reading, state.number, key) for key in equal),
            )
        return [each for each in rows if each.key not in equal]

    def take(self, state: LookupState, rows: Sequence[Entry]) -> None:
        """Keep these rows by key; mark those that are new or differ."""
        with self._database.transaction():
            self._database.write_many(
                "INSERT INTO looked_up VALUES (?1, ?2, ?3, ?4, ?5, 1) ON CONFLICT DO UPDATE"
                " SET changed = changed OR digest IS NOT ?4, row = ?3, digest = ?4, reading = ?5",
                (
                    (state.number, key, frozen, digest or xxh3_128_digest(frozen), state.reading)
                    for key, frozen, digest in ((key, freeze(row), own) for key, row, own in rows)
                ),
            )

    def take_out(self, state: LookupState, keys: Sequence[str]) -> None:
        """These keys are gone."""
        if not keys:
            return
        with self._database.transaction():
            self._database.write(
                "UPDATE looked_up SET row = NULL, digest = NULL, changed = 1"
                " WHERE lookup = ? AND key IN (SELECT value FROM carray(?))"
                " AND row IS NOT NULL",
                (state.number, apsw.carray(tuple(keys))),
            )

    def end(
        self, state: LookupState, *, cursor: str, columns: Sequence[str], complete: bool
    ) -> None:
        """The reading came to its end; with `complete` what it did not meet is gone."""
        with self._database.transaction():
            if complete:
                self._database.write(
                    "UPDATE looked_up SET row = NULL, digest = NULL, changed = 1"
                    " WHERE lookup = ? AND reading < ? AND row IS NOT NULL",
                    (state.number, state.reading),
                )
            self._database.write(
                "UPDATE lookup SET cursor = ?, columns = ? WHERE id = ?",
                (cursor, json.dumps(list(columns)), state.number),
            )

    def changed(self, number: int, limit: int) -> list[str]:
        """Keys whose rows changed since they were marked off, at most so many."""
        found = self._database.rows(
            "SELECT key FROM looked_up WHERE lookup = ? AND changed ORDER BY key LIMIT ?",
            (number, limit),
        )
        return [key for (key,) in found]

    def mark_off(self, number: int) -> None:
        """The flow has looked at its rows: nothing is changed now, what is gone is forgotten."""
        with self._database.transaction():
            self._database.write(
                "DELETE FROM looked_up WHERE lookup = ? AND changed AND row IS NULL", (number,)
            )
            self._database.write(
                "UPDATE looked_up SET changed = 0 WHERE lookup = ? AND changed", (number,)
            )

    def find(self, number: int, keys: Sequence[str]) -> dict[str, LookedUpRow]:
        """The rows of these keys, of those that are there."""
        if not keys:
            return {}
        found = self._database.rows(
            "SELECT key, row, digest FROM carray(?) AS wanted CROSS JOIN looked_up"
            " ON lookup = ? AND key = wanted.value WHERE row IS NOT NULL",
            (apsw.carray(tuple(keys)), number),
        )
        return {key: LookedUpRow(thaw(row), digest) for key, row, digest in found}

    def keep_only(self, flow: str, names: Sequence[str]) -> None:
        """Forget the lookups that the flow no longer has."""
        with self._database.transaction():
            number = enter_flow(self._database, flow)
            found = self._database.rows("SELECT id, name FROM lookup WHERE flow = ?", (number,))
            gone = array("q", (lookup for lookup, name in found if name not in names))
            if gone:
                for table, column in (("looked_up", "lookup"), ("lookup", "id")):
                    self._database.write(
                        f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM carray(?))",
                        (apsw.carray(gone),),
                    )


def freeze(row: tuple[Any, ...]) -> bytes:
    """A row's values as bytes, types and digits kept."""
    return msgspec.msgpack.encode([_plain(value) for value in row])


def thaw(frozen: bytes) -> tuple[Any, ...]:
    """The row again."""
    return tuple(msgspec.msgpack.decode(frozen, ext_hook=_from_text))


def _plain(value: Any) -> Any:
    kind = _TEXTS.get(type(value))
    if kind is not None:
        text = str(value) if type(value) is Decimal else value.isoformat()
        return msgspec.msgpack.Ext(kind[0], text.encode())
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _from_text(code: int, data: memoryview) -> Any:
    return _FROM_TEXT[code](bytes(data).decode())

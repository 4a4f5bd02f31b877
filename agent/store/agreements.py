"""What records that live on both sides should be, by pair of flows and key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import apsw

from agent.store.database import Database

_SLICE = 1_000


class AgreementRow(NamedTuple):
    """A record and what is known of it, frozen by whoever keeps it."""

    key: str
    state: bytes
    conflict: bool


class Agreements:
    """The agreements of all pairs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, pair: str, keys: Sequence[str]) -> dict[str, bytes]:
        """Key → what is known, for the keys of which anything is."""
        return dict(
            self._database.rows(
                "SELECT key, state FROM carray(?) AS wanted CROSS JOIN agreement"
                " ON pair = ? AND key = wanted.value",
                (apsw.carray(tuple(keys)), pair),
            )
            if keys
            else ()
        )

    def all(self, pair: str) -> Iterator[AgreementRow]:
        """Every one of a pair, in the order of their keys, read a slice at a time."""
        last = ""
        while found := self._database.rows(
            "SELECT key, state, conflict FROM agreement WHERE pair = ? AND key > ?"
            " ORDER BY key LIMIT ?",
            (pair, last, _SLICE),
        ):
            for key, state, conflict in found:
                yield AgreementRow(key, state, bool(conflict))
            last = found[-1][0]

    def put(self, pair: str, rows: Sequence[AgreementRow]) -> None:
        """Keep these."""
        with self._database.transaction():
            self._database.write_many(
                "INSERT OR REPLACE INTO agreement VALUES (?, ?, ?, ?)",
                ((pair, row.key, row.state, row.conflict) for row in rows),
            )

    def conflicts(self, pair: str, limit: int) -> list[AgreementRow]:
        """Those that wait for a person."""
        found = self._database.rows(
            "SELECT key, state, conflict FROM agreement WHERE pair = ? AND conflict"
            " ORDER BY key LIMIT ?",
            (pair, limit),
        )
        return [AgreementRow(key, state, bool(conflict)) for key, state, conflict in found]

    def keys_of(self, pair: str, side: int, own_keys: Sequence[str]) -> dict[str, str]:
        """A side's own key → the key of the record that it has under it."""
        return dict(
            self._database.rows(
                "SELECT own_key, key FROM carray(?) AS wanted CROSS JOIN counterpart"
                " ON pair = ? AND side = ? AND own_key = wanted.value",
                (apsw.carray(tuple(own_keys)), pair, side),
            )
            if own_keys
            else ()
        )

    def own_keys(self, pair: str, side: int, keys: Sequence[str]) -> dict[str, str]:
        """The key of a record → the key under which a side has it."""
        return dict(
            self._database.rows(
                "SELECT key, own_key FROM carray(?) AS wanted CROSS JOIN counterpart"
                " ON pair = ? AND side = ? AND key = wanted.value",
                (apsw.carray(tuple(keys)), pair, side),
            )
            if keys
            else ()
        )

    def match(self, pair: str, side: int, pairs: Sequence[tuple[str, str]]) -> None:
        """A side has these records, (key, its own key)."""
        with self._database.transaction():
            self._database.write_many(
                "INSERT OR REPLACE INTO counterpart (pair, side, own_key, key) VALUES (?, ?, ?, ?)",
                ((pair, side, own_key, key) for key, own_key in pairs),
            )
            self._database.write_many(
                "DELETE FROM awaited WHERE pair = ? AND side = ? AND key = ?",
                ((pair, side, key) for key, _ in pairs),
            )

    def awaited(self, pair: str, side: int, signs: Sequence[str]) -> dict[str, str]:
        """Sign → the key of a record that this side lacks so far and will be known by it."""
        return dict(
            self._database.rows(
                "SELECT sign, key FROM carray(?) AS wanted CROSS JOIN awaited"
                " ON pair = ? AND side = ? AND sign = wanted.value",
                (apsw.carray(tuple(signs)), pair, side),
            )
            if signs
            else ()
        )

    def expect(self, pair: str, side: int, signs: Sequence[tuple[str, str]]) -> None:
        """A side does not have these records, (sign, key); of equal signs the first counts."""
        with self._database.transaction():
            self._database.write_many(
                "INSERT OR IGNORE INTO awaited VALUES (?, ?, ?, ?)",
                ((pair, side, sign, key) for sign, key in signs),
            )

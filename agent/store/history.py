"""What became of many messages: what was delivered since a day, what is open, who goes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import apsw

from agent.model import Op
from agent.store.bundles import decode_bodies, decode_keys, decode_marks
from agent.store.database import Database
from agent.store.message_rows import OPS, MessageRow
from agent.store.names import flow_number, target_number
from agent.store.tally import DELIVERED, PENDING

_SLICE = 1_000
_BUNDLES = 20


class LastSent(NamedTuple):
    """The newest message of a key that was delivered. `body` is None where it is not kept."""

    version: int
    entity: str
    key: str
    op: Op
    body: bytes | None
    new: bool
    """Whether the other side had no such record before."""


class History:
    """Looks, and changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reaches(self, since: int) -> bool:
        """Whether everything that was delivered since then is kept: something older is.

        What is over is forgotten in the order in which it ended, unless it is to come back.
        """
        return any(
            self._database.row(f"SELECT 1 FROM {older} LIMIT 1", (since,))
            for older in (
                "message WHERE done_at < ? AND aside_until IS NULL",
                "bundle WHERE done_at < ?",
            )
        )

    def delivered(self, flow: str, since: int) -> Iterator[LastSent]:
        """Of each key that was delivered since then (unix ms) its newest message.

        It is `new` where any of them was.
        """
        number = flow_number(self._database, flow)
        newest: dict[str, int] = {}
        new: set[str] = set()
        for found in self._delivered(number, since):
            newest[found.key] = max(found.version, newest.get(found.key, 0))
            if found.new:
                new.add(found.key)
        for found in self._delivered(number, since):
            if newest[found.key] == found.version:
                yield found._replace(new=found.key in new)

    def _delivered(self, flow: int, since: int) -> Iterator[LastSent]:
        for version, entity, key, op, body, new in self._slices(
            "SELECT done_at, version, entity, key, op, body, previous IS NULL FROM message"
            f" WHERE state = {DELIVERED} AND +flow = ?1"
            " AND done_at >= ?2 AND (done_at, version) > (?2, ?3)",
            flow,
            since,
            _SLICE,
        ):
            yield LastSent(version, entity, key, OPS[op], body, bool(new))
        for first, entity, *content in self._slices(
            "SELECT done_at, bundle.version, entity, keys, bodies, marks FROM bundle"
            " JOIN bundle_content USING (version)"
            " WHERE +flow = ?1 AND done_at >= ?2 AND (done_at, bundle.version) > (?2, ?3)",
            flow,
            since,
            _BUNDLES,
        ):
            keys, bodies, marks = content
            lines = zip(decode_keys(keys), decode_bodies(bodies), decode_marks(marks), strict=True)
            for version, (key, body, (_, previous)) in enumerate(lines, start=first):
                yield LastSent(version, entity, key, Op.UPSERT, body, previous is None)

    def _slices(self, query: str, flow: int, since: int, size: int) -> Iterator[tuple[Any, ...]]:
        """The lines of a query about what is over, without `done_at`, a slice at a time.

        It compares `done_at` alone too: a row value tells SQLite nothing about a partial index.
        """
        place = (since - 1, 2**62)
        while found := self._database.rows(
            f"{query} ORDER BY done_at, version LIMIT ?4", (flow, *place, size)
        ):
            yield from (line[1:] for line in found)
            place = found[-1][:2]

    def open_keys(self, flow: str, keys: Sequence[str]) -> set[str]:
        """Those of these keys of which a message is held, pending, or parked by the target."""
        number = flow_number(self._database, flow)
        alone = self._database.rows(
            "SELECT DISTINCT wanted.value FROM carray(?) AS wanted CROSS JOIN message"
            " ON flow = ? AND key = wanted.value AND done_at IS NULL AND stage IS NOT 'mapping'",
            (apsw.carray(tuple(keys)), number),
        )
        found = {key for (key,) in alone}
        wanted = set(keys)
        for (bundled,) in self._database.rows(
            "SELECT keys FROM bundle JOIN bundle_content USING (version)"
            " WHERE flow = ? AND done_at IS NULL",
            (number,),
        ):
            found |= wanted.intersection(decode_keys(bundled))
        return found

    def ahead(self, row: MessageRow) -> int:
        """How many messages of its target come before one that is pending, at most."""
        if row.due_at is None:
            return 0
        target = target_number(self._database, row.target)
        lanes: int = self._database.value(
            "SELECT coalesce(sum(messages), 0) FROM tally"
            f" WHERE target = ? AND lane < ? AND state = {PENDING}",
            (target, row.lane),
        )
        place = (target, row.lane, row.due_at)
        alone: int = self._database.value(
            "SELECT count(*) FROM message WHERE target = ?1 AND lane = ?2 AND due_at <= ?3"
            " AND (due_at < ?3 OR version < ?4)",
            (*place, row.version),
        )
        bundled: int = self._database.value(
            "SELECT coalesce(sum(min(records, ?4 - version)), 0) FROM bundle"
            " WHERE target = ?1 AND lane = ?2 AND due_at <= ?3 AND (due_at < ?3 OR version < ?4)",
            (*place, row.version),
        )
        return lanes + alone + bundled

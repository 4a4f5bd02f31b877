"""Bundles: many new messages kept as one line, from their append to their delivery.

A first load makes a message for every row, and nearly all of them have the same short life: they
wait, are sent and are accepted, side by side. Kept line by line, that costs more than reading,
mapping and sending them. So they are frozen a hundred at a time, and a bundle is taken apart into
messages of their own as soon as something happens to one of them alone.

Two rules hold at every commit. The records of a bundle have consecutive versions. While a bundle is
open, none of its keys has another open message.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import apsw
import msgspec

from agent.model import Change, Message, Op, Receipt
from agent.store.database import Database
from agent.store.message_rows import INSERT, OPS, Names
from agent.store.tally import DELIVERED, PENDING, Tally

BUNDLE_SIZE = 100
"""Messages in a bundle: enough to make a line cheap, few enough for any claim."""

_UPSERT = OPS.index(Op.UPSERT)

encode = msgspec.msgpack.encode
decode_keys = msgspec.msgpack.Decoder(list[str]).decode
decode_bodies = msgspec.msgpack.Decoder(list[bytes]).decode
decode_marks = msgspec.msgpack.Decoder(list[tuple[bytes, bytes | None]]).decode


class Place(NamedTuple):
    """Where new messages belong: numbers of flow and target, lane and run."""

    flow: int
    target: int
    lane: int
    run: int


class _Bundle(NamedTuple):
    """A bundle as it stands, without its records."""

    version: int
    records: int
    size: int
    flow: int
    target: int
    lane: int

    @property
    def versions(self) -> range:
        return range(self.version, self.version + self.records)


_BUNDLE = "SELECT bundle.version, records, size, bundle.flow, target, lane FROM bundle"


class Bundles:
    """Puts messages together, and takes them apart."""

    def __init__(self, database: Database, tally: Tally, size: int = BUNDLE_SIZE) -> None:
        self.size = size
        self._database = database
        self._tally = tally

    def add(
        self, place: Place, changes: Sequence[Change], first: int, now: int, *, coalesce: bool
    ) -> None:
        """Freeze upserts of one entity, of keys that have nothing open; from this version on."""
        flow, target, lane, run = place
        entity = changes[0].entity
        for start in range(0, len(changes), self.size):
            part = changes[start : start + self.size]
            bodies = [change.body for change in part]
            version, size = first + start, sum(map(len, bodies))
            self._database.write(
                "INSERT INTO bundle (version, records, size, flow, target, entity, lane, coalesces,"
                " run, attempts, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
                (version, len(part), size, flow, target, entity, lane, coalesce, run, now, now),
            )
            self._database.write(
                "INSERT INTO bundle_content VALUES (?, ?, ?, ?)",
                (
                    version,
                    encode([change.key for change in part]),
                    encode([(change.digest, change.previous) for change in part]),
                    encode(bodies),
                ),
            )
            self._tally.add((target, flow, lane, PENDING), len(part), size)

    def due(
        self, target: int, lane: int, flow: int, now: int, limit: int
    ) -> list[tuple[int, int, int]]:
        """(due_at, version, records) of what can be sent, about `limit` records of it."""
        return self._database.rows(
            "SELECT due_at, version, records FROM bundle WHERE target = ? AND lane = ?"
            " AND flow = ? AND due_at <= ? ORDER BY due_at, version LIMIT ?",
            (target, lane, flow, now, limit // self.size + 1),
        )

    def claim(
        self, versions: array[int], names: Names, token: int, until: int
    ) -> dict[int, list[Message]]:
        """Give these bundles to a sender: the version of each and its messages."""
        if not versions:
            return {}
        wanted = (apsw.carray(versions),)
        found = self._database.rows(
            "SELECT bundle.version, flow.name, entity, attempts, keys, bodies"
            " FROM carray(?) AS chosen CROSS JOIN bundle ON bundle.version = chosen.value"
            " CROSS JOIN bundle_content AS content ON content.version = bundle.version"
            " CROSS JOIN flow ON flow.id = flow",
            wanted,
        )
        self._database.write(
            "UPDATE bundle SET due_at = ?, lease = ?, attempts = attempts + 1"
            " WHERE version IN (SELECT value FROM carray(?))",
            (until, token, *wanted),
        )
        prefix = names.prefix
        return {
            first: [
                Message(
                    f"{prefix}{version}",
                    version,
                    flow,
                    entity,
                    key,
                    Op.UPSERT,
                    body,
                    attempts,
                    # A bundle of which anything was heard is taken apart.
                    doubtful=attempts > 0,
                )
                for version, (key, body) in enumerate(
                    zip(decode_keys(keys), decode_bodies(bodies), strict=True), start=first
                )
            ]
            for first, flow, entity, attempts, keys, bodies in found
        }

    def settle(self, delivered: dict[int, Receipt], failed: Collection[int], now: int) -> None:
        """Close the bundles that are delivered whole, take those apart of which only a part is.

        What is closed is taken out of `delivered`.
        """
        touched = delivered.keys() | set(failed)
        if not touched:
            return
        for bundle in self._open_between(min(touched), max(touched)):
            if delivered.keys() >= set(bundle.versions):
                self._deliver(bundle, [delivered.pop(version) for version in bundle.versions], now)
            elif not touched.isdisjoint(bundle.versions):
                self._unpack(bundle)

    def _deliver(self, bundle: _Bundle, receipts: list[Receipt], now: int) -> None:
        self._database.write(
            "UPDATE bundle SET done_at = ?, due_at = NULL, lease = NULL WHERE version = ?",
            (now, bundle.version),
        )
        self._move(bundle, PENDING, -1)
        self._move(bundle, DELIVERED, 1)
        told = [receipt.reference for receipt in receipts]
        if any(told):
            self._bind(bundle, told)

    def _bind(self, bundle: _Bundle, references: list[str]) -> None:
        """Keep the target's own ids, "" where it told none; in one statement, see `Known`."""
        entity, keys = self._database.rows(
            "SELECT entity, keys FROM bundle JOIN bundle_content USING (version) WHERE version = ?",
            (bundle.version,),
        )[0]
        self._database.write(
            "INSERT OR REPLACE INTO binding SELECT ?, ?, key, value FROM json_each(?)"
            " WHERE value <> ''",
            (
                bundle.target,
                entity,
                msgspec.json.encode(dict(zip(decode_keys(keys), references, strict=True))).decode(),
            ),
        )

    def clear_leases(self, now: int) -> None:
        """What was claimed is due again."""
        self._database.write(
            "UPDATE bundle SET due_at = ?, lease = NULL WHERE lease IS NOT NULL", (now,)
        )

    def hurry(self, conditions: list[str], values: list[Any], now: int) -> int:
        """Send the waiting bundles that fit now; how many messages."""
        found = self._database.write(
            " AND ".join(
                [
                    "UPDATE bundle SET due_at = ?, lease = NULL WHERE done_at IS NULL",
                    "(lease IS NULL OR due_at <= ?)",
                    *conditions,
                ]
            )
            + " RETURNING records",
            (now, now, *values),
        )
        return sum(records for (records,) in found)

    def unpack_keys(self, flow: int, run: int, changes: Sequence[Change]) -> None:
        """Take apart every open bundle that holds the key of one of these changes.

        A key that was never seen before is in no bundle of its own run: a pass meets a key once.
        """
        new = all(change.previous is None for change in changes)
        open_bundles = self._among(
            "flow = ? AND done_at IS NULL AND run IS NOT ?", (flow, run if new else None)
        )
        if not open_bundles:
            return
        keys = {change.key for change in changes}
        for bundle in open_bundles:
            content = self._database.value(
                "SELECT keys FROM bundle_content WHERE version = ?", (bundle.version,)
            )
            if not keys.isdisjoint(decode_keys(content)):
                self._unpack(bundle)

    def unpack_versions(self, versions: Iterable[int]) -> None:
        """Take apart every open bundle that holds one of these messages."""
        for version in versions:
            for bundle in self._open_between(version, version):
                self._unpack(bundle)

    def _open_between(self, first: int, last: int) -> list[_Bundle]:
        """The open bundles that hold a version from the first to the last."""
        # The plus sign keeps SQLite on the index of open bundles: by the primary key it would walk
        # over all that are delivered, at every settlement more.
        return self._among(
            "done_at IS NULL AND +bundle.version <= ? AND bundle.version + records > ?",
            (last, first),
        )

    def _among(self, condition: str, values: Sequence[Any]) -> list[_Bundle]:
        found = self._database.rows(f"{_BUNDLE} WHERE {condition}", values)
        return [_Bundle._make(line) for line in found]

    def _unpack(self, bundle: _Bundle) -> None:
        """A message of its own for each record, just as the bundle stood."""
        entity, coalesces, run, attempts, created_at, due_at, lease, *content = self._database.rows(
            "SELECT entity, coalesces, run, attempts, created_at, due_at, lease, keys, bodies,"
            " marks FROM bundle JOIN bundle_content USING (version) WHERE version = ?",
            (bundle.version,),
        )[0]
        keys, bodies, marks = content
        self._database.write_many(
            INSERT,
            (
                (
                    version,
                    bundle.flow,
                    bundle.target,
                    entity,
                    key,
                    _UPSERT,
                    PENDING,
                    bundle.lane,
                    coalesces,
                    run,
                    body,
                    previous,
                    digest,
                    attempts,
                    created_at,
                    due_at,
                    lease,
                    attempts > (0 if lease is None else 1),
                )
                for version, key, body, (digest, previous) in zip(
                    bundle.versions,
                    decode_keys(keys),
                    decode_bodies(bodies),
                    decode_marks(marks),
                    strict=True,
                )
            ),
        )
        self._delete(bundle)

    def oldest_done(self, limit: int) -> list[tuple[int, int, int]]:
        """(done_at, version, records) of bundles that are over, the oldest first."""
        return self._database.rows(
            "SELECT done_at, version, records FROM bundle WHERE done_at IS NOT NULL"
            " ORDER BY done_at, version LIMIT ?",
            (limit,),
        )

    def forget(self, versions: Iterable[int]) -> None:
        """Delete these delivered bundles for good."""
        for version in versions:
            for bundle in self._among("version = ?", (version,)):
                self._delete(bundle)
                self._move(bundle, DELIVERED, -1)

    def _delete(self, bundle: _Bundle) -> None:
        for table in ("bundle_content", "bundle"):
            self._database.write(f"DELETE FROM {table} WHERE version = ?", (bundle.version,))

    def _move(self, bundle: _Bundle, state: int, sign: int) -> None:
        self._tally.add(
            (bundle.target, bundle.flow, bundle.lane, state),
            sign * bundle.records,
            sign * bundle.size,
        )

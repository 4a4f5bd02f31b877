"""The reference shop's own SQLite file: what it sells, and the log of every effect.

A batch is one transaction, committed before the answer leaves. The log has one row for each real
effect, so that anybody can count whether something was done twice. What is committed survives the
end of the process; a shop that must survive a power cut would set `synchronous = FULL`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import apsw
import msgspec
import xxhash

from agent.demo.shop import commands, feeds, orders
from agent.demo.shop.commands import Commands
from agent.demo.shop.contents import ContentFolder
from agent.demo.shop.digests import Digests
from agent.demo.shop.feeds import Feeds
from agent.demo.shop.orders import Orders
from agent.demo.shop.protocol import CHECKS, FEEDS, SHARED, Item, Stored, Verdict

PRAGMAS = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA wal_autocheckpoint = 8000;
PRAGMA cache_size = -64000;
"""
SCHEMA = """
CREATE TABLE IF NOT EXISTS records (  -- the newest state of every key; data is NULL once deleted
    entity  TEXT NOT NULL,
    key     TEXT NOT NULL,
    version INTEGER NOT NULL,
    data    TEXT,
    digest  TEXT NOT NULL,            -- what the agent sent with it, "" for nothing
    PRIMARY KEY (entity, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_of_article ON records (data ->> 'sku', entity)
    WHERE entity IN ('price', 'stock', 'media');
CREATE INDEX IF NOT EXISTS status_of_order ON records (data ->> 'number')
    WHERE entity = 'order_status';
CREATE INDEX IF NOT EXISTS published_contents ON records (data ->> 'sha256')
    WHERE entity = 'media';
CREATE TABLE IF NOT EXISTS effects (  -- everything that was really done, in order
    effect  INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,         -- unix milliseconds
    id      TEXT NOT NULL UNIQUE,     -- the message that did it: no message does anything twice
    entity  TEXT NOT NULL,
    key     TEXT NOT NULL,
    version INTEGER NOT NULL,
    op      TEXT NOT NULL,
    content BLOB NOT NULL             -- digest of the data
) STRICT;
CREATE TABLE IF NOT EXISTS remarks (  -- what had no effect: repeated, stale and rejected items
    at      INTEGER NOT NULL,
    id      TEXT NOT NULL,
    entity  TEXT NOT NULL,
    key     TEXT NOT NULL,
    version INTEGER NOT NULL,
    status  TEXT NOT NULL,            -- repeated, stale or rejected
    code    TEXT NOT NULL,
    reason  TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS heartbeats (  -- the newest word of the agent; one row
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    at     INTEGER NOT NULL,
    status TEXT NOT NULL
) STRICT;
"""
UPSERT_RECORD = """
INSERT INTO records (entity, key, version, data, digest) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    version = excluded.version, data = excluded.data, digest = excluded.digest
"""
CHANGE_RECORD = """
INSERT INTO records (entity, key, version, data, digest) VALUES (?, ?, 0, ?, '')
ON CONFLICT DO UPDATE SET data = excluded.data, digest = ''
"""
DOUBLES = """
SELECT effect, at, id, entity, key, version, op FROM (
    SELECT *, lag(op || hex(content)) OVER (PARTITION BY entity, key ORDER BY effect) AS before
    FROM effects
) WHERE before = op || hex(content)
"""


class Effect(NamedTuple):
    """Something that was really done."""

    effect: int
    at: int
    id: str
    entity: str
    key: str
    version: int
    op: str


class Remark(NamedTuple):
    """Something that was asked and had no effect."""

    at: int
    id: str
    entity: str
    key: str
    version: int
    status: str
    code: str
    reason: str


class ShopDatabase:
    """One connection to the file. `readonly` for onlookers: tests, the demo.

    Contents lie in a folder beside it.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        flags = apsw.SQLITE_OPEN_READONLY if readonly else apsw.SQLITE_OPEN_READWRITE
        self._connection = apsw.Connection(
            str(path), flags=flags if readonly else flags | apsw.SQLITE_OPEN_CREATE
        )
        self._connection.set_busy_timeout(5000)
        self.contents = ContentFolder(path.with_suffix(".contents"))
        self.feeds = Feeds(self._connection)
        self.commands = Commands(self._connection)
        self.digests = Digests(self._connection)
        self.orders = Orders(self._connection, self.feeds)
        if not readonly:
            self._connection.execute(PRAGMAS)
            for schema in (SCHEMA, feeds.SCHEMA, commands.SCHEMA, orders.SCHEMA):
                self._connection.execute(schema)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def apply(self, items: Sequence[Item], refused_keys: frozenset[str]) -> list[Verdict]:
        """Do what the items say, in order, in one transaction; a verdict for each."""
        batch = _Batch(self._connection, self.contents, self.feeds, refused_keys)
        with self._connection:
            batch.apply(items)
        return batch.verdicts

    def put(self, feed: str, key: str, data: object) -> None:
        """A record is new or has changed in the shop itself; None for one that is gone."""
        with self._connection:
            self.feeds.put(feed, key, data)
            if (entity := FEEDS.get(feed)) in SHARED:
                text = None if data is None else msgspec.json.encode(data).decode()
                self._connection.execute(CHANGE_RECORD, (entity, key, text))

    def read(self, entity: str, keys: Sequence[str]) -> list[Stored]:
        """Those of these keys that exist."""
        rows = self._connection.execute(
            "SELECT key, version, data FROM records WHERE entity = ? AND data IS NOT NULL"
            " AND key IN (SELECT value FROM json_each(?))",
            (entity, _json(keys)),
        )
        return [Stored(key, version, msgspec.Raw(data)) for key, version, data in rows]

    def keep_heartbeat(self, status: bytes) -> None:
        """Remember the agent's newest word."""
        self._connection.execute(
            "INSERT OR REPLACE INTO heartbeats (one, at, status) VALUES (1, ?, ?)",
            (_now(), status.decode()),
        )

    def heartbeat(self) -> tuple[int, dict[str, Any]] | None:
        """When the agent spoke last, and what it said."""
        for at, status in self._connection.execute("SELECT at, status FROM heartbeats"):
            return at, msgspec.json.decode(status)
        return None

    def records(self, entity: str) -> dict[str, dict[str, Any]]:
        """Everything that the shop holds of an entity, by key."""
        rows = self._connection.execute(
            "SELECT key, data FROM records WHERE entity = ? AND data IS NOT NULL ORDER BY key",
            (entity,),
        )
        return {key: msgspec.json.decode(data) for key, data in rows}

    def counts(self) -> dict[str, int]:
        """How many records of each entity there are."""
        rows = self._connection.execute(
            "SELECT entity, count(*) FROM records WHERE data IS NOT NULL GROUP BY entity"
        )
        return dict(rows)

    def effects(self, after: int = 0) -> Iterator[Effect]:
        """The log from some effect on."""
        rows = self._connection.execute(
            "SELECT effect, at, id, entity, key, version, op FROM effects WHERE effect > ?"
            " ORDER BY effect",
            (after,),
        )
        return (Effect(*row) for row in rows)

    def doubles(self) -> list[Effect]:
        """Effects that did once more what the key's last effect had done. Rightly none."""
        return [Effect(*row) for row in self._connection.execute(DOUBLES)]

    def remarks(self) -> list[Remark]:
        """All that had no effect, oldest first."""
        return [Remark(*row) for row in self._connection.execute("SELECT * FROM remarks")]

    def products(self, search: str, limit: int) -> list[dict[str, Any]]:
        """Products whose code or name contains a text, each with its prices and stock."""
        rows = self._connection.execute(
            "SELECT data FROM records WHERE entity = 'product' AND data IS NOT NULL"
            " AND (data ->> 'sku' LIKE ?1 OR data ->> 'name' LIKE ?1) ORDER BY key LIMIT ?2",
            (f"%{search}%", limit),
        )
        products = [msgspec.json.decode(data) for (data,) in rows]
        for product in products:
            for entity in ("price", "stock", "media"):
                product[entity] = self._of_sku(entity, product["sku"])
        return products

    def product(self, sku: str) -> dict[str, Any]:
        """A product with its prices; an empty one where it is gone."""
        product: dict[str, Any] = {}
        for stored in self.read("product", [sku]):
            product = msgspec.json.decode(stored.data)
        return product | {"price": self._of_sku("price", sku)}

    def _of_sku(self, entity: str, sku: str) -> list[dict[str, Any]]:
        rows = self._connection.execute(
            "SELECT data FROM records WHERE data ->> 'sku' = ? AND entity = ?"
            " AND entity IN ('price', 'stock', 'media') ORDER BY key",
            (sku, entity),
        )
        return [msgspec.json.decode(data) for (data,) in rows]

    def published(self, sha256: str) -> str | None:
        """The media type of a content that an article shows; None for one that no article does."""
        for (media_type,) in self._connection.execute(
            "SELECT data ->> 'media_type' FROM records"
            " WHERE entity = 'media' AND data ->> 'sha256' = ?",
            (sha256,),
        ):
            return str(media_type)
        return None


class _Batch:
    """The verdicts on one batch, and what they make of the file."""

    def __init__(
        self,
        connection: apsw.Connection,
        contents: ContentFolder,
        feeds: Feeds,
        refused_keys: frozenset[str],
    ) -> None:
        self._connection = connection
        self._contents = contents
        self._feeds = feeds
        self._refused_keys = refused_keys
        self._now = _now()
        self._records: list[tuple[str, str, int, str | None, str]] = []
        self._effects: list[tuple[Any, ...]] = []
        self._remarks: list[Remark] = []
        self._done: dict[str, tuple[Any, ...]] = {}
        self._versions: dict[tuple[str, str], int] = {}
        self.verdicts: list[Verdict] = []

    def apply(self, items: Sequence[Item]) -> None:
        self._done = self._effects_of([item.id for item in items])
        self._versions = self._versions_of(items)
        self.verdicts = [self._judge(item) for item in items]
        self._connection.executemany(UPSERT_RECORD, self._records)
        self._connection.executemany(
            "INSERT INTO effects (at, id, entity, key, version, op, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            self._effects,
        )
        self._connection.executemany("INSERT INTO remarks VALUES (?,?,?,?,?,?,?,?)", self._remarks)

    def _judge(self, item: Item) -> Verdict:
        content = xxhash.xxh3_64_digest(item.data)
        did = (item.entity, item.key, item.version, item.op, content)
        if item.id in self._done:
            if self._done[item.id] != did:
                return self._reject(item, "id_reused", "this id has done something else before")
            self._remark(item, "repeated")
            return Verdict(item.id, "accepted", _reference(item))
        if refusal := self._refusal(item):
            return self._reject(item, *refusal)
        place = (item.entity, item.key)
        if item.version <= self._versions.get(place, 0):
            self._remark(item, "stale")
            return Verdict(item.id, "stale", _reference(item))
        self._done[item.id] = did
        self._versions[place] = item.version
        data = str(item.data, "utf-8") or None
        self._records.append((*place, item.version, data, item.digest))
        self._effects.append((self._now, item.id, *did))
        if item.entity in SHARED:
            shown = msgspec.Raw(item.data) if data else None
            self._feeds.put(SHARED[item.entity], item.key, shown)
        return Verdict(item.id, "accepted", _reference(item))

    def _refusal(self, item: Item) -> tuple[str, str] | None:
        check = CHECKS.get(item.entity)
        if check is None:
            return "unknown_entity", f"this shop has no {item.entity}"
        if item.key in self._refused_keys:
            return "refused", "this key is refused on purpose"
        if item.op == "delete":
            return None
        try:
            sha256 = getattr(check.decode(item.data), "sha256", None)
        except msgspec.DecodeError as error:
            return "invalid_data", str(error)
        if sha256 and not self._contents.holds(sha256):
            return "unknown_content", f"sha256: this shop does not hold the content {sha256}"
        return None

    def _reject(self, item: Item, code: str, reason: str) -> Verdict:
        self._remark(item, "rejected", code, reason)
        return Verdict(item.id, "rejected", code=code, reason=reason)

    def _remark(self, item: Item, status: str, code: str = "", reason: str = "") -> None:
        self._remarks.append(
            Remark(self._now, item.id, item.entity, item.key, item.version, status, code, reason)
        )

    def _effects_of(self, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
        rows = self._connection.execute(
            "SELECT id, entity, key, version, op, content FROM effects"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (_json(ids),),
        )
        return {row[0]: row[1:] for row in rows}

    def _versions_of(self, items: Sequence[Item]) -> dict[tuple[str, str], int]:
        versions = {}
        for entity in {item.entity for item in items}:
            rows = self._connection.execute(
                "SELECT key, version FROM records WHERE entity = ?"
                " AND key IN (SELECT value FROM json_each(?))",
                (entity, _json([item.key for item in items if item.entity == entity])),
            )
            versions.update({(entity, key): version for key, version in rows})
        return versions


def _reference(item: Item) -> str:
    """The shop's own id of a record: of those that a feed shows, the key there."""
    return item.key if item.entity in SHARED else f"{item.entity}/{item.key}"


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()


def _now() -> int:
    return time.time_ns() // 1_000_000

"""The shop's own records, for the agent to fetch: the newest state of each key, in order of change.

A record that changes leaves its place and stands at the end again, with a higher version: whoever
reads on sees each key once, and never misses the last word. Nothing is forgotten here; a shop that
wants to may forget what was acknowledged.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import apsw
import msgspec

from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import NO_DATA, FeedItem, FeedPage

SCHEMA = """
CREATE TABLE IF NOT EXISTS feed_items (  -- the newest state of each key, in order of change
    place INTEGER PRIMARY KEY AUTOINCREMENT,  -- the item's version as well: it only grows
    feed  TEXT NOT NULL,
    key   TEXT NOT NULL,
    at    TEXT NOT NULL,              -- ISO 8601
    data  TEXT                        -- NULL: deleted
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS feed_item_of_key ON feed_items (feed, key);
CREATE INDEX IF NOT EXISTS feed_items_in_order ON feed_items (feed, place);
CREATE TABLE IF NOT EXISTS feed_readings (  -- how far the agent says that it has come
    feed         TEXT PRIMARY KEY,
    acknowledged INTEGER NOT NULL     -- items up to this place are safe in the company
) STRICT;
"""
_COLUMNS = "place, feed, key, at, data"


class Feeds:
    """All feeds of the shop."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def put(self, feed: str, key: str, data: object) -> None:
        """A record is new or has changed; None for one that is gone."""
        text = None if data is None else msgspec.json.encode(data).decode()
        with self._connection:
            self._connection.execute(
                "DELETE FROM feed_items WHERE feed = ? AND key = ?", (feed, key)
            )
            self._connection.execute(
                "INSERT INTO feed_items (feed, key, at, data) VALUES (?, ?, ?, ?)",
                (feed, key, _now(), text),
            )

    def page(self, feed: str, after: str, limit: int) -> FeedPage:
        """What stands behind a cursor. With a limit of 0 only where the end is."""
        place, end = self.place(feed, after), self.end(feed)
        if not limit:
            return FeedPage([], str(max(place, end)), more=False)
        rows = self._rows("feed = ? AND place > ? ORDER BY place LIMIT ?", (feed, place, limit))
        last = rows[-1][0] if rows else place
        return FeedPage([_item(row) for row in rows], str(last), more=last < end)

    def read(self, feed: str, keys: Sequence[str]) -> list[FeedItem]:
        """Those of these keys that the feed has."""
        wanted = msgspec.json.encode(keys).decode()
        where = "feed = ? AND key IN (SELECT value FROM json_each(?)) AND data IS NOT NULL"
        return [_item(row) for row in self._rows(where, (feed, wanted))]

    def acknowledge(self, feed: str, cursor: str) -> None:
        """Everything up to this cursor is safe in the company. An older one changes nothing."""
        self._connection.execute(
            "INSERT INTO feed_readings VALUES (?, ?) ON CONFLICT DO UPDATE"
            " SET acknowledged = max(acknowledged, excluded.acknowledged)",
            (feed, self.place(feed, cursor)),
        )

    def forget(self, feed: str) -> None:
        """Forget what was acknowledged, as a shop may."""
        self._connection.execute(
            "DELETE FROM feed_items WHERE feed = ?1"
            " AND place <= (SELECT acknowledged FROM feed_readings WHERE feed = ?1)",
            (feed,),
        )

    def is_acknowledged(self, feed: str, key: str) -> bool:
        """Whether the newest state of a record is safe in the company."""
        found = self._connection.execute(
            "SELECT 1 FROM feed_items JOIN feed_readings USING (feed)"
            " WHERE feed = ? AND key = ? AND place <= acknowledged",
            (feed, key),
        )
        return bool(found.fetchall())

    def newest(self, feed: str, limit: int) -> list[FeedItem]:
        """The last records that changed, the newest first."""
        where = "feed = ? AND data IS NOT NULL ORDER BY place DESC LIMIT ?"
        return [_item(row) for row in self._rows(where, (feed, limit))]

    def end(self, feed: str) -> int:
        """The place of the last change."""
        ((last,),) = self._connection.execute(
            "SELECT max(coalesce((SELECT max(place) FROM feed_items WHERE feed = ?1), 0),"
            " coalesce((SELECT acknowledged FROM feed_readings WHERE feed = ?1), 0))",
            (feed,),
        )
        return int(last)

    def place(self, feed: str, cursor: str) -> int:
        """What a cursor stands for. Raises 410 for one that this file never gave out."""
        if not cursor:
            return 0
        if not (cursor.isascii() and cursor.isdigit()) or int(cursor[:18]) > self.end(feed):
            raise Problem(410, "cursor_gone", "this shop does not know the cursor: start over")
        return int(cursor)

    def _rows(self, where: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        statement = f"SELECT {_COLUMNS} FROM feed_items WHERE {where}"  # noqa: S608 - our own words
        return self._connection.execute(statement, values).fetchall()


def _item(row: tuple[Any, ...]) -> FeedItem:
    place, feed, key, at, data = row
    return FeedItem(
        f"{feed}-{place}",
        key,
        place,
        at,
        op="delete" if data is None else "upsert",
        data=NO_DATA if data is None else msgspec.Raw(data),
    )


def _now() -> str:
    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")

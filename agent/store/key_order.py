"""A key's messages go out one after the other: the oldest open one is due, the others wait.

Only the one that may be sent has a `due_at`, so that a claim reads an index of what can be sent and
nothing else, however many wait behind.
"""

from __future__ import annotations

from array import array

import apsw

from agent.store.database import Database
from agent.store.known import NOT_KNOWN
from agent.store.tally import PENDING, SUPERSEDED, Tally

OLDEST_OPEN = (
    "(SELECT min(other.version) FROM message AS other"
    " WHERE other.flow = message.flow AND other.key = message.key AND other.done_at IS NULL)"
)
"""The version of the oldest open message of the same key."""


class KeyOrder:
    """Keeps the order when a message ends."""

    def __init__(self, database: Database, tally: Tally) -> None:
        self._database = database
        self._tally = tally

    def wake(self, versions: array[int], now: int) -> None:
        """Make due, for the keys of these messages, what is first in line now."""
        if versions:
            self._database.write(
                "UPDATE message SET due_at = ? WHERE state = ? AND due_at IS NULL AND version IN"
                f" (SELECT {OLDEST_OPEN} FROM carray(?) AS ended"
                " CROSS JOIN message ON version = ended.value)",
                (now, PENDING, apsw.carray(versions)),
            )

    def supersede(self, versions: array[int], now: int) -> None:
        """A newer message stands for these: they are over, and nobody needs their bodies."""
        if versions:
            with self._tally.moving(versions):
                self._database.write(
                    "UPDATE message SET state = ?, done_at = ?, due_at = NULL, lease = NULL,"
                    " body = NULL WHERE version IN (SELECT value FROM carray(?))",
                    (SUPERSEDED, now, apsw.carray(versions)),
                )

    def give_way(self, versions: array[int], now: int) -> None:
        """Supersede those of these failed messages behind which a newer one of the key waits.

        Whether the failed one reached the target is not sure, so neither is what the target had
        before the newer one.
        """
        if not versions:
            return
        pairs = self._database.rows(
            "SELECT message.version, newer.version FROM carray(?) AS failed"
            " CROSS JOIN message ON message.version = failed.value"
            " CROSS JOIN message AS newer ON newer.flow = message.flow"
            " AND newer.key = message.key AND newer.done_at IS NULL"
            " AND newer.version > message.version"
            " WHERE message.coalesces AND message.done_at IS NULL AND message.lease IS NULL",
            (apsw.carray(versions),),
        )
        self._database.write_many(
            "UPDATE message SET previous = ?, doubtful = 2 WHERE version = ?",
            ((NOT_KNOWN, newer) for _, newer in pairs),
        )
        self.supersede(array("q", {failed for failed, _ in pairs}), now)

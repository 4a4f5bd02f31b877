"""What people set aside: for good, or until a day on which it is open again.

It comes back where nothing newer of its key was taken over meanwhile: that stands for it. A row
that the mapping refused has nothing to send and does not come back as it was; it is looked at anew.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection
from typing import NamedTuple

import apsw

from agent.store.database import Database
from agent.store.key_order import KeyOrder
from agent.store.reservations import Reservations
from agent.store.tally import HELD, IGNORED, PARKED, PENDING, Tally

_MAY_COME_BACK = (
    f"state <> {HELD} AND NOT EXISTS (SELECT 1 FROM message AS newer WHERE newer.done_at IS NULL"
    " AND newer.flow = message.flow AND newer.key = message.key"
    " AND newer.version > message.version)"
)


class Returned(NamedTuple):
    """What is open again."""

    messages: int
    """Refused ones that are parked as before, and such as had never been refused and wait again."""
    rows: tuple[tuple[str, str], ...]
    """Flow and key of rows that the mapping had refused: to be looked at again."""


class Aside:
    """Messages that are over because a person said so."""

    def __init__(
        self, database: Database, tally: Tally, order: KeyOrder, reservations: Reservations
    ) -> None:
        self._database = database
        self._tally = tally
        self._order = order
        self._reservations = reservations

    def put(self, versions: array[int], reason: str, by: str, now: int, until: int | None) -> int:
        """Set open messages aside, until a moment (unix ms) or for good; how many.

        One that is in flight is left alone. One for which a newer message of its key stands is
        over for good. What an order takes from the stock it takes on where it is to come back.
        """
        found = self._database.rows(
            "SELECT version FROM carray(?) AS wanted CROSS JOIN message ON version = wanted.value"
            " WHERE done_at IS NULL AND (lease IS NULL OR due_at <= ?)",
            (apsw.carray(versions), now),
        )
        taken = array("q", {version for (version,) in found})
        if taken:
            with self._tally.moving(taken):
                self._database.write(
                    "UPDATE message SET state = ?, done_at = ?, due_at = NULL, lease = NULL,"
                    " doubtful = max(doubtful, lease IS NOT NULL), refusal = reason, reason = ?,"
                    f" decided_by = ?, aside_until = CASE WHEN {_MAY_COME_BACK} THEN ? END"
                    " WHERE version IN (SELECT value FROM carray(?))",
                    (IGNORED, now, reason, by, until, apsw.carray(taken)),
                )
            self._order.wake(taken, now)
            if until is None:
                self._reservations.give_up(taken)
        return len(taken)

    def overtake(self, flow: int, keys: Collection[str]) -> None:
        """Something newer of these keys was taken over: what was set aside does not come back."""
        waiting = self._database.value(
            "SELECT 1 FROM message INDEXED BY message_aside"
            " WHERE flow = ? AND aside_until IS NOT NULL LIMIT 1",
            (flow,),
        )
        if waiting and keys:
            self._database.write(
                "UPDATE message INDEXED BY message_aside SET aside_until = NULL"
                " WHERE flow = ? AND aside_until IS NOT NULL"
                " AND key IN (SELECT value FROM carray(?))",
                (flow, apsw.carray(tuple(keys))),
            )

    def take_back(self, now: int) -> Returned:
        """Open again what was set aside until now."""
        with self._database.transaction():
            found = self._database.rows(
                "SELECT version, flow.name, key, stage IS 'mapping'"
                " FROM message INDEXED BY message_aside"
                " JOIN flow ON flow.id = flow WHERE aside_until <= ? ORDER BY version",
                (now,),
            )
            rows = array("q", (version for version, _, _, is_row in found if is_row))
            messages = array("q", (version for version, _, _, is_row in found if not is_row))
            self._order.supersede(rows, now)
            self._open_again(messages, now)
            self._database.write(
                "UPDATE message INDEXED BY message_aside SET aside_until = NULL"
                " WHERE aside_until <= ?",
                (now,),
            )
        return Returned(
            len(messages), tuple((flow, key) for _, flow, key, is_row in found if is_row)
        )

    def _open_again(self, versions: array[int], now: int) -> None:
        if versions:
            with self._tally.moving(versions):
                self._database.write(
                    f"UPDATE message SET state = CASE WHEN stage IS NULL THEN {PENDING}"
                    f" ELSE {PARKED} END, done_at = NULL, reason = refusal, decided_by = NULL"
                    " WHERE version IN (SELECT value FROM carray(?))",
                    (apsw.carray(versions),),
                )
            self._order.wake(versions, now)

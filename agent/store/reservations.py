"""What orders take from the stock before the ERP's own numbers show it: a line per order line.

A line counts from the takeover of its order on. Where nothing else ends it, it is over as soon as
no message of its order is open any more: then the order is in the ERP, or somebody decided that it
never will be. Nobody has to tell that: `settle` looks.
"""

from __future__ import annotations

import threading
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import apsw

from agent.store.bundles import decode_keys
from agent.store.database import Database
from agent.store.names import enter_flow, flow_number
from agent.store.tally import DELIVERED

_NO_KEY = ("",)
"""No record has an empty key; an array has to hold something."""


class ReservedLine(NamedTuple):
    """Article, warehouse ("" where the order names none) and quantity, a decimal as text."""

    sku: str
    warehouse: str
    quantity: str


class ReservedOrder(NamedTuple):
    """An order as far as it takes from the stock.

    `key` is its record's, `number` what a status calls it by. `known`: an earlier state of it was
    taken over before.
    """

    key: str
    number: str
    lines: Sequence[ReservedLine]
    known: bool


class Reservations:
    """The reservations of all flows of orders."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now
        self._changes: Counter[str] = Counter()
        self._listeners: list[_Listening] = []
        self._telling = threading.Lock()

    def take(self, flow: str, orders: Iterable[ReservedOrder], *, outlasts: bool) -> None:
        """These orders were taken over, or taken over anew: their lines stand for earlier ones.

        `outlasts`: they count on when they were written, until a status ends them. What a status
        ended stays so, whatever is changed in the order afterwards.
        """
        with self._database.transaction():
            number = enter_flow(self._database, flow)
            for order in orders:
                before = self._database.rows(
                    "SELECT over_at IS NOT NULL FROM reservation WHERE flow = ? AND key = ?",
                    (number, order.key),
                )
                if outlasts and ((order.known and not before) or any(over for (over,) in before)):
                    continue
                self._database.write(
                    "DELETE FROM reservation WHERE flow = ? AND key = ?", (number, order.key)
                )
                self._database.write_many(
                    "INSERT INTO reservation VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                    (
                        (number, order.key, place, order.number, *line, outlasts)
                        for place, line in enumerate(order.lines)
                    ),
                )
        self._changes[flow] += 1

    def cancel(self, flow: str, keys: Sequence[str]) -> None:
        """These orders were called off: they count until the ERP knows that, and no longer."""
        if not keys:
            return
        with self._database.transaction():
            self._database.write(
                "UPDATE reservation SET outlasts = 0 WHERE flow = ?"
                " AND key IN (SELECT value FROM carray(?))",
                (flow_number(self._database, flow), apsw.carray(tuple(keys))),
            )

    def give_up(self, versions: array[int]) -> None:
        """A person set these messages aside: an order that never was written never will be."""
        if not versions:
            return
        orders = self._database.rows(
            "SELECT DISTINCT ended.flow, ended.key FROM carray(?) AS given_up CROSS JOIN message"
            " AS ended ON ended.version = given_up.value JOIN reservation"
            " ON reservation.flow = ended.flow AND reservation.key = ended.key"
            " WHERE NOT EXISTS (SELECT 1 FROM message AS other WHERE other.flow = ended.flow"
            f" AND other.key = ended.key AND (other.done_at IS NULL OR other.state = {DELIVERED}))",
            (apsw.carray(versions),),
        )
        delivered = {flow: self._bundled(flow, done=True) for flow, _ in orders}
        self._database.write_many(
            "UPDATE reservation SET outlasts = 0 WHERE flow = ? AND key = ?",
            ((flow, key) for flow, key in orders if key not in delivered[flow]),
        )

    def end(self, flow: str, numbers: Sequence[str]) -> None:
        """A status says of these orders that the ERP's stock shows them, or never will."""
        if not numbers:
            return
        with self._database.transaction():
            ended = self._database.write(
                "UPDATE reservation SET over_at = ? WHERE flow = ? AND over_at IS NULL"
                " AND number IN (SELECT value FROM carray(?)) RETURNING 1",
                (self._now(), flow_number(self._database, flow), apsw.carray(tuple(numbers))),
            )
        self._changes[flow] += len(ended)

    def settle(self, flow: str) -> None:
        """What is written, or set aside by a person, is over."""
        number = flow_number(self._database, flow)
        if not self._database.row(
            "SELECT 1 FROM reservation WHERE flow = ? AND over_at IS NULL AND NOT outlasts LIMIT 1",
            (number,),
        ):
            return
        with self._database.transaction():
            ended = self._database.write(
                "UPDATE reservation SET over_at = ? WHERE flow = ? AND over_at IS NULL"
                " AND NOT outlasts AND NOT EXISTS (SELECT 1 FROM message"
                " WHERE message.flow = reservation.flow AND message.key = reservation.key"
                " AND message.done_at IS NULL AND message.stage IS NOT 'mapping')"
                " AND key NOT IN (SELECT value FROM carray(?)) RETURNING 1",
                (self._now(), number, apsw.carray(tuple(self._bundled(number)) or _NO_KEY)),
            )
        self._changes[flow] += len(ended)

    def _bundled(self, flow: int, *, done: bool = False) -> set[str]:
        """Keys whose messages are in bundles, on their way or delivered."""
        found = self._database.rows(
            "SELECT keys FROM bundle JOIN bundle_content USING (version)"
            " WHERE flow = ? AND (done_at IS NOT NULL) = ?",
            (flow, done),
        )
        return {key for (keys,) in found for key in decode_keys(keys)}

    def counting(self, flow: str, since: int) -> list[ReservedLine]:
        """What counts: what is not over, or has been only since that moment."""
        found = self._database.rows(
            "SELECT sku, warehouse, quantity FROM reservation"
            " WHERE flow = ? AND (over_at IS NULL OR over_at > ?)",
            (flow_number(self._database, flow), since),
        )
        return [ReservedLine._make(line) for line in found]

    def forget(self, oldest: int) -> None:
        """Drop what has been over since before that moment."""
        with self._database.transaction():
            self._database.write(
                "DELETE FROM reservation WHERE flow IN (SELECT id FROM flow) AND over_at < ?",
                (oldest,),
            )

    def listen(self, flow: str, wake: Callable[[], None]) -> _Listening:
        """`wake` is called by `tell` where what counts may have changed; until it is closed."""
        listening = _Listening(self._listeners, flow, wake, self._changes[flow])
        self._listeners.append(listening)
        return listening

    def tell(self) -> None:
        """Something was taken over or delivered: wake those whom it concerns."""
        with self._telling:
            for listening in list(self._listeners):
                self.settle(listening.flow)
                if listening.told != self._changes[listening.flow]:
                    listening.told = self._changes[listening.flow]
                    listening.wake()


class _Listening:
    """One who listens; a `Closing`."""

    def __init__(
        self, listeners: list[_Listening], flow: str, wake: Callable[[], None], told: int
    ) -> None:
        self._listeners = listeners
        self.flow = flow
        self.wake = wake
        self.told = told

    def close(self) -> None:
        """Listen no longer."""
        if self in self._listeners:
            self._listeners.remove(self)

"""Products in the shop's own queue: sent in one call, their verdicts asked for later.

A message in the queue *waits*: the engine brings it back by itself, and the shop is asked what
became of it. Which message went into which bulk is known to this process alone. After a restart
they are sent once more, which has no second effect: the SKU is the key.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from agent.errors import Rejected
from agent.model import Json, Message, Receipt
from connectors._verdicts import refused
from connectors.magento.calls import Calls, Item, told

COMPLETE, AGAIN, FAILED, OPEN, REJECTED = 1, 2, 3, 4, 5
"""What may have become of an operation: `AGAIN` says that it may be tried once more."""
FORGOTTEN: Item = {"status": AGAIN}
"""What became of an operation that the shop does not know any more."""


class Flight(NamedTuple):
    """A message that is, or was, in the queue."""

    message_id: str
    bulk: str
    number: int


class Seen(NamedTuple):
    """What a bulk was like when it was asked for."""

    at: float
    operations: dict[int, Item]
    open: bool


class Landed(NamedTuple):
    """What became of messages that may be in the queue."""

    receipts: list[Receipt]
    done: set[str]
    """Ids of messages that the shop has taken over."""
    failed: set[str]
    """Ids of messages that may be tried again: alone, so that the shop says why."""


class Queue:
    """What one target has in the shop's queue; one object serves all its threads."""

    def __init__(self, rest: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rest, self._monotonic = rest, monotonic
        self._flights: dict[str, Flight] = {}
        self._seen: dict[str, Seen] = {}
        self._lock = threading.Lock()

    def landed(self, messages: Sequence[Message], calls: Calls) -> Landed:
        """Ask for those of which this key, in this or an older message, is in the queue.

        A newer message waits until the older one is done: consumers may work side by side.
        """
        found = Landed([], set(), set())
        ended: list[str] = []
        with self._lock:
            flights = {m.key: self._flights[m.key] for m in messages if m.key in self._flights}
        bulks = {bulk: self._operations(bulk, calls) for bulk in {f.bulk for f in flights.values()}}
        for message in messages:
            if (flight := flights.get(message.key)) is None:
                continue
            operation = bulks[flight.bulk].get(flight.number, FORGOTTEN)
            status = operation.get("status")
            if status == OPEN:
                found.receipts.append(_queued(message, flight.bulk))
                continue
            ended.append(message.key)
            if flight.message_id != message.id:
                continue  # what the older one came to is of no interest any more
            if status == COMPLETE:
                found.done.add(message.id)
            elif status == AGAIN:
                found.failed.add(message.id)
            else:
                words = _words(operation)
                refusal = Rejected("SA-5461", f"the shop's queue refuses it: {words} ({status})")
                found.receipts.append(refused(message, refusal))
        if ended:
            self._forget(ended)
        return found

    def send(
        self, path: str, works: Sequence[tuple[Message, Json]], calls: Calls
    ) -> Iterator[Receipt]:
        """Put calls into the queue, one a message."""
        reply = calls.post_in_bulk(path, [body for _, body in works])
        answer = reply.require()
        bulk = str(answer["bulk_uuid"])
        verdicts = {int(each["id"]): each for each in answer.get("request_items") or ()}
        for number, (message, _) in enumerate(works):
            verdict = verdicts.get(number, {})
            if verdict.get("status") == "rejected":
                words = str(verdict.get("error_message") or "no reason given")
                yield refused(message, Rejected("SA-5461", f"the shop's queue refuses it: {words}"))
                continue
            with self._lock:
                self._flights[message.key] = Flight(message.id, bulk, number)
            yield _queued(message, bulk)

    def _operations(self, bulk: str, calls: Calls) -> dict[int, Item]:
        """What became of each call of a bulk; nothing where the shop has forgotten it.

        Messages that wait come again in ones and twos: not each of them asks anew.
        """
        with self._lock:
            seen = self._seen.get(bulk)
        if seen is None or (seen.open and self._monotonic() - seen.at >= self._rest):
            reply = calls.get(f"bulk/{bulk}/status")
            listed = () if reply.status == 404 else reply.require().get("operations_list") or ()
            operations = {int(each["id"]): each for each in listed}
            moving = any(each["status"] == OPEN for each in listed)
            seen = Seen(self._monotonic(), operations, moving)
            with self._lock:
                self._seen[bulk] = seen
        return seen.operations

    def _forget(self, keys: Sequence[str]) -> None:
        with self._lock:
            for key in keys:
                self._flights.pop(key, None)
            left = {flight.bulk for flight in self._flights.values()}
            self._seen = {bulk: seen for bulk, seen in self._seen.items() if bulk in left}


def _words(operation: Item) -> str:
    return told({"message": operation.get("result_message") or ""})


def _queued(message: Message, bulk: str) -> Receipt:
    return Receipt(
        message.id,
        accepted=False,
        waits=True,
        code="SA-5462",
        reason=f"lies in the shop's queue (bulk {bulk}) until its consumers come to it",
    )

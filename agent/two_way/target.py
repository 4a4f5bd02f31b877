"""Writes to a side only after looking at it: what changed there meanwhile is not written over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from agent.contract import AnyTarget, Bindings, Doubt, Finding, Gate, Target
from agent.model import Message, Op, Receipt, Record
from agent.two_way.pair import CONFLICT, Pair, Standing

OUTDATED = "SA-4501"


class Look(Protocol):
    """Reads the side that is written to, as the flow of the other direction does."""

    def alone(self) -> AbstractContextManager[None]:
        """While this lasts nobody else reads there. Raises `Unavailable` where it is not free."""
        ...

    def read(self, own_keys: Sequence[str]) -> None:
        """Take over what these records are now. Raises `Unavailable` where that cannot be told."""
        ...


class TwoWayTarget(Target[Any, Any]):
    """A target of a flow that is one of a pair; everything else is as the plain target does it."""

    def __init__(self, plain: AnyTarget, pair: Pair, side: int, look: Look) -> None:
        super().__init__(plain.connection, plain.options)
        self._plain = plain
        self._pair = pair
        self._side = side
        self._look_at = look
        self.batch_size = plain.batch_size

    @property
    def doubt(self) -> Doubt:
        """As the plain target."""
        return self._plain.doubt

    def equip(self, bindings: Bindings, gate: Gate) -> None:
        """For the plain target; every write after the first passes the gate here."""
        super().equip(bindings, gate)
        self._plain.equip(bindings, gate)

    def check(self) -> Iterator[Finding]:
        """As the plain target."""
        return self._plain.check()

    def close(self) -> None:
        """Close the plain target."""
        self._plain.close()

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """As the plain target."""
        return self._plain.read_back(entity, keys)

    def reads_back(self, entity: str) -> bool:
        """As the plain target."""
        return self._plain.reads_back(entity)

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """As the plain target; under which key it is there is noted, and what it is now."""
        by_id = {message.id: message for message in messages}
        with self._look_at.alone():
            for receipt in self._plain.look_up(messages):
                message = by_id.get(receipt.message_id)
                if message and receipt.accepted and receipt.reference:
                    self._pair.found(self._side, message.key, receipt.reference)
                    self._look([message.key])
                yield receipt

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Look, write what is still wanted, and look at what became of it.

        What the side has already is done one by one: whoever works there is to have no time for a
        change between the look and the write.
        """
        with self._look_at.alone():
            written = False
            for portion in self._portions(messages):
                self._look([message.key for message in portion])
                wanted: list[Message] = []
                for message in portion:
                    standing = self._pair.standing(self._side, message.key, message.body)
                    if standing is Standing.WANTED:
                        wanted.append(message)
                    else:
                        yield _without_writing(message, standing)
                if wanted:
                    if written:
                        self.gate.request()
                    written = True
                    yield from self._write(wanted)

    def _portions(self, messages: Sequence[Message]) -> Iterator[list[Message]]:
        """What the side does not have yet goes together, all else by itself; in order."""
        there = self._pair.own_keys(self._side, [message.key for message in messages])
        new: list[Message] = []
        for message in messages:
            if message.key not in there:
                new.append(message)
                continue
            if new:
                yield new
                new = []
            yield [message]
        if new:
            yield new

    def _write(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        self._pair.tried(self._side, [(message.key, message.body) for message in messages])
        arrived: list[str] = []
        for receipt in self._noted(messages, self._plain.deliver(messages)):
            yield receipt
            if receipt.accepted:
                arrived.append(receipt.message_id)
        self._look_after([m.key for m in messages if m.id in arrived and m.op is Op.UPSERT])

    def _look(self, keys: Sequence[str]) -> None:
        own_keys = self._pair.own_keys(self._side, keys)
        if own_keys:
            self._look_at.read(list(own_keys.values()))

    def _look_after(self, keys: Sequence[str]) -> None:
        """What the side made of what was written."""
        self._pair.arriving[self._side] = frozenset(keys)
        try:
            self._look(keys)
        finally:
            self._pair.arriving[self._side] = frozenset()

    def _noted(self, messages: Sequence[Message], receipts: Iterator[Receipt]) -> Iterator[Receipt]:
        by_id = {message.id: message for message in messages}
        for receipt in receipts:
            message = by_id.get(receipt.message_id)
            if message and receipt.accepted:
                self._pair.arrived(self._side, message.key, message.body, receipt.reference)
            yield receipt


def _without_writing(message: Message, standing: Standing) -> Receipt:
    if standing is Standing.DONE:
        return Receipt(message.id, accepted=True)
    if standing is Standing.CONFLICT:
        return Receipt(
            message.id,
            accepted=False,
            code=CONFLICT,
            reason="both sides changed it: syncagent conflicts list",
        )
    return Receipt(
        message.id,
        accepted=False,
        code=OUTDATED,
        reason="it was changed on the other side meanwhile; what came of both follows",
        waits=True,
    )

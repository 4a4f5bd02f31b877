"""The engine around a target: it keeps ids, counts requests, asks where there is doubt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from agent.contract import AnyTarget, Doubt
from agent.errors import SyncError
from agent.model import Message, Op, Receipt

_NUMBERS = count(1)


class NothingBound:
    """Remembers no ids, for a test's own questions."""

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG002
        return {}


class OpenGate:
    """Lets everyone pass, for a test's own questions."""

    def request(self) -> None:
        """Nobody counts."""

    def pause(self, seconds: float) -> None:
        """Nobody waits."""


class Engine:
    """What the engine does around a target: keeps ids, passes the gate, asks where there is doubt.

    Its sending is that of the engine as far as one batch and one answer go.
    """

    def __init__(self, target: AnyTarget) -> None:
        self.target = target
        self.bound: dict[tuple[str, str], str] = {}
        self.passed = 0
        self.pauses: list[float] = []
        self._doubtful: set[str] = set()
        target.equip(self, self)

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        found = {key: self.bound.get((entity, key)) for key in keys}
        return {key: reference for key, reference in found.items() if reference}

    def request(self) -> None:
        self.passed += 1

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def send(self, *messages: Message) -> dict[str, Receipt]:
        """Receipts by key. What ends without a receipt is doubtful the next time."""
        receipts: dict[str, Receipt] = {}
        doubtful = [message for message in messages if message.id in self._doubtful]
        if doubtful and self.target.doubt is Doubt.ASK:
            self._take(self.target.look_up(doubtful), messages, receipts)
        rest = [message for message in messages if message.key not in receipts]
        try:
            if rest:
                self._take(self.target.deliver(rest), messages, receipts)
        except SyncError as error:
            if not error.untouched:
                self._doubtful |= {m.id for m in messages if m.key not in receipts}
            raise
        return receipts

    def deliver(self, messages: Sequence[Message]) -> list[Receipt]:
        """One receipt a message, in the order of the messages; ids are kept."""
        receipts = self.send(*messages)
        assert len(receipts) == len(messages), "every message has a receipt"
        return [receipts[message.key] for message in messages]

    def put(self, entity: str, key: str, **data: Any) -> Receipt:
        """Deliver one record."""
        (receipt,) = self.deliver([message(entity, key, **data)])
        return receipt

    def drop(self, entity: str, key: str) -> Receipt:
        """Deliver the deletion of one record."""
        (receipt,) = self.deliver([message(entity, key, op=Op.DELETE)])
        return receipt

    def _take(
        self, told: Iterable[Receipt], messages: Sequence[Message], receipts: dict[str, Receipt]
    ) -> None:
        by_id = {message.id: message for message in messages}
        for receipt in told:
            message = by_id.pop(receipt.message_id)
            receipts[message.key] = receipt
            if receipt.accepted and receipt.reference:
                self.bound[message.entity, message.key] = receipt.reference


def message(entity: str, key: str, *, op: Op = Op.UPSERT, **data: Any) -> Message:
    """A message that nobody sent before."""
    number = next(_NUMBERS)
    body = b"" if op is Op.DELETE else json.dumps(data, ensure_ascii=False).encode()
    return Message(f"m{number}", number, entity, entity, key, op, body)


def taken(receipts: Mapping[str, Receipt]) -> set[str]:
    return {key for key, receipt in receipts.items() if receipt.accepted}

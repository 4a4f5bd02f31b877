"""What a target sees of the engine: it is lent bindings and a gate, and its receipts are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from agent.contract import AnyTarget
from agent.model import Message, Op, Receipt

_NUMBERS = count(1)


class Engine:
    """Delivers to one target as the engine does, without its store."""

    def __init__(self, target: AnyTarget) -> None:
        self.target = target
        self.references: dict[tuple[str, str], str] = {}
        self.requests = 0
        self.paused: list[float] = []
        target.equip(self, self)

    # Bindings

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        return {
            key: self.references[entity, key] for key in keys if (entity, key) in self.references
        }

    # Gate

    def request(self) -> None:
        self.requests += 1

    def pause(self, seconds: float) -> None:
        self.paused.append(seconds)

    def deliver(self, messages: Sequence[Message]) -> list[Receipt]:
        """One receipt a message, in the order of the messages; references are kept."""
        by_id = {message.id: message for message in messages}
        receipts: dict[str, Receipt] = {}
        for receipt in self.target.deliver(messages):
            assert receipt.message_id in by_id
            assert receipt.message_id not in receipts, "a message has one receipt"
            receipts[receipt.message_id] = receipt
            message = by_id[receipt.message_id]
            if receipt.accepted and receipt.reference:
                self.references[message.entity, message.key] = receipt.reference
        assert len(receipts) == len(messages), "every message has a receipt"
        return [receipts[message.id] for message in messages]

    def put(self, entity: str, key: str, **data: Any) -> Receipt:
        """Deliver one record."""
        (receipt,) = self.deliver([message(entity, key, **data)])
        return receipt

    def drop(self, entity: str, key: str) -> Receipt:
        """Deliver the deletion of one record."""
        (receipt,) = self.deliver([message(entity, key, op=Op.DELETE)])
        return receipt


def message(entity: str, key: str, *, op: Op = Op.UPSERT, **data: Any) -> Message:
    """A message that nobody sent before."""
    number = next(_NUMBERS)
    body = b"" if op is Op.DELETE else json.dumps(data, ensure_ascii=False).encode()
    return Message(f"m{number}", number, entity, entity, key, op, body)

"""The engine around a target, for tests that send one record after the other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

from agent.model import Message, Op, Receipt
from tests.contract import platform_suite

_NUMBERS = count(1)


class Engine(platform_suite.Engine):
    """Delivers to one target as the engine does, without its store."""

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


def message(entity: str, key: str, *, op: Op = Op.UPSERT, **data: Any) -> Message:
    """A message that nobody sent before."""
    number = next(_NUMBERS)
    body = b"" if op is Op.DELETE else json.dumps(data, ensure_ascii=False).encode()
    return Message(f"m{number}", number, entity, entity, key, op, body)

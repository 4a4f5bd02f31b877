"""Targets of the tests, what they are lent, and what they are sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.model import Message, Op
from connectors._rest.target import RestTarget

OpenTarget = Callable[..., RestTarget]


class Known(dict[tuple[str, str], str]):
    """Bindings that a test writes: (entity, key) → reference."""

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        """As the engine gives them."""
        return {key: self[entity, key] for key in keys if (entity, key) in self}


class Counting:
    """A gate that lets everything through and counts."""

    def __init__(self) -> None:
        self.passed = 0
        self.pauses: list[float] = []

    def request(self) -> None:
        self.passed += 1

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def order(code: str, *, version: int = 1, doubtful: bool = False, **data: Any) -> Message:
    """An order of this code as it is claimed."""
    body = json.dumps({"number": code} | data).encode()
    return Message(
        f"id-{code}-{version}", version, "orders", "order", code, Op.UPSERT, body, doubtful=doubtful
    )


def gone(code: str) -> Message:
    """The delete of an order."""
    return Message(f"id-{code}-gone", 99, "orders", "order", code, Op.DELETE, b"")


LOOK_UP = {"path": "/orders", "query": {"code": "{{ key }}"}, "item": "items", "reference": "id"}
CREATE = {
    "path": "/orders",
    "body": {"code": "{{ key }}", "total": "{{ record.total | default('0') | decimal }}"},
    "reference": "order.id",
}
UPDATE = {
    "path": "/orders/{{ reference }}",
    "body": {"total": "{{ record.total | default('0') | decimal }}"},
}
CONFIRM = {
    "path": "/orders/{{ reference }}/confirm",
    "when": "{{ (reply.order | default(reply)).state == 'draft' }}",
}

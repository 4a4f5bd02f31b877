"""An import folder, the program that empties it, and messages for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.contract import AnyTarget
from agent.model import Message, Op, Receipt
from connectors.file import KIND

ORDER: dict[str, Any] = {
    "number": "W-17",
    "customer": "C0042",
    "placed_at": "2026-11-22T23:30:00Z",
    "note": None,
    "total": "1250.50",
    "lines": [
        {"line": 1, "sku": "VIT-1", "quantity": "10", "price": "0.1250"},
        {"line": 2, "sku": "TAS;2", "quantity": "3", "price": "4"},
    ],
}
PLAIN = {"name": "ORD_{{ key }}.json", "json": {}, "content": {"number": "{{ record.number }}"}}


def target(folder: Path, connection: dict[str, Any] | None = None, **options: Any) -> AnyTarget:
    assert KIND.target
    return KIND.target(
        KIND.connection.model_validate({"folder": str(folder), **(connection or {})}),
        KIND.target_options.model_validate(PLAIN | options),
    )


def message(
    key: str = "17",
    version: int = 1,
    op: Op = Op.UPSERT,
    *,
    doubtful: bool = False,
    **record: Any,
) -> Message:
    body = b"" if op is Op.DELETE else json.dumps(ORDER | record).encode()
    name = f"{key}-{version}"
    return Message(name, version, "orders", "order", key, op, body, doubtful=doubtful)


def deliver(target: AnyTarget, *messages: Message) -> list[Receipt]:
    return list(target.deliver(messages))


def delivered(target: AnyTarget, *messages: Message) -> bool:
    receipts = deliver(target, *messages)
    return len(receipts) == len(messages) and all(receipt.accepted for receipt in receipts)


def asked(target: AnyTarget, *messages: Message) -> list[Receipt]:
    return list(target.look_up(messages))


def lying(folder: Path) -> list[str]:
    """What the other program would find."""
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def take(folder: Path) -> list[bytes]:
    """Import and delete everything that lies there, as the other program does."""
    taken = []
    for name in lying(folder):
        taken.append((folder / name).read_bytes())
        (folder / name).unlink()
    return taken


def codes(receipts: Sequence[Receipt]) -> list[str]:
    return [receipt.code for receipt in receipts]

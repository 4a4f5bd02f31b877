"""The nouns that travel: Record, Change, Message, Receipt. All frozen.

Values inside a record are JSON values; decimals are text, never float. What a first load makes for
every row is a msgspec struct: a tenth of the price of a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct
from xxhash import xxh3_128_digest

Json: TypeAlias = Any
"""A JSON value: str, int, bool, None, list or dict of these. Decimals travel as str."""


class Op(StrEnum):
    """What a change asks the target to do with a key."""

    UPSERT = "upsert"
    DELETE = "delete"


class State(StrEnum):
    """Where a message stands. The last three are final; `parked` waits for a person or the source.

    "In flight" is no state: it is a lease, so that a crash needs no rescue.
    """

    HELD = "held"
    PENDING = "pending"
    PARKED = "parked"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Record:
    """A row after mapping: `key` is the source's key as text, parts joined by `|`."""

    entity: str
    key: str
    data: Mapping[str, Json]


class Objection(NamedTuple):
    """What speaks against sending a record that is whole; a person may overrule it."""

    code: str
    reason: str


class Change(Struct, frozen=True, gc=False):
    """A record that differs from what was last taken over, or a key that vanished.

    `body` is the record's data as frozen JSON bytes, empty for a delete. `digest` is the record's
    digest; `previous` is the digest last taken over, None for a key never seen before.
    """

    op: Op
    entity: str
    key: str
    body: bytes
    digest: bytes
    previous: bytes | None
    objection: Objection | None = None


class Message(Struct, frozen=True, gc=False):
    """A change on its way. `id` is its idempotency key; `version` only grows per key.

    `body` is what is sent, byte for byte the same at every attempt. `attempts` counts the earlier
    claims. `doubtful`: an earlier send may have had its effect, and nobody knows. `replaces`: that
    was the send of an older message, for which this one stands.
    """

    id: str
    version: int
    flow: str
    entity: str
    key: str
    op: Op
    body: bytes
    attempts: int = 0
    doubtful: bool = False
    replaces: bool = False


class Receipt(Struct, frozen=True, gc=False):
    """The target's verdict on one message. No receipt means: not known, send again.

    `reference` is the target's own id for the record, where it has one. For a refusal `code` and
    `reason` say why, in the target's words. A refusal that `waits` is none: nothing was done, and
    the message comes again, for it needs something that is not there yet.
    """

    message_id: str
    accepted: bool
    reference: str = ""
    code: str = ""
    reason: str = ""
    waits: bool = False


def content_digest(body: bytes) -> bytes:
    """16 bytes that stand for a record's body. They protect from accidents, not from forgers."""
    return xxh3_128_digest(body)


def key_text(value: Any) -> str:
    """Canonical text of one key value: no exponent, no trailing zeros, ISO dates; "" for null."""
    if type(value) is int:  # most keys that are no text
        return str(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return value.rstrip()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal | float):
        number = Decimal(repr(value)) if isinstance(value, float) else value
        text = format(number, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def join_key(parts: tuple[str, ...]) -> str:
    """Key columns as one key: parts joined by `|`, a `|` or backslash inside a part escaped."""
    if len(parts) == 1:
        return parts[0]
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def split_key(key: str, width: int) -> tuple[str, ...]:
    """Undo `join_key` for a key of `width` columns; raises ValueError where the count differs."""
    if width == 1:
        return (key,)
    parts, part, escaped = [], "", False
    for char in key:
        if escaped or char not in "\\|":
            part, escaped = part + char, False
        elif char == "\\":
            escaped = True
        else:
            parts.append(part)
            part = ""
    parts.append(part)
    if len(parts) != width:
        raise ValueError(f"key {key!r} has {len(parts)} parts, {width} expected")
    return tuple(parts)

"""Digests: 16 bytes that stand for a row, for a block of rows, for a record.

xxh3_128 is no cryptographic hash: it protects from accidents, at 0.3 µs a row. Two different rows
share a digest once in 2^128 comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from xxhash import xxh3_128_digest

from agent.errors import Rejected
from agent.model import content_digest

DIGEST_SIZE = 16

_encode = msgspec.msgpack.Encoder(enc_hook=repr).encode


def row_digests(rows: Sequence[tuple[Any, ...]]) -> list[bytes]:
    """One digest a row; zeros for a row that cannot be read.

    `Decimal("1.0")` and `Decimal("1.00")` differ, which costs a second look and nothing else.
    """
    try:
        return [xxh3_128_digest(_encode(row)) for row in rows]
    except (Rejected, UnicodeEncodeError):
        return [_digest_or_zeros(rows, i) for i in range(len(rows))]


def _digest_or_zeros(rows: Sequence[tuple[Any, ...]], i: int) -> bytes:
    try:
        return xxh3_128_digest(_encode(rows[i]))
    except Rejected:
        return bytes(DIGEST_SIZE)
    except UnicodeEncodeError:  # half a surrogate pair, of a driver that cut a text
        return xxh3_128_digest(repr(rows[i]).encode())


def block_digest(joined: bytes) -> bytes:
    """The digest of a block: over its rows' digests, joined."""
    return xxh3_128_digest(joined)


def record_mark(body: bytes, guarded: str = "") -> bytes:
    """What is remembered of a record: its digest, and behind it one value of it.

    The value that the guard watches: the old price must be at hand to see that the new one jumped,
    long after its message is pruned. Or its age, see `age_text`.
    """
    return content_digest(body) + guarded.encode()


def guarded_value(mark: bytes) -> Decimal | None:
    """The watched value inside a mark, None where there is none."""
    try:
        return Decimal(mark[DIGEST_SIZE:].decode()) if len(mark) > DIGEST_SIZE else None
    except InvalidOperation:
        return None


def age_text(value: Any) -> str:
    """A counter or a moment as text that sorts by age; "" for null."""
    if value is None:
        return ""
    text = str(value)
    if text.isdecimal():
        return text.zfill(20)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def is_older(mark: bytes, known: bytes) -> bool:
    """Whether the record behind a mark with its age is older than the known one."""
    age, known_age = mark[DIGEST_SIZE:], known[DIGEST_SIZE:]
    return bool(age and known_age) and age < known_age

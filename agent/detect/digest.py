"""Digests: 16 bytes that stand for a row, for a block of rows, for a record.

xxh3_128 is no cryptographic hash: it protects from accidents, at 0.3 µs a row. Two different rows
share a digest once in 2^128 comparisons.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from xxhash import xxh3_128_digest

DIGEST_SIZE = 16

_encode = msgspec.msgpack.Encoder(enc_hook=repr).encode


def row_digests(rows: Iterable[tuple[Any, ...]]) -> list[bytes]:
    """One digest a row. `Decimal("1.0")` and `Decimal("1.00")` differ, which costs a look only."""
    return [xxh3_128_digest(_encode(row)) for row in rows]


def block_digest(joined: bytes) -> bytes:
    """The digest of a block: over its rows' digests, joined."""
    return xxh3_128_digest(joined)


def record_mark(body: bytes, guarded: str = "") -> bytes:
    """What is remembered of a record: its digest, and behind it the value that the guard watches.

    The old price must be at hand to see that the new one jumped, long after its message is pruned.
    """
    return xxh3_128_digest(body) + guarded.encode()


def guarded_value(mark: bytes) -> Decimal | None:
    """The watched value inside a mark, None where there is none."""
    try:
        return Decimal(mark[DIGEST_SIZE:].decode()) if len(mark) > DIGEST_SIZE else None
    except InvalidOperation:
        return None

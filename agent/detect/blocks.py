"""Content-defined blocks: runs of rows that are recognised as a whole.

A block ends behind a row whose own digest says so, as in rsync-like tools: an inserted or removed
row disturbs its own block, seldom the next ones. About 31 rows a block, so a million unchanged rows
are 32,000 look-ups. A block never crosses a batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.detect.digest import DIGEST_SIZE, block_digest

_ENDS = bytes(1 if first < 16 else 0 for first in range(256))
"""A row may end its block when its digest's first byte is below 16: one row in 16."""
_SHORTEST = 16
"""Rows that a block has at least. A changed row is likelier to stand in a long block than in a
short one: of blocks of any length it would stand in one of 64 rows, of these in one of 39."""


class Block(NamedTuple):
    """Rows `start` to `end` (exclusive) of a batch, and their digest."""

    start: int
    end: int
    digest: bytes


def cut(digests: Sequence[bytes]) -> Iterator[Block]:
    """Cut a batch's row digests into blocks, in order, without gaps."""
    joined = b"".join(digests)
    ends = joined[::DIGEST_SIZE].translate(_ENDS)
    start, last = 0, len(digests)
    while start < last:
        found = ends.find(1, start + _SHORTEST - 1)
        end = found + 1 if found >= 0 else last
        yield Block(start, end, block_digest(joined[start * DIGEST_SIZE : end * DIGEST_SIZE]))
        start = end

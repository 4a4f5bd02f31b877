"""Rows behind raw records: a record whose bytes are known is never parsed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, repeat
from typing import TypeAlias, TypeVar

from xxhash import xxh3_128_digest

from agent.contract import LazyRows
from connectors._drop import rows as drop_rows
from connectors._drop.rows import Row, Stretch

Parse: TypeAlias = Callable[[bytes], Row]
"""From a record's bytes to its row; raises `Rejected` for one that cannot be read."""

T = TypeVar("T")


def parsed_stretches(
    records: Iterable[tuple[int, bytes]], parse: Parse, where: Callable[[int], str], seed: int
) -> Iterator[Stretch]:
    """Stretches of raw records that come one by one, each with its number.

    `where` says of a record's number where it stands. `seed` must differ wherever equal bytes
    could mean another row.
    """
    numbered = iter(records)
    while some := list(islice(numbered, drop_rows.BATCH)):
        numbers, raw = zip(*some, strict=True)
        digests = list(map(xxh3_128_digest, raw, repeat(seed)))
        yield Stretch(LazyRows(raw, parse), partial(_place, where, numbers), digests)


def without_last(items: Iterable[T], count: int) -> Iterator[T]:
    """All but the last `count`: totals at the end of a file are no rows."""
    waiting: deque[T] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > count:
            yield waiting.popleft()


def _place(where: Callable[[int], str], numbers: Sequence[int], index: int) -> str:
    return where(numbers[index])

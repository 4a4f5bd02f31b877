"""Large objects: a value of any length must not fill the memory, nor be cut without a word.

Of a column of large objects a dialect reads no more than `LARGEST` characters or bytes and one. A
row that holds more is refused alone; its key is known, so nothing is taken for deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from xxhash import xxh3_128_digest

from agent.contract import Batch
from agent.errors import Rejected

LARGEST = 2**24
"""Characters, or bytes, of one value."""

Large: TypeAlias = Mapping[str, Sequence[str]]
"""Column of large objects → nothing; column of a nested list → its columns of large objects."""


def refusing(batch: Batch, large: Large) -> Batch:
    """The batch, which refuses a row with too large a value when the row is to be mapped."""
    places = [(batch.columns.index(name), name, nested) for name, nested in large.items()]
    if not any(_too_large(row, places) for row in batch.rows):
        return batch
    # Only a batch with its own digests may refuse a row whose key is known.
    digests = [xxh3_128_digest(repr(row).encode()) for row in batch.rows]
    return replace(batch, digests=digests, fill=partial(_whole, places))


def _whole(
    places: Sequence[tuple[int, str, Sequence[str]]], row: tuple[Any, ...]
) -> tuple[Any, ...]:
    if name := _too_large(row, places):
        raise Rejected(
            "SA-2118",
            f"the column {name} holds more than {LARGEST} characters or bytes",
            hint="leave it out with `columns`, or shorten it in a query or view",
        )
    return row


def _too_large(row: tuple[Any, ...], places: Iterable[tuple[int, str, Sequence[str]]]) -> str:
    """The column that is too large, "" where none is."""
    for place, name, nested in places:
        if nested:
            values: Iterator[tuple[str, Any]] = (
                (f"{name}.{inner}", child[inner]) for child in row[place] for inner in nested
            )
        else:
            values = iter([(name, row[place])])
        for told, value in values:
            if value is not None and len(value) > LARGEST:
                return told
    return ""

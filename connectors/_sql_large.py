"""Large objects: a value of any length must not fill the memory, nor be cut without a word.

Of a column that can hold large objects a dialect reads no more than `LARGEST` characters or bytes
and one; or `STAND_IN` for a value that is longer, where the engine knows lengths without reading.
A row that holds more is refused alone; its key is known, so nothing is taken for deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any, TypeAlias

from xxhash import xxh3_128_digest

from agent.contract import Batch
from agent.errors import Rejected

LARGEST = 2**24
"""Characters, or bytes, of one value."""

STAND_IN = f"SA-2118: more than {LARGEST} characters or bytes"
"""What comes in the place of a value that is too large. Plain ASCII, to be written in any literal.

A value that happens to be this very text is refused as well, which loses nothing.
"""
_STAND_INS = (STAND_IN, STAND_IN.encode())

Large: TypeAlias = Mapping[str, Sequence[str]]
"""Column of large objects → nothing; column of a nested list → its columns of large objects."""


def refusing(batch: Batch, large: Large) -> Batch:
    """The batch, which refuses a row with too large a value when the row is to be mapped."""
    places = [(batch.columns.index(name), name, nested) for name, nested in large.items()]
    if not any(_may_be_too_large(batch.rows, place, nested) for place, _, nested in places):
        return batch
    # Only a batch with its own digests may refuse a row whose key is known.
    digests = [xxh3_128_digest(repr(row).encode()) for row in batch.rows]
    return replace(batch, digests=digests, fill=partial(_whole, places))


def _may_be_too_large(rows: Iterable[tuple[Any, ...]], place: int, nested: Sequence[str]) -> bool:
    """Whether to look at the rows one by one. A column at a time: most rows are small."""
    column = list(map(itemgetter(place), rows))
    if nested:
        column = [child[inner] for children in column for child in children for inner in nested]
    if max(map(len, filter(None, column)), default=0) > LARGEST:
        return True
    return any(stand_in in column for stand_in in _STAND_INS)


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
            if value is not None and (len(value) > LARGEST or value in _STAND_INS):
                return told
    return ""

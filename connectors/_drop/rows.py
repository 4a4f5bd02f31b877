"""Columns and rows as a format hands them to the drop folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from agent.contract import Batch, LazyRows
from agent.errors import Rejected
from agent.model import join_key, key_text

BATCH = 10_000
"""Rows a stretch at most."""

Row: TypeAlias = tuple[Any, ...]


class Stretch(NamedTuple):
    """Some rows of a file, one after the other.

    `rows` may be lazy: asking for one that cannot be read raises `Rejected`. `where` says of row i
    where it stands in the file: `line 17`. `digests`, when given, holds 16 bytes a row that are
    equal only for equal rows under equal columns.
    """

    rows: Sequence[Row]
    where: Callable[[int], str]
    digests: Sequence[bytes] = ()


class Table(NamedTuple):
    """An opened file: its columns, and its rows stretch by stretch."""

    columns: tuple[str, ...]
    stretches: Iterable[Stretch]


class Rows(LazyRows[Row | Rejected]):
    """Rows of which some cannot be read: asking for one raises the `Rejected` in its place."""

    def __init__(self, rows: Sequence[Row | Rejected]) -> None:
        super().__init__(rows, _readable)


def stretches(rows: Iterable[tuple[object, Row | Rejected]], place: str) -> Iterator[Stretch]:
    """Stretches of rows that come one by one, each with its number; `place` shows it: "line {}"."""
    numbered = iter(rows)
    while some := list(islice(numbered, BATCH)):
        numbers, given = zip(*some, strict=True)
        sound = not any(isinstance(row, Rejected) for row in given)
        yield Stretch(given if sound else Rows(given), partial(_place, place, numbers))


def picked(batch: Batch, key: Sequence[str], wanted: frozenset[str]) -> Batch:
    """The rows with these keys, and those that cannot be read and might have them.

    Raises ValueError where a key column is missing.
    """
    places = [batch.columns.index(name) for name in key]
    found: list[Row | Rejected] = []
    numbers: list[int] = []
    rows = iter(batch.rows)
    for number in range(len(batch.rows)):
        try:
            row: Row | Rejected = next(rows)
        except Rejected as error:
            row = error
        if isinstance(row, Rejected) or _key(row, places) in wanted:
            found.append(row)
            numbers.append(number)
    digests = [batch.digests[number] for number in numbers] if batch.digests else ()
    return Batch(batch.columns, Rows(found), digests=digests)


def _key(row: Row, places: Sequence[int]) -> str:
    return join_key(tuple(key_text(row[place]) for place in places))


def column_names(cells: Sequence[str], *, limit: int, hint: str) -> tuple[str, ...]:
    """Names for the columns under these header cells; raises `Rejected` where they cannot be used.

    Exports often end every line with a delimiter, which makes a last column without a name.
    """
    if len(cells) > limit:
        raise unusable_header(f"{len(cells)} columns, {limit} are allowed", hint)
    names = tuple(cell.strip() or f"column_{number}" for number, cell in enumerate(cells, 1))
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise unusable_header(f"it names {twice!r} twice", hint)
    return names


def unusable_header(why: str, hint: str) -> Rejected:
    """The header of a file cannot be used."""
    return Rejected("SA-2008", f"the header line cannot be used: {why}", hint=hint)


def _place(place: str, numbers: Sequence[int], index: int) -> str:
    return place.format(numbers[index])


def _readable(row: Row | Rejected) -> Row:
    if isinstance(row, Rejected):
        raise row
    return row

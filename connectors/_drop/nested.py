"""Formats whose records are nested: which parts of a record are columns, and which child rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import TypeVar

from pydantic import Field, model_validator

from agent.errors import Rejected
from connectors._drop.options import DropOptions
from connectors._drop.rows import Row

LOOKED_INTO = 1000
"""Records at the beginning of a whole table in which every column must have a value."""

RecordT = TypeVar("RecordT")


class NestedOptions(DropOptions):
    """Which files of a folder a flow reads, and what it takes out of each record."""

    columns: tuple[str, ...] = Field(
        (), description="What to read of each record; a column is named as it is written here."
    )
    children: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Child rows: where the repeated part stands, also the column's name → what to "
        "read of each one; `.` is its own value. The mapping reads them with `each`.",
    )
    optional: tuple[str, ...] = Field(
        (),
        description="Columns that may have no value in the whole file. Any other column without "
        f"a single value in the first {LOOKED_INTO} records of a whole table makes it refused.",
    )

    @property
    def names(self) -> tuple[str, ...]:
        """All columns: the plain ones, then those that hold child rows."""
        return (*self.columns, *self.children)

    @model_validator(mode="after")
    def _columns_are_known(self) -> NestedOptions:
        names = self.names
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"{twice[0]!r} is named twice")
        for what, given in (("key", self.key), ("optional", self.optional)):
            for name in given:
                if name not in (self.columns if what == "key" else names):
                    raise ValueError(f"{what} column {name!r} is not among columns")
        for name, parts in self.children.items():
            if not parts or len(set(parts)) < len(parts):
                raise ValueError(f"children of {name!r}: name what to read of each one, once")
        return self


def checked(
    records: Iterator[tuple[int, RecordT]],
    parse: Callable[[RecordT], Row],
    options: NestedOptions,
) -> Iterator[tuple[int, RecordT]]:
    """The same records; raises `Rejected` for a whole table that lacks a column altogether.

    A column that was renamed at the source would else be empty everywhere, without a word.
    """
    first = list(islice(records, LOOKED_INTO))
    if options.contents == "full":
        rows = list(_readable(parse, (record for _, record in first)))
        for place, name in enumerate(options.names):
            if rows and name not in options.optional and not any(row[place] for row in rows):
                _require_some_value(name, place, rows)
    return chain(first, records)


def _require_some_value(name: str, place: int, rows: list[Row]) -> None:
    if all(row[place] is None or row[place] == [] for row in rows):
        raise Rejected(
            "SA-2026",
            f"no record has a value for {name!r} ({len(rows)} were looked into)",
            hint="compare the file with columns; where that is no mistake, name it in optional",
        )


def _readable(parse: Callable[[RecordT], Row], records: Iterable[RecordT]) -> Iterator[Row]:
    for record in records:
        try:
            yield parse(record)
        except Rejected:
            continue

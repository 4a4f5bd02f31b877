"""What parent and child say to each other."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, TypeAlias

import msgspec

ERROR = 1
"""Extension of MessagePack: the text of a cell that holds an error."""
TEMPORAL = {date: "date", datetime: "datetime", time: "time"}
"""What travels as text in ISO 8601 and is turned back."""

Shape: TypeAlias = tuple[tuple[int, str], ...]
"""Which cells of a row are dates or times: place and kind. Few shapes serve a whole table."""


class Job(msgspec.Struct, frozen=True):
    """Which table to read, and what the child may use up. Rows and columns count from 0."""

    path: str
    sheet: str
    placed: bool
    top: int
    left: int
    bottom: int | None
    right: int | None
    header_rows: int
    columns: tuple[str, ...]
    max_columns: int
    max_unpacked: int
    memory: int
    batch: int


class Heading(msgspec.Struct, frozen=True, tag=True):
    """The table was found: its sheet, its first column counted from 0, its columns' names."""

    sheet: str
    left: int
    columns: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The workbook cannot be used."""

    code: str
    reason: str


class Part(msgspec.Struct, frozen=True, tag="part"):
    """Some rows: their numbers as a person counts them, their cells, and the shape of each."""

    numbers: tuple[int, ...]
    rows: tuple[list[Any], ...]
    shapes: tuple[Shape, ...]
    shape_of: tuple[int, ...]
    """Row → its shape among those of this part."""


class RawPart(msgspec.Struct, frozen=True, tag="part"):
    """The same, the rows left as bytes."""

    numbers: tuple[int, ...]
    rows: tuple[msgspec.Raw, ...]
    shapes: tuple[Shape, ...]
    shape_of: tuple[int, ...]

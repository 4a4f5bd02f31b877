"""What parent and child say to each other."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

ERROR = 1
"""Extension: the text of a cell that holds an error."""
TEMPORAL = {date: 2, datetime: 3, time: 4, timedelta: 5}
"""Type → extension: ISO 8601 text, a span of time as [days,] h:mm:ss."""


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
    """Some rows: their numbers as a person counts them, and their cells."""

    numbers: tuple[int, ...]
    rows: tuple[list[Any], ...]


class RawPart(msgspec.Struct, frozen=True, tag="part"):
    """The same, the rows left as bytes."""

    numbers: tuple[int, ...]
    rows: tuple[msgspec.Raw, ...]

"""What the configuration says about a workbook."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Duration, Size
from connectors._drop import DropOptions

_AREA = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6})?)?")


class Area(NamedTuple):
    """Rows and columns counted from 0; the last ones belong to it, None where it is open."""

    top: int
    left: int
    bottom: int | None = None
    right: int | None = None


def area(text: str) -> Area:
    """The area that a text such as `B3:H200`, `B3:H` or `B3` names; raises ValueError."""
    found = _AREA.fullmatch(text.upper())
    if not found:
        raise ValueError(f"{text!r} is no range such as B3:H200, B3:H or B3")
    left, top, right, bottom = found.groups()
    named = Area(
        int(top) - 1,
        _column(left),
        int(bottom) - 1 if bottom else None,
        _column(right) if right else None,
    )
    if (named.right or named.left) < named.left or (named.bottom or named.top) < named.top:
        raise ValueError(f"{text!r} ends before it begins")
    return named


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _range(text: str) -> str:
    if text:
        area(text)
    return text


Range = Annotated[str, AfterValidator(_range)]


class ExcelOptions(DropOptions):
    """Which workbooks of the folder a flow reads, and where in them its table stands."""

    sheet: str = Field(
        "1", min_length=1, description="Name of the sheet, or its number counted from 1."
    )
    range: Range = Field(
        "",
        description="Where the table stands, its header included: `B3:H200`, `B3:H` down to the "
        "end, `B3` for all that follows. Without it the table begins at the first cell in use.",
    )
    header_rows: int = Field(
        1,
        ge=0,
        le=10,
        description="Rows that name the columns; the names of several rows are joined by a space.",
    )
    columns: tuple[str, ...] = Field(
        (), description="Names of the columns, for tables without a header (`header_rows: 0`)."
    )
    max_columns: int = Field(1000, ge=1, description="A table with more columns is refused.")
    max_unpacked: Size = Field(
        10**9,
        ge=1,
        description="How large the parts of a workbook may be when they are unpacked. Looked at "
        "before anything is unpacked.",
    )
    memory: Size = Field(
        2 * 10**9,
        ge=2**28,
        description="Memory that the process which parses a workbook may use (not on Windows).",
    )
    patience: Duration = Field(
        300.0,
        gt=0,
        description="How long that process may work before it hands on the next rows.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> ExcelOptions:
        if self.header_rows and self.columns:
            raise ValueError("columns are for tables without a header: add `header_rows: 0`")
        if not self.header_rows and not self.columns:
            raise ValueError("a table without a header needs `columns`")
        if len(set(self.columns)) != len(self.columns):
            raise ValueError("columns names a column twice")
        if self.columns and (missing := [name for name in self.key if name not in self.columns]):
            raise ValueError(f"key column {missing[0]!r} is not among columns")
        return self

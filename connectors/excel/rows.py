"""Rows of a sheet, turned into values when they are asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec
from xxhash import xxh3_64_intdigest, xxh3_128_digest

from agent.contract import LazyRows
from agent.errors import Rejected
from connectors.excel.frames import ERROR, RawPart

Row: TypeAlias = tuple[Any, ...]

_READ: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}


class _Error(str):
    """The text of a cell that holds an error."""

    __slots__ = ()


def _extension(code: int, data: memoryview) -> Any:
    if code != ERROR:
        raise ValueError(f"unknown extension {code}")
    return _Error(bytes(data).decode())


_decode = msgspec.msgpack.Decoder(ext_hook=_extension).decode


def number(value: float) -> int | Decimal:
    """A number as Excel shows it: whole ones without a point, others to 15 digits.

    Excel keeps 5 as 5.0 and the sum of 0.1 and 0.2 as 0.30000000000000004, and works with 15.
    """
    return int(value) if value.is_integer() else Decimal(f"{value:.15g}")


class SheetRows(LazyRows[int]):
    """The rows of one part. One that holds an error raises `Rejected` when it is asked for."""

    def __init__(self, sheet: str, left: int, columns: tuple[str, ...], part: RawPart) -> None:
        super().__init__(range(len(part.rows)), self._row)
        self._sheet, self._left, self._columns, self._part = sheet, left, columns, part

    def digests(self) -> list[bytes]:
        """16 bytes a row; the same cells under other names or of other types digest differently."""
        part = self._part
        meanings = (json.dumps([self._columns, shape]) for shape in part.shapes)
        seeds = [xxh3_64_intdigest(meaning.encode()) for meaning in meanings]
        return list(map(xxh3_128_digest, part.rows, map(seeds.__getitem__, part.shape_of)))

    def where(self, index: int) -> str:
        """The sheet and the row as Excel numbers it."""
        return f"sheet {self._sheet} row {self._part.numbers[index]}"

    def _row(self, place: int) -> Row:
        cells = _decode(self._part.rows[place])
        kinds = set(map(type, cells))
        if _Error in kinds:
            raise self._error(place, cells)
        for column, kind in self._part.shapes[self._part.shape_of[place]]:
            cells[column] = _READ[kind](cells[column])
        if float in kinds:
            return tuple([number(cell) if type(cell) is float else cell for cell in cells])
        return tuple(cells)

    def _error(self, place: int, cells: Sequence[Any]) -> Rejected:
        column = next(i for i, cell in enumerate(cells) if type(cell) is _Error)
        address = f"{letters(self._left + column)}{self._part.numbers[place]}"
        return Rejected(
            "SA-2036",
            f'cell {address} of sheet {self._sheet} ("{self._columns[column]}") holds '
            f"{cells[column]}",
            hint="correct the formula in the workbook",
        )


def letters(column: int) -> str:
    """A column, counted from 0, as Excel names it."""
    text = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        text = chr(ord("A") + letter) + text
    return text

"""The child: opens one workbook and writes its table to standard output, in frames.

    python -m connectors.excel.reading JOB

A frame is four bytes of length and that many bytes of MessagePack: first a `Heading` or a
`Refused`, then `Part`s, then a frame of no length that says that nothing is missing. Numbers go as
the parser gives them, dates as text with a note which cells they are. What goes wrong inside the
parser (XML without end, sizes that lie) ends this process by its limits, and no other.
"""

from __future__ import annotations

import gc
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import msgspec

from connectors.excel.containers import container_of
from connectors.excel.faults import faults_of
from connectors.excel.frames import ERROR, TEMPORAL, Heading, Job, Part, Refused, Shape
from connectors.excel.refusal import Refusal

LARGE = 2**25
"""Bytes of a frame above which it is cut in two: the parent has no limit of memory."""

_encode = msgspec.msgpack.Encoder().encode
_UNREADABLE = (LookupError, ValueError, SyntaxError, OSError, RuntimeError, BadZipFile, zlib.error)
"""How the standard library complains of XML, archives and records that are no such thing."""


def limit_memory(most: int) -> None:
    """Whatever asks for more than `most` bytes gets none, where the system can do that."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Sheet:
    """The table of one sheet."""

    def __init__(self, job: Job) -> None:
        # Late, and after the limit: what is loaded here counts too.
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # noqa: PLC0415

        self._job = job
        self._path = Path(job.path)
        self._container = container_of(self._path, job.max_unpacked)
        try:
            with self._path.open("rb") as file:  # by content: an .xls may well be an .xlsx inside
                self._book = CalamineWorkbook.from_filelike(file)
            self.name = self._named(self._book.sheet_names)
            self._faults = ThreadPoolExecutor(1).submit(
                faults_of, self._path, self._container, self.name
            )
            self._sheet = self._book.get_sheet_by_name(self.name)
        except PasswordError as error:
            raise Refusal("SA-2031", "the workbook is protected by a password") from error
        except CalamineError as error:
            raise Refusal("SA-2032", f"no workbook, or a damaged one: {error}") from error
        start = self._sheet.start or (0, 0)
        self._first_column = start[1]
        self.top = job.top if job.placed else start[0]
        self.left = job.left if job.placed else start[1]

    def heading(self) -> tuple[str, ...]:
        """The names of the columns, up to the last one that has a name."""
        job = self._job
        if not job.header_rows:
            return job.columns
        grid = [row for _, row in islice(self._cells(self.top, None), job.header_rows)]
        if any("" in row for row in grid):
            self._all_faults()  # what looks empty may be unreadable
        self._spread(grid)
        names = [_joined(parts) for parts in zip(*grid, strict=True)]
        while names and not names[-1]:
            names.pop()
        return tuple(names)

    def rows(self, width: int) -> Iterator[tuple[int, list[Any]]]:
        """The rows below the header with their numbers, from 1; empty ones are left out."""
        faults: Mapping[int, Mapping[int, str]] | None = None
        for number, row in self._cells(self.top + self._job.header_rows, width):
            if "" in row:
                faults = self._all_faults() if faults is None else faults
                if number in faults:
                    self._mark(row, faults[number])
                if row.count("") == len(row):
                    continue
            yield number + 1, row

    def _mark(self, row: list[Any], faults: Mapping[int, str]) -> None:
        """Put errors where the parser shows nothing."""
        for column, text in faults.items():
            if 0 <= column - self.left < len(row):
                row[column - self.left] = msgspec.msgpack.Ext(ERROR, text.encode())

    def _all_faults(self) -> Mapping[int, Mapping[int, str]]:
        """Row → column → error. Looked for beside the parser, which leaves a core free."""
        try:
            return self._faults.result()
        except _UNREADABLE as error:
            raise Refusal("SA-2032", f"its cells cannot be checked: {error}") from error

    def _named(self, names: Sequence[str]) -> str:
        wanted = self._job.sheet
        if wanted in names:
            return wanted
        if wanted.isdecimal() and 0 < int(wanted) <= len(names):
            return names[int(wanted) - 1]
        raise Refusal("SA-2035", f"there is no sheet {wanted!r}, there are: {', '.join(names)}")

    def _cells(self, top: int, width: int | None) -> Iterator[tuple[int, list[Any]]]:
        """The rows from `top` on with their numbers, cut to the columns of the table."""
        bottom, right = self._job.bottom, self._job.right
        if width is not None:
            end = self.left + width
        else:
            end = self._first_column + self._sheet.width if right is None else right + 1
        before = [""] * max(0, self._first_column - self.left)
        cut = slice(max(0, self.left - self._first_column), max(0, end - self._first_column))
        after = [""] * max(0, end - max(self.left, self._first_column + self._sheet.width))
        plain = not before and not after and cut == slice(0, self._sheet.width)
        # The parser leaves out empty columns at the left, but no empty rows at the top.
        for number, row in enumerate(self._sheet.iter_rows()):
            if bottom is not None and number > bottom:
                return
            if number >= top:
                yield number, row if plain else [*before, *row[cut], *after]

    def _spread(self, grid: list[list[Any]]) -> None:
        """A merged cell of the header names each of its columns."""
        merged = self._sheet.merged_cell_ranges
        if merged is None:  # ods and xlsb do not tell: an empty cell belongs to its left neighbour
            for row in grid[:-1]:
                for place in range(1, len(row)):
                    row[place] = row[place] if row[place] != "" else row[place - 1]
            return
        for (top, left), (bottom, right) in merged:
            first, column = top - self.top, left - self.left
            if 0 <= first < len(grid) and 0 <= column < len(grid[0]):
                for row in grid[first : bottom - self.top + 1]:
                    width = min(right - left + 1, len(row) - column)
                    row[column : column + width] = [grid[first][column]] * width


def _joined(parts: Iterable[Any]) -> str:
    """The texts of a column's header cells, one below the other, each once."""
    texts = (" ".join(_text(part).split()) for part in parts)
    return " ".join(dict.fromkeys(text for text in texts if text))


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def tell(job: Job, out: BinaryIO) -> None:
    """Write the whole table, or why it cannot be read."""
    try:
        sheet = Sheet(job)
        columns = sheet.heading()
        _write(out, _encode(Heading(sheet.name, sheet.left, columns)))
        if len(columns) <= job.max_columns:
            rows = sheet.rows(len(columns))
            while some := list(islice(rows, job.batch)):
                for frame in _frames(some):
                    _write(out, frame)
        _write(out, b"")
    except Refusal as refusal:
        _write(out, _encode(Refused(refusal.code, refusal.reason)))


def _frames(some: Sequence[tuple[int, list[Any]]]) -> Iterator[bytes]:
    """The rows as one frame, or as several where their cells are very long."""
    numbers, rows = zip(*some, strict=True)
    shapes: list[Shape] = []
    known: dict[tuple[type, ...], int] = {}
    shape_of = []
    for row in rows:
        kinds = tuple(map(type, row))
        shape = known.get(kinds)
        if shape is None:
            found = ((place, TEMPORAL.get(kind)) for place, kind in enumerate(kinds))
            shapes.append(tuple((place, kind) for place, kind in found if kind))
            shape = known[kinds] = len(shapes) - 1
        shape_of.append(shape)
    frame = _encode(Part(numbers, rows, tuple(shapes), tuple(shape_of)))
    if len(frame) <= LARGE or len(some) == 1:
        yield frame
    else:
        del frame
        yield from _frames(some[: len(some) // 2])
        yield from _frames(some[len(some) // 2 :])


def _write(out: BinaryIO, frame: bytes) -> None:
    out.write(len(frame).to_bytes(4, "big"))
    out.write(frame)
    out.flush()


if __name__ == "__main__":
    told = msgspec.json.decode(sys.argv[1], type=Job)
    limit_memory(told.memory)
    gc.disable()  # a third of the time with many rows at once, and there are no cycles
    tell(told, sys.stdout.buffer)

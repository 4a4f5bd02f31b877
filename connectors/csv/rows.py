"""Rows of a stretch of lines, parsed when they are asked for."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias, overload

from xxhash import xxh3_64_intdigest, xxh3_128_digest

from agent.errors import Rejected
from connectors._drop.text import line_encoding
from connectors.csv.lines import Lines
from connectors.csv.options import CsvOptions

Row: TypeAlias = tuple[str, ...]

# The csv module's own limit is one for the whole process and aborts a pass in the middle; the
# limit that counts is `max_cell`, checked row by row below.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are written."""

    encoding: str
    delimiter: str
    quote: str
    max_cell: int
    seed: int
    """Digests of files written differently differ: the same bytes mean something else."""

    @classmethod
    def of(cls, options: CsvOptions) -> Dialect:
        """The dialect that a flow declares."""
        meaning = options.model_dump(
            include={"encoding", "delimiter", "quote", "header", "columns", "skip_lines", "comment"}
        )
        return cls(
            encoding=line_encoding(options.encoding),
            delimiter=options.delimiter,
            quote=options.quote,
            max_cell=options.max_cell,
            seed=xxh3_64_intdigest(json.dumps(meaning).encode()),
        )

    def parse(self, texts: Sequence[str]) -> list[Row]:
        """Cells of each text; raises `csv.Error`."""
        return list(
            map(
                tuple,
                csv.reader(
                    texts,
                    delimiter=self.delimiter,
                    quotechar=self.quote or None,
                    quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
                    strict=True,
                ),
            )
        )

    def row(self, raw: bytes) -> Row:
        """The cells of one line; raises `Rejected` where it cannot be read."""
        if b"\0" in raw:
            raise Rejected("SA-2014", f"NUL byte at position {raw.index(0) + 1} of the row")
        try:
            parsed = self.parse((raw.decode(self.encoding),))
        except UnicodeDecodeError as error:
            raise Rejected(
                "SA-2012",
                f"byte 0x{raw[error.start]:02X} at position {error.start + 1} of the row "
                f"is not {self.encoding}",
                hint="check the declared encoding",
            ) from error
        except csv.Error as error:
            raise Rejected("SA-2015", f"the row is not well-formed: {error}") from error
        cells = parsed[0] if parsed else ()
        if len(raw) > self.max_cell:
            for number, cell in enumerate(cells, 1):
                if len(cell) > self.max_cell:
                    raise Rejected(
                        "SA-2013",
                        f"cell {number} has {len(cell)} characters, {self.max_cell} are allowed",
                    )
        return cells


class Rows(Sequence[Row]):
    """The rows of some lines.

    Slicing and iterating parse in one go, about half the price of row after row. A row that
    cannot be read raises `Rejected`: when indexed, when a slice holds it, and when iteration comes
    to it, which may then go on with the next one.
    """

    def __init__(self, lines: Lines, dialect: Dialect, columns: Row) -> None:
        self._lines, self._dialect, self._columns = lines, dialect, columns
        self._width = len(columns)

    def digests(self) -> list[bytes]:
        """16 bytes a row; the same line under other column names digests differently."""
        seed = xxh3_64_intdigest(json.dumps(self._columns).encode(), self._dialect.seed)
        return list(map(xxh3_128_digest, self._lines.raw, repeat(seed)))

    def where(self, index: int) -> str:
        """The line of the file in which a row begins, counted from 1."""
        return f"line {self._lines.numbers[index]}"

    def __len__(self) -> int:
        return len(self._lines.raw)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            lines = self._lines.raw[index]
            rows = self._all(lines)
            return [self._one(line) for line in lines] if rows is None else rows
        return self._one(self._lines.raw[index])

    def __iter__(self) -> Iterator[Row]:
        rows = self._all(self._lines.raw)
        return map(self._one, self._lines.raw) if rows is None else iter(rows)

    def _one(self, raw: bytes) -> Row:
        cells = self._dialect.row(raw)
        if len(cells) != self._width:
            raise Rejected(
                "SA-2011",
                f"the row has {len(cells)} cells, {self._width} are expected",
                hint="often a delimiter inside a text that is not quoted",
            )
        return cells

    def _all(self, lines: list[bytes]) -> list[Row] | None:
        """All rows at once; None as soon as one of them needs a closer look."""
        if any(b"\0" in line for line in lines):
            return None
        if max(map(len, lines), default=0) > self._dialect.max_cell:
            return None
        encoding = self._dialect.encoding
        try:
            rows = self._dialect.parse([line.decode(encoding) for line in lines])
        except (UnicodeDecodeError, csv.Error):
            return None
        fits = len(rows) == len(lines) and {self._width}.issuperset(map(len, rows))
        return rows if fits else None

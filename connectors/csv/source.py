"""Reads CSV files of a drop folder, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from agent.errors import Rejected
from connectors._drop import DropConnection, DropSource, Stretch, Table, column_names
from connectors._drop import rows as drop_rows
from connectors._drop.rows import unusable_header
from connectors._drop.text import chunks
from connectors.csv.lines import Lines, split, without_last
from connectors.csv.options import CsvOptions
from connectors.csv.rows import Dialect, Row, Rows

LINE_TO_CELL = 16
"""A line may be this many times as long as its largest cell."""
HINT = "check encoding, delimiter and skip_lines"


class CsvSource(DropSource[CsvOptions]):
    """CSV files of a drop folder. A line whose bytes are known is never parsed."""

    def __init__(self, connection: DropConnection, options: CsvOptions) -> None:
        super().__init__(connection, options)
        self._dialect = Dialect.of(options)

    def table(self, file: BinaryIO) -> Table:
        """The names of the columns, and the lines after them."""
        columns, lines = self._header(self._lines(file))
        return Table(columns, self._stretches(columns, lines))

    def _lines(self, file: BinaryIO) -> Iterator[Lines]:
        options, encoding = self.options, self._dialect.encoding
        lines = split(
            chunks(file, options.encoding),
            delimiter=options.delimiter.encode(encoding),
            quote=options.quote.encode(encoding),
            skip=options.skip_lines,
            comment=options.comment.encode(encoding),
            limit=LINE_TO_CELL * options.max_cell,
        )
        return without_last(lines, options.skip_footer) if options.skip_footer else lines

    def _header(self, parts: Iterator[Lines]) -> tuple[Row, Iterable[Lines]]:
        """The names of the columns, and the lines after them."""
        if not self.options.header:
            return self.options.columns, parts
        for lines in parts:
            if lines.raw:
                rest = Lines(lines.raw[1:], lines.numbers[1:])
                return self._columns(lines.raw[0]), chain([rest], parts)
        raise unusable_header("there is none", HINT)

    def _columns(self, header: bytes) -> Row:
        try:
            cells = self._dialect.row(header)
        except Rejected as error:
            raise unusable_header(error.reason, HINT) from error
        return column_names(cells, limit=self.options.max_columns, hint=HINT)

    def _stretches(self, columns: Row, parts: Iterable[Lines]) -> Iterator[Stretch]:
        for lines in parts:
            for piece in lines.pieces(drop_rows.BATCH):
                rows = Rows(piece, self._dialect, columns)
                yield Stretch(rows, rows.where, rows.digests())

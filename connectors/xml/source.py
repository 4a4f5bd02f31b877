"""Reads XML files of a drop folder, record by record."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from agent.errors import Rejected
from connectors._drop import DropConnection, DropSource, Table, stretches
from connectors._drop.nested import checked
from connectors._drop.rows import Row
from connectors._drop.text import CHUNK, chunks, line_encoding
from connectors.xml.options import XmlOptions
from connectors.xml.parsing import Element, Records
from connectors.xml.paths import row_maker

_WIDE = {
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}


class XmlSource(DropSource[XmlOptions]):
    """XML files of a drop folder; one record is held at a time."""

    def __init__(self, connection: DropConnection, options: XmlOptions) -> None:
        super().__init__(connection, options)
        self._row = row_maker(options)

    def table(self, file: BinaryIO) -> Table:
        """The declared columns, and the records in their order."""
        options = self.options
        declared = options.encoding or _wide_encoding(file)
        encoding = line_encoding(declared) if declared else None
        pieces = chunks(file, declared) if declared else _pieces(file)
        records = Records(options.record_path, encoding, options.max_record).read(pieces)
        known = checked(records, self._row, options)
        return Table(options.names, stretches(self._rows(known), "record {0[0]} in line {0[1]}"))

    def _rows(
        self, records: Iterable[tuple[int, Element]]
    ) -> Iterator[tuple[tuple[int, int], Row | Rejected]]:
        for number, (line, record) in enumerate(records, 1):
            try:
                yield (number, line), self._row(record)
            except Rejected as refusal:
                yield (number, line), refusal


def _wide_encoding(file: BinaryIO) -> str:
    """The encoding of a document of two bytes a character, "" for any other one."""
    beginning = file.read(2)
    file.seek(0)
    return _WIDE.get(beginning, "")


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK), b"")

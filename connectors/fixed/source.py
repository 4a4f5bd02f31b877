"""Reads files of fixed width of a drop folder, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO

from agent.errors import Rejected
from connectors._drop import DropConnection, DropSource, Table
from connectors._drop.records import parsed_stretches, without_last
from connectors._drop.text import lines
from connectors.fixed.layout import Layout
from connectors.fixed.options import FixedOptions

LINE_ENDS = (b"\r\n", b"\r\x25", b"\n", b"\x25", b"\x15")
"""Those of ASCII and of EBCDIC, the longer ones first."""
CHUNK = 2**20
BEHIND_THE_LAST = b"\x1a\x3f\r\n\x15\x25"
"""What programs leave behind the last record: Ctrl-Z, or line ends."""


class FixedSource(DropSource[FixedOptions]):
    """Files of fixed width of a drop folder. A record whose bytes are known is never parsed."""

    def __init__(self, connection: DropConnection, options: FixedOptions) -> None:
        super().__init__(connection, options)
        self._layout = Layout(options)

    def table(self, file: BinaryIO) -> Table:
        """The declared fields, and the records of the wanted types."""
        options, wanted = self.options, self._layout.is_wanted
        if options.record_length is None:
            records = lines(file, options.encoding, options.max_line)
            where = _line
        else:
            end = _line_end(file, options.record_length) if options.line_ends else b""
            records = _records(file, options.record_length, end)
            where = partial(_record, options.record_length + len(end))
        records = without_last(islice(records, options.skip_records, None), options.skip_footer)
        chosen = (record for record in records if wanted(record[1]))
        return Table(
            self._layout.columns, parsed_stretches(chosen, self._layout.parse, where, self._seed)
        )


def _line(number: int) -> str:
    return f"line {number}"


def _record(size: int, number: int) -> str:
    return f"record {number} at byte {(number - 1) * size + 1}"


def _records(file: BinaryIO, length: int, end: bytes) -> Iterator[tuple[int, bytes]]:
    """Records of one length with their numbers; a last one may be shorter."""
    size = length + len(end)
    number = 0
    while piece := file.read(max(CHUNK // size, 1) * size):
        for start in range(0, len(piece), size):
            record = piece[start : start + length]
            if len(record) < length and not record.strip(BEHIND_THE_LAST):
                return
            number += 1
            behind = piece[start + length : start + size]
            if behind != end and len(piece) >= start + size:
                raise _no_line_end(number, behind, end)
            yield number, record


def _line_end(file: BinaryIO, length: int) -> bytes:
    """The line end behind the first record; leaves the file at its start."""
    head = file.read(length + 2)
    file.seek(0)
    behind = head[length:]
    for end in LINE_ENDS:
        if behind.startswith(end):
            return end
    raise _no_line_end(1, behind, b"")


def _no_line_end(number: int, behind: bytes, end: bytes) -> Rejected:
    expected = f"the line end 0x{end.hex().upper()}" if end else "a line end"
    return Rejected(
        "SA-2023",
        f"record {number} is followed by 0x{behind.hex().upper() or '00'}, not by {expected}",
        hint="count record_length without the line end",
    )

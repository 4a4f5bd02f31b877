"""Reads dBase tables of a drop folder, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from xxhash import xxh3_64_intdigest

from agent.errors import Rejected
from connectors._drop import DropConnection, DropSource, Table, stretches
from connectors._drop.records import Parse, parsed_stretches
from connectors._drop.rows import Row
from connectors.dbf.header import Column, Header, read_header
from connectors.dbf.memo import SUFFIXES, ReadMemo, memo_reader, without_memos
from connectors.dbf.options import DbfOptions
from connectors.dbf.values import Convert, converter

CHUNK = 2**20
DELETED = b"*"
MEMO_TYPES = "MGPW"


class DbfSource(DropSource[DbfOptions]):
    """dBase tables of a drop folder; deleted records are passed over.

    A record whose bytes are known is never parsed, except where the table has memos: there the
    same record may mean another text.
    """

    companions = SUFFIXES

    def __init__(self, connection: DropConnection, options: DbfOptions) -> None:
        super().__init__(connection, options)
        self._held_open = ExitStack()

    def table(self, file: BinaryIO) -> Table:
        """The columns as the header names them, and the records that are not deleted."""
        header = read_header(file)
        columns = tuple(column.name for column in header.columns)
        records = _records(file, header)
        if any(column.type in MEMO_TYPES for column in header.columns):
            memos = memo_reader(Path(file.name), header.version, self.options.max_memo)
            parse = self._parser(header, self._held_open.enter_context(memos))
            return Table(columns, stretches(self._read_at_once(records, parse), "record {}"))
        parse = self._parser(header, without_memos)
        meaning = repr((header.version, header.language, header.columns)).encode()
        seed = xxh3_64_intdigest(meaning, self._seed)
        where = partial(str.format, "record {}")
        return Table(columns, parsed_stretches(records, parse, where, seed))

    def close(self) -> None:
        """Let go of the table and of its memos."""
        super().close()
        self._held_open.close()

    def _read_at_once(
        self, records: Iterator[tuple[int, bytes]], parse: Parse
    ) -> Iterator[tuple[int, Row | Rejected]]:
        for number, record in records:
            try:
                yield number, parse(record)
            except Rejected as refusal:
                yield number, refusal
        self._held_open.close()  # Windows moves no file that is open

    def _parser(self, header: Header, memo: ReadMemo) -> Parse:
        encoding = header.encoding(self.options.encoding)
        steps = [
            (column, flag, converter(column, header.version, encoding, memo))
            for column, flag in _null_flags(header)
        ]
        flags = header.null_flags

        def parse(record: bytes) -> Row:
            if record[:1] not in {b" ", DELETED}:
                raise Rejected(
                    "SA-2052", f"the record begins with {record[:1]!r}, not with a blank or *"
                )
            null = int.from_bytes(record[flags.start : flags.end], "little") if flags else 0
            return tuple(
                [
                    None if null & flag else _value(column, convert, record)
                    for column, flag, convert in steps
                ]
            )

        return parse


def _null_flags(header: Header) -> Iterator[tuple[Column, int]]:
    """Each column with its bit among the null flags; 0 for one that is never null."""
    bit = 1
    for column in header.columns:
        if column.is_nullable and header.null_flags:
            yield column, bit
            bit <<= 1
        else:
            yield column, 0


def _value(column: Column, convert: Convert, record: bytes) -> Any:
    data = record[column.start : column.end]
    try:
        return convert(data)
    except ValueError as error:
        raise Rejected(
            "SA-2052",
            f"column {column.name} (bytes {column.start + 1} to {column.end}) {error}",
            hint="correct the record, or declare the encoding that the program really uses",
        ) from None


def _records(file: BinaryIO, header: Header) -> Iterator[tuple[int, bytes]]:
    size, number = header.record_size, 0
    while number < header.records:
        count = min(max(CHUNK // size, 1), header.records - number)
        piece = file.read(count * size)
        for start in range(0, len(piece), size):
            number += 1
            record = piece[start : start + size]
            if not record.startswith(DELETED):
                yield number, record

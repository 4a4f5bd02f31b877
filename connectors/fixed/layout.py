"""The fields of a record, compiled into one function over its bytes."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from agent.errors import Rejected
from connectors._drop.rows import Row
from connectors._drop.text import is_ebcdic, is_single_byte, line_encoding
from connectors.fixed import values
from connectors.fixed.options import FixedField, FixedOptions, Span

Convert: TypeAlias = Callable[[bytes], str | Decimal | None]


class _Field(NamedTuple):
    name: str
    span: Span
    convert: Convert


class Layout:
    """How a flow's records are read."""

    def __init__(self, options: FixedOptions) -> None:
        self._options = options
        self._lines = options.record_length is None
        self._encoding = options.encoding if is_single_byte(options.encoding) else "utf-8"
        handed_on = line_encoding(options.encoding)
        # Where characters and bytes differ, positions of a line count characters.
        self._rewritten = handed_on if self._lines and not is_single_byte(handed_on) else ""
        spans = options.spans
        self._length = options.record_length or max(span.end for span in spans.values())
        self._fields = [
            _Field(name, spans[name], _converter(field, field.encoding or self._encoding))
            for name, field in options.fields.items()
        ]
        types = options.record_type.values if options.record_type else ()
        self._types = tuple(value.encode(self._encoding) for value in types)
        self.columns = tuple(options.fields)

    def parse(self, record: bytes) -> Row:
        """The values of one record; raises `Rejected` where it cannot be read."""
        cells = self._cells(record)
        row = []
        for field, cell in zip(self._fields, cells, strict=True):
            try:
                row.append(field.convert(cell))
            except ValueError as error:
                raise _unreadable(field, cell, error) from None
        return tuple(row)

    def is_wanted(self, record: bytes) -> bool:
        """Whether the record is of a type that is read."""
        wanted = self._options.record_type
        if wanted is None:
            return True
        if self._rewritten:
            return record.decode(self._rewritten, "replace").startswith(
                wanted.values, wanted.start - 1
            )
        return record.startswith(self._types, wanted.start - 1)

    def _cells(self, record: bytes) -> list[bytes]:
        if not self._rewritten:
            self._require(len(record))
            record = record.ljust(self._length)
            return [record[start:end] for _, (start, end), _ in self._fields]
        try:
            text = record.decode(self._rewritten)
        except UnicodeDecodeError as error:
            raise Rejected(
                "SA-2012",
                f"byte 0x{record[error.start]:02X} at position {error.start + 1} of the line "
                f"is not {self._rewritten}",
                hint="check the declared encoding",
            ) from error
        self._require(len(text))
        text = text.ljust(self._length)
        return [text[start:end].encode(self._encoding) for _, (start, end), _ in self._fields]

    def _require(self, length: int) -> None:
        if length >= self._length or (self._lines and self._options.pad_lines):
            return
        what, hint = "record", "the file was cut off, or record_length is wrong"
        if self._lines:
            what, hint = "line", "where blanks at the end of a line are left out: pad_lines: yes"
        raise Rejected(
            "SA-2021", f"the {what} ends at position {length} of {self._length}", hint=hint
        )


def _converter(field: FixedField, encoding: str) -> Convert:
    if field.type == "text":
        return _text(encoding)
    decode = _number(field, encoding)
    if not field.blank_is_empty:
        return decode
    empty = {blank * field.length for blank in (b"\0", " ".encode(encoding))}
    return lambda data: None if data in empty else decode(data)


def _number(field: FixedField, encoding: str) -> values.Decode:
    match field.type:
        case "packed":
            return values.packed(field.scale)
        case "zoned":
            return values.zoned(field.scale, field.sign, ebcdic=is_ebcdic(encoding))
        case "number":
            decode = values.number(field.scale)
            return lambda data: decode(data.decode(encoding).encode())
    return values.binary(field.scale, field.byte_order, signed=field.type == "binary")


def _text(encoding: str) -> Convert:
    """Text without the blanks or zero bytes that fill the field up."""
    decoder = codecs.lookup(encoding).decode

    def decode(data: bytes) -> str:
        text = decoder(data, "strict")[0].rstrip(" \0")
        if "\0" in text:
            raise ValueError("holds a zero byte")
        return text

    return decode


def _unreadable(field: _Field, cell: bytes, error: ValueError) -> Rejected:
    where = f"field {field.name} (positions {field.span.start + 1} to {field.span.end})"
    if isinstance(error, UnicodeDecodeError):
        return Rejected(
            "SA-2012",
            f"{where}: byte 0x{cell[error.start]:02X} at position "
            f"{field.span.start + error.start + 1} is not {error.encoding}",
            hint="check the declared encoding",
        )
    shown = cell.hex().upper() if len(cell) <= 32 else f"{cell[:32].hex().upper()}…"
    return Rejected(
        "SA-2022",
        f"{where}: 0x{shown} {error}",
        hint="compare start, length, type and encoding with the record's description",
    )

"""What the configuration says about files of fixed width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from pydantic import Field, model_validator

from agent.contract import Options, Size
from connectors._drop import DropOptions, Encoding
from connectors._drop.options import MaybeEncoding
from connectors._drop.text import is_single_byte

FieldType = Literal["text", "number", "zoned", "packed", "binary", "unsigned"]
_OF_BYTES = {"packed", "binary", "unsigned"}
_LONGEST_BINARY = 16


class FixedField(Options):
    """One field of a record."""

    start: int = Field(
        0, ge=0, description="Position of its first byte, from 1; by default behind the last field."
    )
    length: int = Field(ge=1, description="Its length in bytes (in characters for UTF-8 and 16).")
    type: FieldType = Field(
        "text",
        description="`text`; `number`: digits, perhaps with a sign before or behind; `zoned`: "
        "digits with the sign in the last one; `packed`: two digits a byte (COMP-3); `binary` and "
        "`unsigned`: integers of whole bytes.",
    )
    scale: int = Field(
        0, ge=0, le=63, description="How many of a number's digits stand behind the decimal mark."
    )
    sign: Literal["last", "first"] = Field(
        "last", description="Which digit of a `zoned` number holds the sign."
    )
    byte_order: Literal["big", "little"] = Field(
        "big", description="Which byte of a `binary` or `unsigned` number comes first."
    )
    blank_is_empty: bool = Field(
        False,
        description="Whether a number of nothing but blanks or zero bytes is empty, not refused.",
    )
    encoding: MaybeEncoding = Field("", description="Its encoding, where it has one of its own.")

    @model_validator(mode="after")
    def _fits_together(self) -> FixedField:
        if self.type == "text" and self.scale:
            raise ValueError("scale means nothing for a text")
        if self.type in {"binary", "unsigned"} and self.length > _LONGEST_BINARY:
            raise ValueError(f"a {self.type} number has at most {_LONGEST_BINARY} bytes")
        if self.encoding and not is_single_byte(self.encoding):
            raise ValueError("a field's own encoding must have one byte for each character")
        return self


class RecordType(Options):
    """Which records are read, where a file holds several types of them."""

    start: int = Field(ge=1, description="Position of the record type, from 1.")
    values: tuple[str, ...] = Field(
        min_length=1, description="Record types to read; all others are passed over."
    )


class Span(NamedTuple):
    """Where a field lies: from `start` (counted from 0) to `end` (exclusive)."""

    start: int
    end: int


class FixedOptions(DropOptions):
    """Which files of the folder a flow reads, and how they are written."""

    fields: Mapping[str, FixedField] = Field(
        min_length=1, description="The fields, in their order: name → where it lies and its type."
    )
    encoding: Encoding = Field("utf-8", description="How text is encoded; never guessed.")
    record_length: int | None = Field(
        None,
        ge=1,
        description="Bytes of a record, for records of one length; else every line is a record.",
    )
    line_ends: bool = Field(
        False, description="Whether a line end follows each record of `record_length` bytes."
    )
    record_type: RecordType | None = Field(
        None, description="Read only records of these types: a header or a total is no row."
    )
    skip_records: int = Field(0, ge=0, description="Records or lines at the beginning to skip.")
    skip_footer: int = Field(0, ge=0, description="Records or lines at the end to skip.")
    pad_lines: bool = Field(
        False, description="Whether lines that end early are filled with blanks, not refused."
    )
    max_line: Size = Field(2**20, ge=1, description="A file with a longer line is refused.")

    @property
    def spans(self) -> Mapping[str, Span]:
        """Where each field lies."""
        return dict(self._placed())

    def _placed(self) -> Iterator[tuple[str, Span]]:
        behind = 0
        for name, field in self.fields.items():
            start = field.start - 1 if field.start else behind
            behind = start + field.length
            yield name, Span(start, behind)

    @model_validator(mode="after")
    def _fits_together(self) -> FixedOptions:
        if missing := [name for name in self.key if name not in self.fields]:
            raise ValueError(f"key column {missing[0]!r} is not among fields")
        for value in self.record_type.values if self.record_type else ():
            value.encode(self.encoding)
        if self.record_length is None:
            self._check_lines()
        else:
            self._check_records(self.record_length)
        return self

    def _check_lines(self) -> None:
        if self.line_ends:
            raise ValueError("line_ends is for records of a record_length; lines have them anyway")
        for name, field in self.fields.items():
            if field.type in _OF_BYTES:
                raise ValueError(
                    f"{name} is {field.type}: its bytes may look like line ends, so say how long "
                    "a record is: record_length"
                )
            if field.encoding:
                raise ValueError(f"{name} has an encoding of its own, which needs record_length")

    def _check_records(self, length: int) -> None:
        if not is_single_byte(self.encoding):
            raise ValueError(f"records of fixed length cannot be {self.encoding}")
        if self.pad_lines:
            raise ValueError("pad_lines is for lines, not for records of a record_length")
        for name, span in self.spans.items():
            if span.end > length:
                raise ValueError(f"{name} ends at byte {span.end}, behind the record's {length}")

"""The header of a dBase table: its columns, how many records there are, its code page.

Sources: the file format as dBase III to IV and Visual FoxPro document it.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, NamedTuple

from agent.errors import Misconfigured, Rejected

VISUAL_FOXPRO = {0x30, 0x31, 0x32}
DBASE_IV = {0x8B, 0xCB}
_VERSIONS = {0x03, 0x43, 0x63, 0x83, 0xF5} | VISUAL_FOXPRO | DBASE_IV
_DBASE_7 = {0x04, 0x8C}

_START = struct.Struct("<BxxxLHHxxBBxxxxxxxxxxxxBBxx")
_FIELD = struct.Struct("<11scxxxxBBBxxxxxxxxxxxxx")
_END_OF_FIELDS = b"\r"
_HIDDEN = "0"

_CODE_PAGES = {
    "cp437": "01 09 0B 0D 0F 11 15 18 19 1B",
    "cp737": "6A",
    "cp850": "02 0A 0E 10 12 14 16 1A 1D 25 37",
    "cp852": "1F 22 23 40 64 87",
    "cp857": "6B",
    "cp860": "24",
    "cp861": "67",
    "cp863": "1C",
    "cp865": "08 17 66",
    "cp866": "26 65",
    "cp874": "50 7C",
    "cp932": "13 7B",
    "cp936": "4D 7A",
    "cp949": "4E 79",
    "cp950": "4F 78",
    "cp1250": "C8",
    "cp1251": "C9",
    "cp1252": "03 57 58 59",
    "cp1253": "CB",
    "cp1254": "CA",
    "cp1255": "7D",
    "cp1256": "7E",
    "cp1257": "CC",
    "mac_cyrillic": "96",
    "mac_greek": "98",
    "mac_latin2": "97",
    "mac_roman": "04",
}
CODE_PAGES = {
    byte: name for name, drivers in _CODE_PAGES.items() for byte in bytes.fromhex(drivers)
}
"""The header's language driver → Python's name of the code page."""


class Column(NamedTuple):
    """A column as the header describes it. `start` counts from the record's first byte."""

    name: str
    type: str
    start: int
    length: int
    decimals: int
    is_nullable: bool

    @property
    def end(self) -> int:
        """Where the next column begins."""
        return self.start + self.length


class Header(NamedTuple):
    """What stands before the records. `columns` are those that a person sees."""

    version: int
    records: int
    size: int
    record_size: int
    language: int
    columns: tuple[Column, ...]
    null_flags: Column | None

    def encoding(self, declared: str) -> str:
        """The declared encoding, else what the header names; raises `Misconfigured`."""
        if declared:
            return declared
        if self.language not in CODE_PAGES:
            raise Misconfigured(
                "SA-2053",
                f"the table's header names no code page that we know (0x{self.language:02X})",
                hint="declare encoding: cp850 and cp437 are usual for DOS, cp1252 for Windows",
            )
        return CODE_PAGES[self.language]


def read_header(file: BinaryIO) -> Header:
    """The header of a table; leaves the file at its first record. Raises `Rejected`."""
    start = file.read(_START.size)
    if len(start) < _START.size:
        raise _unusable("it ends within the header")
    version, records, size, record_size, unfinished, encrypted, _, language = _START.unpack(start)
    if version in _DBASE_7:
        raise _unusable("it is of dBase 7", "have it written as dBase IV or III")
    if version not in _VERSIONS:
        raise _unusable(f"its first byte 0x{version:02X} is that of no dBase table")
    if unfinished or encrypted:
        raise _unusable("it is encrypted" if encrypted else "a transaction on it is not finished")
    fields = file.read(max(size - _START.size, 0))
    if len(fields) < size - _START.size:
        raise _unusable("it ends within the header")
    columns = _columns(fields, record_size, version)
    _require_records(file, size + records * record_size)
    hidden = [column for column in columns if column.type == _HIDDEN]
    seen = tuple(column for column in columns if column.type != _HIDDEN)
    if len({column.name for column in seen}) < len(seen) or not seen:
        raise _unusable("two columns have one name" if seen else "it has no columns")
    return Header(
        version, records, size, record_size, language, seen, hidden[0] if hidden else None
    )


def _columns(fields: bytes, record_size: int, version: int) -> list[Column]:
    raw = []
    place = 0
    while place + _FIELD.size <= len(fields) and fields[place : place + 1] != _END_OF_FIELDS:
        raw.append(_FIELD.unpack_from(fields, place))
        place += _FIELD.size
    # Clipper and FoxPro keep the upper half of a long text's length where decimals stand.
    for long_texts in (False, True):
        columns, start = [], 1
        for name, kind, length, decimals, flags in raw:
            is_long = long_texts and kind == b"C"
            size = length + (decimals << 8 if is_long else 0)
            text = name.partition(b"\0")[0].decode("latin-1").strip()
            nullable = version in VISUAL_FOXPRO and bool(flags & 0x02)
            columns.append(Column(text, kind.decode("latin-1"), start, size, decimals, nullable))
            start += size
        if start == record_size:
            return columns
    raise _unusable(f"its columns make {start} bytes a record, the header says {record_size}")


def _require_records(file: BinaryIO, expected: int) -> None:
    here = file.tell()
    size = file.seek(0, 2)
    file.seek(here)
    if size < expected:
        raise _unusable(f"it has {size} bytes, its records need {expected}: it was cut off")


def _unusable(why: str, hint: str = "look at the export") -> Rejected:
    return Rejected("SA-2051", f"the table cannot be used: {why}", hint=hint)

"""From the bytes of a column to its value. A converter raises `ValueError` with the reason."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, TypeAlias

from agent.errors import Rejected
from connectors.dbf.header import VISUAL_FOXPRO, Column
from connectors.dbf.memo import ReadMemo

Convert: TypeAlias = Callable[[bytes], Any]

_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?").fullmatch
_FILLER = b" \0"
_TRUE, _FALSE, _UNKNOWN = b"TtYy", b"FfNn", b"? \0"
_JULIAN_DAY_OF_ORDINAL_0 = 1_721_425


def converter(column: Column, version: int, encoding: str, memo: ReadMemo) -> Convert:
    """The converter of a column; raises `Rejected` for a type that is not known."""
    is_visual = version in VISUAL_FOXPRO
    match column.type:
        case "C":
            return _text(encoding)
        case "N" | "F":
            return _number
        case "D":
            return _date
        case "L":
            return _logical
        case "I" if is_visual:
            return _integer
        case "Y" if is_visual:
            return _currency
        case "B" if is_visual:
            return _double
        case "T" if is_visual:
            return _moment
        case "M":
            return _memo(memo, _memo_text(encoding))
        case "G" | "P" | "W" | "B":
            return _memo(memo, bytes)
    raise Rejected(
        "SA-2051",
        f"the table cannot be used: column {column.name} is of the type {column.type!r}",
        hint="have it written as one of C, N, F, D, L, M, or I, Y, B, T of Visual FoxPro",
    )


def _text(encoding: str) -> Convert:
    decode = codecs.lookup(encoding).decode
    return lambda data: decode(data, "strict")[0].rstrip(" \0")


def _memo_text(encoding: str) -> Convert:
    """Memo editors break lines with CR LF, and softly with 0x8D LF, which is no line break."""
    decode = codecs.lookup(encoding).decode
    return lambda data: decode(data.replace(b"\x8d\n", b""), "strict")[0].rstrip(" \0")


def _number(data: bytes) -> Decimal | None:
    text = data.strip(_FILLER)
    if not text:
        return None
    if not _NUMBER(text):
        if b"*" in text:
            raise ValueError("holds asterisks: the number did not fit into its column")
        raise ValueError(f"holds {text!r}, which is no number")
    return Decimal(text.decode())


def _date(data: bytes) -> date | None:
    text = data.strip(_FILLER)
    if not text.strip(b"0"):
        return None
    if len(text) != 8 or not text.isdigit():
        raise ValueError(f"holds {text!r}, which is no date")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _logical(data: bytes) -> bool | None:
    if data in {bytes([each]) for each in _UNKNOWN}:
        return None
    if data not in {bytes([each]) for each in _TRUE + _FALSE}:
        raise ValueError(f"holds {data!r}, which is neither true nor false")
    return data in _TRUE


def _integer(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


def _currency(data: bytes) -> Decimal:
    return Decimal(f"{int.from_bytes(data, 'little', signed=True)}E-4")


def _double(data: bytes) -> Decimal:
    """The shortest decimal that is this double."""
    number: float = struct.unpack("<d", data)[0]
    if not isfinite(number):
        raise ValueError("holds no finite number")
    return Decimal(repr(number))


def _moment(data: bytes) -> datetime | None:
    day, milliseconds = struct.unpack("<Ll", data)
    if not day:
        return None
    try:
        midnight = datetime.fromordinal(day - _JULIAN_DAY_OF_ORDINAL_0)
        return midnight + timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise ValueError(f"holds no date: {error}") from None


def _memo(memo: ReadMemo, content: Convert) -> Convert:
    """Ten digits in text, four bytes in Visual FoxPro; no block means no memo."""

    def convert(data: bytes) -> Any:
        if len(data) == 4:
            block = int.from_bytes(data, "little")
        else:
            digits = data.strip(_FILLER)
            if digits and not digits.isdigit():
                raise ValueError(f"holds {digits!r}, which is no memo block")
            block = int(digits or 0)
        return content(memo(block)) if block else None

    return convert

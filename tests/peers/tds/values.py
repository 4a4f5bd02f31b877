"""Columns of a result and parameters of a call, in the bytes of TDS."""

from __future__ import annotations

import datetime as dt
import struct
import uuid
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from tests.peers.tds.wire import COLLATION, text8

_DAY_ONE = dt.date(1, 1, 1)
_1900 = dt.datetime.fromisoformat("1900-01-01")
_LONGEST = 4000
"""Characters of an nvarchar; longer ones are sent in pieces, as nvarchar(max)."""

Encode = Callable[[Any], bytes]


def result(description: Iterable[Sequence[Any]], rows: Sequence[Sequence[Any]]) -> bytes:
    """COLMETADATA and a ROW token each. Sizes that PostgreSQL does not tell come from the rows."""
    columns = list(description)
    kinds = [
        _column(each[1], each[4] or 0, [row[place] for row in rows])
        for place, each in enumerate(columns)
    ]
    answer = [b"\x81", struct.pack("<H", len(columns))]
    for each, (kind, _) in zip(columns, kinds, strict=True):
        answer += [struct.pack("<IH", 0, 9), kind, text8(each[0])]
    encodes = [encode for _, encode in kinds]
    for row in rows:
        answer.append(b"\xd1")
        answer += [encode(value) for encode, value in zip(encodes, row, strict=True)]
    return b"".join(answer)


def _column(kind: type, precision: int, values: Sequence[Any]) -> tuple[bytes, Encode]:
    """TYPE_INFO and how a value is written, NULL included."""
    if kind is bool:
        return b"\x68\x01", _short(lambda value: bytes([value]))
    if kind is int:
        size, letter = (2, "h") if precision <= 5 else (4, "i") if precision <= 10 else (8, "q")
        return bytes([0x26, size]), _short(lambda value: struct.pack(f"<{letter}", value))
    if kind is float:
        return b"\x6d\x08", _short(lambda value: struct.pack("<d", value))
    if kind is Decimal:
        known = [value for value in values if value is not None]
        scale = max((-value.as_tuple().exponent for value in known), default=0)
        return bytes([0x6C, 17, 38, max(scale, 0)]), _short(lambda value: _decimal(value, scale))
    if kind is dt.date:
        return b"\x28", _short(_days)
    if kind is dt.time:
        return b"\x29\x06", _short(lambda value: _microseconds(value).to_bytes(5, "little"))
    if kind is dt.datetime:
        return b"\x2a\x06", _short(
            lambda value: _microseconds(value).to_bytes(5, "little") + _days(value.date())
        )
    if kind in {bytes, bytearray}:
        return b"\xa5\xff\xff", _in_pieces(bytes)
    if any(len(value or "") > _LONGEST for value in values):
        return b"\xe7\xff\xff" + COLLATION, _in_pieces(_utf16)
    return b"\xe7" + struct.pack("<H", 2 * _LONGEST) + COLLATION, _counted(_utf16)


def _short(encode: Encode) -> Encode:
    def written(value: Any) -> bytes:
        body = b"" if value is None else encode(value)
        return bytes([len(body)]) + body

    return written


def _counted(encode: Encode) -> Encode:
    def written(value: Any) -> bytes:
        if value is None:
            return b"\xff\xff"
        body = encode(value)
        return struct.pack("<H", len(body)) + body

    return written


def _in_pieces(encode: Encode) -> Encode:
    def written(value: Any) -> bytes:
        if value is None:
            return b"\xff" * 8
        body = encode(value)
        piece = struct.pack("<I", len(body)) + body if body else b""
        return struct.pack("<Q", len(body)) + piece + struct.pack("<I", 0)

    return written


def _utf16(text: Any) -> bytes:
    return str(text).encode("utf-16-le")


def _decimal(value: Decimal, scale: int) -> bytes:
    number = int(abs(value).scaleb(scale))
    return bytes([value >= 0]) + number.to_bytes(16, "little")


def _days(day: dt.date) -> bytes:
    return (day - _DAY_ONE).days.to_bytes(3, "little")


def _microseconds(clock: dt.datetime | dt.time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


class Reader:
    """Reads the body of a remote procedure call."""

    def __init__(self, body: bytes) -> None:
        self._body, self._place = body, 0

    @property
    def more(self) -> bool:
        """Whether anything is left."""
        return self._place < len(self._body)

    def raw(self, count: int) -> bytes:
        """The next bytes."""
        self._place += count
        return self._body[self._place - count : self._place]

    def number(self, form: str) -> Any:
        """One number in the letters of `struct`, little-endian."""
        return struct.unpack(f"<{form}", self.raw(struct.calcsize(f"<{form}")))[0]

    def peek(self) -> int:
        """The next byte, which stays."""
        return self._body[self._place]

    def text8(self) -> str:
        """A text with its length in one byte."""
        return self.raw(2 * self.number("B")).decode("utf-16-le")

    def parameter(self) -> Any:
        """The value of a parameter, by its TYPE_INFO."""
        kind = self.number("B")
        if kind in _READ:
            return _READ[kind](self)
        raise ValueError(f"a parameter of the type {kind:#x}")

    def _sized(self) -> bytes:
        return self.raw(self.number("B"))

    def _integer(self) -> int | None:
        self.number("B")
        body = self._sized()
        return int.from_bytes(body, "little", signed=True) if body else None

    def _bit(self) -> bool | None:
        self.number("B")
        body = self._sized()
        return bool(body[0]) if body else None

    def _float(self) -> float | None:
        self.number("B")
        body = self._sized()
        if not body:
            return None
        found: float = struct.unpack("<f" if len(body) == 4 else "<d", body)[0]
        return found

    def _decimal(self) -> Decimal | None:
        _, _, scale = self.raw(3)
        body = self._sized()
        if not body:
            return None
        number = int.from_bytes(body[1:], "little")
        return Decimal(number if body[0] else -number).scaleb(-scale)

    def _guid(self) -> str | None:
        self.number("B")
        body = self._sized()
        return str(uuid.UUID(bytes_le=body)) if body else None

    def _datetime(self) -> dt.datetime | None:
        """In steps of 1/300 s, which is why FreeTDS spoils what is finer."""
        self.number("B")
        body = self._sized()
        if not body:
            return None
        days, ticks = struct.unpack("<iI", body)
        return _1900 + dt.timedelta(days=days, seconds=ticks / 300)

    def _text(self, encoding: str = "utf-16-le") -> str | None:
        longest = self.number("H")
        self.raw(len(COLLATION))
        body = self._pieces() if longest == 0xFFFF else self._counted()
        return None if body is None else body.decode(encoding)

    def _bytes(self) -> bytes | None:
        return self._pieces() if self.number("H") == 0xFFFF else self._counted()

    def _long_text(self) -> str | None:
        self.number("I")
        self.raw(len(COLLATION))
        length = self.number("i")
        return None if length < 0 else self.raw(length).decode("utf-16-le")

    def _counted(self) -> bytes | None:
        length = self.number("H")
        return None if length == 0xFFFF else self.raw(length)

    def _pieces(self) -> bytes | None:
        if self.number("Q") == 2**64 - 1:
            return None
        body = b""
        while length := self.number("I"):
            body += self.raw(length)
        return body


_READ: dict[int, Callable[[Reader], Any]] = {
    0x24: Reader._guid,
    0x26: Reader._integer,
    0x38: lambda reader: reader.number("i"),
    0x7F: lambda reader: reader.number("q"),
    0x63: Reader._long_text,
    0x68: Reader._bit,
    0x6A: Reader._decimal,
    0x6C: Reader._decimal,
    0x6D: Reader._float,
    0x6F: Reader._datetime,
    0xA5: Reader._bytes,
    0xA7: lambda reader: reader._text("cp1252"),
    0xE7: Reader._text,
    0xEF: Reader._text,
}

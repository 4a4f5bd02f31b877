"""Numbers as COBOL and RPG programs write them; every digit is kept.

A decoder takes the bytes of a field. It raises `ValueError` with the rule that they break.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Literal, TypeAlias

Decode: TypeAlias = Callable[[bytes], Decimal]

_PLAIN = re.compile(rb" *([+-]?)([0-9]+)([+-]?) *").fullmatch
_DIGITS = b"0123456789"
_ASCII_OVERPUNCH = {
    sign: (digit, negative)
    for signs, negative in ((_DIGITS, False), (b"{ABCDEFGHI", False), (b"}JKLMNOPQR", True))
    for digit, sign in enumerate(signs)
} | {sign: (digit, True) for digit, sign in enumerate(b"pqrstuvwxy")}
"""Last character → its digit and whether the number is negative; p to y are Micro Focus COBOL's."""
_EBCDIC_OVERPUNCH = {
    zone << 4 | digit: (digit, zone in {0xB, 0xD})
    for zone in (0xA, 0xB, 0xC, 0xD, 0xE, 0xF)
    for digit in range(10)
}


def packed(scale: int) -> Decode:
    """Packed decimal, COMP-3: a digit each half byte, the sign in the last half."""

    def decode(data: bytes) -> Decimal:
        text = data.hex()
        digits, sign = text[:-1], text[-1]
        if not digits.isdecimal():
            raise ValueError("is no packed decimal: a half byte is no digit")
        if sign not in "abcdef":
            raise ValueError("is no packed decimal: the last half byte is no sign")
        return _decimal(digits, sign in "bd", scale)

    return decode


def zoned(scale: int, sign: Literal["first", "last"], *, ebcdic: bool) -> Decode:
    """Zoned decimal: a digit each byte, the sign in the upper half of the first or last one."""
    overpunch = _EBCDIC_OVERPUNCH if ebcdic else _ASCII_OVERPUNCH
    zone = 0xF0 if ebcdic else 0x30
    table = bytes(range(zone, zone + 10))
    plain = bytes.maketrans(table, _DIGITS)

    def decode(data: bytes) -> Decimal:
        signed, others = (data[0], data[1:]) if sign == "first" else (data[-1], data[:-1])
        if others.translate(None, table):
            raise ValueError("is no zoned decimal: a byte is no digit")
        try:
            digit, negative = overpunch[signed]
        except KeyError:
            raise ValueError(f"is no zoned decimal: the {sign} byte has no sign") from None
        digits = others.translate(plain).decode()
        text = f"{digit}{digits}" if sign == "first" else f"{digits}{digit}"
        return _decimal(text, negative, scale)

    return decode


def binary(scale: int, byte_order: Literal["big", "little"], *, signed: bool) -> Decode:
    """An integer of whole bytes, COMP or COMP-4."""

    def decode(data: bytes) -> Decimal:
        number = int.from_bytes(data, byte_order, signed=signed)
        return _decimal(str(abs(number)), number < 0, scale)

    return decode


def number(scale: int) -> Decode:
    """Digits in ASCII with a sign before or behind, or none; blanks around them."""

    def decode(data: bytes) -> Decimal:
        found = _PLAIN(data)
        if found is None or (found[1] and found[3]):
            raise ValueError("is no number: digits, perhaps with a sign before or behind")
        return _decimal(found[2].decode(), b"-" in (found[1], found[3]), scale)

    return decode


def _decimal(digits: str, negative: bool, scale: int) -> Decimal:
    """Exact, however many digits; there is no negative zero."""
    digits = digits.lstrip("0") or "0"
    sign = "-" if negative and digits != "0" else ""
    return Decimal(f"{sign}{digits}E-{scale}")

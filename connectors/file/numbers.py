"""Numbers as COBOL and RPG programs read them. No digit is lost: what does not fit is refused."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from agent.errors import Rejected
from agent.model import Json
from connectors.file.options import FixedField

_ZONES = {"C": 0xC0, "F": 0xF0}
_NEGATIVE_ZONE = 0xD0
_ASCII_POSITIVE, _ASCII_NEGATIVE = b"{ABCDEFGHI", b"}JKLMNOPQR"


def number_bytes(value: Json, field: FixedField, encoding: str, *, ebcdic: bool) -> bytes:
    """A number in its field. Raises `Rejected` without the field's name."""
    negative, digits = _scaled(value, field.scale)
    match field.type:
        case "packed":
            return _packed(negative, digits, field)
        case "zoned":
            return _zoned(negative, digits, field, ebcdic=ebcdic)
        case "number":
            return _printed(negative, digits, field).encode(encoding)
    try:
        number = -int(digits) if negative else int(digits)
        return number.to_bytes(field.length, field.byte_order, signed=field.type == "binary")
    except OverflowError:
        raise _too_large(value) from None


def _scaled(value: Json, scale: int) -> tuple[bool, str]:
    """Whether it is negative, and its digits, `scale` of them behind the mark; never rounded."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise Rejected("SA-5324", f"{value!r} is no number"[:120])
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise Rejected("SA-5324", f"{value!r} is no number"[:120]) from None
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise Rejected("SA-5324", f"{value!r} is no number")
    text, shift = "".join(map(str, digits)), exponent + scale
    if not number:
        return False, "0"
    if shift > 100:
        raise _too_large(value)
    if shift < 0:
        if text[shift:].strip("0"):
            raise Rejected(
                "SA-5324", f"{value} has more than {scale} decimals; the template may round it"
            )
        text = text[:shift]
    return bool(sign), (text + "0" * max(shift, 0)).lstrip("0") or "0"


def _filled(digits: str, places: int) -> str:
    if len(digits) > places:
        raise _too_large(digits)
    return digits.zfill(places)


def _packed(negative: bool, digits: str, field: FixedField) -> bytes:
    sign = "D" if negative else field.positive
    return bytes.fromhex(_filled(digits, 2 * field.length - 1) + sign)


def _zoned(negative: bool, digits: str, field: FixedField, *, ebcdic: bool) -> bytes:
    text = _filled(digits, field.length)
    zone = 0xF0 if ebcdic else 0x30
    written = bytearray(zone | int(digit) for digit in text)
    place = 0 if field.sign == "first" else -1
    digit = int(text[place])
    if ebcdic:
        written[place] = (_NEGATIVE_ZONE if negative else _ZONES[field.positive]) | digit
    elif negative:
        written[place] = _ASCII_NEGATIVE[digit]
    elif field.positive == "C":
        written[place] = _ASCII_POSITIVE[digit]
    return bytes(written)


def _printed(negative: bool, digits: str, field: FixedField) -> str:
    text = _filled(digits, field.length - len(field.mark) - negative)
    if field.mark:
        text = text[: -field.scale] + field.mark + text[-field.scale :]
    if not negative:
        return text
    return f"-{text}" if field.sign == "first" else f"{text}-"


def _too_large(value: Json) -> Rejected:
    return Rejected("SA-5324", f"{value} is too large for the field")

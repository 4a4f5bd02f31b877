"""Integers and decimals: exact, from text with declared marks or from what a driver gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from math import isfinite
from typing import Any

from agent.mapping.problem import Invalid
from agent.mapping.refusal import Raw, Refused

DIGITS = 38
"""Digits that a number may have: what DECIMAL holds in the databases we meet."""

_EXACT = Context(prec=4 * DIGITS)
_INTEGERS = range(-(2**63), 2**63)
_PLAIN = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?").fullmatch


def decimal_parser(
    *,
    mark: str = ".",
    group: str = "",
    scale: int | None = None,
    rounded: bool = False,
    least: str | None = None,
    most: str | None = None,
) -> Callable[[Any], str]:
    """A function from a value to the decimal's text: `-12.50`, no exponent, no leading zeros.

    With a scale the text has exactly that many digits after the point; without one it has no
    trailing zeros, so that equal numbers have equal texts.
    """
    match = _pattern(mark, group).fullmatch
    within = _bounds(least, most)
    is_canonical = _canonical(mark, scale).fullmatch
    rule = f"is not a decimal number ({_marks(mark, group)})"

    def parse(value: Raw) -> str:
        if type(value) is str:
            if within is None and is_canonical(value):
                return value if mark == "." else value.replace(mark, ".")
            found = match(value)
            if found is None:
                raise Refused("SA-3102", rule, _number_hint(value, mark))
            sign, whole, fraction, trailing = found.groups("")
            sign = sign or trailing
            if group:
                whole = whole.replace(group, "")
        elif type(value) is Decimal and (found := _PLAIN(str(value))):
            sign, whole, fraction = found.groups("")
        else:
            sign, whole, fraction = number_parts(value)
        whole = whole.lstrip("0") or "0"
        if len(whole) + len(fraction) > DIGITS:
            raise Refused("SA-3102", f"has more than {DIGITS} digits")
        if scale is None:
            fraction = fraction.rstrip("0")
        elif len(fraction) <= scale:
            fraction = fraction.ljust(scale, "0")
        else:
            whole, fraction = _cut(whole, fraction, scale, rounded=rounded)
        text = f"{whole}.{fraction}" if fraction else whole
        if sign == "-" and text.strip("0."):
            text = "-" + text
        if within is not None:
            within(Decimal(text))
        return text

    return parse


def integer_parser(
    *,
    group: str = "",
    least: str | None = None,
    most: str | None = None,
) -> Callable[[Any], int]:
    """A function from a value to an integer of at most 64 bits; `5.00` from a driver is 5."""
    match = _pattern("," if group == "." else ".", group).fullmatch
    within = _bounds(least, most)

    def parse(value: Raw) -> int:
        if type(value) is int:
            number = value
        elif type(value) is str and len(value) < 19 and value.isdigit() and value.isascii():
            number = int(value)
        elif type(value) is str:
            found = match(value)
            if found is None or found[3] is not None:
                raise Refused("SA-3102", "is not an integer", "type: decimal takes fractions")
            sign, digits, _, trailing = found.groups("")
            if group:
                digits = digits.replace(group, "")
            if len(digits) > DIGITS:
                raise Refused("SA-3102", f"has more than {DIGITS} digits")
            number = int((sign or trailing) + digits)
        else:
            sign, whole, fraction = number_parts(value)
            if fraction.strip("0"):
                raise Refused("SA-3102", "is not an integer", "type: decimal takes fractions")
            number = int(sign + whole)
        if number not in _INTEGERS:
            raise Refused("SA-3102", "does not fit into 64 bits", "type: text keeps long codes")
        if within is not None:
            within(number)
        return number

    return parse


def number_parts(value: Raw) -> tuple[str, str, str]:
    """Sign, digits before and digits after the point of a driver's number, exactly.

    A float stands for the shortest decimal that names it: 0.1 is 0.1.
    """
    if type(value) is int and value in _INTEGERS:
        return "-" if value < 0 else "", str(abs(value)), ""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Refused("SA-3102", f"is not a number but a {type(value).__name__}")
    if isinstance(value, float):
        if not isfinite(value):
            raise Refused("SA-3102", "is not a finite number")
        value = Decimal(repr(value))
    elif isinstance(value, int):
        if abs(value) >= 10**DIGITS:
            raise Refused("SA-3102", f"has more than {DIGITS} digits")
        value = Decimal(value)
    if not value.is_finite():
        raise Refused("SA-3102", "is not a finite number")
    if not -DIGITS <= value.adjusted() < DIGITS and value:
        raise Refused("SA-3102", f"has more than {DIGITS} digits")
    text = format(value or Decimal(0), "f")
    sign = "-" if text.startswith("-") else ""
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign, whole, fraction.rstrip("0") if len(fraction) > DIGITS else fraction


def _cut(whole: str, fraction: str, scale: int, *, rounded: bool) -> tuple[str, str]:
    """The number with `scale` digits after the point; half rounds up, away from zero."""
    if not fraction[scale:].strip("0"):
        return whole, fraction[:scale]
    if not rounded:
        raise Refused(
            "SA-3103",
            f"has more than {scale} digits after the decimal mark",
            "set scale higher, or round: true",
        )
    unit = Decimal(1).scaleb(-scale)
    number = Decimal(f"{whole}.{fraction}").quantize(unit, ROUND_HALF_UP, _EXACT)
    whole, _, fraction = format(number, "f").partition(".")
    return whole, fraction


def _pattern(mark: str, group: str) -> re.Pattern[str]:
    """Sign, whole, fraction, and the trailing minus that mainframe exports write."""
    if mark == group:
        raise Invalid(
            "SA-3003", "group_mark", f'decimal_mark and group_mark are both "{mark}"', "name one"
        )
    grouped = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|" if group else ""
    return re.compile(
        rf"(?![+-].*-)([+-]?)(?=[0-9{re.escape(mark)}])({grouped}[0-9]*)(?:{re.escape(mark)}([0-9]+))?"
        rf"((?<=[0-9])-)?"
    )


def _canonical(mark: str, scale: int | None) -> re.Pattern[str]:
    """Most numbers as most sources write them: only the mark has to be changed, if at all."""
    fraction = r"(?:{}[0-9]{{0,15}}[1-9])?" if scale is None else rf"{{}}[0-9]{{{{{scale}}}}}"
    return re.compile(
        r"(?:0|[1-9][0-9]{0,15})" + ("" if scale == 0 else fraction.format(re.escape(mark)))
    )


def _marks(mark: str, group: str) -> str:
    return f'decimal mark "{mark}"' + (f', group mark "{group}"' if group else "")


def _number_hint(value: str, mark: str) -> str:
    other = "," if mark == "." else "."
    if other in value:
        return f'if "{other}" is meant, declare decimal_mark or group_mark'
    return ""


def _bounds(least: str | None, most: str | None) -> Callable[[Any], None] | None:
    if least is None and most is None:
        return None
    low, high = _bound("min", least), _bound("max", most)

    def within(number: Raw) -> None:
        if low is not None and number < low:
            raise Refused("SA-3108", f"is less than the minimum {least}")
        if high is not None and number > high:
            raise Refused("SA-3108", f"is more than the maximum {most}")

    return within


def _bound(key: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Invalid("SA-3003", key, f'"{text}" is not a number', "write it like 0.50")
    return number

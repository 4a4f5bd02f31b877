"""From the bytes of a JSON record to a row. Numbers stay exact: fractions are decimals."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

from agent.errors import Rejected
from connectors._drop.rows import Row
from connectors.json.options import JsonOptions

Take: TypeAlias = Callable[[Any], Any]

GREATEST_EXPONENT = 400
"""No quantity of this world needs more, and 1e999999999 would be a gigabyte of zeros."""

_DOT = re.compile(r"(?<!\\)\.")


def steps_of(path: str) -> list[str]:
    r"""`data.items` → data, items; a dot that belongs to a name is written `\.`."""
    return [step.replace("\\.", ".") for step in _DOT.split(path)] if path else []


def row_parser(options: JsonOptions) -> Callable[[bytes], Row]:
    """A function from a record's bytes to its row; it raises `Rejected`."""
    decode = msgspec.json.Decoder(float_hook=_exact).decode
    takes = [_value(path) for path in options.columns]
    takes += [_child_rows(path, parts) for path, parts in options.children.items()]

    def parse(record: bytes) -> Row:
        try:
            found = decode(record)
        except (ValueError, RecursionError) as error:
            raise not_json(error) from None
        if not isinstance(found, dict):
            raise Rejected("SA-2024", f"the record is {_kind(found)}, not an object")
        return tuple([take(found) for take in takes])

    return parse


def not_json(error: Exception) -> Rejected:
    """What a decoder says, as the one error."""
    return Rejected("SA-2024", f"not JSON: {error}", hint="correct the export")


def _exact(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > GREATEST_EXPONENT:
        raise ValueError(f"the number {text[:40]} is beyond all measure")
    return number


def _value(path: str) -> Take:
    steps = steps_of(path)
    if len(steps) == 1:
        name = steps[0]
        return lambda record: record.get(name)
    return lambda record: _reach(record, steps, path)


def _reach(value: Any, steps: Sequence[str], path: str) -> Any:
    """What stands at the path; None where there is nothing."""
    for step in steps:
        if value is None:
            return None
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            raise Rejected("SA-2027", f"{path}: {step!r} is sought in {_kind(value)}")
    return value


def _child_rows(path: str, parts: Sequence[str]) -> Take:
    rows = _value(path)
    takes = {part: _part(part) for part in parts}

    def take(record: Any) -> list[dict[str, Any]]:
        found = rows(record)
        if found is None:
            return []
        if not isinstance(found, list):
            raise Rejected("SA-2027", f"{path} is {_kind(found)}, not a list of child rows")
        return [{part: each(child) for part, each in takes.items()} for child in found]

    return take


def _part(path: str) -> Take:
    steps = [] if path == "." else steps_of(path)
    return lambda child: _reach(child, steps, path)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a boolean"}
    return names.get(type(value), "a number" if value is not None else "null")

"""Quantities as people write them: `90s`, `5m`, `64MB`, `10%`. Typed at the field, text in YAML."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_QUANTITY = re.compile(r"\s*(\d{1,15}(?:\.\d{1,15})?)\s*([A-Za-z%]*)\s*")


def _split(value: object, example: str) -> tuple[float, str]:
    found = _QUANTITY.fullmatch(str(value))
    if not found:
        raise ValueError(f"not a quantity: {value!r}; write it like {example}")
    return float(found[1]), found[2]


def seconds(value: object) -> float:
    """`90s`, `5m`, `1h30m`, `2d` or a bare number of seconds."""
    if isinstance(value, int | float):
        return float(value)
    text = str(value).strip()
    parts = re.findall(r"(\d{1,15}(?:\.\d{1,15})?)(ms|s|m|h|d)", text)
    if parts and "".join(number + unit for number, unit in parts) == text.replace(" ", ""):
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    number, unit = _split(text, "30s, 5m, 1h or 2d")
    if unit:
        raise ValueError(f"unknown unit of time {unit!r}; use ms, s, m, h or d")
    return number


def byte_count(value: object) -> int:
    """`64MB`, `512KiB` or a bare number of bytes."""
    if isinstance(value, int):
        return value
    number, unit = _split(value, "64MB")
    try:
        return int(number * _BYTES[unit.upper() or "B"])
    except KeyError:
        raise ValueError(f"unknown unit of size {unit!r}; use B, KB, MB or GB") from None


def share(value: object) -> float:
    """`10%` or a fraction between 0 and 1."""
    if isinstance(value, float):
        number = value
    else:
        number, unit = _split(value, "10%")
        if unit not in {"", "%"}:
            raise ValueError(f"unknown unit of a share {unit!r}; use %")
        number = number / 100 if unit else number
    if not 0 <= number <= 1:
        raise ValueError(f"{value!r} is not between 0% and 100%")
    return number


Duration = Annotated[
    float,
    BeforeValidator(seconds),
    WithJsonSchema({"type": ["string", "number"], "examples": ["30s", "5m", "1h"]}),
]
"""Seconds."""
Size = Annotated[
    int,
    BeforeValidator(byte_count),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["64MB"]}),
]
"""Bytes."""
Share = Annotated[
    float,
    BeforeValidator(share),
    WithJsonSchema({"type": ["string", "number"], "examples": ["10%"]}),
]
"""A fraction between 0 and 1."""

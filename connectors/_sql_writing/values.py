"""Values that a database answered, as records hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import msgspec

from agent.model import Json


def read_record(row: Mapping[str, Any]) -> dict[str, Json]:
    """The columns as fields; a single column `record` holds all of them as JSON."""
    data = {name: read_value(value) for name, value in row.items()}
    if data.keys() != {"record"}:
        return data
    return msgspec.json.decode(data["record"], type=dict[str, Any])


def read_value(value: Any) -> Json:
    """Decimals and dates as text, texts without padding, bytes as hexadecimal digits."""
    if isinstance(value, str):
        return value.rstrip()
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return bytes(value).hex() if isinstance(value, bytes | bytearray | memoryview) else value

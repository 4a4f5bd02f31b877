"""Rows of mdbtools: lines of JSON, turned into values when they are asked for."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import repeat
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from xxhash import xxh3_64_intdigest, xxh3_128_digest

from agent.contract import LazyRows
from agent.errors import Rejected

Row: TypeAlias = tuple[Any, ...]

_decode = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode


def _bytes(value: Mapping[str, str]) -> bytes:
    return b64decode(value["$binary"])


def _replication_id(value: Mapping[str, str]) -> str:
    """The text of mdbtools loses one of the dashes: the digits are all there."""
    return str(UUID(re.sub("[^0-9A-Fa-f]", "", _bytes(value).decode())))


READERS: dict[str, Callable[[Any], Any]] = {
    "Boolean": bool,
    "DateTime": datetime.fromisoformat,
    "Replication ID": _replication_id,
    "OLE": _bytes,
    "Binary": _bytes,
}
"""Type in Access → what makes its value; other types are JSON's own."""


class LineRows(LazyRows[bytes]):
    """Rows of one table. A line that cannot be read raises `Rejected` when it is asked for."""

    def __init__(self, types: Mapping[str, str], lines: Sequence[bytes]) -> None:
        super().__init__(lines, self._row)
        self._names = tuple(types)
        self._readers = [(name, READERS[kind]) for name, kind in types.items() if kind in READERS]
        self._seed = xxh3_64_intdigest(msgspec.json.encode(types))

    def digests(self) -> list[bytes]:
        """16 bytes a row; the same line digests differently where a column's type changed."""
        return list(map(xxh3_128_digest, self._raw, repeat(self._seed)))

    def _row(self, line: bytes) -> Row:
        """What mdbtools leaves out is null."""
        try:
            cells = _decode(line)
            for name, read in self._readers:
                if name in cells:
                    cells[name] = read(cells[name])
        except (ValueError, TypeError, KeyError) as error:
            raise Rejected(
                "SA-2048", f"the row cannot be read: {error}", hint="look at it in Access"
            ) from error
        return tuple(map(cells.get, self._names))

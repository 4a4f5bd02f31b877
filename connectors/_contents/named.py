"""The content that a record names, and the record as it may leave this machine."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

_SHA_256 = re.compile(r"[0-9a-f]{64}")
_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(dict[str, Any]).decode


class NamedContent(NamedTuple):
    """What a record says of its bytes. `path` is where they lie, "" where the record is silent."""

    sha256: str
    size: int
    path: str
    media_type: str


def named_content(body: bytes) -> tuple[NamedContent | None, bytes]:
    """The content that a record names, if it names one, and the record without its `path`.

    Where a file lies is nobody's affair but ours. A record that names no content comes back byte
    for byte.
    """
    if b'"sha256":' not in body and b'"path":' not in body:
        return None, body
    record = _DECODE(body)
    if "path" in record:
        path = record.pop("path")
        body = _ENCODE(record)
    else:
        path = ""
    sha256, size = record.get("sha256"), record.get("size")
    if not isinstance(sha256, str) or not _SHA_256.fullmatch(sha256):
        return None, body
    named = NamedContent(
        sha256,
        size if isinstance(size, int) else -1,
        path if isinstance(path, str) else "",
        str(record.get("media_type") or "application/octet-stream"),
    )
    return named, body

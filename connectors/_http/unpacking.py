"""Bodies read under a cap, unpacked where the server packed them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from agent.errors import Unavailable

GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
"""Tells zlib to look at the head of the stream itself."""


def read_body(portions: Iterable[bytes], encoding: str, largest: int, host: str) -> bytes:
    """The whole body. Never holds more than `largest` bytes: a few can unpack to a flood."""
    packed = encoding.strip().lower()
    if packed in {"", "identity"}:
        return _capped(portions, largest, host)
    if packed not in {"gzip", "x-gzip", "deflate"}:
        raise Unavailable("SA-5206", f"{host} answers packed in a way nobody asked for: {packed}")
    unpacker = zlib.decompressobj(GZIP_OR_ZLIB)
    content = bytearray()
    try:
        for portion in portions:
            content += unpacker.decompress(portion, largest + 1 - len(content))
            if len(content) > largest:
                raise _too_large(largest, host)
    except zlib.error as error:
        raise Unavailable("SA-5207", f"{host} answers what cannot be unpacked: {error}") from None
    if not unpacker.eof:
        raise Unavailable("SA-5204", f"the packed answer of {host} ends in its middle")
    return bytes(content)


def _capped(portions: Iterable[bytes], largest: int, host: str) -> bytes:
    content = bytearray()
    for portion in portions:
        content += portion
        if len(content) > largest:
            raise _too_large(largest, host)
    return bytes(content)


def _too_large(largest: int, host: str) -> Unavailable:
    return Unavailable(
        "SA-5208",
        f"{host} answers more than {largest} bytes",
        hint="ask for fewer records at a time",
    )

"""The media type of a file by its first bytes: what it is, whatever it is called."""

from __future__ import annotations

import re

FIRST_BYTES = 64
"""So many bytes tell."""

_SIGNATURES = {
    "image/jpeg": rb"\xff\xd8\xff",
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/gif": rb"GIF8[79]a",
    "image/webp": rb"RIFF....WEBP",
    "image/avif": rb"....ftypavi[fs]",
    "image/heic": rb"....ftyphe(ic|ix|vc|im|is)",
    "image/tiff": rb"II\*\x00|MM\x00\*",
    "image/bmp": rb"BM....\x00\x00\x00\x00",
    "application/pdf": rb"(\xef\xbb\xbf)?\s{0,8}%PDF-",
    "application/zip": rb"PK\x03\x04",
    "video/mp4": rb"....ftyp(isom|iso[2-6]|mp4[12]|avc1|M4V )",
}
_PATTERNS = {name: re.compile(pattern, re.DOTALL) for name, pattern in _SIGNATURES.items()}

MEDIA_TYPES = tuple(_SIGNATURES)
"""All that can be told. Office documents are `application/zip`."""


def media_type(first_bytes: bytes) -> str:
    """The media type; "" where the bytes are of no known kind."""
    return next((name for name, found in _PATTERNS.items() if found.match(first_bytes)), "")

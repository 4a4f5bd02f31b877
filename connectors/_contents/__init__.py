"""Contents: the bytes of pictures and documents, which travel beside their records.

A record names a content by `sha256` and `size`, and by `path` where it lies below a folder of this
machine. `named` takes these out of a record, `opening` opens what lies below a folder and nothing
else, `signatures` tells a media type from the first bytes, `sending` hands out the bytes in pieces
while it checks the hash.
"""

from __future__ import annotations

from connectors._contents.named import NamedContent, named_content
from connectors._contents.opening import NotBelow, open_below
from connectors._contents.sending import PIECE, Changed, CheckedPieces
from connectors._contents.signatures import FIRST_BYTES, MEDIA_TYPES, media_type

__all__ = [
    "FIRST_BYTES",
    "MEDIA_TYPES",
    "PIECE",
    "Changed",
    "CheckedPieces",
    "NamedContent",
    "NotBelow",
    "media_type",
    "named_content",
    "open_below",
]

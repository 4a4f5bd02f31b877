"""The bytes of pictures and documents, each in a file that is named by its hash.

A content is written beside its place and moved there once length and hash are right and the bytes
are on the disk. What is in its place is therefore whole, whatever was interrupted when.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from agent.demo.shop.problem import Problem

MAX_CONTENT_BYTES = 500_000_000
MEDIA_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "application/pdf"}
)
_SHA_256 = re.compile(r"[0-9a-f]{64}")


class ContentFolder:
    """A folder of contents."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def holds(self, digest: str) -> bool:
        """Whether this content is there."""
        return self.path(digest).is_file()

    def path(self, digest: str) -> Path:
        """Where the content lies, or would lie. Raises 404 for a text that is no hash."""
        if not _SHA_256.fullmatch(digest):
            raise Problem(404, "unknown_content", "a content is named by its SHA-256 in hex")
        return self._root / digest[:2] / digest

    @contextmanager
    def incoming(self, digest: str, length: int) -> Iterator[Incoming]:
        """Takes the pieces of a content. Raises 422 at the end where they are not what it names."""
        place = self.path(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._root, suffix=".part", delete=False) as file:
            part = Path(file.name)
            try:
                incoming = Incoming(file, length)
                yield incoming
                incoming.require(digest)
                file.flush()
                os.fsync(file.fileno())
                part.replace(place)
            finally:
                part.unlink(missing_ok=True)


class Incoming:
    """A content on its way in."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self._file = file
        self._left = length
        self._found = sha256()

    def write(self, piece: bytes) -> None:
        """Take a piece; raises 422 for more bytes than were promised."""
        self._left -= len(piece)
        if self._left < 0:
            raise _wrong_content()
        self._found.update(piece)
        self._file.write(piece)

    def require(self, digest: str) -> None:
        """Raise 422 where the bytes are not those of this hash, or not all of them."""
        if self._left or self._found.hexdigest() != digest:
            raise _wrong_content()


def _wrong_content() -> Problem:
    return Problem(422, "wrong_content", "the bytes are not those of this hash and length")


def refusal(size: int, media_type: str) -> tuple[str, str] | None:
    """Why a content of this size and type is not taken: a code, and words; None where it is."""
    if size > MAX_CONTENT_BYTES:
        return "too_large", f"{size:,} bytes, {MAX_CONTENT_BYTES:,} are allowed"
    if media_type not in MEDIA_TYPES:
        return "wrong_type", f"this shop takes no {media_type}"
    return None

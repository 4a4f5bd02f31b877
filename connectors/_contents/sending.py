"""The bytes of a file in pieces, as long as they are those that were promised."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

PIECE = 2**20
"""Bytes read at a time."""


class Changed(Exception):
    """The file does not hold the content that its record names."""


class CheckedPieces:
    """The file's bytes; may be gone through again, for a request that has to be repeated.

    Raises `Changed` where size or hash is another. The last piece is kept back until the hash
    is right, so that the other side never gets a whole content that is a wrong one.
    """

    def __init__(self, file: BinaryIO, digest: str, size: int) -> None:
        self._file = file
        self._digest = digest
        self._size = size

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        digest, left = sha256(), self._size
        while left > 0:
            piece = self._file.read(min(PIECE, left))
            if not piece:
                raise Changed("it is shorter than it was")
            digest.update(piece)
            left -= len(piece)
            if left == 0:
                self._require_end(digest.hexdigest())
            yield piece

    def _require_end(self, digest: str) -> None:
        if self._file.read(1):
            raise Changed("it is longer than it was")
        if digest != self._digest:
            raise Changed("it holds other bytes than it did")

"""How far the store has got, kept beside it: an old copy that is put back gives itself away.

What the old copy says was taken over may since have changed at the target, and changed back at the
source: nothing would differ, and the target would keep what it should not.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class _Mark(NamedTuple):
    version: int = 0
    size: int = -1
    modified: int = -1


class Watermark:
    """A small file: the highest version that the store reached, and how it was left when closed."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._path = store.with_name(store.name + ".watermark")

    def read(self) -> int:
        """The highest version noted, 0 where none was."""
        return self._mark().version

    def is_untouched(self) -> bool:
        """Whether the store was closed in order and its file is as it was then."""
        mark = self._mark()
        wal = self._store.with_name(self._store.name + "-wal")
        # An empty one holds nothing: somebody who may only read has looked into the store.
        if wal.exists() and wal.stat().st_size:
            return False
        state = self._store.stat()
        return (state.st_size, state.st_mtime_ns) == (mark.size, mark.modified)

    def note(self, version: int, *, closed: bool = False) -> None:
        """The store has got so far. Raises OSError; what is lost then is the warning only."""
        mark = _Mark(version)
        if closed:
            state = self._store.stat()
            mark = _Mark(version, state.st_size, state.st_mtime_ns)
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(descriptor, "w", encoding="ascii") as file:  # noqa: PTH123 - it is a descriptor
            file.write(" ".join(map(str, mark)))
        fresh.replace(self._path)

    def _mark(self) -> _Mark:
        try:
            numbers = [int(text) for text in self._path.read_text(encoding="ascii").split()]
        except (FileNotFoundError, ValueError):
            return _Mark()
        return _Mark(*numbers[:3])

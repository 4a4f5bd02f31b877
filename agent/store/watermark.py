"""How far the store has got, kept beside it: an old copy that is put back gives itself away.

What the old copy says was taken over may since have changed at the target, and changed back at the
source: nothing would differ, and the target would keep what it should not.
"""

from __future__ import annotations

import os
from pathlib import Path


class Watermark:
    """A small file with the highest version that the store is known to have reached."""

    def __init__(self, store: Path) -> None:
        self._path = store.with_name(store.name + ".watermark")

    def read(self) -> int:
        """The highest version noted, 0 where none was."""
        try:
            return int(self._path.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def note(self, version: int) -> None:
        """The store has got so far. Raises OSError; what is lost then is the warning only."""
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(descriptor, "w", encoding="ascii") as file:  # noqa: PTH123 - it is a descriptor
            file.write(str(version))
        fresh.replace(self._path)

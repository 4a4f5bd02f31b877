"""A private copy of a database that others have open, and the digest of what is in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from xxhash import xxh3_128

from agent.errors import Misconfigured, Unavailable

CHUNK = 2**20
LOCKS = {".mdb": ".ldb", ".accdb": ".laccdb"}
"""What Access puts beside a database as long as somebody has it open."""


class Copy:
    """A copy in a folder that only this user can enter; gone when it is closed."""

    def __init__(self, file: Path) -> None:
        self._folder: str | None = None
        try:
            with file.open("rb") as original:
                self._folder = tempfile.mkdtemp(prefix="syncagent-")
                self.path = Path(self._folder) / f"copy{file.suffix.lower()}"
                before = _state(original)
                self.digest = _copied(original, self.path)
                unchanged = _state(original) == before
        except PermissionError as error:
            self.close()
            raise Misconfigured(
                "SA-2042",
                f"no right to read {error.filename or file}",
                hint="grant the service's user read on the file; test as that user",
            ) from error
        except OSError as error:
            self.close()
            raise Unavailable("SA-2041", f"{file}: {error.strerror or error}") from error
        if not unchanged:
            self.close()
            raise Unavailable(
                "SA-2043",
                f"{file.name} changed while it was copied",
                hint="nothing, if it passes; otherwise read it when less is written",
            )

    def close(self) -> None:
        """Remove the copy; closing twice is harmless."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def in_use(file: Path) -> bool:
    """Whether somebody has the database open, as Access tells by a file beside it."""
    lock = LOCKS.get(file.suffix.lower())
    return lock is not None and file.with_suffix(lock).exists()


def _copied(original: BinaryIO, path: Path) -> str:
    digest = xxh3_128()
    with path.open("xb") as copy:
        while piece := original.read(CHUNK):
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


def _state(file: BinaryIO) -> tuple[int, int]:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns

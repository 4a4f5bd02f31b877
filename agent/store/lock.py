"""The lock that keeps a second process away from the store."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from agent.clock import utc_text
from agent.errors import Misconfigured, Unavailable

if sys.platform == "win32":
    import msvcrt

    # A locked byte cannot be read by others on Windows: lock one far behind the text.
    _LOCKED_BYTE = 1 << 30

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """An operating system's lock on a file that names its holder; a crash releases it."""

    def __init__(self, path: Path, now: int) -> None:
        self._path = path
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Misconfigured(
                "SA-6006",
                f"the store's lock {path} cannot be opened: {error.strerror}",
                hint="The folder must exist and belong to the user the agent runs as.",
            ) from error
        try:
            _lock(self._descriptor)
        except OSError:
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            holder = os.read(self._descriptor, 200).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise Unavailable(
                "SA-6001",
                f"the store is in use by {holder or 'another process'}",
                hint="One agent works on a store at a time: speak to the running one, or stop it.",
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, f"process {os.getpid()} since {utc_text(now)}\n".encode())

    def release(self) -> None:
        """Let the next one in. The file stays: removing it would race with the next opener."""
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1

"""What can go wrong under the store, and which of the errors it is for the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from agent.errors import Misconfigured, SyncError, Unavailable


class StoreFailed(SyncError):
    """Nobody knows what reached the disk: the process must end, and verify at its next start.

    After a failed write or fsync the operating system may have thrown the pages away, and a second
    fsync would answer "done". Neither retried nor parked: the daemon stops on it.
    """


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the store's own; programming errors pass as they are."""
    try:
        yield
    except apsw.Error as error:
        known = _translate(error, path)
        if known is None:
            raise
        raise known from error


def _translate(error: apsw.Error, path: Path) -> SyncError | None:
    match error:
        case apsw.FullError():
            return Unavailable(
                "SA-6004",
                f"the disk that holds {path} is full",
                hint="Free space on it; delivery goes on and reading resumes by itself.",
            )
        case apsw.IOError():
            return StoreFailed(
                "SA-6005",
                f"reading or writing {path} failed: {error}",
                hint="Look for a full disk, a quota or a failing drive, then start the agent.",
            )
        case apsw.CorruptError() | apsw.NotADBError():
            return StoreFailed(
                "SA-6002",
                f"the store {path} is damaged: {error}",
                hint="Start the agent again: it restores the newest good backup.",
            )
        case apsw.BusyError() | apsw.LockedError():
            return Unavailable(
                "SA-6008",
                f"another program keeps {path} locked",
                hint="Close SQLite browsers, backup and virus scanners that have it open.",
            )
        case apsw.CantOpenError() | apsw.ReadOnlyError() | apsw.PermissionsError():
            return not_writable(path, error)
    return None


def not_writable(path: Path, error: Exception) -> Misconfigured:
    """The file or its folder belongs to somebody else."""
    return Misconfigured(
        "SA-6006",
        f"the store {path} cannot be opened for writing: {error}",
        hint="The folder must exist and belong to the user the agent runs as.",
    )

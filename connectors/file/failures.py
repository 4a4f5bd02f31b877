"""What the operating system reports about a folder, as one of the three errors."""

from __future__ import annotations

import errno
from pathlib import Path

from agent.errors import Misconfigured, SyncError, Unavailable

SHARING_VIOLATION = 32


def sorted_out(error: OSError, folder: Path, *, untouched: bool) -> SyncError:
    """The error; a full disk and a share that is away pass by themselves, a missing right not."""
    where = error.filename or folder
    in_use = getattr(error, "winerror", None) == SHARING_VIOLATION
    if isinstance(error, FileNotFoundError):
        return Unavailable(
            "SA-5320",
            f"{where} is not there",
            hint="create the folder, or bring its share back",
            untouched=untouched,
        )
    if error.errno == errno.EXDEV:
        return Misconfigured(
            "SA-5328",
            f"{folder} and its workspace lie on two file systems",
            hint="name a workspace on the folder's own file system",
            untouched=untouched,
        )
    if isinstance(error, PermissionError) and not in_use:
        return Misconfigured(
            "SA-5322",
            f"no right to work in {where}",
            hint="grant the service's user read, write and delete in the folder and its workspace",
            untouched=untouched,
        )
    return Unavailable("SA-5321", f"{where}: {error.strerror or error}", untouched=untouched)

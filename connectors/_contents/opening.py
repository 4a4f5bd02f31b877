"""Opens files below a folder: never above it, never through a link, never anything but a file."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

SEPARATORS = {"/", "\\", ":"} if sys.platform == "win32" else {"/"}
"""What parts a path on this system, or names a drive or a stream."""


class NotBelow(Exception):
    """The path leads out of the folder, through a link, or to something that is no file."""


def open_below(root: Path, path: str) -> BinaryIO:
    """The file at this path (parts joined by `/`) below the folder, open for reading.

    Raises `NotBelow`, or OSError as the system tells it.
    """
    parts = path.split("/")
    if any(_is_forbidden(part) for part in parts):
        raise NotBelow(f"{path!r} is no path below a folder")
    try:
        descriptor = _open(root, parts)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise NotBelow(f"{path!r} leads through a link") from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotBelow(f"{path!r} is no file")
    return os.fdopen(descriptor, "rb")


def _is_forbidden(part: str) -> bool:
    return part in {"", ".", ".."} or "\0" in part or any(sign in part for sign in SEPARATORS)


if sys.platform == "win32":

    def _open(root: Path, parts: list[str]) -> int:
        path = os.path.join(os.path.realpath(root), *parts)  # noqa: PTH118 - beside realpath
        if os.path.normcase(os.path.realpath(path)) != os.path.normcase(path):
            raise OSError(errno.ELOOP, "a link", path)
        return os.open(path, os.O_RDONLY | os.O_BINARY)

else:

    def _open(root: Path, parts: list[str]) -> int:
        """Step by step from folder to folder, so that none can be exchanged for a link meanwhile.

        Without O_NONBLOCK a named pipe would wait for somebody to write into it.
        """
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in parts[:-1]:
                below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = below
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            return os.open(parts[-1], flags, dir_fd=folder)
        finally:
            os.close(folder)

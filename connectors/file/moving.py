"""What the operating system does in one step: write durably, rename without overwriting."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EISDIR}
"""What a file system answers that has no fsync for folders. Anything else is a failure."""
_AT_FDCWD, _NO_REPLACE = -100, 1


def write_durably(path: Path, data: bytes, permissions: str = "") -> None:
    """The file with just these bytes, on the disk when this returns. A link is not followed."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if permissions and os.name == "posix":
            os.fchmod(handle, int(permissions, 8))
        os.fsync(handle)
    finally:
        os.close(handle)


def make_durable(*folders: Path) -> None:
    """What was renamed in these folders survives a power loss, as far as their system can tell."""
    for folder in folders if os.name == "posix" else ():
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in CANNOT_SYNC:
                raise
        finally:
            os.close(handle)


def rename_to_new(source: Path, target: Path) -> None:
    """Rename in one step; raises FileExistsError where there is something already."""
    if not _renames_to_new(source, target):
        rename_after_a_look(source, target)


def rename_after_a_look(source: Path, target: Path) -> None:
    """The same where the file system cannot refuse by itself, as NFS and some older ones.

    There is an instant in which a file of the same name could still come, and be overwritten.
    """
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)


def refuses_by_itself(folder: Path) -> bool:
    """Whether the file system of a folder renames without overwriting in one step."""
    if sys.platform == "win32":
        return True
    source, target = folder / "probe", folder / "probe.renamed"
    source.write_bytes(b"")
    try:
        return _renames_to_new(source, target)
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)


def boot() -> str:
    """What names the time since this machine was started; "" where the system does not tell."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def _renames_to_new(source: Path, target: Path) -> bool:
    """False: the system has no such step."""
    if sys.platform == "win32":
        source.rename(target)  # refuses what is there
        return True
    if _RENAMEAT2 is None:
        return False
    paths = os.fsencode(source), os.fsencode(target)
    if _RENAMEAT2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _NO_REPLACE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS}:
        return False
    raise OSError(number, os.strerror(number), str(target))


def _renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """Linux's own, through the C library: Python has no name for it."""
    if sys.platform != "linux":
        return None
    try:
        found = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return None
    path = ctypes.c_char_p
    found.argtypes = [ctypes.c_int, path, ctypes.c_int, path, ctypes.c_uint]
    return found


_RENAMEAT2 = _renameat2()

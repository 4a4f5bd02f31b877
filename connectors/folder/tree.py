"""Finds the files of a flow: what lies there at one look, and what cannot be looked at.

No link is followed, neither to a file nor to a folder: a link could lead out of the folder, or in
a circle.
"""

from __future__ import annotations

import os
import stat
import sys
import time
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from agent.errors import Misconfigured, Rejected, Unavailable
from connectors._drop.folder import TEMPORARY, refuse_network_drive
from connectors.folder.options import FolderConnection, FolderOptions

CLOCKS_DIFFER_NS = 3_600_000_000_000
"""A change that lies ahead by less was made just now, by the clock of a share. One that lies ahead
by more is a wrong time, which some cameras write."""
_JUNCTION = 0xA0000003  # Windows: a folder that stands for another one


class Identity(NamedTuple):
    """What stays the same as long as nobody touches a file."""

    size: int
    modified_ns: int
    inode: int

    @classmethod
    def of(cls, state: os.stat_result) -> Identity:
        """The identity of a file as the system tells it."""
        return cls(state.st_size, state.st_mtime_ns, state.st_ino)


class Sighting(NamedTuple):
    """A file at one look. `path` is relative to the folder, its parts joined by `/`."""

    path: str
    parts: tuple[str | None, ...]
    identity: Identity
    settled: bool
    link: bool


class Tree:
    """A folder as one flow sees it."""

    def __init__(self, connection: FolderConnection, options: FolderOptions) -> None:
        self.root = connection.folder
        self._settle_ns = int(connection.settle * 1e9)
        self._patterns = options.patterns
        self._parts = options.parts
        self._defaults = options.defaults
        self._recursive = options.recursive
        self._depth = max(pattern.depth for pattern in self._patterns)

    def walk(self) -> Iterator[Sighting | Rejected]:
        """Every file that fits a pattern, in a fixed order; a `Rejected` for what hides some.

        Raises `Unavailable` or `Misconfigured` where the folder itself cannot be read.
        """
        refuse_network_drive(self.root)
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            try:
                entries = self._entries(folder)
            except Rejected as refusal:
                yield refusal
                continue
            below = []
            for name, state in entries:
                path = f"{folder}/{name}" if folder else name
                if _leads_elsewhere(state) and self._descends(path):
                    yield from self._link(path, state)
                elif stat.S_ISDIR(state.st_mode):
                    if self._descends(path):
                        below.append(path)
                else:
                    yield from self._file(path, state)
            waiting += reversed(below)

    def concerns(self, path: str) -> bool:
        """Whether a file of this path is one of the flow's."""
        return not _is_passed_over(path.rpartition("/")[2]) and self._read(path) is not None

    def _entries(self, folder: str) -> list[tuple[str, os.stat_result]]:
        """Names and states in one folder, by name."""
        found = []
        try:
            with os.scandir(self.root / folder) as entries:
                for entry in entries:
                    if not _is_passed_over(entry.name):
                        try:
                            # Not entry.stat(): on Windows it knows no inode.
                            found.append((entry.name, os.lstat(entry.path)))
                        except FileNotFoundError:
                            continue  # gone since it was listed
        except OSError as error:
            raise self._failure(folder, error) from error
        return sorted(found, key=lambda each: each[0])

    def _failure(self, folder: str, error: OSError) -> Exception:
        place = folder or str(self.root)
        if isinstance(error, PermissionError):
            if not folder:
                return Misconfigured(
                    "SA-2702", f"no right to read {place}", hint="grant the service's user read"
                )
            return Rejected(
                "SA-2704",
                f"the folder {place!r} cannot be read: {error.strerror}",
                hint="grant the service's user read on it",
            )
        if isinstance(error, FileNotFoundError | NotADirectoryError) and folder:
            return Unavailable("SA-2703", f"the folder {place!r} went while it was read")
        if isinstance(error, FileNotFoundError):
            return Unavailable(
                "SA-2701",
                f"{place} is not there",
                hint="create the folder, or bring its share back",
            )
        return Unavailable("SA-2703", f"{place}: {error.strerror or error}")

    def _descends(self, path: str) -> bool:
        return self._recursive or path.count("/") < self._depth

    def _link(self, path: str, state: os.stat_result) -> Iterator[Sighting | Rejected]:
        """A link in the place of a file is refused as that file, one to a folder as a whole."""
        if (self.root / path).is_dir():
            yield Rejected(
                "SA-2705",
                f"{path!r} is a link to a folder; links are not followed",
                hint="put the folder itself there, or give it a connection of its own",
            )
        else:
            yield from self._file(path, state)

    def _file(self, path: str, state: os.stat_result) -> Iterator[Sighting | Rejected]:
        link = _leads_elsewhere(state)
        if not (link or stat.S_ISREG(state.st_mode)):
            return
        parts = self._read(path)
        if parts is None:
            return
        if _is_broken(path):
            yield Rejected(
                "SA-2706",
                f"the name {path!r} is not valid text",
                hint="rename the file",
            )
            return
        # The change time moves with every write; the modification time may be kept by a copy.
        age = time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns)
        settled = not -CLOCKS_DIFFER_NS < age < self._settle_ns
        yield Sighting(path, parts, Identity.of(state), settled, link)

    def _read(self, path: str) -> tuple[str | None, ...] | None:
        """The parts of a path in the order of the columns; None where no pattern fits."""
        composed = unicodedata.normalize("NFC", path)
        for pattern in self._patterns:
            end = composed
            if self._recursive:
                end = "/".join(composed.split("/")[-pattern.depth - 1 :])
            parts = pattern.read(end)
            if parts is not None:
                return tuple(parts.get(name, self._defaults.get(name)) for name in self._parts)
        return None


def _is_passed_over(name: str) -> bool:
    """Names that programs give to what is not finished, or not meant to be seen."""
    lowered = name.lower()
    return lowered.startswith((".", "~$")) or lowered.endswith(TEMPORARY)


def _leads_elsewhere(state: os.stat_result) -> bool:
    junction = sys.platform == "win32" and state.st_reparse_tag == _JUNCTION
    return junction or stat.S_ISLNK(state.st_mode)


def _is_broken(text: str) -> bool:
    """Whether a name has bytes that are no text: the system gives them as half surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False

"""The drop folder: which files are ready, and where they go. Files move, they are never copied.

    <folder>/articles.csv                           dropped, perhaps still being written
    <folder>/.syncagent/claimed/<time>_articles.csv claimed: ours to read
    <folder>/archive/<time>_articles.csv            taken over
    <folder>/quarantine/<time>_articles.csv         cannot be used; the reason stands beside it

A file found in `claimed` at the start was claimed by an earlier life that did not finish it.

Some formats keep part of a table in a second file of the same name (the memos of `articles.dbf` in
`articles.fpt`): a companion, which is claimed before its file and goes wherever that goes.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path, PureWindowsPath
from typing import BinaryIO, NamedTuple

from agent.errors import Misconfigured, Unavailable
from connectors._drop.options import DropConnection

INSIDE = ".syncagent"
LONGEST_NAME = 200
STAMP = "%Y%m%dT%H%M%S.%fZ"
TEMPORARY = (".tmp", ".part", ".filepart", ".crdownload")
RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{port}{i}" for port in ("com", "lpt") for i in range(10)
}
SHARING_VIOLATION = 32


class Sighting(NamedTuple):
    """A file at one look. `waits` says why it is not read yet, "" when it is ready."""

    modified_ns: int
    name: str
    size: int
    waits: str


class DropFolder:
    """One folder, seen by one flow through its `files` pattern.

    `companions` are the suffixes, in small letters, of files that belong to a file.
    """

    def __init__(
        self, connection: DropConnection, pattern: str, companions: tuple[str, ...] = ()
    ) -> None:
        self.root = connection.folder
        self._connection = connection
        self._pattern = pattern.lower()
        self._companions = companions

    def concerns(self, name: str) -> bool:
        """Whether a file of that name is one of this flow's, finished or not."""
        lowered = name.lower()
        return (
            fnmatchcase(lowered, self._pattern)
            and not lowered.startswith((".", "~$"))
            and not lowered.endswith(TEMPORARY)
            and lowered.split(".")[0].rstrip() not in RESERVED
            and len(os.fsencode(name)) <= LONGEST_NAME
        )

    def accompanies(self, name: str) -> bool:
        """Whether a file of that name may be a companion."""
        return Path(name).suffix.lower() in self._companions

    def look(self) -> list[Sighting]:
        """All files of this flow, oldest first."""
        with self.system_errors():
            refuse_network_drive(self.root)
            seen = []
            with os.scandir(self.root) as entries:
                for entry in entries:
                    if self.concerns(entry.name):
                        state = entry.stat(follow_symlinks=False)
                        if stat.S_ISREG(state.st_mode):
                            seen.append((entry.name, state))
            now = self._now_ns() if seen and not self._connection.ready_suffix else 0
            return sorted(
                Sighting(state.st_mtime_ns, name, state.st_size, self._waits(name, state, now))
                for name, state in seen
            )

    def claims(self) -> Iterator[Path]:
        """Claims one ready file after the other, each when it is asked for."""
        for sighting in self.look():
            if not sighting.waits and (path := self._claim(sighting)):
                yield path

    def left_over(self) -> list[Path]:
        """Claimed files that an earlier life did not finish, oldest first."""
        with self.system_errors():
            refuse_network_drive(self.root)
            claimed = self._inner(INSIDE, "claimed")
            self._give_back_companions(claimed)
            return sorted(
                self._mine(claimed),
                key=lambda path: (path.stat().st_mtime_ns, path.name),
            )

    def newest_archived(self) -> Path | None:
        """The file that was taken over last."""
        with self.system_errors():
            return max(self._mine(self._inner(self._connection.archive)), default=None)

    def open(self, path: Path) -> BinaryIO:
        """The file's bytes; a link is not followed."""
        with self.system_errors():
            return open(path, "rb", opener=_without_following)

    def companions(self, path: Path) -> list[Path]:
        """The companions that were claimed with a file."""
        beside = (path.with_suffix(suffix) for suffix in self._companions)
        return [companion for companion in beside if companion.is_file()]

    def archive(self, path: Path) -> None:
        """Put a file away that was taken over. Putting it away twice is harmless."""
        self._put(path, self._connection.archive)
        with suppress(OSError):  # what is kept too long harms nobody, and the next file tries again
            self._prune()

    def quarantine(self, path: Path, reason: str) -> None:
        """Put a file away that cannot be used, with the reason beside it."""
        with self.system_errors():
            beside = self._inner(self._connection.quarantine) / f"{path.name}.reason.txt"
            beside.write_text(f"{reason}\n", encoding="utf-8")
        self._put(path, self._connection.quarantine)

    def _waits(self, name: str, state: os.stat_result, now_ns: int) -> str:
        if suffix := self._connection.ready_suffix:
            try:
                marker = (self.root / f"{name}{suffix}").lstat()
            except FileNotFoundError:
                return f"waits for its marker {name}{suffix}"
            # A marker that is older belongs to an earlier file of the same name.
            old = marker.st_mtime_ns < state.st_mtime_ns
            return f"its marker {name}{suffix} is older than the file" if old else ""
        with_it = [companion.lstat().st_mtime_ns for companion in self._dropped_with(name)]
        age = (now_ns - max(state.st_mtime_ns, *with_it, 0)) / 1e9
        if age < 0:
            return "was modified in the future: the clocks differ"
        return "" if age >= self._connection.settle else f"changed {age:.1f} s ago, still settling"

    def _now_ns(self) -> int:
        """The time as the folder's file system tells it: a share's clock may differ from ours."""
        probe = self._inner(INSIDE) / "clock"
        probe.write_bytes(b"\n")
        return probe.stat().st_mtime_ns

    def _claim(self, sighting: Sighting) -> Path | None:
        """Rename a file to ours; None where it changed or went since the look."""
        source = self.root / sighting.name
        with self.system_errors():
            target = _stamped(self._inner(INSIDE, "claimed"), sighting.name)
            try:
                state = source.lstat()
                if (state.st_size, state.st_mtime_ns) != (sighting.size, sighting.modified_ns):
                    return None
                for companion in self._dropped_with(sighting.name):
                    companion.rename(target.with_suffix(companion.suffix.lower()))
                source.rename(target)
            except FileNotFoundError:
                return None
            except PermissionError as error:
                if getattr(error, "winerror", None) == SHARING_VIOLATION:
                    return None  # Windows: whoever writes it still holds it open
                raise
            if suffix := self._connection.ready_suffix:
                (self.root / f"{sighting.name}{suffix}").unlink(missing_ok=True)
        return target

    def _dropped_with(self, name: str) -> list[Path]:
        """Companions that lie beside a file in the drop folder, whatever their capitals."""
        if not self._companions:
            return []
        wanted = {Path(name).with_suffix(suffix).name.lower() for suffix in self._companions}
        found = sorted(path for path in self.root.iterdir() if path.name.lower() in wanted)
        return [path for path in found if stat.S_ISREG(path.lstat().st_mode)]

    def _give_back_companions(self, claimed: Path) -> None:
        """A crash between two renames left a companion among the claimed files, alone."""
        for path in claimed.iterdir() if self._companions else ():
            here = self.root / name_of(path)
            if self.accompanies(path.name) and not here.exists() and not self._file_of(path):
                path.rename(here)

    def _file_of(self, companion: Path) -> bool:
        return any(path.stem == companion.stem for path in self._mine(companion.parent))

    def _put(self, path: Path, folder: str) -> None:
        with self.system_errors():
            target = self._inner(folder) / path.name
        try:
            for companion in self.companions(path):
                companion.replace(target.with_suffix(companion.suffix))
            path.replace(target)
        except FileNotFoundError:
            return  # gone already: nothing is left behind that could be read again
        except OSError as error:
            kind = Misconfigured if isinstance(error, PermissionError) else Unavailable
            raise kind(
                "SA-2016",
                f"{name_of(path)} was read but cannot be moved to {folder}: {error.strerror}",
                hint="close programs that hold it open, check the rights on the folder",
            ) from error
        _make_durable(target.parent, path.parent)

    def _prune(self) -> None:
        oldest = datetime.now(UTC) - timedelta(seconds=self._connection.keep_for)
        files = sorted(self._mine(self._inner(self._connection.archive)), reverse=True)
        for place, path in enumerate(files[1:], 1):
            if place >= self._connection.keep_files or path.name < oldest.strftime(STAMP):
                for old in (*self.companions(path), path):
                    old.unlink()

    def _mine(self, folder: Path) -> list[Path]:
        """This flow's files among those that were claimed once."""
        return [
            path
            for path in folder.iterdir()
            if self.concerns(name_of(path)) and stat.S_ISREG(path.lstat().st_mode)
        ]

    def _inner(self, *names: str) -> Path:
        """A folder of ours inside the drop folder: made when missing, refused when it leads out."""
        path = self.root
        for name in names:
            path /= name
            if not path.is_symlink() and not path.exists():
                path.mkdir(exist_ok=True)
        inside = os.path.join(os.path.realpath(self.root), *names)  # noqa: PTH118 - beside realpath
        same_device = path.exists() and path.stat().st_dev == self.root.stat().st_dev
        if os.path.realpath(path) != inside or not path.is_dir() or not same_device:
            raise Misconfigured(
                "SA-2005",
                f"{path} must be a plain folder on the file system of {self.root}",
                hint="remove the link or file of that name; the agent makes the folder",
            )
        return path

    @contextmanager
    def system_errors(self) -> Iterator[None]:
        """What the operating system reports, as the three errors."""
        try:
            yield
        except PermissionError as error:
            raise Misconfigured(
                "SA-2002",
                f"no right to work in {error.filename or self.root}",
                hint="grant the service's user read, write and delete",
            ) from error
        except FileNotFoundError as error:
            raise Unavailable(
                "SA-2001",
                f"{error.filename or self.root} is not there",
                hint="create the folder, or bring its share back",
            ) from error
        except OSError as error:
            raise Unavailable(
                "SA-2003", f"{error.filename or self.root}: {error.strerror or error}"
            ) from error


def _without_following(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def name_of(path: Path) -> str:
    """The name under which a claimed or archived file was dropped."""
    return path.name.partition("_")[2]


def refuse_network_drive(folder: Path) -> None:
    """On Windows raise `Misconfigured` for a drive letter that stands for a share."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - there on Windows only

        drive = PureWindowsPath(folder).drive
        remote = 4
        if drive.endswith(":") and ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == remote:
            raise Misconfigured(
                "SA-2004",
                f"{folder} lies on a network drive, which a service cannot see",
                hint=r"write it as \\server\share\folder",
            )


def _stamped(folder: Path, name: str) -> Path:
    """A path in `folder` that does not exist yet; names sort by the time they were claimed."""
    moment = datetime.now(UTC)
    while (path := folder / f"{moment.strftime(STAMP)}_{name}").exists():
        moment += timedelta(microseconds=1)
    return path


def _make_durable(*folders: Path) -> None:
    """A move must survive a power loss: the old file, read again, would undo newer values."""
    for folder in folders if os.name == "posix" else ():
        with suppress(OSError):  # some network file systems cannot sync a folder
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

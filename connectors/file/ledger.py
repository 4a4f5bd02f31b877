"""What was handed over, kept beside the folder, because the other program takes the files away.

    <workspace>/ledger/<digest of entity and key>   the entry of a record, replaced at each version
    <workspace>/ledger/horizon                      versions up to this one may have been forgotten
    <workspace>/outgoing/<digest>-<version>         a file, complete, on its way into the folder

An entry is written before its file is handed over, and the handing over is one rename of the file
in `outgoing`. Entry and file there: not handed over. Entry and no file: handed over. There is no
third case, and no moment at which both or neither could be true, whenever the process is killed.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import msgspec

from agent.errors import Misconfigured, Rejected
from agent.model import Message
from connectors.file.moving import make_durable, write_durably

PRUNE_EVERY = 86400.0


class Entry(msgspec.Struct, frozen=True):
    """The last version of a record that was prepared."""

    id: str
    version: int
    entity: str
    key: str
    name: str
    outgoing: str
    """The file whose rename was, or will be, the handing over."""
    ours: tuple[str, ...]
    """SHA-256 of what we may have put there under that name."""
    boot: str
    """Since when this machine ran when it was written."""


class Ledger:
    """The entries of one workspace. One process at a time writes it."""

    def __init__(self, workspace: Path, folder: Path) -> None:
        self._workspace = workspace
        self._folder = folder
        self.outgoing = workspace / "outgoing"
        self._entries = workspace / "ledger"
        self._horizon = self._entries / "horizon"

    def begin(self) -> None:
        """Make what is missing. A file that cannot be renamed into the folder is worth nothing."""
        for path in (self._workspace, self.outgoing, self._entries):
            if not path.is_symlink() and not path.exists():
                path.mkdir(exist_ok=True)
            if path.is_symlink() or not path.is_dir():
                raise _no_workspace(path, "must be a plain folder")
        if self.outgoing.stat().st_dev != self._folder.stat().st_dev:
            raise _no_workspace(self._workspace, f"lies on another file system than {self._folder}")
        if not self._horizon.exists():
            self._write(self._horizon, b"0")
            make_durable(self._entries, self._workspace)

    def find(self, message: Message) -> Entry | None:
        """The entry of a message's record. Raises `Rejected` for one that cannot be read."""
        path = self._entries / digest(message)
        try:
            return msgspec.json.decode(path.read_bytes(), type=Entry)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as error:
            raise Rejected(
                "SA-5329", f"the ledger's entry {path} cannot be read: {error}"
            ) from None

    def horizon(self) -> int | None:
        """Versions up to this one may have been forgotten; None: there is no ledger."""
        try:
            return int(self._horizon.read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def is_waiting(self, entry: Entry) -> bool:
        """Whether its file still lies in `outgoing`, and was therefore not handed over."""
        return os.path.lexists(self.outgoing / entry.outgoing)

    def note(self, message: Message, entry: Entry) -> None:
        """Write an entry in place of that of an earlier version or attempt."""
        self._write(self._entries / digest(message), msgspec.json.encode(entry))

    def sync(self) -> None:
        """What was noted survives a power loss."""
        make_durable(self._entries)

    def prune(self, remember: float) -> None:
        """Once a day forget what is older than `remember` seconds; the horizon rises first."""
        if time.time() - self._horizon.stat().st_mtime < PRUNE_EVERY:
            return
        oldest = time.time() - remember
        entries = (path for path in self._entries.iterdir() if path != self._horizon)
        old = [path for path in entries if path.stat().st_mtime < oldest]
        versions = [self.horizon() or 0, *map(_version, old)]
        self._write(self._horizon, str(max(versions)).encode())
        make_durable(self._entries)
        for path in old:
            path.unlink()
        for path in self.outgoing.iterdir():
            # With its entry still there, a file that is missing would count as handed over.
            if not (self._entries / path.name.partition("-")[0]).exists():
                path.unlink()

    def _write(self, path: Path, data: bytes) -> None:
        """The old content or the new one, never half of it."""
        part = self._workspace / f"{path.name}.part"
        write_durably(part, data)
        part.replace(path)


def digest(message: Message) -> str:
    """Names the record: fit for any file system, whatever the key."""
    return hashlib.sha256(f"{message.entity}\0{message.key}".encode()).hexdigest()[:40]


def _version(path: Path) -> int:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Entry).version
    except msgspec.DecodeError:
        return 0


def _no_workspace(path: Path, why: str) -> Misconfigured:
    return Misconfigured(
        "SA-5328",
        f"{path} {why}",
        hint="name a workspace on the folder's own file system; the agent makes what is inside",
        untouched=True,
    )

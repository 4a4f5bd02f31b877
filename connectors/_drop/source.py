"""Reads a drop folder: claim, skip what is known, hand on rows, archive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TypeVar

from xxhash import xxh3_64_intdigest, xxh3_128

from agent.contract import Batch, Closing, Finding, Source
from agent.errors import Misconfigured, Rejected, Unavailable
from connectors._drop.folder import DropFolder, name_of
from connectors._drop.options import DropConnection, DropOptions
from connectors._drop.rows import Stretch, Table, picked

CHUNK = 2**20
"""Bytes digested at a time."""

DropOptionsT = TypeVar("DropOptionsT", bound=DropOptions)


class DropSource(Source[DropConnection, DropOptionsT]):
    """Files of a drop folder; a format gives `table`.

    The cursor is the digest of the content taken over last: a file with the same content is
    archived unread. It moves with the last batch of a file only, so a pass that breaks off reads
    the file again.
    """

    companions: tuple[str, ...] = ()
    """Suffixes of files that hold part of a file of the same name: `.fpt`."""

    def __init__(self, connection: DropConnection, options: DropOptionsT) -> None:
        super().__init__(connection, options)
        self._folder = DropFolder(connection, options.files, self.companions)
        # Files read differently differ: the same bytes mean something else.
        meaning = options.model_dump_json(exclude={"files", "key", "contents"})
        self._seed = xxh3_64_intdigest(meaning.encode())
        self._reading: Path | None = None
        self._file: BinaryIO | None = None
        self._unsettled: list[tuple[Batch, Path]] = []

    def table(self, file: BinaryIO) -> Table:
        """The columns and rows of one file; raises `Rejected` for one that cannot be used."""
        raise NotImplementedError

    @property
    def key_columns(self) -> tuple[str, ...]:
        """As configured."""
        return self.options.key

    def check(self) -> Iterator[Finding]:
        """The folder, the rights on it, and each file with why it is not read yet."""
        files = self._folder.look()
        left_over = self._folder.left_over()
        yield Finding(str(self._folder.root), f"{len(files)} files match {self.options.files}")
        for path in left_over:
            yield Finding(name_of(path), "claimed earlier, will be read first")
        for file in files:
            yield Finding(file.name, file.waits or "ready")

    def read(self, cursor: str) -> Iterator[Batch]:
        """Every ready file, each its own pass, oldest first, after those claimed earlier.

        With an empty cursor and nothing waiting, the newest archived whole table is read again.
        A file that cannot be used goes to the quarantine; its `Rejected` is raised when the other
        files are read, at once where some of its rows were handed on already.
        """
        refused: list[Rejected] = []
        found = False
        for path in chain(self._folder.left_over(), self._folder.claims()):
            found, started = True, False
            try:
                for batch in self._read_file(path, cursor):
                    started, cursor = True, batch.cursor
                    yield batch
            except Rejected as error:
                self._quarantine(path, f"{error}\n{error.hint}")
                if started:
                    raise
                refused.append(error)
        if not found and not cursor and self._is_whole:
            newest = self._folder.newest_archived()
            if newest:
                yield from self._read_file(newest, cursor, archived=True)
        if refused:
            raise refused[0]

    def settle(self, batch: Batch) -> None:
        """Archive the file whose last batch this is."""
        for entry in self._unsettled:
            if entry[0] is batch:
                self._folder.archive(entry[1])
                self._unsettled.remove(entry)
                if self._reading == entry[1]:
                    self._reading = None
                return

    def refuse(self, reason: str) -> None:
        """Quarantine the file being read."""
        if self._reading:
            self._quarantine(self._reading, reason)

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """These keys as of the newest archived whole table; rows that cannot be read come along.

        A drop folder has no other current state.
        """
        path = self._folder.newest_archived() if self._is_whole else None
        if path is None:
            raise Misconfigured(
                "SA-2017",
                f"no archived whole table {self.options.files} to look the keys up in",
                hint="drop a whole table",
            )
        wanted = frozenset(keys)
        for batch in self._read_file(path, "", archived=True):
            yield from self._only(batch, wanted)

    def watch(self, wake: Callable[[], None]) -> Closing:
        """Wakes as soon as a dropped file has settled."""
        from connectors._drop.watching import FolderWatch  # noqa: PLC0415 - 58 ms for who watches

        settle = 0.0 if self.connection.ready_suffix else self.connection.settle
        return FolderWatch(self._folder, self.connection.ready_suffix, settle, wake)

    def close(self) -> None:
        """Let go of the file being read."""
        if self._file:
            self._file.close()
            self._file = None

    @property
    def _is_whole(self) -> bool:
        return self.options.contents == "full"

    def _read_file(self, path: Path, cursor: str, *, archived: bool = False) -> Iterator[Batch]:
        """One pass over one file. Its last batch, held back until then, carries the new cursor."""
        with self._folder.system_errors(), self._folder.open(path) as file:
            self._file, self._reading = file, None if archived else path
            state = _state(file)
            content = self._content(path, file)
            last = Batch((), (), cursor=cursor, whole=self._is_whole)
            if content != cursor:
                columns, stretches = self.table(file)
                last = replace(last, columns=columns)
                held = None
                for stretch in stretches:
                    if held:
                        yield held
                        if file.closed:  # refused meanwhile
                            return
                    held = self._batch(last, path, stretch)
                last = replace(held or last, cursor=content, complete=self._is_whole)
            if _state(file) != state:
                raise Unavailable(
                    "SA-2007",
                    f"{name_of(path)} changed while it was read",
                    hint="raise settle, or let the export write a marker (ready_suffix)",
                )
        if not archived:
            self._unsettled.append((last, path))
        yield last

    def _content(self, path: Path, file: BinaryIO) -> str:
        """Digest of the contents as this flow understands them; leaves the file at its start."""
        digest = xxh3_128(seed=self._seed)
        for piece in _pieces(file):
            digest.update(piece)
        if not file.tell():
            raise Rejected("SA-2006", "the file is empty", hint="look at the export")
        file.seek(0)
        for companion in self._folder.companions(path):
            with self._folder.open(companion) as beside:
                for piece in _pieces(beside):
                    digest.update(piece)
        return digest.hexdigest()

    def _batch(self, last: Batch, path: Path, stretch: Stretch) -> Batch:
        where = partial(_where, name_of(path), stretch)
        return replace(last, rows=stretch.rows, digests=stretch.digests, where=where)

    def _only(self, batch: Batch, wanted: frozenset[str]) -> Iterator[Batch]:
        """The rows that are wanted, and those that cannot be read and might be."""
        try:
            found = picked(batch, self.options.key, wanted)
        except ValueError as error:
            raise Misconfigured(
                "SA-2017", f"no key column in the archived file: {error}"
            ) from error
        if found.rows:
            yield found

    def _quarantine(self, path: Path, reason: str) -> None:
        self.close()
        self._reading = None
        self._unsettled = [entry for entry in self._unsettled if entry[1] != path]
        self._folder.quarantine(path, reason)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK), b"")


def _state(file: BinaryIO) -> tuple[int, int]:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns


def _where(name: str, stretch: Stretch, index: int) -> str:
    return f"{name} {stretch.where(index)}"

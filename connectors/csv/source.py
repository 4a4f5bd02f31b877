"""Reads a drop folder: claim, skip what is known, hand on lines, archive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from xxhash import xxh3_128

from agent.contract import Batch, Closing, Finding, Source
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import join_key
from connectors.csv.folder import DropFolder, name_of
from connectors.csv.lines import CHUNK, Lines, chunks, split
from connectors.csv.options import CsvConnection, CsvOptions
from connectors.csv.rows import Dialect, Row, Rows

BATCH = 10_000
"""Lines a batch at most."""
LINE_TO_CELL = 16
"""A line may be this many times as long as its largest cell."""


class CsvSource(Source[CsvConnection, CsvOptions]):
    """CSV files of a drop folder.

    The cursor is the digest of the content taken over last: a file with the same content is
    archived unread. It moves with the last batch of a file only, so a pass that breaks off reads
    the file again.
    """

    def __init__(self, connection: CsvConnection, options: CsvOptions) -> None:
        super().__init__(connection, options)
        self._folder = DropFolder(connection, options.files)
        self._dialect = Dialect.of(options)
        self._reading: Path | None = None
        self._file: BinaryIO | None = None
        self._unsettled: list[tuple[Batch, Path]] = []

    @property
    def key_columns(self) -> Row:
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
        from connectors.csv.watching import FolderWatch  # noqa: PLC0415 - 58 ms for who watches

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
            content = self._hash(file)
            columns, stretches = self._header(self._lines(file))
            last = Batch(columns, (), cursor=cursor, whole=self._is_whole)
            if content != cursor:
                held = None
                for rows in self._rows(columns, stretches):
                    if held:
                        yield held
                        if file.closed:  # refused meanwhile
                            return
                    held = replace(
                        last, rows=rows, digests=rows.digests(), where=partial(_where, path, rows)
                    )
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

    def _hash(self, file: BinaryIO) -> str:
        """Digest of the contents as this flow understands them; leaves the file at its start."""
        digest = xxh3_128(seed=self._dialect.seed)
        while piece := file.read(CHUNK):
            digest.update(piece)
        if not file.tell():
            raise Rejected("SA-2006", "the file is empty", hint="look at the export")
        file.seek(0)
        return digest.hexdigest()

    def _lines(self, file: BinaryIO) -> Iterator[Lines]:
        options, encoding = self.options, self._dialect.encoding
        return split(
            chunks(file, options.encoding),
            delimiter=options.delimiter.encode(encoding),
            quote=options.quote.encode(encoding),
            skip=options.skip_lines,
            comment=options.comment.encode(encoding),
            limit=LINE_TO_CELL * options.max_cell,
        )

    def _header(self, stretches: Iterator[Lines]) -> tuple[Row, Iterable[Lines]]:
        """The names of the columns, and the lines after them."""
        if not self.options.header:
            return self.options.columns, stretches
        for lines in stretches:
            if lines.raw:
                rest = Lines(lines.raw[1:], lines.numbers[1:])
                return self._columns(lines.raw[0]), chain([rest], stretches)
        raise _unusable_header("there is none")

    def _columns(self, header: bytes) -> Row:
        try:
            cells = self._dialect.row(header)
        except Rejected as error:
            raise _unusable_header(error.reason) from error
        if len(cells) > self.options.max_columns:
            raise _unusable_header(f"{len(cells)} columns, {self.options.max_columns} are allowed")
        # Exports often end every line with a delimiter, which makes a last column without a name.
        names = tuple(cell.strip() or f"column_{i}" for i, cell in enumerate(cells, 1))
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise _unusable_header(f"it names {twice!r} twice")
        return names

    def _rows(self, columns: Row, stretches: Iterable[Lines]) -> Iterator[Rows]:
        for lines in stretches:
            for piece in lines.pieces(BATCH):
                yield Rows(piece, self._dialect, columns)

    def _only(self, batch: Batch, wanted: frozenset[str]) -> Iterator[Batch]:
        try:
            places = [batch.columns.index(name) for name in self.options.key]
        except ValueError as error:
            raise Misconfigured(
                "SA-2017", f"no key column in the archived file: {error}"
            ) from error
        if isinstance(batch.rows, Rows):
            rows = batch.rows.picked(
                lambda row: join_key(tuple(row[place].rstrip() for place in places)) in wanted
            )
            if rows:
                yield Batch(batch.columns, rows, digests=rows.digests())

    def _quarantine(self, path: Path, reason: str) -> None:
        self.close()
        self._reading = None
        self._unsettled = [entry for entry in self._unsettled if entry[1] != path]
        self._folder.quarantine(path, reason)


def _state(file: BinaryIO) -> tuple[int, int]:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns


def _where(path: Path, rows: Rows, index: int) -> str:
    return f"{name_of(path)} line {rows.number(index)}"


def _unusable_header(why: str) -> Rejected:
    return Rejected(
        "SA-2008",
        f"the header line cannot be used: {why}",
        hint="check encoding, delimiter and skip_lines",
    )

"""Reads a table of an Access database: copy, skip what is known, hand on every row."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Protocol

from agent.contract import Batch, Finding, Source
from agent.errors import Misconfigured
from connectors._drop.rows import Stretch, picked
from connectors.access.copying import Copy, in_use
from connectors.access.options import AccessConnection, AccessOptions


class Reader(Protocol):
    """A table of the copy, through whatever this system has for it."""

    columns: tuple[str, ...]

    def stretches(self, size: int) -> Iterator[Stretch]:
        """All rows, `size` at a time; raises unless every row came."""
        ...

    def close(self) -> None:
        """Let go of the copy."""
        ...


class AccessSource(Source[AccessConnection, AccessOptions]):
    """A table of an Access database, whole at every look: Access keeps no list of changes.

    The cursor is the digest of the file and of what is read of it, so a file that nobody wrote to
    is copied, but not opened.
    """

    def __init__(self, connection: AccessConnection, options: AccessOptions) -> None:
        super().__init__(connection, options)
        self._open = ExitStack()

    @property
    def key_columns(self) -> tuple[str, ...]:
        """As configured."""
        return self.options.key

    def check(self) -> Iterator[Finding]:
        """The file, who has it open, and the columns of the table."""
        file = self.connection.file
        reader = self._reader(self._copy())
        yield Finding(str(file), "is in use: a copy is read" if in_use(file) else "can be read")
        yield Finding(self.options.table, f"columns: {', '.join(reader.columns)}")
        self.close()

    def read(self, cursor: str) -> Iterator[Batch]:
        """Every row of the table, unless the file is as it was."""
        copy = self._copy()
        content = f"{copy.digest} {json.dumps([self.options.table, self.options.key])}"
        last = Batch((), (), cursor=cursor, whole=True)
        if content != cursor:
            held = None
            reader = self._reader(copy)
            last = replace(last, columns=reader.columns)
            number = 1
            for stretch in reader.stretches(self.options.batch_size):
                if held:
                    yield held
                where = partial(_where, stretch, number)
                held = replace(last, rows=stretch.rows, digests=stretch.digests, where=where)
                number += len(stretch.rows)
            last = replace(held or last, cursor=content, complete=True)
        self.close()
        yield last

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """These keys, picked out of the whole table."""
        wanted = frozenset(keys)
        reader = self._reader(self._copy())
        for stretch in reader.stretches(self.options.batch_size):
            batch = Batch(reader.columns, stretch.rows, digests=stretch.digests)
            try:
                found = picked(batch, self.options.key, wanted)
            except ValueError as error:
                raise Misconfigured("SA-2111", f"no key column: {error}") from error
            if found.rows:
                yield found
        self.close()

    def close(self) -> None:
        """End what reads the copy, then remove it."""
        self._open.close()

    def _copy(self) -> Copy:
        copy = Copy(self.connection.file)
        self._open.callback(copy.close)
        return copy

    def _reader(self, copy: Copy) -> Reader:
        reader: Reader
        if sys.platform == "win32":
            from connectors.access.driver import AccessDriver  # noqa: PLC0415 - Windows only

            reader = AccessDriver(copy.path, self.options.table, self.connection.patience)
        else:
            from connectors.access.mdbtools import Mdbtools  # noqa: PLC0415 - elsewhere only

            reader = Mdbtools(copy.path, self.options.table, self.connection.patience)
        self._open.callback(reader.close)
        return reader


def _where(stretch: Stretch, first: int, index: int) -> str:
    return stretch.where(first + index)

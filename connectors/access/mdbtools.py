"""Reads a copy through the programs of mdbtools.

Not through its ODBC driver, which gives wrong data without an error: -5 becomes 65531, and
`IS NULL` finds nothing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from threading import Timer

from agent.errors import Misconfigured, Unavailable
from connectors._drop.rows import Stretch
from connectors.access.rows import LineRows

_COLUMN = re.compile(r"\t\[(?P<name>[^]]+)\]\t+(?P<type>.+?)(?: \([\d, ]+\))?(?: NOT NULL)?,? ?")
"""A line of `mdb-schema`: `	[Codice]			Text (20), `."""


class Mdbtools:
    """One table of a copy."""

    def __init__(self, path: Path, table: str, patience: float) -> None:
        self._path, self._table, self._patience = path, table, patience
        self._process: subprocess.Popen[bytes] | None = None
        listed = self._said("mdb-tables", "-1", str(path)).splitlines()
        tables = [name for name in listed if name.strip()]  # of a damaged file they are blank
        if not tables:
            raise self._damaged("it shows no tables")
        if table not in tables:
            raise Misconfigured(
                "SA-2046",
                f"there is no table {table!r}, there are: {', '.join(tables)}",
                hint="linked tables and queries cannot be read",
            )
        schema = self._said(
            "mdb-schema", "--no-indexes", "--no-relations", f"--table={table}", str(path)
        )
        found = filter(None, map(_COLUMN.fullmatch, schema.splitlines()))
        self._types = {line["name"]: line["type"] for line in found}
        self.columns = tuple(self._types)

    def stretches(self, size: int) -> Iterator[Stretch]:
        """All rows, `size` at a time; raises `Unavailable` unless every row came."""
        expected = int(self._said("mdb-count", str(self._path), self._table))
        count = 0
        while lines := self._lines(size):
            rows = LineRows(self._types, lines)
            yield Stretch(rows, f"table {self._table} row {{}}".format, rows.digests())
            count += len(lines)
        assert self._process  # noqa: S101 - `_lines` started it
        status = self._process.wait()
        if status or count != expected:
            raise self._damaged(f"{count} of {expected} rows came (status {status})")

    def close(self) -> None:
        """End the program that reads, wherever it is; closing twice is harmless."""
        if self._process and self._process.stdout:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()

    def _lines(self, size: int) -> Sequence[bytes]:
        if not self._process:
            self._process = subprocess.Popen(
                [_program("mdb-json"), "--date-format=%Y-%m-%d",
                 "--datetime-format=%Y-%m-%dT%H:%M:%S", "--", str(self._path), self._table],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
        assert self._process.stdout  # noqa: S101 - a pipe was asked for
        watchdog = Timer(self._patience, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            return list(islice(self._process.stdout, size))
        finally:
            watchdog.cancel()

    def _said(self, *command: str) -> str:
        """What a program printed; raises `Unavailable` where it failed."""
        program, *arguments = command
        try:
            ended = subprocess.run(
                [_program(program), *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._patience,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise self._damaged(f"{program} took more than {self._patience:g} s") from error
        if ended.returncode:
            why = ended.stderr.decode(errors="replace").strip().splitlines()
            raise self._damaged(why[-1] if why else f"{program} ended with {ended.returncode}")
        return ended.stdout.decode()

    def _damaged(self, why: str) -> Unavailable:
        return Unavailable(
            "SA-2045",
            f"the copy cannot be read as an Access database: {why}",
            hint="if it does not pass: is it encrypted, damaged, or no Access database?",
        )


def _program(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise Misconfigured(
            "SA-2044",
            f"{name} is not installed",
            hint="install the package mdbtools (Debian, Ubuntu, Fedora)",
        )
    return program

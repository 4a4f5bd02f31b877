"""Reads a copy through the Microsoft Access ODBC driver, on Windows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyodbc

from agent.errors import Misconfigured, Unavailable
from connectors._drop.rows import Stretch

DRIVER = "Microsoft Access Driver (*.mdb, *.accdb)"
NO_TABLE, NO_DRIVER = "42S02", "IM002"


class AccessDriver:
    """One table or query of a copy."""

    def __init__(self, path: Path, table: str, patience: float) -> None:
        pyodbc.setDecimalSeparator(".")
        self._table = table
        name = table.replace("]", "]]")
        try:
            self._connection = pyodbc.connect(
                f"Driver={{{DRIVER}}};DBQ={path};ReadOnly=1;Exclusive=0", autocommit=True
            )
        except pyodbc.Error as error:
            raise _explained(error) from error
        try:
            self._connection.timeout = int(patience)
            self._cursor = self._connection.cursor()
            self._cursor.execute(f"SELECT * FROM [{name}]")  # noqa: S608 - quoted as Access does
        except pyodbc.Error as error:
            self.close()
            raise _explained(error) from error
        self.columns = tuple(str(column[0]) for column in self._cursor.description)

    def stretches(self, size: int) -> Iterator[Stretch]:
        """All rows, `size` at a time."""
        while rows := self._fetched(size):
            yield Stretch(rows, partial(_place, self._table))

    def close(self) -> None:
        """Close the connection; closing twice is harmless."""
        self._connection.close()

    def _fetched(self, size: int) -> list[tuple[Any, ...]]:
        try:
            return list(map(tuple, self._cursor.fetchmany(size)))
        except pyodbc.Error as error:
            raise _explained(error) from error


def _place(table: str, index: int) -> str:
    return f"table {table} row {index}"


def _explained(error: pyodbc.Error) -> Misconfigured | Unavailable:
    state, text = str(error.args[0]), str(error.args[-1])
    if state == NO_DRIVER:
        return Misconfigured(
            "SA-2044",
            f"there is no driver {DRIVER}",
            hint="install the Microsoft Access Database Engine, with Python's own bitness",
        )
    if state == NO_TABLE:
        return Misconfigured("SA-2046", f"no such table: {text}", hint="correct `table`")
    return Unavailable(
        "SA-2045",
        f"the copy cannot be read as an Access database: {text}",
        hint="if it does not pass: is it encrypted, damaged, or no Access database?",
    )

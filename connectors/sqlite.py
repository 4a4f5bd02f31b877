"""A local SQLite database file, with Python's own SQLite: no driver, no loss."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

from pydantic import Field

from agent.contract import Kind, Options
from agent.errors import Misconfigured, SyncError, Unavailable
from connectors._sql import SqlOptions
from connectors._sql_session import Session
from connectors._sql_source import SqlSource
from connectors._sql_sqlite import SqliteDialect
from connectors._sql_writing import SqlTarget, SqlTargetOptions, Verdict, Writing


class SqliteConnection(Options):
    """Which file."""

    file: Path = Field(
        description="The database file. A source opens it read-only; a target never makes it."
    )


class _RollbackJournal(SqliteDialect):
    """Without a write-ahead log a reader keeps every writer out, so each page is read by itself.

    A key that exists all the time is still seen; what is lost is one moment for all pages.
    """

    paged = True
    begin = ()


class SqliteSource(SqlSource[SqliteConnection, SqlOptions]):
    """Reads a SQLite file; in WAL mode a whole pass sees one moment."""

    def open_session(self) -> Session:
        """Open the file read-only; a file that is not there is never made."""
        file = self.connection.file
        connection = _opened(file, "ro")
        session = Session(connection, SqliteDialect(), sqlite3.Error, partial(_explain, file))
        try:
            if session.fetch("PRAGMA journal_mode") != [("wal",)]:
                session.dialect = _RollbackJournal()
        except SyncError:
            connection.close()
            raise
        return session


class SqliteTarget(SqlTarget[SqliteConnection]):
    """Writes to a SQLite file, of which one transaction at a time may."""

    def open_writing(self) -> Writing:
        """Open the file; one that is not there is never made."""
        file = self.connection.file
        return Writing(
            _opened(file, "rw"),
            SqliteDialect(),
            sqlite3.Error,
            partial(_explain, file),
            _verdict,
            # Else a transaction that reads first is refused where another one writes meanwhile.
            begin="BEGIN IMMEDIATE",
        )


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    if not file.is_file():
        raise Misconfigured(
            "SA-2201",
            f"there is no file {file}",
            hint="check the path, and that the service's user may read the folder",
        )
    connection = sqlite3.connect(
        f"{file.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=5
    )
    connection.text_factory = _text
    return connection


def _explain(file: Path, error: Exception) -> SyncError:
    text = str(error)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return Unavailable("SA-2203", f"{file.name} is locked by another program")
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return Misconfigured(
            "SA-2202",
            f"{file.name} is not a sound SQLite database: {text}",
            hint="open it with the program that owns it, or restore it",
        )
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY}:
        return Misconfigured(
            "SA-2201",
            f"{file} cannot be opened: {text}",
            hint="the service's user must be able to read the file, and in WAL mode to write "
            "to its folder",
        )
    if code == sqlite3.SQLITE_ERROR:
        return Misconfigured(
            "SA-2112",
            f"{file.name} refused a statement: {text}",
            hint="check query, table and columns against the database",
        )
    return Unavailable("SA-2114", f"{file.name}: {text}")


def _verdict(error: Exception) -> Verdict | None:
    """What an error says about the record being written; None: nothing."""
    extended = getattr(error, "sqlite_errorcode", 0)
    if extended in {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}:
        return Verdict.TAKEN
    code = extended & 0xFF
    if code in {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG}:
        return Verdict.REFUSED
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL}:
        return Verdict.BUSY
    return None


def _text(raw: bytes) -> str | bytes:
    """A text; its bytes where it is none, so that the mapping refuses the row, not SQLite the pass.

    Costs 0.5 µs a row of five texts.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


KIND = Kind(
    name="sqlite",
    summary="A local SQLite database file",
    connection=SqliteConnection,
    source=SqliteSource,
    source_options=SqlOptions,
    target=SqliteTarget,
    target_options=SqlTargetOptions,
)

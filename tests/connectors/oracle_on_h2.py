"""Our Oracle dialect in front of H2, which executes Oracle's SQL and refuses what Oracle refuses.

What H2 lacks is left out here and compared as text elsewhere: sessions' settings, read-only
transactions, change numbers, V$TRANSACTION.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from agent.contract import Kind, Options
from agent.errors import SyncError
from connectors._sql import SqlOptions
from connectors._sql_keeping import Keeping
from connectors._sql_oracle import OracleDialect
from connectors._sql_session import Session
from connectors._sql_source import SqlSource
from connectors._sql_writing import SqlTarget, SqlTargetOptions, Verdict, Writing
from connectors.oracle.failures import explain, verdict
from tests.connectors.databases import Database, UpperCase
from tests.peers import h2

_NUMBERS = {
    42101: 955,
    42102: 942,
    42103: 942,
    42104: 942,
    42122: 904,
    22001: 12899,
    22018: 1722,
    23502: 1400,
    23505: 1,
}
"""H2's number → Oracle's for the same mistake; any other is a mistake of the statement."""
_WORDS = {
    "CHARACTER": "CHAR",
    "CHARACTER VARYING": "VARCHAR2",
    "CHARACTER LARGE OBJECT": "CLOB",
    "BINARY VARYING": "RAW",
    "NUMERIC": "NUMBER",
    "DECFLOAT": "NUMBER",
    "INTEGER": "NUMBER",
    "BIGINT": "NUMBER",
}
_NOT_OF_H2 = {"SET TRANSACTION READ ONLY", "ROLLBACK"}
_CATALOGUE = (
    "CREATE VIEW ALL_OBJECTS AS SELECT TABLE_SCHEMA AS OWNER, TABLE_NAME AS OBJECT_NAME, "
    "'TABLE' AS OBJECT_TYPE FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'PUBLIC'"
)


class H2Connection(Options):
    """Which database, and which version of Oracle it stands for."""

    url: str = Field(description="JDBC URL.")
    release: int = Field(default=19, description="Oracle's major version.")


class Conversation:
    """H2's connection as Oracle's driver would show it."""

    def __init__(self, connection: h2.Connection) -> None:
        self._connection = connection
        self.close = connection.close

    def commit(self) -> None:
        self._connection.commit()

    def rollback(self) -> None:
        self._connection.rollback()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Answer:
        if sql in _NOT_OF_H2:
            return Answer(self._connection.cursor())
        return Answer(self._connection.execute(sql, parameters))


class Answer:
    def __init__(self, cursor: h2.Cursor) -> None:
        self._cursor = cursor
        self.fetchone = cursor.fetchone
        self.fetchmany = cursor.fetchmany
        self.fetchall = cursor.fetchall
        self.close = cursor.close

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def description(self) -> list[tuple[str, str, bool]]:
        found = []
        for name, kind, scale, nullable in self._cursor.columns:
            word = "DATE" if kind == "TIMESTAMP" and not scale else _WORDS.get(kind, kind)
            found.append((name, word, nullable))
        return found


class _Said:
    """What Oracle's driver would say."""

    def __init__(self, error: h2.H2Error) -> None:
        self.code = _NUMBERS.get(error.code, 900)
        self.message = str(error)


_kept = Keeping()


class OracleOnH2(SqlSource[H2Connection, SqlOptions]):
    def open_session(self) -> Session:
        return _kept.session(self.connection, self._log_in)

    def release(self, session: Session) -> None:
        _kept.give_back(self.connection, session)

    def _log_in(self) -> Session:
        dialect = OracleDialect()
        dialect.release = self.connection.release
        connection = h2.H2(self.connection.url).connect()
        return Session(Conversation(connection), dialect, h2.H2Error, _explained)


class OracleOnH2Target(SqlTarget[H2Connection]):
    def open_writing(self) -> Writing:
        connection = h2.H2(self.connection.url).connect()
        connection.begin()
        dialect = OracleDialect()
        dialect.release = self.connection.release
        return Writing(Conversation(connection), dialect, h2.H2Error, _explained, _verdict)


def _explained(error: Exception) -> SyncError:
    assert isinstance(error, h2.H2Error)
    return explain(Exception(_Said(error)), "h2", "")


def _verdict(error: Exception) -> Verdict | None:
    assert isinstance(error, h2.H2Error)
    return verdict(Exception(_Said(error)))


KIND = Kind(
    name="oracle-on-h2",
    summary="Oracle's SQL, executed by H2",
    connection=H2Connection,
    source=OracleOnH2,
    source_options=SqlOptions,
    target=OracleOnH2Target,
    target_options=SqlTargetOptions,
)


def on_h2(peer: h2.H2, release: int = 19) -> Database:
    database = UpperCase(KIND, {"url": peer.url, "release": release}, peer.connect)
    database.sql(_CATALOGUE)
    return database

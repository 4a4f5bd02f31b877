"""How an Oracle session is opened, and what its driver is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import oracledb

from agent.errors import SyncError
from connectors._sql import OPAQUE
from connectors._sql_canary import sing
from connectors._sql_keeping import Keeping
from connectors._sql_oracle import AT_CONNECT, CANARY, OracleDialect
from connectors._sql_session import Session
from connectors._sql_writing import Writing
from connectors.oracle.failures import explain, verdict

if TYPE_CHECKING:
    from connectors.oracle import OracleConnection

ROWS_A_FETCH = 1000
"""Rows in one answer of the server; more gain nothing."""

_MARKS = re.compile(rf"{OPAQUE.pattern}|\?", re.DOTALL)
_WORDS = {
    "VARCHAR": "VARCHAR2",
    "NVARCHAR": "NVARCHAR2",
    "TIMESTAMP_TZ": "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP_LTZ": "TIMESTAMP WITH LOCAL TIME ZONE",
    "INTERVAL_DS": "INTERVAL DAY TO SECOND",
    "INTERVAL_YM": "INTERVAL YEAR TO MONTH",
}
"""The driver's name of a type → Oracle's."""

_kept, _kept_for_writing = Keeping(), Keeping()


def connect(options: OracleConnection) -> Session:
    """A session that answers: one that waited, else a new one that passed the canary."""
    return _kept.session(options, lambda: _log_in(options))


def give_back(options: OracleConnection, session: Session) -> None:
    """The run is over: keep the session if it is sound."""
    _kept.give_back(options, session)


def connect_for_writing(options: OracleConnection) -> Writing:
    """The same for a session whose statements take effect together."""
    session = _kept_for_writing.session(options, lambda: _log_in_for_writing(options))
    return cast("Writing", session)


def give_back_writing(options: OracleConnection, session: Writing) -> None:
    """The delivery is over: keep the session if it is sound."""
    _kept_for_writing.give_back(options, session)


Explained = Callable[[Exception], SyncError]


def _connected(options: OracleConnection) -> tuple[oracledb.Connection, OracleDialect, Explained]:
    """Once; raises Misconfigured when refused, Unavailable when nobody answers."""
    where, secret = _where(options), options.password.reveal()

    def explained(error: Exception) -> SyncError:
        return explain(error, where, secret)

    try:
        connection = oracledb.connect(
            user=options.user,
            password=secret,
            tcp_connect_timeout=options.connect_timeout,
            **address(options),
        )
    except oracledb.Error as error:
        raise explained(error) from None
    connection.call_timeout = int(options.query_timeout * 1000)
    connection.outputtypehandler = exactly
    dialect = OracleDialect()
    dialect.release = int(connection.version.partition(".")[0])
    return connection, dialect, explained


def _where(options: OracleConnection) -> str:
    return options.dsn or f"{options.server}:{options.port}"


def _log_in(options: OracleConnection) -> Session:
    connection, dialect, explained = _connected(options)
    session = Session(Conversation(connection), dialect, oracledb.Error, explained)
    _make_ready(session, options)
    return session


def _log_in_for_writing(options: OracleConnection) -> Writing:
    connection, dialect, explained = _connected(options)
    conversation = Conversation(connection)
    session = Writing(conversation, dialect, oracledb.Error, explained, verdict)
    _make_ready(session, options)
    return session


def _make_ready(session: Session, options: OracleConnection) -> None:
    try:
        for statement in AT_CONNECT:
            session.run(statement)
        sing(session, CANARY, _where(options))
    except SyncError:
        session.close()
        raise


def address(options: OracleConnection) -> dict[str, Any]:
    """Where the database is, in the driver's words."""
    if options.dsn:
        return {"dsn": options.dsn}
    named = {"service_name": options.service} if options.service else {"sid": options.sid}
    return {"host": options.server, "port": options.port, **named}


def exactly(cursor: Any, column: Any) -> Any:
    """How a column is fetched: numbers exact, large objects whole; None leaves it to the driver."""
    kind, size = column.type_code, cursor.arraysize
    if kind is oracledb.DB_TYPE_NUMBER:
        whole = column.scale == 0 and column.precision
        return cursor.var(int if whole else Decimal, arraysize=size)
    if kind in {oracledb.DB_TYPE_CLOB, oracledb.DB_TYPE_NCLOB}:
        return cursor.var(oracledb.DB_TYPE_LONG, arraysize=size)
    if kind is oracledb.DB_TYPE_BLOB:
        return cursor.var(oracledb.DB_TYPE_LONG_RAW, arraysize=size)
    return None


def numbered(sql: str) -> str:
    """The statement with `:1`, `:2` ... for its question marks, as the driver wants them."""
    count = 0

    def one(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] != "?":
            return found[0]
        count += 1
        return f":{count}"

    return _MARKS.sub(one, sql)


class Conversation:
    """The part of a DB-API connection that a session uses.

    Nothing is committed by itself: that would end the read-only transaction of a pass. Without one
    Oracle opens none for a SELECT.
    """

    def __init__(self, connection: oracledb.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Answer:
        """Run one statement."""
        cursor = self._connection.cursor()
        cursor.arraysize = cursor.prefetchrows = ROWS_A_FETCH
        try:
            cursor.execute(numbered(sql), list(parameters) if parameters else None)
        except BaseException:
            cursor.close()
            raise
        return Answer(cursor)

    def compile(self, sql: str) -> None:
        """Have it parsed, and not run."""
        with self._connection.cursor() as cursor:
            cursor.parse(numbered(sql))

    def commit(self) -> None:
        """Keep what was written."""
        self._connection.commit()

    def rollback(self) -> None:
        """Undo what was written."""
        self._connection.rollback()

    def close(self) -> None:
        """Hang up; what was open is rolled back."""
        self._connection.close()


class Answer:
    """A cursor whose description names types in Oracle's words."""

    def __init__(self, cursor: oracledb.Cursor) -> None:
        self._cursor = cursor
        self.fetchone = cursor.fetchone
        self.fetchmany = cursor.fetchmany
        self.fetchall = cursor.fetchall
        self.close = cursor.close

    @property
    def rowcount(self) -> int:
        """How many rows it touched; -1 for a block, which does not tell."""
        return -1 if self._cursor.description else int(self._cursor.rowcount)

    @property
    def description(self) -> list[tuple[str, str, bool]]:
        """Name, type and nullability of each column."""
        return [
            (each.name, type_word(each.type_code.name), bool(each.null_ok))
            for each in self._cursor.description or ()
        ]


def type_word(name: str) -> str:
    """Oracle's word for the driver's: `DB_TYPE_VARCHAR` is `VARCHAR2`."""
    bare = name.removeprefix("DB_TYPE_")
    return _WORDS.get(bare, bare)

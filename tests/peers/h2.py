"""H2, a database that executes other engines' SQL in their own mode, inside this very process.

`MODE=Oracle` and `MODE=MSSQLServer` refuse what the engine itself would refuse, such as LIMIT.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import jpype

from tests.peers import process


class H2Error(Exception):
    """H2 said no; `code` is its own number."""

    def __init__(self, error: Any) -> None:
        super().__init__(str(error.getMessage()))
        self.code = int(error.getErrorCode())


@dataclass(frozen=True)
class H2:
    """A database in memory."""

    url: str

    def connect(self) -> Connection:
        """A connection, each statement its own transaction."""
        properties = jpype.JClass("java.util.Properties")()
        return Connection(jpype.JClass("org.h2.Driver")().connect(self.url, properties))


@contextmanager
def running(mode: str) -> Iterator[H2]:
    """An empty database in that mode; it is gone at the end."""
    _start_java()
    database = H2(f"jdbc:h2:mem:{uuid.uuid4().hex};MODE={mode};DB_CLOSE_DELAY=-1")
    first = database.connect()
    try:
        yield database
    finally:
        first.execute("SHUTDOWN IMMEDIATELY")


def _start_java() -> None:
    """One virtual machine for the whole process; it cannot be started a second time."""
    archive = process.find("/usr/share/java/h2.jar", "libh2-java")
    process.find("/usr/lib/jvm/*/lib/server/libjvm.so", "default-jre-headless")
    if not jpype.isJVMStarted():
        # -Xrs: the signals of this process stay Python's.
        jpype.startJVM("-Xrs", "-Xmx256m", classpath=[str(archive)], convertStrings=True)


class Connection:
    """As much of a DB-API connection as the tests use."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Run one statement; BEGIN and COMMIT enclose several."""
        cursor = self.cursor()
        if sql in {"BEGIN", "COMMIT"}:
            self._connection.setAutoCommit(sql == "COMMIT")
            return cursor
        cursor.execute(sql, parameters)
        return cursor

    def cursor(self) -> Cursor:
        """A cursor."""
        return Cursor(self._connection)

    def begin(self) -> None:
        """Commit no statement by itself from now on."""
        self._connection.setAutoCommit(False)

    def commit(self) -> None:
        """Keep what was written."""
        self._connection.commit()

    def rollback(self) -> None:
        """Undo what was written."""
        self._connection.rollback()

    def close(self) -> None:
        """Roll back what is open, and hang up."""
        self._connection.close()


class Cursor:
    """As much of a DB-API cursor as the tests use. Decimals are exact, dates are text."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._statement: Any = None
        self._result: Any = None
        self.columns: list[tuple[str, str, int, bool]] = []
        """Name, H2's type, scale and nullability of each column."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run one statement."""
        try:
            self._statement = self._connection.prepareStatement(sql)
            for place, value in enumerate(parameters, 1):
                self._statement.setObject(place, _to_java(value))
            if self._statement.execute():
                self._result = self._statement.getResultSet()
                self.columns = list(_described(self._result.getMetaData()))
        except jpype.JException as error:
            raise H2Error(error) from None

    @property
    def rowcount(self) -> int:
        """Rows that a statement without a result touched."""
        touched: int = self._statement.getUpdateCount()
        return touched

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row."""
        for row in rows:
            self.execute(sql, row)
            self.close()

    def fetchone(self) -> tuple[Any, ...] | None:
        """One row."""
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchmany(self, size: int, /) -> list[tuple[Any, ...]]:
        """Some rows."""
        found: list[tuple[Any, ...]] = []
        try:
            while len(found) < size and self._result.next():
                found.append(tuple(map(self._value, range(1, len(self.columns) + 1))))
        except jpype.JException as error:
            raise H2Error(error) from None
        return found

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        found = []
        while rows := self.fetchmany(1000):
            found += rows
        return found

    def _value(self, place: int) -> Any:
        text = self._result.getString(place)
        _, kind, scale, _ = self.columns[place - 1]
        if text is None:
            return None
        if kind in {"NUMERIC", "DECFLOAT"}:
            return Decimal(str(text)) if scale or kind == "DECFLOAT" else int(str(text))
        if kind in {"INTEGER", "BIGINT", "SMALLINT", "TINYINT"}:
            return int(str(text))
        if kind.startswith("BINARY"):
            return bytes(byte & 0xFF for byte in self._result.getBytes(place))
        return str(text)

    def close(self) -> None:
        """Free the statement."""
        if self._statement is not None:
            self._statement.close()
            self._statement = self._result = None


def _described(told: Any) -> Iterator[tuple[str, str, int, bool]]:
    for place in range(1, told.getColumnCount() + 1):
        yield (
            str(told.getColumnLabel(place)),
            str(told.getColumnTypeName(place)),
            int(told.getScale(place)),
            told.isNullable(place) != 0,
        )


def _to_java(value: Any) -> Any:
    if isinstance(value, Decimal):
        return jpype.JClass("java.math.BigDecimal")(str(value))
    return jpype.JLong(value) if isinstance(value, int) else value

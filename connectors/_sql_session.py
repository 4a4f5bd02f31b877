"""One open connection: statements, streams, one consistent moment, errors in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from agent.errors import SyncError, Unavailable
from connectors._sql_dialect import Dialect


class DriverCursor(Protocol):
    """The part of a DB-API cursor that is used."""

    @property
    def description(self) -> Any:
        """The columns."""

    def fetchone(self) -> Any:
        """One row."""

    def fetchmany(self, size: int, /) -> list[Any]:
        """Some rows."""

    def fetchall(self) -> list[Any]:
        """All rows."""

    def close(self) -> None:
        """Free the statement."""


class DriverConnection(Protocol):
    """The part of a DB-API connection that is used."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> DriverCursor:
        """Run one statement."""
        ...

    def close(self) -> None:
        """Hang up."""


class Session:
    """Wraps a connection of `sqlite3` or `pyodbc` that commits each statement by itself.

    `failure` is the driver's exception, `explain` turns one into ours.
    """

    def __init__(
        self,
        connection: DriverConnection,
        dialect: Dialect,
        failure: type[Exception],
        explain: Callable[[Exception], SyncError],
    ) -> None:
        self.connection = connection
        self.dialect = dialect
        self.sound = True
        """The connection has not failed: the next run can use it again."""
        self._failure = failure
        self._explain = explain
        self._in_snapshot = False

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Whatever the driver raises in here comes out in our words."""
        try:
            yield
        except self._failure as error:
            explained = self._explain(error)
            self.sound = self.sound and not isinstance(explained, Unavailable)
            raise explained from None

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> DriverCursor:
        """Send one statement; the driver's cursor."""
        with self.answering():
            return (
                self.connection.execute(sql, parameters)
                if parameters
                else self.connection.execute(sql)
            )

    def run(self, sql: str) -> None:
        """One statement that answers nothing."""
        self.execute(sql).close()

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement; few enough to be held at once."""
        with self._small(sql, parameters) as cursor:
            return [tuple(row) for row in cursor.fetchall()]

    def first(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of one statement, the others are never fetched."""
        with self._small(sql, parameters) as cursor:
            row = cursor.fetchone()
        return None if row is None else tuple(row)

    def stream(
        self, sql: str, parameters: Sequence[Any], size: int
    ) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of one statement, `size` at a time."""
        cursor = self.execute(sql, parameters)
        try:
            while True:
                with self.answering():
                    rows = [tuple(row) for row in cursor.fetchmany(size)]
                if rows:
                    yield rows
                if len(rows) < size:
                    return
        finally:
            self._quietly(cursor.close)

    def describe(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """The columns of one statement, as DB-API describes them."""
        with self._small(sql) as cursor:
            description: Sequence[tuple[Any, ...]] = cursor.description
        return description

    @contextmanager
    def _small(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[DriverCursor]:
        """The cursor of a statement with few rows; closed whatever comes of them."""
        cursor = self.execute(self.dialect.small + sql, parameters)
        try:
            with self.answering():
                yield cursor
                cursor.close()
        except BaseException:
            self._quietly(cursor.close)
            raise

    def begin(self) -> None:
        """Open a transaction that sees one moment, unless one is open."""
        if not self._in_snapshot:
            for statement in self.dialect.begin:
                self.run(statement)
            self._in_snapshot = bool(self.dialect.begin)

    def end(self) -> None:
        """Let go of the moment; never raises."""
        if self._in_snapshot:
            self._in_snapshot = False
            self._quietly(lambda: self.connection.execute("ROLLBACK").close())

    def _quietly(self, act: Callable[[], object]) -> None:
        try:
            act()
        except self._failure:
            self.sound = False

    def close(self) -> None:
        """Hang up; never raises."""
        self._quietly(self.connection.close)

"""An attachment, as Firebird calls a connection: every statement sees exactly one moment.

Firebird 3 shows a READ COMMITTED statement rows that others commit while it runs. So each statement
gets a read-only SNAPSHOT transaction, its own or the one that is open for a whole pass. Such a
transaction keeps nobody waiting, and ends with its statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from firebird.driver import (
    Connection,
    Cursor,
    DatabaseError,
    DbInfoCode,
    InterfaceError,
    Isolation,
    TraAccessMode,
    TransactionManager,
    tpb,
)
from firebird.driver.types import DefaultAction, ItemMetadata, SQLDataType

_SNAPSHOT = tpb(Isolation.SNAPSHOT, access_mode=TraAccessMode.READ)
_NONE, _OCTETS = 0, 1
"""Character sets by their numbers."""
LOCK_SECONDS = 20
"""How long a statement that writes waits for a row that another transaction holds."""
_LONGEST_ANSWER = 32_767
"""Bytes that the server may say about itself at once: some 3,000 to 4,000 transactions."""
_READ_ONLY = "SELECT MON$TRANSACTION_ID FROM MON$TRANSACTIONS WHERE MON$READ_ONLY = 1"


class Attachment:
    """The part of a DB-API connection that a session uses."""

    def __init__(self, connection: Connection, begin: str) -> None:
        self._connection = connection
        self._begin = begin
        self._open: TransactionManager | None = None
        # The driver enlarges it only for an answer that is cut at its very beginning.
        connection.info.response.resize(_LONGEST_ANSWER)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Answer:
        """Run one statement; two of them open and end the snapshot of a pass."""
        if sql == self._begin:
            self._open = self._moment()
            return Answer(self._open.cursor())
        if sql == "ROLLBACK" and self._open:
            ended, self._open = self._open, None
            ended.close()
            return Answer(self._connection.cursor())
        transaction = self._open or self._moment()
        own = None if self._open else transaction
        answer = Answer(transaction.cursor(), own)
        try:
            answer.execute(sql, parameters)
        except BaseException:
            answer.close()
            raise
        return answer

    def _moment(self) -> TransactionManager:
        moment = self._connection.transaction_manager(_SNAPSHOT, DefaultAction.ROLLBACK)
        moment.begin()
        return moment

    def running(self) -> frozenset[str] | None:
        """Transactions that may still commit rows; None where there are too many to be listed.

        Read-only ones are left out as far as this user may see them: its own always, those of
        others with the right to monitor. One that was prepared for two-phase commit is open.
        """
        try:
            ids = set(self._connection.info.get_active_transaction_ids())
            ids |= set(self._connection.info.get_info(DbInfoCode.LIMBO))
        except InterfaceError:
            return None
        if ids:
            answer = self.execute(_READ_ONLY)
            ids -= {row[0] for row in answer.fetchall()}
            answer.close()
        return frozenset(map(str, ids))

    def close(self) -> None:
        """Hang up. The client library ends the whole process when this is left out."""
        self._connection.close()


class WritingAttachment:
    """A connection with one open transaction, which sees what others committed meanwhile.

    A row that another transaction holds is waited for, so that its new state is seen.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        connection.main_transaction.default_action = DefaultAction.ROLLBACK  # it would commit
        connection.main_transaction.default_tpb = tpb(
            Isolation.READ_COMMITTED_RECORD_VERSION, lock_timeout=LOCK_SECONDS
        )

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Answer:
        """Run one statement."""
        answer = Answer(self._connection.cursor())
        try:
            answer.execute(sql, parameters)
        except BaseException:
            answer.close()
            raise
        return answer

    def commit(self) -> None:
        """Keep what was written."""
        if self._connection.main_transaction.is_active():
            self._connection.commit()

    def rollback(self) -> None:
        """Undo what was written; the driver fails where no transaction is open."""
        if self._connection.main_transaction.is_active():
            self._connection.rollback()

    def compile(self, sql: str) -> None:
        """Have it compiled, and not run."""
        cursor = self._connection.cursor()
        try:
            cursor.prepare(sql).free()
        finally:
            cursor.close()

    def close(self) -> None:
        """Hang up. The client library ends the whole process when this is left out."""
        self._connection.close()


class Answer:
    """A cursor, and the transaction that ends with it."""

    def __init__(self, cursor: Cursor, own: TransactionManager | None = None) -> None:
        self.cursor = cursor
        self.cursor.stream_blob_threshold = -1  # never a reader: its transaction may be over
        self._own = own
        self._kept_as_double: list[tuple[int, int]] = []
        """Place and digits of each decimal that a database of SQL dialect 1 keeps as a float."""

    def execute(self, sql: str, parameters: Sequence[Any]) -> None:
        """Run the statement."""
        self.cursor.execute(sql, parameters or None)
        self._kept_as_double = [
            (place, -item.scale)
            for place, item in enumerate(self._items)
            if item.datatype == SQLDataType.DOUBLE and item.scale
        ]

    @property
    def _items(self) -> list[ItemMetadata]:
        # The driver's own description leaves the character set out.
        items: list[ItemMetadata] = self.cursor.statement._out_desc  # noqa: SLF001
        return items

    @property
    def description(self) -> list[tuple[str, str, bool]]:
        """Name, type and nullability of each column."""
        return [(item.alias, type_of(item), bool(item.nullable)) for item in self._items]

    @property
    def rowcount(self) -> int:
        """How many rows it touched; -1 where the server does not tell."""
        touched: int = self.cursor.affected_rows
        return touched

    def fetchone(self) -> Any:
        """One row."""
        row = self.cursor.fetchone()
        return row if row is None else self._exact(row)

    def fetchmany(self, size: int, /) -> list[Any]:
        """Some rows."""
        rows: list[Any] = self.cursor.fetchmany(size)
        return list(map(self._exact, rows)) if self._kept_as_double else rows

    def fetchall(self) -> list[Any]:
        """All rows."""
        rows: list[Any] = self.cursor.fetchall()
        return list(map(self._exact, rows)) if self._kept_as_double else rows

    def _exact(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """The row with the decimals that were declared: the shortest text of a float names them."""
        values = list(row)
        for place, digits in self._kept_as_double:
            if values[place] is not None:
                values[place] = round(Decimal(repr(values[place])), digits)
        return tuple(values)

    def close(self) -> None:
        """Free the statement, and let its moment go."""
        try:
            self.cursor.close()
        except DatabaseError:
            _forget(self.cursor)
            raise
        finally:
            if self._own:
                self._own.close()


def _forget(cursor: Cursor) -> None:
    """Leave a statement to the client library that a lost connection does not let be freed.

    Otherwise the driver tries again when nobody listens any more.
    """
    statement, cursor._result = cursor._stmt, None  # noqa: SLF001
    if statement is not None and statement._istmt is not None:  # noqa: SLF001
        statement._istmt.release()  # noqa: SLF001
        statement._istmt = None  # noqa: SLF001
    cursor._stmt = None  # noqa: SLF001


_PLAIN = {
    SQLDataType.DATE: "DATE",
    SQLDataType.TIME: "TIME",
    SQLDataType.TIMESTAMP: "TIMESTAMP",
    SQLDataType.TIME_TZ: "TIME ZONED",
    SQLDataType.TIME_TZ_EX: "TIME ZONED",
    SQLDataType.TIMESTAMP_TZ: "TIMESTAMP ZONED",
    SQLDataType.TIMESTAMP_TZ_EX: "TIMESTAMP ZONED",
    SQLDataType.DOUBLE: "DOUBLE",
    SQLDataType.FLOAT: "FLOAT",
    SQLDataType.DEC16: "NUMERIC",
    SQLDataType.DEC34: "NUMERIC",
    SQLDataType.INT128: "NUMERIC",
    SQLDataType.BOOLEAN: "BOOLEAN",
}


def type_of(item: ItemMetadata) -> str:
    """The column's type, with the character set where it matters."""
    unlabelled = " NONE" if item.charset == _NONE else ""
    match item.datatype:
        case SQLDataType.TEXT | SQLDataType.VARYING if item.charset == _OCTETS:
            return "BYTES"
        case SQLDataType.TEXT | SQLDataType.VARYING:
            kind = "CHAR" if item.datatype == SQLDataType.TEXT else "VARCHAR"
            # The client asked for UTF-8: up to four bytes a character.
            length = item.length if unlabelled else item.length // 4
            return f"{kind}({length}){unlabelled}"
        case SQLDataType.BLOB:
            return f"BLOB TEXT{unlabelled}" if item.subtype == 1 else "BLOB"
        case SQLDataType.SHORT | SQLDataType.LONG | SQLDataType.INT64:
            return "NUMERIC" if item.subtype or item.scale else "INTEGER"
        case SQLDataType.DOUBLE if item.scale:
            return "NUMERIC"
    return _PLAIN.get(item.datatype, "OTHER")

"""MariaDB and MySQL through MariaDB's driver (Connector/ODBC 3.1)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from agent.contract import BlockDigest
from agent.errors import Misconfigured
from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column, Sql
from connectors._sql_large import LARGEST, STAND_IN
from connectors.odbc.dialect import CANARY_TEXT, BlockSql, OdbcDialect, Pairs

_STAMPS = {"date", "datetime"}
_TEXTS_AND_BYTES = {"str", "bytes", "bytearray"}
_LONGEST_TEXT = 65_535
"""The size of a TEXT or BLOB; the longer types are MEDIUM and LONG ones."""
# Types whose text holds no comma, and how a mark becomes one of them.
_CASTS = {
    "int": "CAST(? AS DECIMAL(20,0))",  # signed and unsigned 64 bits alike
    "Decimal": "CAST(? AS DECIMAL(65,20))",
    "date": "CAST(? AS DATE)",
    "datetime": "CAST(? AS DATETIME(6))",
    "time": "CAST(? AS TIME(6))",
}


class MariadbDialect(OdbcDialect):
    """The driver keeps every result whole, so reading goes page by page, in one snapshot."""

    quotes = ("`", "`")
    paged = True
    driver = "MariaDB Unicode"
    keywords = MappingProxyType({"CHARSET": "utf8mb4"})
    # Rows that an UPDATE found, not only those that it changed.
    writing_keywords = MappingProxyType({"OPTION": "2"})
    compiling = "EXPLAIN"
    utf8_parameters = True  # else text parameters of more than 127 characters arrive broken
    begin = ("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",)
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
    canary = (
        Sql(
            "SELECT CAST('39.5' AS DECIMAL(9,2)), t, DATE '2026-11-21', CAST(? AS CHAR) = t "
            "FROM (SELECT REPEAT(CONVERT(0xC3A8E282AC USING utf8mb4), 100) t) p",
            (CANARY_TEXT,),
        ),
        (Decimal("39.50"), CANARY_TEXT, date(2026, 11, 21), 1),
    )
    version = "SELECT SUBSTRING_INDEX(VERSION(), '.', 1)"

    def at_connect(self, query_timeout: int) -> Sequence[str]:
        """Standard quoting and UTC; the time-out of a statement (MySQL counts milliseconds)."""
        # Each of the two comments is a statement on one of the two servers only.
        mariadb = f"/*M! SET SESSION max_statement_time = {query_timeout} */"
        mysql = f"/*!50708 SET SESSION max_execution_time = {query_timeout * 1000} */"
        return ("SET SESSION sql_mode = '', time_zone = '+00:00'", f"{mariadb} {mysql}")

    def at_writing(self, lock_timeout: int) -> Sequence[str]:
        """What does not fit is refused; the reader's mode would cut it off."""
        strict = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION"
        return (f"SET SESSION sql_mode = '{strict}', innodb_lock_wait_timeout = {lock_timeout}",)

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """As the driver describes them; of a LONGBLOB it says the size -1."""
        described = connection.describe(self.nothing_of(relation))
        return [
            Column(each[0], each[1].__name__, each[6] is not False, size=each[3])
            for each in described
        ]

    def large(self, column: Column) -> bool:
        """LONGTEXT, LONGBLOB, JSON, and whatever a query makes of them."""
        return _may_exceed(column, LARGEST - 1)

    def value(self, column: Column, sql: str) -> str:
        """Dates as text: a zero date would end the fetch with an error, and its batch with it."""
        if self.large(column):
            return f"CASE WHEN LENGTH({sql}) > {LARGEST} THEN '{STAND_IN}' ELSE {sql} END"
        return f"CAST({sql} AS CHAR)" if column.type in {"date", "datetime", "time"} else sql

    def mark(self, column: Column, sql: str) -> str:
        """Text, so that no microsecond is lost on the way back."""
        return sql if column.type == "str" else f"CAST({sql} AS CHAR)"

    def bound(self, column: Column) -> str:
        """Text cast to the column's type; a bare text would be compared as a floating number."""
        return _CASTS.get(column.type, "?")

    def not_in_future(self, column: Column, sql: str) -> Sql:
        """Two days ahead is beyond every time zone."""
        ahead = f"{sql} < UTC_TIMESTAMP() + INTERVAL 2 DAY"
        return Sql(ahead if column.type in _STAMPS else "")

    def open_transactions(self, connection: Answers) -> frozenset[str] | None:
        """InnoDB's transactions, where the user has the PROCESS privilege.

        The server makes the list anew only when nobody read it for a tenth of a second. When it
        is old, the server is asked to wait that long, once.
        """
        try:
            running = _listed(connection, self.begin)
            if running is None:
                connection.run("DO SLEEP(0.11)")
                running = _listed(connection, self.begin)
        except Misconfigured:
            return frozenset()
        return running

    def can_see_transactions(self, connection: Answers) -> str:
        """InnoDB shows its transactions to a user with PROCESS only."""
        try:
            connection.fetch("SELECT COUNT(*) FROM information_schema.innodb_trx")
        except Misconfigured:
            return (
                "not seen: grant PROCESS to this user, else rows committed later than the overlap "
                "are found by the next full pass"
            )
        return "seen: open transactions are waited for (InnoDB tables)"

    def blocks(self, _columns: Sequence[Column], _version: int) -> BlockSql | None:
        """By MD5: the only hash of the server whose bits may be combined by XOR."""
        return _MariadbBlocks()


def _listed(connection: Answers, begin: Sequence[str]) -> frozenset[str] | None:
    """The transactions of others; None when the list is older than the question.

    It is fresh when our own transaction stands in it with this very statement, told by a number
    that nobody else uses.
    """
    mine = uuid.uuid4().hex
    for statement in begin:
        connection.run(statement)
    try:
        rows = connection.fetch(
            f"SELECT /* {mine} */ trx_mysql_thread_id, trx_started, trx_query "  # noqa: S608
            "FROM information_schema.innodb_trx"
        )
    finally:
        connection.run("ROLLBACK")
    others = [row for row in rows if mine not in str(row[2])]
    if len(others) == len(rows):
        return None
    return frozenset(f"{thread}/{started}" for thread, started, _ in others)


def _may_exceed(column: Column, size: int) -> bool:
    told = column.size if column.size is not None else -1
    return column.type in _TEXTS_AND_BYTES and (told < 0 or told > size)


class _MariadbBlocks(BlockSql):
    """64 bits of each row's MD5, combined by XOR over a block.

    Of a long value its own MD5 stands in the row: a row of more than `max_allowed_packet` would be
    NULL, and its changes would not be seen.

    CRC32 would be three times as fast, but it is linear: two rows that change by the same bits
    would cancel each other out.
    """

    method = "md5 of lengths and md5"

    def block(self, key: Pairs, count: int) -> str:
        """CRC32 deals evenly, and nothing more is asked of it here."""
        return f"(CRC32(CONCAT_WS('|', {', '.join(sql for _, sql in key)})) & {count - 1})"

    def statement(self, source: str, key: Pairs, columns: Pairs, count: int) -> str:
        """Lengths tell NULL from 'N' and where a text ends; to quote every value costs more."""
        texts = ", ".join(_told_apart(*pair) for pair in columns)
        half = f"CONV(LEFT(MD5(CONCAT_WS(',', {texts})), 16), 16, 10)"
        return (
            f"SELECT {self.block(key, count)} b, COUNT(*), BIT_XOR(CAST({half} AS UNSIGNED)) "  # noqa: S608
            f"FROM {source} p GROUP BY b"
        )

    def unpack(self, rows: Iterable[tuple[Any, ...]]) -> Iterable[BlockDigest]:
        """One row a block."""
        for block, count, digest in rows:
            yield BlockDigest(int(block), int(digest).to_bytes(8, "big"), int(count))


def _told_apart(column: Column, sql: str) -> str:
    """The value's exact text, in a form that no other value of its column has."""
    if column.type == "float":  # shows six digits only
        sql = f"CAST({sql} AS DOUBLE)"
    elif _may_exceed(column, _LONGEST_TEXT):
        sql = f"MD5({sql})"
    elif column.type in {"bytes", "bytearray"}:  # of any character set
        sql = f"HEX({sql})"
    elif column.type not in _CASTS:
        return f"IFNULL(LENGTH({sql}), 'N'), {sql}"
    return f"IFNULL({sql}, 'N')"

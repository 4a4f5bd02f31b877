"""Firebird's SQL. Names are quoted: case counts, and what was made without quotes is upper case."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column, Dialect, Sql
from connectors._sql_large import LARGEST

CANARY = (
    Sql(
        "SELECT CAST('39.5' AS NUMERIC(9,2)), CAST(? AS VARCHAR(9)), "
        "CAST(CAST('2026-11-21 10:00:00.1234' AS TIMESTAMP) AS VARCHAR(24)) FROM RDB$DATABASE",
        ("è€",),
    ),
    (Decimal("39.50"), "è€", "2026-11-21 10:00:00.1234"),
)
"""A statement and its answer, in words that every SQL dialect of Firebird understands."""

_AS_TEXT = {"DATE": 10, "TIME": 13, "TIMESTAMP": 24, "TIME ZONED": 60, "TIMESTAMP ZONED": 70}
"""Types of which the text loses nothing, and how long it can be."""
_STAMPS = {"DATE", "TIMESTAMP"}
_NUMERIC_CHARACTERS = 42
_TEXT = re.compile(r"(?P<kind>CHAR|VARCHAR)\((?P<length>\d+)\)(?P<unlabelled> NONE)?")


class FirebirdDialect(Dialect):
    """Column types are those of `attachment.type_of`: `NUMERIC`, `CHAR(10)`, `VARCHAR(9) NONE`.

    `unlabelled` is the character set of texts that were declared without one. `running` tells the
    transactions that are open.
    """

    begin = ("SET TRANSACTION READ ONLY SNAPSHOT",)
    alive = "SELECT 1 FROM RDB$DATABASE"
    tables = "SELECT TRIM(RDB$RELATION_NAME) FROM RDB$RELATIONS WHERE RDB$SYSTEM_FLAG = 0"

    def __init__(self, unlabelled: str, running: Callable[[], frozenset[str] | None]) -> None:
        self._unlabelled = unlabelled or "UTF8"
        self._running = running

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """From the statement's own description; it knows the columns of a query as well."""
        described = connection.describe(self.nothing_of(relation))
        return [Column(name, kind, nullable) for name, kind, nullable in described]

    def value(self, column: Column, sql: str) -> str:
        """Dates as text, to a tenth of a millisecond; CHAR without padding; texts labelled."""
        if column.type in _AS_TEXT:
            return f"CAST({sql} AS VARCHAR({_AS_TEXT[column.type]}))"
        if self.large(column):
            return self._part_of(column, sql)
        text = _TEXT.fullmatch(column.type)
        if not text:
            return sql
        if text["unlabelled"]:
            sql = f"CAST({sql} AS {self._labelled(text)})"
        return f"TRIM(TRAILING FROM {sql})" if text["kind"] == "CHAR" else sql

    def large(self, column: Column) -> bool:
        """Blobs, of texts as of bytes."""
        return column.type.startswith("BLOB")

    def _part_of(self, column: Column, sql: str) -> str:
        whole = sql
        if column.type == "BLOB TEXT NONE":
            whole = f"CAST({sql} AS BLOB SUB_TYPE TEXT CHARACTER SET {self._unlabelled})"
        part = f"SUBSTRING({whole} FROM 1 FOR {LARGEST + 1})"
        # The number of bytes is known without reading them.
        return f"CASE WHEN OCTET_LENGTH({sql}) > {LARGEST} THEN {part} ELSE {whole} END"

    def mark(self, column: Column, sql: str) -> str:
        """Decimals as text too: JSON keeps a text as it is."""
        if column.type == "NUMERIC":
            return f"CAST({sql} AS VARCHAR({_NUMERIC_CHARACTERS}))"
        return self.value(column, sql)

    def bound(self, column: Column) -> str:
        """A text parameter, which the server turns into the column's type by itself."""
        text = _TEXT.fullmatch(column.type)
        return f"CAST(? AS {self._labelled(text)})" if text and text["unlabelled"] else "?"

    def parameter(self, _column: Column, mark: object) -> object:
        """Always text: the driver would refuse or shorten other forms."""
        return str(mark)

    def equals(self, column: Column, sql: str, text: str) -> Sql:
        """A text longer than the column is no row's; the server would call it an error."""
        kind = _TEXT.fullmatch(column.type)
        if kind and len(text) > int(kind["length"]):
            return Sql("1 = 0")
        return super().equals(column, sql, text)

    def not_in_future(self, column: Column, sql: str) -> Sql:
        """Two days ahead is beyond every time zone."""
        ahead = f"{sql} < DATEADD(2 DAY TO CURRENT_TIMESTAMP)"
        return Sql(ahead if column.type in _STAMPS else "")

    def limit(self, rows: int, offset: int = 0) -> str:
        """ROWS is understood by every version; OFFSET and FETCH since 3.0."""
        return f" ROWS {offset + 1} TO {offset + rows}"

    def open_transactions(self, _connection: Answers) -> frozenset[str] | None:
        """Every user may ask for their numbers."""
        return self._running()

    def can_see_transactions(self, _connection: Answers) -> str:
        """Exact, without any right."""
        return "seen: open transactions are waited for"

    def _labelled(self, text: re.Match[str]) -> str:
        return f"VARCHAR({text['length']}) CHARACTER SET {self._unlabelled}"

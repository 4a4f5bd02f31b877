"""SQLite through its ODBC driver: for a file that only a driver can reach."""

from __future__ import annotations

from types import MappingProxyType

from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column, Sql
from connectors._sql_sqlite import SqliteDialect
from connectors.odbc.dialect import CANARY_TEXT, OdbcDialect


class SqliteOdbcDialect(SqliteDialect, OdbcDialect):
    """Everything but bytes arrives as text.

    The driver makes floats of numeric columns and None of what it cannot read, without a word.
    The kind `sqlite` has neither fault.
    """

    driver = "SQLite3"
    keywords = MappingProxyType({"StepAPI": "1"})
    canary = (
        Sql(
            "SELECT CAST(CAST('39.5' AS NUMERIC) AS TEXT), char(232, 8364), ? = char(232, 8364)",
            (CANARY_TEXT[:2],),
        ),
        ("39.5", CANARY_TEXT[:2], 1),
    )

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """The driver counts an accent in a name twice, and fills up with zeros."""
        found = super().columns(connection, relation)
        return [column._replace(name=column.name.rstrip("\0")) for column in found]

    def value(self, column: Column, sql: str) -> str:
        """Text, whatever was declared."""
        return sql if "BLOB" in column.type.upper() else f"CAST({sql} AS TEXT)"

    def mark(self, column: Column, sql: str) -> str:
        """Marks cross the same driver."""
        return self.value(column, sql)

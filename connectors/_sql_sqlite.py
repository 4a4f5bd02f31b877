"""SQLite's SQL: the same file can be read with Python's own SQLite or through ODBC."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column, Dialect, Sql

_EXACT = re.compile(r"DEC|NUMERIC|MONEY", re.IGNORECASE)


class SqliteDialect(Dialect):
    """Any column may hold any value; a declared type is only a preference."""

    row_values = True
    begin: tuple[str, ...] = ("BEGIN",)
    compiling = "EXPLAIN"
    tables = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"

    def to_write(self, value: Any) -> Any:
        """Decimals as text: a column that is declared as a number makes one of it."""
        bound = super().to_write(value)
        return format(bound, "f") if isinstance(bound, Decimal) else bound

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """From the table's declaration; a query's columns have none."""
        if relation.query is not None:
            described = connection.describe(self.nothing_of(relation))
            return [Column(each[0], "") for each in described]
        table = relation.table.rpartition(".")[2]
        rows = connection.fetch("SELECT name, type FROM pragma_table_info(?)", (table,))
        # A primary key may hold NULL in SQLite, so every column is taken as nullable.
        return [Column(name, str(declared)) for name, declared in rows]

    def value(self, column: Column, sql: str) -> str:
        """Declared decimals as text: SQLite itself stores them as binary fractions."""
        return f"CAST({sql} AS TEXT)" if _EXACT.search(column.type) else sql

    def mark(self, _column: Column, sql: str) -> str:
        """The value as it is stored: comparing it with its text would not be the same."""
        return sql

    def equals(self, column: Column, sql: str, text: str) -> Sql:
        """A declared type turns the text into a value that compares; without one, compare texts."""
        return super().equals(column, sql if column.type else f"CAST({sql} AS TEXT)", text)

    def not_in_future(self, _column: Column, sql: str) -> Sql:
        """Holds for every number: SQLite sorts numbers before texts."""
        return Sql(f"{sql} <= strftime('%Y-%m-%d', 'now', '+2 days')")

    def can_see_transactions(self, _connection: Answers) -> str:
        """One transaction writes at a time, so stamps are committed in their order."""
        return "nothing to wait for: SQLite commits one writer after the other"

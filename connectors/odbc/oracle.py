"""Oracle through its own ODBC driver, which needs Oracle's client: for servers before 12.1.

The kind `oracle` needs no client and is the better way to every later server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column
from connectors._sql_oracle import AT_CONNECT, CANARY, CODES, OracleDialect, with_row_scn
from connectors.odbc.dialect import OdbcDialect

_STAMP = "TIMESTAMP OR DATE"
"""What the driver calls both: of a query's column nobody else knows more."""
_OF_DRIVER = {
    "Decimal": "NUMBER",
    "int": "NUMBER",
    "float": "FLOAT",
    "str": "VARCHAR2",
    "bytes": "RAW",
    "bytearray": "RAW",
    "datetime": _STAMP,
}
_CATALOGUE = (
    "SELECT COLUMN_NAME, DATA_TYPE, DATA_PRECISION, DATA_SCALE, NULLABLE FROM ALL_TAB_COLUMNS "
    "WHERE OWNER = NVL(?, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')) AND TABLE_NAME = ? "
    "ORDER BY COLUMN_ID"
)
_RELEASE = "SELECT VERSION FROM PRODUCT_COMPONENT_VERSION WHERE PRODUCT LIKE 'Oracle%'"


class OracleOdbcDialect(OracleDialect, OdbcDialect):
    """The driver knows neither DATE nor numbers without a precision: the catalogue does."""

    canary = CANARY
    codes = CODES

    def address(self, server: str, port: str, database: str) -> dict[str, str]:
        """`//host:port/service`, or the server alone: a name of tnsnames.ora."""
        if not database:
            return {"DBQ": server}
        return {"DBQ": f"//{server}:{port or 1521}/{database}"}

    def tune(self, connection: Any, _pyodbc: Any, query_timeout: int) -> None:
        """A commit behind each statement would end the read-only transaction of a pass."""
        connection.autocommit = False
        connection.timeout = query_timeout

    def at_connect(self, _query_timeout: int) -> Sequence[str]:
        """The session's own formats."""
        return AT_CONNECT

    def prove(self, connection: Answers) -> None:
        """Learns the server's version, which decides how some rows of many are asked for."""
        [(version, *_), *_] = connection.fetch(_RELEASE)
        self.release = int(str(version).partition(".")[0])

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """From the catalogue; those of a query or a synonym from the driver."""
        described = connection.describe(self.nothing_of(relation))
        found = [
            Column(each[0], _OF_DRIVER.get(each[1].__name__, "OTHER"), each[6] is not False)
            for each in described
        ]
        if relation.query is not None:
            return found
        owner, _, table = relation.table.rpartition(".")
        rows = connection.fetch(_CATALOGUE, (owner or None, table))
        return with_row_scn([_column(*row) for row in rows] or found)

    def value(self, column: Column, sql: str) -> str:
        """Numbers without a precision as text: the driver makes floats of them."""
        if column.type == "FLOAT":
            return self.mark(column, sql)
        if column.type == _STAMP:
            return super().value(column._replace(type="TIMESTAMP"), f"CAST({sql} AS TIMESTAMP(9))")
        return super().value(column, sql)

    def bound(self, column: Column) -> str:
        """A stamp of unknown type compares with a TIMESTAMP."""
        known = column._replace(type="TIMESTAMP") if column.type == _STAMP else column
        return super().bound(known)


def _column(name: str, kind: str, precision: object, scale: object, nullable: str) -> Column:
    word = re.sub(r"\(\d+\)", "", kind)
    if word == "NUMBER" and precision is None and scale is None:
        word = "FLOAT"
    return Column(name, word, nullable != "N")

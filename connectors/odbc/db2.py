"""Db2 for Linux, Unix and Windows through IBM's client (CLI driver)."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import Any

from agent.errors import Misconfigured
from connectors._db2 import CODES, ONE_ROW, Db2Dialect, described
from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column, Sql
from connectors.odbc.dialect import CANARY_TEXT, OdbcDialect

_NULL_AFTER_ONE = (
    f"SELECT CAST(1 AS INTEGER) FROM {ONE_ROW} UNION ALL "  # noqa: S608 - constants
    f"SELECT CAST(NULL AS INTEGER) FROM {ONE_ROW} ORDER BY 1"
)
_CHARACTERS = "U&'" + "".join(f"\\{ord(each):04X}" for each in CANARY_TEXT) + "'"


class ClidriverDialect(Db2Dialect, OdbcDialect):
    """What IBM's client needs, whichever Db2 is behind it."""

    driver = "IBM DB2 ODBC DRIVER"
    alive = f"SELECT 1 FROM {ONE_ROW}"  # noqa: S608 - a constant
    codes = CODES

    def tune(self, connection: Any, _pyodbc: Any, query_timeout: int) -> None:
        """The time-out of every statement."""
        connection.timeout = query_timeout

    def prove(self, connection: Answers) -> None:
        """A missing number must not arrive as the number of the row before."""
        if connection.fetch(_NULL_AFTER_ONE) != [(1,), (None,)]:
            raise Misconfigured(
                "SA-2122",
                "the Db2 driver repeats the previous row's value where there is none: its lengths "
                "have 4 bytes, those of 64-bit unixODBC 8",
                hint="name IBM's library with 8-byte lengths as driver: clidriver/lib/libdb2o.so",
            )


class Db2OdbcDialect(ClidriverDialect):
    """Db2 for Linux, Unix and Windows."""

    server_word = "Hostname"
    keywords = MappingProxyType({"Protocol": "TCPIP"})
    tables = (
        "SELECT RTRIM(TABSCHEMA) || '.' || TABNAME FROM SYSCAT.TABLES "
        "WHERE TABSCHEMA NOT LIKE 'SYS%'"
    )
    canary = (
        Sql(
            f"SELECT CAST('39.5' AS DECIMAL(9,2)), {_CHARACTERS}, "  # noqa: S608 - constants
            "CHAR(CAST('2026-11-21' AS DATE), ISO), "
            f"CASE WHEN CAST(? AS VARCHAR(800)) = {_CHARACTERS} THEN 1 ELSE 0 END FROM {ONE_ROW}",
            (CANARY_TEXT,),
        ),
        (Decimal("39.50"), CANARY_TEXT, "2026-11-21", 1),
    )

    def relation(self, relation: Relation) -> str:
        """Names in capitals, as Db2 keeps them, unless they are quoted."""
        if relation.query is not None:
            return super().relation(relation)
        parts = relation.table.split(".")
        return ".".join(p if p.startswith('"') else self.quote(p.upper()) for p in parts)

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """As the driver describes them."""
        columns = connection.describe(self.nothing_of(relation))
        return [
            described(str(each[0]), each[1].__name__)._replace(nullable=each[6] is not False)
            for each in columns
        ]

    def can_see_transactions(self, _connection: Answers) -> str:
        """A ROW CHANGE TIMESTAMP is that of the statement, not of the commit."""
        return (
            "a row change timestamp is given before the commit: make the overlap longer than the "
            "longest transaction; what is later still, the next full pass finds"
        )

"""Transact-SQL, as SQL Server 2012 and later speak it, through Microsoft's driver or FreeTDS.

What a driver might spoil comes as text that the server itself makes, by numbered styles: without
them text becomes a date, and a date text, in the way of the login's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from agent.errors import Misconfigured, Rejected
from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column, Sql
from connectors._sql_large import LARGEST, STAND_IN
from connectors._sql_table import NO_SUCH_TABLE
from connectors.odbc.dialect import CANARY_TEXT, OdbcDialect

ROWVERSION = "timestamp"
"""The server's own name for the type: it counts writes and has nothing to do with time."""

_UTC = "CONVERT(nvarchar(27), CONVERT(datetime2(7), SWITCHOFFSET({}, '+00:00')), 121)"
_VERSION = "CONVERT(char(18), CONVERT(binary(8), {}), 1)"
_READ = {
    "char": "RTRIM({})",
    "nchar": "RTRIM({})",
    "text": "CONVERT(nvarchar(max), {})",
    "ntext": "CONVERT(nvarchar(max), {})",
    "xml": "CONVERT(nvarchar(max), {})",
    "sql_variant": "CONVERT(nvarchar(4000), {})",
    "hierarchyid": "{}.ToString()",
    "geography": "{}.ToString()",
    "geometry": "{}.ToString()",
    "uniqueidentifier": "LOWER(CONVERT(nvarchar(36), {}))",
    "money": "CONVERT(decimal(19, 4), {})",
    "smallmoney": "CONVERT(decimal(10, 4), {})",
    "date": "CONVERT(nvarchar(10), {}, 23)",
    "time": "CONVERT(nvarchar(16), {}, 121)",
    "smalldatetime": "CONVERT(nvarchar(19), {}, 120)",
    "datetime": "CONVERT(nvarchar(23), {}, 121)",
    "datetime2": "CONVERT(nvarchar(27), {}, 121)",
    "datetimeoffset": f"{_UTC} + 'Z'",
    ROWVERSION: _VERSION,
}
"""Type → the expression that reads it."""

_LARGE = {"text", "ntext", "image", "xml", "geography", "geometry"}
"""Types that can hold large objects, besides those of the length `max`."""

_MARK = {
    "decimal": "CONVERT(nvarchar(41), {})",
    "numeric": "CONVERT(nvarchar(41), {})",
    "money": "CONVERT(nvarchar(41), CONVERT(decimal(19, 4), {}))",
    "smallmoney": "CONVERT(nvarchar(41), CONVERT(decimal(19, 4), {}))",
    "binary": "CONVERT(varchar(max), {}, 1)",
    "varbinary": "CONVERT(varchar(max), {}, 1)",
    "datetimeoffset": _UTC,
}
"""The same for marks, where it differs."""

_BOUND = {
    # A text of the other kind would be converted row by row, and no index would serve.
    "char": "CAST(? AS varchar(8000))",
    "varchar": "CAST(? AS varchar(8000))",
    "nchar": "CAST(? AS nvarchar(4000))",
    "nvarchar": "CAST(? AS nvarchar(4000))",
    "sysname": "CAST(? AS nvarchar(4000))",
    "date": "CONVERT(date, ?, 23)",
    "time": "CAST(? AS time(7))",
    "smalldatetime": "CONVERT(smalldatetime, ?, 120)",
    "datetime": "CONVERT(datetime, ?, 121)",
    "datetime2": "CONVERT(datetime2(7), ?, 121)",
    "datetimeoffset": "TODATETIMEOFFSET(CONVERT(datetime2(7), ?, 121), '+00:00')",
    "binary": "CONVERT(varbinary(8000), ?, 1)",
    "varbinary": "CONVERT(varbinary(8000), ?, 1)",
    ROWVERSION: "CONVERT(binary(8), ?, 1)",
}
"""Type → the question mark for a mark; the others are cast to the column's own type."""

_LONGEST_PARAMETER = 4000
"""Characters; beyond it FreeTDS sends the first 4000 and no error."""

# By the number of the message, since every driver names SQLSTATEs of its own.
_CODES = MappingProxyType(
    dict.fromkeys((18450, 18452, 18456, 18463, 18470, 18486, 18487, 18488), "SA-2101")
    # 4060 is also what a database says that still recovers after a restart of the server.
    | dict.fromkeys((596, 921, 922, 976, 983, 4060, 4064, 6005, 6006, 17142, 18401), "SA-2104")
    | dict.fromkeys((40197, 40501, 40613, 49918, 49919, 49920), "SA-2104")  # Azure: come again
    | dict.fromkeys((1222,), "SA-2105")
    | dict.fromkeys((208, 4902), NO_SUCH_TABLE)
    | dict.fromkeys((207,), "SA-2111")
    | dict.fromkeys((229, 230, 262, 297, 300, 916), "SA-2113")
    | dict.fromkeys((1205, 3961), "SA-2114")  # a deadlock chose us; the table was altered meanwhile
    | dict.fromkeys((241, 242, 244, 245, 248, 295, 8114, 8115, 8169), "SA-2115")
)


class SqlServerDialect(OdbcDialect):
    """Pages by key: a result read in one go would hold locks for as long as we take to read it."""

    quotes = ("[", "]")
    paged = True
    parameters = 2000
    driver = "ODBC Driver 18 for SQL Server"
    codes = _CODES
    # NULL: the login's password does not expire; -1: the policy of Windows has no such rule.
    log_in_ends = (
        "SELECT CONVERT(varchar(10), DATEADD(day, NULLIF("
        "CAST(LOGINPROPERTY(SUSER_SNAME(), 'DaysUntilExpiration') AS int), -1), GETDATE()), 23)"
    )
    tables = (
        "SELECT CASE TABLE_SCHEMA WHEN SCHEMA_NAME() THEN TABLE_NAME "
        "ELSE CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) END "
        "FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA NOT IN ('sys', 'INFORMATION_SCHEMA')"
    )
    # The varchar is there because drivers have read it in the process's own code page.
    canary = (
        Sql(
            "SELECT CAST('39.5' AS decimal(9, 2)), REPLICATE(NCHAR(232) + NCHAR(8364), 100), "
            "CAST(NCHAR(232) + NCHAR(8364) COLLATE Latin1_General_CI_AS AS varchar(2)), "
            "CONVERT(date, '2026-11-21', 23), "
            "CASE WHEN CAST(? AS nvarchar(400)) COLLATE Latin1_General_BIN2 "
            "= REPLICATE(NCHAR(232) + NCHAR(8364), 100) THEN 1 ELSE 0 END",
            (CANARY_TEXT,),
        ),
        (Decimal("39.50"), CANARY_TEXT, CANARY_TEXT[:2], date(2026, 11, 21), 1),
    )

    def __init__(self, keywords: Mapping[str, str]) -> None:
        self.keywords = keywords
        self.database = ""
        self.updateable = True
        """False on a readable secondary: it knows nothing of transactions on the primary."""

    def learn(self, connection: Answers) -> None:
        """Where we are, and whether a transaction may see one moment."""
        [(self.database, snapshots, updateability)] = connection.fetch(
            "SELECT d.name, d.snapshot_isolation_state, "
            "CAST(DATABASEPROPERTYEX(d.name, 'Updateability') AS nvarchar(20)) "
            "FROM sys.databases d WHERE d.database_id = DB_ID()"
        )
        self.updateable = updateability != "READ_ONLY"
        on = snapshots == 1
        self.begin = ("SET TRANSACTION ISOLATION LEVEL SNAPSHOT", "BEGIN TRANSACTION") if on else ()

    def tune(self, connection: Any, pyodbc: Any, query_timeout: int) -> None:
        """The server bounds no statement: the driver does. Any text crosses as UTF-16.

        Otherwise a varchar comes in the code page of the process, and accents are lost where a
        service has none.
        """
        connection.timeout = query_timeout
        connection.setdecoding(pyodbc.SQL_CHAR, encoding="utf-16le", ctype=pyodbc.SQL_WCHAR)

    def at_connect(self, _query_timeout: int) -> Sequence[str]:
        """Whole texts (FreeTDS asks for 64 kB of each), and in a deadlock the others go on."""
        return ("SET TEXTSIZE 2147483647; SET DEADLOCK_PRIORITY LOW; SET LANGUAGE us_english",)

    def at_writing(self, lock_timeout: int) -> Sequence[str]:
        """By itself the server would wait for a lock for ever."""
        return (f"SET LOCK_TIMEOUT {lock_timeout * 1000}",)

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """As the server itself describes them, a query's as well as a table's."""
        rows = connection.fetch(
            "SELECT name, system_type_name, is_nullable, error_number, error_message "  # noqa: S608
            f"FROM sys.dm_exec_describe_first_result_set({literal(self.nothing_of(relation))}, "
            "NULL, 0) ORDER BY column_ordinal"
        )
        for *_, number, message in rows:
            if number:
                connection.describe(self.nothing_of(relation))  # the server's own error says more
                raise Misconfigured("SA-2112", f"the columns cannot be told: {message}")
        # The types of the CLR have no name of the system.
        return [
            Column(name, kind or "hierarchyid", bool(nullable)) for name, kind, nullable, *_ in rows
        ]

    def value(self, column: Column, sql: str) -> str:
        """Types that a driver would spoil come as text, money as the decimal it is."""
        expression = _READ.get(family(column), "{}").format(sql)
        if not self.large(column):
            return expression
        binary = family(column) in {"varbinary", "image"}
        instead = f"0x{STAND_IN.encode().hex()}" if binary else literal(STAND_IN)
        return f"CASE WHEN DATALENGTH({sql}) > {LARGEST} THEN {instead} ELSE {expression} END"

    def large(self, column: Column) -> bool:
        """What is declared with `max`, and the types before it."""
        return column.type.endswith("(max)") or family(column) in _LARGE

    def mark(self, column: Column, sql: str) -> str:
        """The same, and text for what JSON has no exact number for."""
        return _MARK.get(family(column), _READ.get(family(column), "{}")).format(sql)

    def bound(self, column: Column) -> str:
        """Text, converted on the server: FreeTDS shortens dates to 3.33 ms."""
        return _BOUND.get(family(column), f"CAST(? AS {column.type})")

    def parameter(self, column: Column, mark: object) -> object:
        """Always text; `Rejected` where FreeTDS would send only the beginning of it."""
        text = str(mark)
        if len(text) > _LONGEST_PARAMETER:
            raise Rejected("SA-2115", f"a key of {len(text)} characters cannot be looked up")
        if family(column) in {"binary", "varbinary"}:
            return f"0x{text.removeprefix('0x')}"
        return text.removesuffix("Z") if family(column) == "datetimeoffset" else text

    def not_in_future(self, column: Column, sql: str) -> Sql:
        """Two days ahead is beyond every time zone."""
        stamped = family(column) in {"date", "smalldatetime", "datetime", "datetime2"}
        zoned = family(column) == "datetimeoffset"
        now = "SYSDATETIMEOFFSET()" if zoned else "SYSUTCDATETIME()"
        return Sql(f"{sql} < DATEADD(day, 2, {now})" if stamped or zoned else "")

    def limit(self, rows: int, offset: int = 0) -> str:
        """Belongs to ORDER BY, which every statement with a limit has."""
        return f" OFFSET {offset} ROWS FETCH NEXT {rows} ROWS ONLY"

    def open_transactions(self, connection: Answers) -> frozenset[str] | None:
        """Transactions that have written in this database, where the user may see them."""
        try:
            rows = connection.fetch(
                "SELECT transaction_id FROM sys.dm_tran_database_transactions "
                "WHERE database_id = DB_ID() AND database_transaction_begin_time IS NOT NULL"
            )
        except Misconfigured:
            return frozenset()
        return frozenset(str(row[0]) for row in rows)

    def can_see_transactions(self, connection: Answers) -> str:
        """The server shows them to a user with VIEW SERVER STATE only."""
        try:
            connection.fetch("SELECT COUNT(*) FROM sys.dm_tran_database_transactions")
        except Misconfigured:
            return (
                "not seen: grant VIEW SERVER STATE to this login, or use a rowversion column; else "
                "rows committed later than the overlap are found by the next full pass"
            )
        return "seen: open transactions are waited for"


def family(column: Column) -> str:
    """The type without its length: `decimal(12,4)` is a `decimal`."""
    return column.type.partition("(")[0]


def literal(text: str) -> str:
    """A text of any length inside a statement."""
    return "N'" + text.replace("'", "''") + "'"

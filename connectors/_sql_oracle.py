"""Oracle's SQL: the same database can be read through its Python driver or through ODBC.

Column types are Oracle's own words, without lengths: `VARCHAR2`, `NUMBER`, `DATE`, `TIMESTAMP`,
`TIMESTAMP WITH TIME ZONE`. An empty text is NULL in Oracle, in a column as in a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from agent.errors import Misconfigured, Rejected
from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column, Dialect, Sql
from connectors._sql_large import LARGEST, STAND_IN
from connectors._sql_table import NO_SUCH_TABLE

ROW_SCN = "ORA_ROWSCN"
"""The system change number at which a row was committed, or one of its block later than that."""

_DAY = "YYYY-MM-DD HH24:MI:SS"
_MOMENT = f"{_DAY}.FF"
_READ = {
    "CHAR": "RTRIM({})",
    "NCHAR": "RTRIM({})",
    "DATE": f"TO_CHAR({{}}, '{_DAY}')",
    "TIMESTAMP": f"TO_CHAR({{}}, '{_MOMENT}')",
    # The zone stands inside the format: NULL || 'Z' would be 'Z'.
    "TIMESTAMP WITH TIME ZONE": f"TO_CHAR(SYS_EXTRACT_UTC({{}}), '{_MOMENT}\"Z\"')",
    "TIMESTAMP WITH LOCAL TIME ZONE": f"TO_CHAR({{}}, '{_MOMENT}\"Z\"')",
    "INTERVAL DAY TO SECOND": "TO_CHAR({})",
    "INTERVAL YEAR TO MONTH": "TO_CHAR({})",
    "ROWID": "ROWIDTOCHAR({})",
    "CLOB": f"SUBSTR({{}}, 1, {LARGEST + 1})",
    "NCLOB": f"SUBSTR({{}}, 1, {LARGEST + 1})",
    # Of bytes Oracle's SQL can read no part of that length.
    "BLOB": (
        f"CASE WHEN DBMS_LOB.GETLENGTH({{0}}) > {LARGEST} "
        f"THEN TO_BLOB(HEXTORAW('{STAND_IN.encode().hex()}')) ELSE {{0}} END"
    ),
}
"""Type → the expression that reads it. Dates as text: drivers shorten them, or refuse some."""

_MARK = {"NUMBER": "TO_CHAR({}, 'TM9')", "FLOAT": "TO_CHAR({}, 'TM9')", "RAW": "RAWTOHEX({})"}
"""The same for marks, where it differs."""

_BOUND = {
    # Compared with VARCHAR2 a CHAR would count its padding, and drivers send texts as NVARCHAR2,
    # for which no index serves.
    "CHAR": "CAST(? AS CHAR(2000))",
    "NCHAR": "CAST(? AS NCHAR(1000))",
    "VARCHAR2": "CAST(? AS VARCHAR2(4000))",
    "DATE": f"TO_DATE(?, '{_DAY}')",
    "TIMESTAMP": f"TO_TIMESTAMP(?, '{_MOMENT}')",
    "TIMESTAMP WITH TIME ZONE": f"FROM_TZ(TO_TIMESTAMP(?, '{_MOMENT}'), 'UTC')",
    "TIMESTAMP WITH LOCAL TIME ZONE": f"FROM_TZ(TO_TIMESTAMP(?, '{_MOMENT}'), 'UTC')",
    "RAW": "HEXTORAW(?)",
    "ROWID": "CHARTOROWID(?)",
}
"""Type → the question mark for a mark."""

_NUMBERS = {"NUMBER", "FLOAT", "BINARY_FLOAT", "BINARY_DOUBLE"}
_FRACTION = re.compile(r"(:\d\d)(\.\d+)?Z?$")

CODES: Mapping[int, str] = MappingProxyType(
    # Locked, expired and mistyped accounts alike: another attempt may lock the user.
    dict.fromkeys((1005, 1017, 1045, 28000, 28001, 28040), "SA-2101")
    | dict.fromkeys((12170, 12514, 12516, 12520, 12528, 12537, 12541, 12543, 12545), "SA-2104")
    | dict.fromkeys((28, 1012, 1033, 1034, 1089, 1090, 3113, 3114, 3135, 18, 20), "SA-2104")
    | dict.fromkeys((1013, 2049, 51), "SA-2105")
    | {942: NO_SUCH_TABLE, 4043: NO_SUCH_TABLE, 904: "SA-2111"}
    | dict.fromkeys((1031, 1720, 1039), "SA-2113")
    # The undo that a long pass needs was overwritten: it starts over.
    | dict.fromkeys((1555, 22924, 8176), "SA-2223")
    | dict.fromkeys((1722, 1830, 1839, 1840, 1841, 1843, 1858, 1861, 1465, 1410), "SA-2115")
    | dict.fromkeys((900, 903, 907, 911, 918, 920, 923, 933, 936, 1446, 1747), "SA-2112")
)
"""Oracle's error number → our code."""

_SETTINGS = (
    "ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,' NLS_CALENDAR = 'GREGORIAN' "
    f"NLS_DATE_FORMAT = '{_DAY}' NLS_TIMESTAMP_FORMAT = '{_MOMENT}' "
    f"NLS_TIMESTAMP_TZ_FORMAT = '{_MOMENT} TZH:TZM' NLS_COMP = 'BINARY' NLS_SORT = 'BINARY'"
)
AT_CONNECT = (_SETTINGS, "ALTER SESSION SET TIME_ZONE = '+00:00'")
"""What a session's answers must not depend on: the machine's language, calendar and zone."""

CANARY = (
    Sql(
        "SELECT CAST('39.5' AS NUMBER(9,2)), UNISTR('\\00e8\\20ac'), TO_CHAR(DATE '2026-11-21') "
        "FROM DUAL"
    ),
    (Decimal("39.5"), "è€", "2026-11-21 00:00:00"),
)
"""A statement and its answer; no parameter, for not every database's character set has an euro."""

FETCH_CLAUSE_SINCE = 12


class OracleDialect(Dialect):
    """One statement sees one moment by itself; several do in a read-only transaction."""

    begin = ("SET TRANSACTION READ ONLY",)
    alive = "SELECT 1 FROM DUAL"
    log_in_ends = "SELECT TO_CHAR(EXPIRY_DATE, 'YYYY-MM-DD') FROM USER_USERS"
    tables = (
        "SELECT OWNER || '.' || OBJECT_NAME FROM ALL_OBJECTS "
        "WHERE OBJECT_TYPE IN ('TABLE', 'VIEW') AND OWNER NOT IN ('SYS', 'SYSTEM', 'XDB', 'MDSYS')"
    )
    release = FETCH_CLAUSE_SINCE
    """The server's major version."""

    def to_write(self, value: object) -> object:
        """Truth as 1 or 0: tables have no type for it before release 23."""
        return int(value) if isinstance(value, bool) else super().to_write(value)

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """From the statement's own description; a table has its change number besides."""
        described = connection.describe(self.nothing_of(relation))
        columns = [Column(name, kind, nullable) for name, kind, nullable in described]
        return columns if relation.query is not None else with_row_scn(columns)

    def quote(self, name: str) -> str:
        """A pseudo-column has no quotes, else it would be a column of that name."""
        return name if name == ROW_SCN else super().quote(name)

    def value(self, column: Column, sql: str) -> str:
        """Dates as text, zoned ones in UTC; CHAR without padding."""
        return _READ.get(column.type, "{}").format(sql)

    def large(self, column: Column) -> bool:
        """Texts and bytes."""
        return column.type in {"BLOB", "CLOB", "NCLOB"}

    def mark(self, column: Column, sql: str) -> str:
        """Numbers as text too: forty digits fit no number of JSON."""
        expression = _MARK.get(column.type)
        return expression.format(sql) if expression else self.value(column, sql)

    def bound(self, column: Column) -> str:
        """The conversion names its format, whatever the session's language."""
        return _BOUND.get(column.type, "?")

    def parameter(self, column: Column, mark: object) -> object:
        """Numbers as exact numbers; stamps with a blank, a fraction and no zone."""
        text = str(mark)
        if column.type in _NUMBERS:
            try:
                return Decimal(text)
            except InvalidOperation:
                raise Rejected(
                    "SA-2115", f"{text!r} is no value of {column.name}, which holds numbers"
                ) from None
        if column.type == "DATE":
            return text.replace("T", " ").partition(".")[0].rstrip("Z")
        if column.type.startswith("TIMESTAMP"):
            return _FRACTION.sub(
                lambda found: found[1] + (found[2] or ".0"), text.replace("T", " ")
            )
        return text

    def not_in_future(self, column: Column, sql: str) -> Sql:
        """Two days ahead is beyond every time zone."""
        if column.type == "DATE":
            return Sql(f"{sql} < SYSDATE + 2")
        stamp = column.type.startswith("TIMESTAMP")
        return Sql(f"{sql} < SYSTIMESTAMP + INTERVAL '2' DAY" if stamp else "")

    def limit(self, rows: int, offset: int = 0) -> str:
        """The standard's clause."""
        return (f" OFFSET {offset} ROWS" if offset else "") + f" FETCH NEXT {rows} ROWS ONLY"

    def limited(self, statement: str, rows: int, offset: int = 0) -> str:
        """ROWNUM counts rows before they are sorted, so the sorting stands inside."""
        if self.release >= FETCH_CLAUSE_SINCE or offset:  # only what is paged has an offset
            return super().limited(statement, rows, offset)
        return f"SELECT * FROM ({statement}) WHERE ROWNUM <= {rows}"  # noqa: S608 - our statement

    def open_transactions(self, connection: Answers) -> frozenset[str] | None:
        """Transactions of all instances, where the user may see them."""
        try:
            rows = connection.fetch(_TRANSACTIONS)
        except Misconfigured:
            return frozenset()
        return frozenset(str(row[0]) for row in rows)

    def can_see_transactions(self, connection: Answers) -> str:
        """Oracle tells no user without a right which transactions are open."""
        try:
            connection.fetch(_TRANSACTIONS)
        except Misconfigured:
            return (
                "not seen: grant SELECT on SYS.GV_$TRANSACTION to this user, else rows committed "
                f"later than the overlap are found by the next full pass (not so with {ROW_SCN})"
            )
        return "seen: open transactions are waited for"


_TRANSACTIONS = (
    "SELECT INST_ID || '.' || XIDUSN || '.' || XIDSLOT || '.' || XIDSQN FROM GV$TRANSACTION"
)


def with_row_scn(columns: Sequence[Column]) -> list[Column]:
    """A table's columns, and the pseudo-column that a cursor may name; nobody reads it unasked."""
    return [*columns, Column(ROW_SCN, "NUMBER", nullable=False, listed=False)]

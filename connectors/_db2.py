"""What Db2 for i and Db2 for Linux, Unix and Windows share: types, paging, error numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from connectors._sql_dialect import Column, Dialect, Sql

CODES: Mapping[int, str] = MappingProxyType(
    {
        -204: "SA-2110",
        -205: "SA-2111",
        -206: "SA-2111",
        -551: "SA-2113",
        -552: "SA-2113",
        -666: "SA-2105",  # the query would take longer than the system allows
        -911: "SA-2121",
        -913: "SA-2121",
        -952: "SA-2105",
        -1598: "SA-2120",
        -8001: "SA-2120",
        -30082: "SA-2101",
    }
)
"""SQLCODE → code of ours, where the SQLSTATE is not one that every database has."""

ONE_ROW = "SYSIBM.SYSDUMMY1"
"""The table of one row that every Db2 has."""

_ISO_STAMP = "'YYYY-MM-DD HH24:MI:SS.NNNNNN'"
_PADDED = {"CHAR", "CHARACTER", "GRAPHIC", "str"}
"""`str`: a query's text, of which the driver does not say whether it is padded."""
_DIGITS_OF_DATES = {6, 7, 8, 12, 13, 14}
"""YYMMDD, CYYMMDD, YYYYMMDD, and those with a time of six digits behind."""
_STAMPS = {"TIMESTAMP", "TIMESTMP"}
_EXACT = {"DECIMAL", "NUMERIC", "DECFLOAT"}
_NUMBERS: Mapping[str, Callable[[str], object]] = {
    "BIGINT": int,
    "INTEGER": int,
    "SMALLINT": int,
    "DOUBLE": float,
    "FLOAT": float,
    "REAL": float,
} | dict.fromkeys(_EXACT, Decimal)
_OF_DRIVER = {
    "Decimal": "DECIMAL",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "float": "DOUBLE",
    "int": "BIGINT",
    "time": "TIME",
}


class Db2Dialect(Dialect):
    """`Column.type` is the type in SQL words: `CHAR(15)`, `DECIMAL(9,2)`, `TIMESTAMP`."""

    def to_write(self, value: object) -> object:
        """Truth as 1 or 0, as tables of every release keep it."""
        return int(value) if isinstance(value, bool) else super().to_write(value)

    def value(self, column: Column, sql: str) -> str:
        """Text without padding; dates as ISO text whatever format the job has."""
        kind = word(column)
        if kind in _PADDED:
            return f"RTRIM({sql})"
        if kind == "DATE":
            return f"CHAR({sql}, ISO)"
        if kind == "TIME":
            return f"CHAR({sql}, JIS)"  # ISO would part the hours by points; 24:00:00 is possible
        return f"VARCHAR_FORMAT({sql}, {_ISO_STAMP})" if kind in _STAMPS else sql

    def mark(self, column: Column, sql: str) -> str:
        """Exact numbers as text, so that a cursor can be kept."""
        return f"RTRIM(CHAR({sql}))" if word(column) in _EXACT else self.value(column, sql)

    def bound(self, column: Column) -> str:
        """A question mark takes the column's type; a stamp's text needs a cast."""
        kind = word(column)
        if kind in _STAMPS:
            return "CAST(? AS TIMESTAMP)"
        return f"CAST(? AS {kind})" if kind in {"DATE", "TIME"} else "?"

    def parameter(self, column: Column, mark: object) -> object:
        """Numbers as numbers: a number compared with a text would not be served by an index."""
        convert = _NUMBERS.get(word(column))
        return convert(str(mark)) if convert else mark

    def equals(self, column: Column, sql: str, text: str) -> Sql:
        """A text that is no number is the key of no row with a numeric key."""
        try:
            return super().equals(column, sql, text)
        except (ValueError, ArithmeticError):
            return Sql("1 = 0")

    def not_in_future(self, column: Column, sql: str) -> Sql:
        """Two days ahead is beyond every time zone; a date of nines alone means "never"."""
        kind = word(column)
        if kind == "DATE":
            return Sql(f"{sql} < CURRENT DATE + 2 DAYS")
        if kind in _STAMPS:
            return Sql(f"{sql} < CURRENT TIMESTAMP + 2 DAYS")
        number = re.fullmatch(r"(?:DECIMAL|NUMERIC)\((\d+),0\)", column.type)
        digits = int(number[1]) if number else 0
        return Sql(f"{sql} < {'9' * digits}" if digits in _DIGITS_OF_DATES else "")

    def limit(self, rows: int, offset: int = 0) -> str:
        """The words that every release knows."""
        return (f" OFFSET {offset} ROWS" if offset else "") + f" FETCH FIRST {rows} ROWS ONLY"


def word(column: Column) -> str:
    """The first word of a type: `CHAR` of `CHAR(15) CCSID 280`."""
    return re.split(r"\W", column.type, maxsplit=1)[0]


def described(name: str, driver_type: str) -> Column:
    """A column of a query, of which the driver tells no more than the Python type."""
    return Column(name, _OF_DRIVER.get(driver_type, driver_type))


def unicode_hex(text: str) -> str:
    """Characters of the basic plane as the hexadecimal digits of UTF-16."""
    return text.encode("utf-16-be").hex().upper()

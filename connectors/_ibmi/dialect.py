"""SQL of Db2 for i: naming, code pages, the canary.

A column with CCSID 65535 holds bytes that nobody converts. Where the configuration tells its code
page, the server is told to read and compare it as such; where it does not, the bytes come as
hexadecimal digits (a driver may "translate" anything else) and the mapping decodes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from connectors._db2 import ONE_ROW, Db2Dialect, described, unicode_hex
from connectors._ibmi.catalogue import NO_CONVERSION, File, columns_of, find_file
from connectors._ibmi.naming import Naming, Qualified, literal
from connectors._ibmi.options import IbmiOptions
from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column, Sql

_TEXT = re.compile(r"((?:VAR)?CHAR\(\d+\)) CCSID (\d+)")


@dataclass(frozen=True)
class Reading:
    """How files are named and their texts read."""

    naming: Naming = "sql"
    ccsid: int = NO_CONVERSION
    """The code page of columns that the system marks as 65535."""
    ccsids: Mapping[str, int] = field(default_factory=dict)
    """Columns of which the flow knows better than the system."""
    paged: bool = True


def reading(naming: Naming, ccsid: int, options: IbmiOptions) -> Reading:
    """What a connection and a flow say together."""
    return Reading(naming, ccsid, options.ccsids, options.paging == "pages")


class IbmiDialect(Db2Dialect):
    """One instance a flow: it remembers the files it was asked about."""

    log_in_ends = (
        "SELECT VARCHAR_FORMAT(DATE_PASSWORD_EXPIRES, 'YYYY-MM-DD') FROM QSYS2.USER_INFO_BASIC "
        "WHERE AUTHORIZATION_NAME = SESSION_USER"
    )

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.paged = reading.paged
        self.files: dict[str, File] = {}

    def relation(self, relation: Relation) -> str:
        """A file by its name in the configured naming."""
        if relation.query is not None:
            return super().relation(relation)
        return Qualified.parse(relation.table).sql(self.reading.naming)

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """From the catalogue; the columns of a query as the driver describes them."""
        if relation.query is not None:
            found = connection.describe(self.nothing_of(relation))
            return [described(str(each[0]), each[1].__name__) for each in found]
        asked = Qualified.parse(relation.table)
        self.tables = _tables_beside(asked)
        file = find_file(connection, asked, self.reading.naming)
        if file is None:
            return []
        self.files[relation.table] = file
        return columns_of(connection, file)

    def code_page(self, column: Column) -> int | None:
        """The CCSID to read a text by; None where the system's own is right."""
        found = _TEXT.fullmatch(column.type)
        if not found:
            return None
        if column.name in self.reading.ccsids:
            return self.reading.ccsids[column.name]
        return self.reading.ccsid if int(found[2]) == NO_CONVERSION else None

    def comes_as_bytes(self, column: Column) -> bool:
        """The text has no code page that we know: it is read in hexadecimal digits."""
        return self.code_page(column) == NO_CONVERSION

    def value(self, column: Column, sql: str) -> str:
        """Texts in the code page that holds for them."""
        ccsid = self.code_page(column)
        if ccsid is None:
            return super().value(column, sql)
        if ccsid == NO_CONVERSION:
            return f"HEX({sql})"
        size = _size(column)
        return f"RTRIM(CAST(CAST({sql} AS {size} FOR BIT DATA) AS {size} CCSID {ccsid}))"

    def bound(self, column: Column) -> str:
        """The bytes of a text are compared, so that an index on the column serves."""
        ccsid = self.code_page(column)
        if ccsid is None or ccsid == NO_CONVERSION:
            return super().bound(column)
        size = _size(column)
        return f"CAST(CAST(? AS {size} CCSID {ccsid}) AS {size} FOR BIT DATA)"

    def can_see_transactions(self, _connection: Answers) -> str:
        """Reading committed, Db2 for i waits for rows that are being changed."""
        return (
            "a row under commitment control is waited for (isolation cs); rows stamped by a "
            "client's clock need the overlap"
        )


def _size(column: Column) -> str:
    return column.type.partition(" CCSID")[0]


def canary(decimal: str, exact: object) -> tuple[Sql, tuple[Any, ...]]:
    """A statement and its answer; `decimal` is how a decimal is read, `exact` what must arrive."""
    text = "è€" * 100
    characters = f"CAST(UX'{unicode_hex(text)}' AS VARGRAPHIC(200) CCSID 1200)"
    number = decimal.format("CAST('39.5' AS DECIMAL(9,2))")
    same = f"CASE WHEN CAST(? AS VARGRAPHIC(200) CCSID 1200) = {characters} THEN 1 ELSE 0 END"
    return (
        Sql(
            f"SELECT {number}, {characters}, CHAR(CAST('2026-11-21' AS DATE), ISO), "  # noqa: S608
            f"RTRIM(CAST('00123' AS CHAR(8))), {same} FROM {ONE_ROW}",
            (text,),
        ),
        (exact, text, "2026-11-21", "00123", 1),
    )


CANARY = canary("{}", Decimal("39.50"))


def _tables_beside(asked: Qualified) -> str:
    """The statement that lists what else there is where this name was looked for."""
    if not asked.library:
        return "SELECT TABLE_NAME FROM QSYS2.SYSTABLES WHERE TABLE_SCHEMA = CURRENT SCHEMA"
    library = literal(asked.library)
    return (
        f"SELECT {literal(f'{asked.library}.')} || RTRIM(TABLE_NAME) "  # noqa: S608 - quoted
        "FROM QSYS2.SYSTABLES "
        f"WHERE TABLE_SCHEMA = {library} OR SYSTEM_TABLE_SCHEMA = {library}"
    )

"""What QSYS2 tells about a file: which one a name means, its columns, its members, its journal."""

from __future__ import annotations

from typing import NamedTuple

from connectors._ibmi.naming import Naming, Qualified
from connectors._sql_dialect import Answers, Column

NO_CONVERSION = 65535
"""The CCSID of columns whose bytes the system does not convert."""

# NAME may be the long name or the system's own of ten characters; an alias leads to one member.
_FILES = (
    "SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.SYSTEM_TABLE_SCHEMA, t.SYSTEM_TABLE_NAME, "
    "t.TABLE_TYPE, t.BASE_TABLE_SCHEMA, t.BASE_TABLE_NAME, t.BASE_TABLE_MEMBER "
    "FROM QSYS2.SYSTABLES t"
)
_NAMED = " WHERE (t.TABLE_NAME = ? OR t.SYSTEM_TABLE_NAME = ?)"
_IN_LIBRARY = " AND (t.TABLE_SCHEMA = ? OR t.SYSTEM_TABLE_SCHEMA = ?)"
_IN_DEFAULT_SCHEMA = " AND t.TABLE_SCHEMA = CURRENT SCHEMA"
_LIBRARY_LIST = " JOIN QSYS2.LIBRARY_LIST_INFO l ON l.SYSTEM_SCHEMA_NAME = t.SYSTEM_TABLE_SCHEMA"
_COLUMNS = (
    "SELECT COLUMN_NAME, SYSTEM_COLUMN_NAME, DATA_TYPE, LENGTH, NUMERIC_SCALE, IS_NULLABLE, "
    "CCSID, COLUMN_HEADING FROM QSYS2.SYSCOLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? "
    "ORDER BY ORDINAL_POSITION"
)
_MEMBERS = (
    "SELECT SYSTEM_TABLE_MEMBER FROM QSYS2.SYSPARTITIONSTAT "
    "WHERE SYSTEM_TABLE_SCHEMA = ? AND SYSTEM_TABLE_NAME = ? ORDER BY PARTITION_NUMBER"
)


class File(NamedTuple):
    """One physical file, view or logical file, by its long names and by the system's own."""

    schema: str
    table: str
    library: str
    name: str
    member: str = ""
    """The only member that is read, where an alias names one."""

    def __str__(self) -> str:
        return f"{self.library}/{self.name}" + (f"({self.member})" if self.member else "")


def find_file(connection: Answers, asked: Qualified, naming: Naming) -> File | None:
    """The file that a statement with this name would read; None where there is none."""
    name, library = (asked.name, asked.name), (asked.library, asked.library)
    if asked.library:
        rows = connection.fetch(_FILES + _NAMED + _IN_LIBRARY, name + library)
    elif naming == "system":
        ordered = " ORDER BY l.ORDINAL_POSITION FETCH FIRST 1 ROWS ONLY"
        rows = connection.fetch(_FILES + _LIBRARY_LIST + _NAMED + ordered, name)
    else:
        rows = connection.fetch(_FILES + _NAMED + _IN_DEFAULT_SCHEMA, name)
    if not rows:
        return None
    *names, kind, base_library, base, member = (_text(value) for value in rows[0])
    if kind != "A":
        return File(*names)
    found = find_file(connection, Qualified(base_library, base), naming)
    return found and found._replace(member=member)


def columns_of(connection: Answers, file: File) -> list[Column]:
    """The columns of a file, in its own order; a text's type tells its code page."""
    rows = connection.fetch(_COLUMNS, (file.schema, file.table))
    return [_column(*row) for row in rows]


def members(connection: Answers, file: File) -> list[str]:
    """The members of a physical file, of which SQL without an alias reads the first."""
    rows = connection.fetch(_MEMBERS, (file.library, file.name))
    return [_text(row[0]) for row in rows]


def _column(
    name: str,
    short: str,
    kind: str,
    length: int,
    scale: int | None,
    nullable: str,
    ccsid: int | None,
    heading: str | None,
) -> Column:
    declared = _text(kind)
    if declared in {"DECIMAL", "NUMERIC"}:
        declared += f"({int(length)},{int(scale or 0)})"
    elif declared in {"CHAR", "VARCHAR"}:
        declared += f"({int(length)}) CCSID {int(ccsid or 0)}"
    labels = (_text(short), " ".join(_text(heading).split()))
    others = tuple(label for label in labels if label and label != _text(name))
    return Column(_text(name), declared, _text(nullable) != "N", others)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()

"""PostgreSQL through psqlODBC (the Unicode driver; the ANSI one fails on text parameters)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from agent.contract import BlockDigest
from connectors._sql import Relation
from connectors._sql_dialect import Answers, Column, Sql
from connectors._sql_large import LARGEST, STAND_IN
from connectors.odbc.dialect import CANARY_TEXT, BlockSql, OdbcDialect, Pairs

# `text` form: `infinity` and years before Christ have no other, a uuid comes in lower case, and
# CHAR loses its padding.
_AS_TEXT = {
    "bpchar",
    "date",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "uuid",
}
_DOCUMENTS = {"json", "jsonb", "xml"}
_LARGE = {"bytea", "text"} | _DOCUMENTS
_SIZE_OF_UNBOUNDED = 255
"""What the driver says of a varchar that was declared without a length."""
_STAMPS = {"date", "timestamp", "timestamptz"}
_NUMBERS = {"int2", "int4", "int8", "numeric", "float4", "float8"}
_TEXTS = {"bpchar", "text", "varchar"}
# Types whose hash differs whenever their value does.
_HASHABLE = _NUMBERS | _TEXTS | _AS_TEXT | {"bool", "bytea"}


class PostgresqlDialect(OdbcDialect):
    """Exact types; one snapshot for a pass; open transactions are visible to everybody."""

    driver = "PostgreSQL Unicode"
    # Without UseDeclareFetch the driver keeps the whole result: 104 MB for 200,000 rows, not 9.
    keywords = MappingProxyType({"BoolsAsChar": "0", "UseDeclareFetch": "1", "Fetch": "5000"})
    writing_keywords = MappingProxyType({"UseDeclareFetch": "0"})
    compiling = "EXPLAIN"
    log_in_ends = (
        "SELECT to_char(rolvaliduntil, 'YYYY-MM-DD') FROM pg_catalog.pg_roles "
        "WHERE rolname = session_user AND rolvaliduntil < 'infinity'"
    )
    # The driver declares a cursor for what begins with SELECT, WITH or a bracket: three more round
    # trips for a few rows, and a statement of which the server makes no parallel plan.
    small = "/* few rows */ "
    row_values = True
    begin = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",)
    tables = (
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema NOT IN ('information_schema', 'pg_catalog')"
    )
    canary = (
        Sql(
            "SELECT CAST('39.5' AS numeric(9,2)), repeat(chr(232) || chr(8364), 100), "
            "DATE '2026-11-21', CAST(? AS text) = repeat(chr(232) || chr(8364), 100)",
            (CANARY_TEXT,),
        ),
        (Decimal("39.50"), CANARY_TEXT, date(2026, 11, 21), True),
    )
    version = "SELECT current_setting('server_version_num')::int / 10000"

    def password(self, text: str) -> str:
        """The driver decodes a password as if it came from an address: `%41` would become `A`."""
        return text.replace("%", "%25").replace("+", "%2B")

    def at_connect(self, query_timeout: int) -> Sequence[str]:
        """The text forms that digests and marks rely on, and the time-out of a statement."""
        settings = {
            "TimeZone": "UTC",
            "DateStyle": "ISO, YMD",
            "IntervalStyle": "iso_8601",
            "bytea_output": "hex",
            "extra_float_digits": "1",
            "statement_timeout": f"{query_timeout}s",
        }
        return ["; ".join(f"SET {name} = '{value}'" for name, value in settings.items())]

    def at_writing(self, lock_timeout: int) -> Sequence[str]:
        """By itself the server would wait for a lock as long as for a statement."""
        return (f"SET lock_timeout = '{lock_timeout}s'",)

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], list[Column]] = {}

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """Names from the statement; types by asking the server, once for each description."""
        described = connection.describe(self.nothing_of(relation))
        source = self.relation(relation)
        known = (source, *map(tuple, described))
        if known not in self._known:
            names = [str(each[0]) for each in described]
            types = self._types(connection, source, names)
            self._known[known] = [
                Column(name, type_, size=each[3])
                for name, type_, each in zip(names, types, described, strict=True)
            ]
        return self._known[known]

    def _types(self, connection: Answers, source: str, names: Sequence[str]) -> tuple[str, ...]:
        types = ", ".join(
            f"(SELECT typname FROM pg_type WHERE oid = pg_typeof(p.{self.quote(name)}))::text"  # noqa: S608
            for name in names
        )
        # ON false: one row of NULLs that still have their types; the relation is not read.
        asked = f"SELECT {types} FROM (SELECT 1) one LEFT JOIN {source} p ON false"  # noqa: S608
        [row] = connection.fetch(asked)
        return row

    def value(self, column: Column, sql: str) -> str:
        """Types that the driver would spoil come as text."""
        if column.type == "timestamptz":
            return f"replace({sql}::text, '+00', 'Z')"  # +00 alone is no offset of ISO 8601
        if self.large(column):
            return _unless_large(column, sql)
        return f"{sql}::text" if column.type in _AS_TEXT else sql

    def large(self, column: Column) -> bool:
        """Texts without a length, bytes and documents."""
        if column.type == "varchar":
            return column.size is None or column.size >= _SIZE_OF_UNBOUNDED
        return column.type in _LARGE

    def mark(self, _column: Column, sql: str) -> str:
        """The server's own text of any type."""
        return f"{sql}::text"

    def bound(self, column: Column) -> str:
        """Text, cast to the column's type (by its inner name: `character` would mean CHAR(1))."""
        return f"CAST(? AS {self.quote(column.type)})"

    def parameter(self, _column: Column, mark: object) -> object:
        """Always text: the driver's own date parameters would do, but one form is simpler."""
        return str(mark)

    def not_in_future(self, column: Column, sql: str) -> Sql:
        """Two days ahead is beyond every time zone."""
        return Sql(f"{sql} < now() + interval '2 days'" if column.type in _STAMPS else "")

    def open_transactions(self, connection: Answers) -> frozenset[str] | None:
        """Virtual transactions of this database; every user may see them.

        A transaction that was handed to two-phase commit changes its name, so while anything is
        prepared, nothing counts as ended. A stand-by does not show its primary's transactions.
        """
        # The function behind pg_stat_activity: the view's joins take longer to plan than to run.
        rows = connection.fetch(
            "SELECT virtualtransaction FROM pg_locks JOIN pg_stat_get_activity(NULL) USING (pid) "
            "WHERE locktype = 'virtualxid' AND usesysid IS NOT NULL AND pid <> pg_backend_pid() "
            "AND datid = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "UNION ALL "
            "SELECT 'prepared' FROM pg_prepared_xacts WHERE database = current_database()"
        )
        running = frozenset(str(row[0]) for row in rows)
        return running | {"prepared"} if running else running

    def can_see_transactions(self, connection: Answers) -> str:
        """Exact on a primary."""
        [(stand_by,)] = connection.fetch("SELECT pg_is_in_recovery()")
        if stand_by:
            return "this is a stand-by: rows committed later than the overlap need a full pass"
        return "seen: open transactions are waited for"

    def blocks(self, columns: Sequence[Column], version: int) -> BlockSql | None:
        """By the server's record hash where every type has a faithful one, else by row text.

        Both need functions of PostgreSQL 14.
        """
        if version < 14:
            return None
        return _PostgresqlBlocks(all(column.type in _HASHABLE for column in columns))


def _unless_large(column: Column, sql: str) -> str:
    """The value, where it is not too large; its length is known without reading it."""
    if column.type in _DOCUMENTS:
        sql = f"{sql}::text"
    type_ = "bytea" if column.type == "bytea" else "text"
    return f"CASE WHEN octet_length({sql}) > {LARGEST} THEN '{STAND_IN}'::{type_} ELSE {sql} END"


class _PostgresqlBlocks(BlockSql):
    """A 64-bit hash of each row, combined by XOR over a block."""

    _SIZE = struct.Struct(">iiq")

    def __init__(self, by_record: bool) -> None:
        self._by_record = by_record
        self.method = "record xor" if by_record else "text xor"

    def block(self, key: Pairs, count: int) -> str:
        """Text hash of the key: the same for every type."""
        names = [sql for _, sql in key]
        text = f"coalesce({names[0]}::text, '')"  # a third cheaper than a row's text
        if len(names) > 1:
            text = f"ROW({', '.join(names)})::text"
        return f"(hashtextextended({text}, 0) & {count - 1})"

    def statement(self, source: str, key: Pairs, columns: Pairs, count: int) -> str:
        """Packed by the server, 256 blocks a row: 128 rows cross the wire instead of 32,768."""
        if self._by_record:
            row = f"ROW({', '.join(_faithful(*pair) for pair in columns)})"
            digest = f"hash_record_extended({row}, 0)"
        else:
            row = f"ROW({', '.join(_short_enough(*pair) for pair in columns)})"
            digest = f"hashtextextended({row}::text, 0)"
        return (
            "SELECT string_agg(int4send(b::int) || int4send(n::int) || int8send(x), '') "  # noqa: S608
            f"FROM (SELECT {self.block(key, count)} b, count(*) n, bit_xor({digest}) x "
            f"FROM {source} p GROUP BY b) s GROUP BY b / 256"
        )

    def unpack(self, rows: Iterable[tuple[Any, ...]]) -> Iterable[BlockDigest]:
        """Number, count and hash a block."""
        for (packed,) in rows:
            data = bytes(packed)
            for place in range(0, len(data), self._SIZE.size):
                block, count, _ = self._SIZE.unpack_from(data, place)
                yield BlockDigest(block, data[place + 8 : place + 16], count)


_BINARY = {
    "int8": "int8send",
    "time": "time_send",
    "timestamp": "timestamp_send",
    "timestamptz": "timestamptz_send",
    "timetz": "timetz_send",
}


def _short_enough(column: Column, sql: str) -> str:
    """What makes a text of a row that the server can hold: bytes double in it, as quotes do."""
    faithful = _faithful(column, sql)
    return _unless_large(column, faithful) if column.type in _LARGE else faithful


def _faithful(column: Column, sql: str) -> str:
    """What hashes differently whenever the value differs.

    Texts byte for byte: a collation may hash texts alike that differ. Eight bytes as bytes: the
    server's own hash folds their halves into one another first, so that 1 and 4294967296 agree.
    """
    if column.type in _TEXTS:
        return f'{sql} COLLATE "C"'
    return f"{_BINARY[column.type]}({sql})" if column.type in _BINARY else sql

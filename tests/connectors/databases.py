"""The databases that the tests of SQL sources run against, each behind the same few words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.contract import Batch, Kind
from connectors import firebird, odbc, oracle, sqlite
from connectors._sql_source import SqlSource
from tests.peers.firebird import Firebird
from tests.peers.mariadb import MariaDB
from tests.peers.oracle import Oracle
from tests.peers.postgresql import PostgreSQL


@dataclass
class Database:
    """A real database; `sql` changes it as another program would, over its own connection."""

    kind: Kind
    connection: dict[str, Any]
    opener: Any = field(repr=False)
    quotes: tuple[str, str] = ('"', '"')
    timestamp: str = "TIMESTAMP"
    """The type of a column of time stamps without a zone."""
    drop_column: str = "DROP COLUMN"

    def quote(self, name: str) -> str:
        left, right = self.quotes
        return f"{left}{name}{right}"

    def sql(self, *statements: str) -> None:
        with closing(self.opener()) as connection:
            for statement in statements:
                connection.execute(statement).close()

    def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        with closing(self.opener()) as connection, closing(connection.cursor()) as cursor:
            connection.execute("BEGIN").close()
            cursor.executemany(statement, [tuple(row) for row in rows])
            connection.execute("COMMIT").close()

    def source(self, **options: Any) -> SqlSource[Any, Any]:
        connection = self.kind.connection.model_validate(self.connection)
        assert self.kind.source
        source = self.kind.source(connection, self.kind.source_options.model_validate(options))
        assert isinstance(source, SqlSource)
        return source


class UpperCase(Database):
    """An engine that keeps names in upper case where they were written without quotes."""

    def source(self, **options: Any) -> SqlSource[Any, Any]:
        return super().source(**_upper(options))


def _upper(options: Any) -> Any:
    """Options with all names in upper case but those that contain no lower-case word alone."""
    if isinstance(options, dict):
        return {
            name: {child: _upper(each) for child, each in value.items()}
            if name == "children"
            else _upper(value)
            if name in {"table", "key", "columns", "cursor", "parent", "order"}
            else value
            for name, value in options.items()
        }
    if isinstance(options, (list, tuple)):
        return [_upper(each) for each in options]
    return options.upper() if options.isidentifier() and options.isascii() else options


def on_postgresql(peer: PostgreSQL, dialect: str = "postgresql", **more: Any) -> Database:
    connection = {
        "dialect": dialect,
        "driver": str(peer.driver),
        "server": "127.0.0.1",
        "port": peer.port,
        "database": peer.database,
        "user": peer.user,
    }
    return Database(odbc.KIND, connection | more, peer.connect)


def on_mariadb(peer: MariaDB, dialect: str = "mariadb", **more: Any) -> Database:
    connection = {
        "dialect": dialect,
        "driver": str(peer.driver),
        "server": "127.0.0.1",
        "port": peer.port,
        "database": peer.database,
        "user": peer.user,
        "password": "env:TEST_MARIADB_PASSWORD",
    }
    return Database(odbc.KIND, connection | more, peer.connect, ("`", "`"), timestamp="DATETIME")


def on_firebird(peer: Firebird, **more: Any) -> Database:
    connection = {
        "server": "127.0.0.1",
        "port": peer.port,
        "database": peer.database,
        "user": peer.user,
        "password": "env:TEST_FIREBIRD_PASSWORD",
    }
    return UpperCase(firebird.KIND, connection | more, peer.connect, drop_column="DROP")


def on_oracle(peer: Oracle) -> Database:
    return UpperCase(oracle.KIND, peer.options, peer.connect)


def on_sqlite(file: Path) -> Database:
    return Database(sqlite.KIND, {"file": str(file)}, _opener(file))


def on_sqlite_odbc(file: Path, driver: str) -> Database:
    connection = {"dialect": "sqlite", "driver": driver, "database": str(file)}
    return Database(odbc.KIND, connection, _opener(file))


def _opener(file: Path) -> Any:
    return lambda: sqlite3.connect(file, isolation_level=None)


def rows(batches: Iterator[Batch]) -> list[dict[str, Any]]:
    """All rows of a read, by column; names in capitals, which some engines prefer, in small."""
    found = []
    for batch in batches:
        found += [_lower(dict(zip(batch.columns, row, strict=True))) for row in batch.rows]
    return found


def _lower(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name.lower() if name.isupper() else name: tuple(map(_lower, value))
        if isinstance(value, tuple)
        else value
        for name, value in row.items()
    }


def last(batches: Iterator[Batch]) -> Batch:
    *_, batch = batches
    return batch

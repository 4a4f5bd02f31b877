"""A database of a test's own on the stand-in for SQL Server, or on a real one."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest

import connectors
from agent.contract import Batch
from connectors._sql_source import SqlSource
from tests.connectors.databases import Database, rows
from tests.peers import sqlserver
from tests.peers.sqlserver import PASSWORD_VARIABLE, SqlServer


class SqlServerDatabase(Database):
    """The same few words in Transact-SQL."""

    def many(self, statement: str, values: Sequence[Sequence[Any]]) -> None:
        with closing(self.opener()) as connection, closing(connection.cursor()) as cursor:
            connection.execute("BEGIN TRANSACTION").close()
            cursor.executemany(statement, [tuple(row) for row in values])
            connection.execute("COMMIT").close()


ROWVERSION = {"cursor": {"columns": ["rv"]}}
TRACKING: dict[str, Any] = {"change_tracking": {}}


@pytest.fixture(scope="session")
def sqlserver_server(request: pytest.FixtureRequest) -> Iterator[SqlServer]:
    real = sqlserver.REAL in os.environ
    behind = None if real else request.getfixturevalue("postgresql_server")
    with sqlserver.running(behind) as peer:
        yield peer


@pytest.fixture
def sqlserver_database(
    sqlserver_server: SqlServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SqlServerDatabase]:
    """An empty database with snapshot isolation and Change Tracking."""
    monkeypatch.setenv(PASSWORD_VARIABLE, sqlserver_server.password)
    name = f"t{uuid.uuid4().hex}"
    sqlserver_server.create(name)
    login = {"database": name, "password": f"env:{PASSWORD_VARIABLE}"}
    yield SqlServerDatabase(
        connectors.load("sqlserver"),
        sqlserver_server.options | login,
        lambda: sqlserver_server.connect(name),
        ("[", "]"),
        "DATETIME2",
    )
    sqlserver_server.drop(name)


def asked(source: SqlSource[Any, Any], act: Callable[[], object]) -> list[tuple[str, Any]]:
    """What a source says to the server while it acts, after it has connected."""
    session, said = source.session, list[tuple[str, Any]]()
    execute = session.execute

    def noted(sql: str, parameters: Sequence[Any] = ()) -> Any:
        said.append((sql, tuple(parameters)))
        return execute(sql, parameters)

    session.execute = noted  # type: ignore[method-assign]
    try:
        act()
    finally:
        del session.execute
    return said


def with_table(database: SqlServerDatabase) -> SqlServerDatabase:
    """Three rows, a rowversion column, Change Tracking."""
    database.sql(
        "CREATE TABLE t (sku varchar(9) PRIMARY KEY, name nvarchar(40), rv rowversion)",
        "ALTER TABLE t ENABLE CHANGE_TRACKING",
        "INSERT INTO t (sku, name) VALUES ('A', N'Dado'), ('B', N'Vite'), ('C', N'Bullone')",
    )
    return database


def batches(server: SqlServerDatabase, cursor: str, /, **options: Any) -> list[Batch]:
    source = server.source(**({"table": "t", "key": ["sku"], "page_size": 2} | options))
    with closing(source):
        return list(source.read(cursor))


def poll(server: SqlServerDatabase, cursor: str, /, **options: Any) -> tuple[list[str], str]:
    """One run, as the engine does it: the keys it saw, and the cursor to keep."""
    read = batches(server, cursor, **options)
    return sorted(row["sku"] for row in rows(iter(read))), read[-1].cursor

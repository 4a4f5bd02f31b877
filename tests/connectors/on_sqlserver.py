"""A database of a test's own on the stand-in for SQL Server, or on a real one."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest

import connectors
from connectors._sql_source import SqlSource
from tests.connectors.databases import Database
from tests.peers import sqlserver
from tests.peers.sqlserver import PASSWORD_VARIABLE, SqlServer


class SqlServerDatabase(Database):
    """The same few words in Transact-SQL."""

    def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        with closing(self.opener()) as connection, closing(connection.cursor()) as cursor:
            connection.execute("BEGIN TRANSACTION").close()
            cursor.executemany(statement, [tuple(row) for row in rows])
            connection.execute("COMMIT").close()


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

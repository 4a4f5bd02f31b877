"""Libraries of IBM i, or schemas of Db2, on the Derby that one test process shares."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

import connectors
from agent.contract import Kind
from connectors._sql_source import SqlSource
from tests.contract.source_suite import KEY, Row
from tests.peers import derby
from tests.peers.derby import Derby

PASSWORD_VARIABLE = "TEST_DB2_PASSWORD"


def driver_keywords(peer: Derby) -> dict[str, str]:
    """What IBM's client needs and the driver of IBM i Access has other words for."""
    return {
        "Hostname": "127.0.0.1",
        "Port": str(peer.port),
        "Protocol": "TCPIP",
        "Authentication": "SERVER",
    }


def _new_name() -> str:
    return f"L{uuid.uuid4().hex[:8]}".upper()


@dataclass
class Library:
    """A library of the test's own; `sql` changes it as another program would."""

    peer: Derby
    kind: Kind
    connection: dict[str, Any]
    name: str = field(default_factory=_new_name)

    def __post_init__(self) -> None:
        self.sql(f"CREATE SCHEMA {self.name}")

    def sql(self, *statements: str) -> None:
        with closing(self.peer.connect()) as connection:
            for statement in statements:
                connection.execute(statement.replace("{lib}", self.name)).close()

    def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        with closing(self.peer.connect()) as connection, closing(connection.cursor()) as cursor:
            for row in rows:
                cursor.execute(statement.replace("{lib}", self.name), tuple(row))

    def source(
        self, table: str = "", connection: dict[str, Any] | None = None, **options: Any
    ) -> Any:
        """A source on a file of this library."""
        named = {"table": f"{self.name}.{table}"} if table else {}
        login = self.kind.connection.model_validate(self.connection | (connection or {}))
        assert self.kind.source
        source = self.kind.source(login, self.kind.source_options.model_validate(named | options))
        assert isinstance(source, SqlSource)
        return source


@dataclass
class LibraryBench:
    """The contract suite's table in a library; `table` is how the kind names it."""

    library: Library
    table: str = "{lib}.ARTICLES"
    further: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.library.sql(
            'CREATE TABLE {lib}.ARTICLES ("sku" CHAR(20) NOT NULL PRIMARY KEY, '
            '"name" VARCHAR(60), "price" DECIMAL(12,4))'
        )

    @property
    def kind(self) -> Kind:
        return self.library.kind

    @property
    def connection(self) -> dict[str, Any]:
        return self.library.connection

    @property
    def options(self) -> dict[str, Any]:
        table = self.table.replace("{lib}", self.library.name)
        return {"table": table, "key": list(KEY), "page_size": 50, **self.further}

    def put(self, rows: Sequence[Row]) -> None:
        self.library.sql("TRUNCATE TABLE {lib}.ARTICLES")
        self.library.many("INSERT INTO {lib}.ARTICLES VALUES (?, ?, ?)", rows)


def login(peer: Derby) -> dict[str, Any]:
    """The keys that every connection to Derby has."""
    return {
        "driver": str(peer.driver),
        "server": "127.0.0.1",
        "database": derby.DATABASE,
        "user": derby.USER,
        "password": f"env:{PASSWORD_VARIABLE}",
        "keywords": driver_keywords(peer),
    }


@pytest.fixture(scope="session")
def derby_server() -> Iterator[Derby]:
    with derby.running() as peer:
        yield peer


@pytest.fixture
def ibmi(derby_server: Derby, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library that is read as one of IBM i."""
    monkeypatch.setenv(PASSWORD_VARIABLE, derby.PASSWORD)
    return Library(derby_server, connectors.load("ibmi"), login(derby_server))


@pytest.fixture
def db2(derby_server: Derby, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A schema that is read as one of Db2 for Linux, Unix and Windows."""
    monkeypatch.setenv(PASSWORD_VARIABLE, derby.PASSWORD)
    connection = login(derby_server) | {
        "dialect": "db2",
        "port": derby_server.port,
        "keywords": {"Authentication": "SERVER"},
    }
    return Library(derby_server, connectors.load("odbc"), connection)

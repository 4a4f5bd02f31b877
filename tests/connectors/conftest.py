"""Databases of a test's own on the servers that one test process shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors._sql_keeping import close_waiting
from tests.connectors import databases
from tests.connectors.databases import Database
from tests.connectors.on_derby import db2, derby_server, ibmi
from tests.connectors.on_sqlserver import sqlserver_database, sqlserver_server
from tests.connectors.oracle_on_h2 import on_h2
from tests.peers import h2
from tests.peers import oracle as oracle_peer
from tests.peers.firebird import Firebird
from tests.peers.fixtures import (
    firebird_database,
    firebird_server,
    mariadb_database,
    mariadb_server,
    postgresql_database,
    postgresql_server,
    soap_server,
    sqlite_driver,
)
from tests.peers.mariadb import MariaDB
from tests.peers.postgresql import PostgreSQL

__all__ = [
    "db2",
    "derby_server",
    "firebird_database",
    "firebird_server",
    "ibmi",
    "mariadb_database",
    "mariadb_server",
    "postgresql_database",
    "postgresql_server",
    "soap_server",
    "sqlite_driver",
    "sqlserver_database",
    "sqlserver_server",
]


@pytest.fixture(autouse=True)
def no_waiting_connections() -> Iterator[None]:
    """No connection outlives its test's database."""
    yield
    close_waiting()


@pytest.fixture
def postgresql(postgresql_database: PostgreSQL) -> Database:
    return databases.on_postgresql(postgresql_database)


@pytest.fixture
def mariadb(mariadb_database: MariaDB, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("TEST_MARIADB_PASSWORD", mariadb_database.password)
    return databases.on_mariadb(mariadb_database)


@pytest.fixture
def firebird(firebird_database: Firebird, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("TEST_FIREBIRD_PASSWORD", firebird_database.password)
    return databases.on_firebird(firebird_database)


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The real server that the environment names, else H2 in its Oracle mode."""
    if server := oracle_peer.real():
        monkeypatch.setenv(oracle_peer.PASSWORD_VARIABLE, server.password)
        server.empty()
        yield databases.on_oracle(server)
        return
    with h2.running("Oracle") as peer:
        yield on_h2(peer)


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Database:
    return databases.on_sqlite(tmp_path / "erp.db")


@pytest.fixture
def sqlite_odbc(tmp_path: Path, sqlite_driver: str) -> Database:
    return databases.on_sqlite_odbc(tmp_path / "erp.db", sqlite_driver)


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("mariadb", marks=pytest.mark.xdist_group("mariadb")),
        pytest.param("firebird", marks=pytest.mark.xdist_group("firebird")),
        # The stand-in for SQL Server stands in front of PostgreSQL.
        pytest.param("sqlserver_database", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("oracle", marks=pytest.mark.xdist_group("h2")),
        "sqlite_file",
        "sqlite_odbc",
    ]
)
def database(request: pytest.FixtureRequest) -> Database:
    """Each kind of database in turn: what is true for one must be true for all."""
    found: Database = request.getfixturevalue(request.param)
    return found

"""Servers as session fixtures: one of each kind per process of the test run.

Tests of one server carry `xdist_group` with its name, so that a parallel run starts each server
once.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from tests.peers import firebird, mariadb, postgresql, process, soap


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.PostgreSQL]:
    with postgresql.running() as peer:
        yield peer


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[mariadb.MariaDB]:
    with mariadb.running() as peer:
        yield peer


@pytest.fixture(scope="session")
def firebird_server() -> Iterator[firebird.Firebird]:
    with firebird.running() as peer:
        yield peer


@pytest.fixture(scope="session")
def soap_server() -> Iterator[soap.SoapServer]:
    if sys.version_info >= (3, 12):
        pytest.skip("spyne, the server, does not run on Python 3.12 and newer")
    with soap.running() as peer:
        yield peer


@pytest.fixture
def firebird_database(firebird_server: firebird.Firebird) -> firebird.Firebird:
    """An empty database of the test's own."""
    return firebird_server.with_database()


@pytest.fixture
def postgresql_database(postgresql_server: postgresql.PostgreSQL) -> postgresql.PostgreSQL:
    """An empty database of the test's own."""
    name = f"t{uuid.uuid4().hex}"
    with closing(postgresql_server.connect()) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return replace(postgresql_server, database=name)


@pytest.fixture
def mariadb_database(mariadb_server: mariadb.MariaDB) -> mariadb.MariaDB:
    """An empty database of the test's own."""
    name = f"t{uuid.uuid4().hex}"
    with closing(mariadb_server.connect()) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return replace(mariadb_server, database=name)


@pytest.fixture(scope="session")
def sqlite_driver() -> str:
    """The file of the SQLite ODBC driver."""
    return str(process.find("/usr/lib/*/odbc/libsqlite3odbc.so", "libsqliteodbc"))

"""SQL Server as the tests reach it: the stand-in, or a real one named by an environment variable.

`SYNCAGENT_TEST_SQLSERVER` holds the options of a connection as JSON (driver, server, port, user,
password, encrypt ...) of a login that may create databases.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyodbc

from connectors.odbc.connecting import connection_string
from connectors.odbc.sqlserver.dialect import SqlServerDialect
from connectors.odbc.sqlserver.options import SqlServerConnection
from tests.peers import postgresql, process
from tests.peers.tds.server import PASSWORD, USER

REAL = "SYNCAGENT_TEST_SQLSERVER"
PASSWORD_VARIABLE = "TEST_SQLSERVER_PASSWORD"
TEMPLATE = "sqlserver"
"""The stand-in's database with everything that SQL Server has and PostgreSQL lacks."""


@dataclass(frozen=True)
class SqlServer:
    """Where the server listens and how to get in, as the configuration says it."""

    options: dict[str, Any]
    password: str
    behind: postgresql.PostgreSQL | None = None
    """PostgreSQL behind the stand-in; None: a real server."""

    def connect(self, database: str) -> pyodbc.Connection:
        """A plain connection of the test itself, each statement its own transaction."""
        options = self.options | {"database": database}
        options.pop("password", None)
        connection = SqlServerConnection.model_validate(options)
        dialect = SqlServerDialect(connection.driver_keywords)
        return pyodbc.connect(
            connection_string(connection, dialect, self.password), autocommit=True, timeout=10
        )

    def create(self, database: str) -> None:
        """A new database in which everything is allowed that a test may need."""
        if self.behind:
            with closing(self.behind.connect()) as connection:
                connection.execute(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE}").close()
        else:
            with closing(self.connect("master")) as connection:
                connection.execute(f"CREATE DATABASE {database}").close()
        with closing(self.connect(database)) as connection:
            for setting in ("ALLOW_SNAPSHOT_ISOLATION ON", "CHANGE_TRACKING = ON"):
                connection.execute(f"ALTER DATABASE {database} SET {setting}").close()

    def drop(self, database: str) -> None:
        """Real servers are left as they were found."""
        if self.behind is None:
            with closing(self.connect("master")) as connection:
                connection.execute(
                    f"ALTER DATABASE {database} SET SINGLE_USER WITH ROLLBACK IMMEDIATE"
                ).close()
                connection.execute(f"DROP DATABASE {database}").close()


@contextmanager
def running(behind: postgresql.PostgreSQL | None) -> Iterator[SqlServer]:
    """The real server, or a stand-in in front of PostgreSQL, stopped by its pid."""
    if behind is None:
        options = json.loads(os.environ[REAL])
        password = options.pop("password", "")
        yield SqlServer(options, password)
        return
    _install(behind)
    driver = process.find("/usr/lib/*/odbc/libtdsodbc.so", "tdsodbc")
    port = process.free_port()
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-m", "tests.peers.tds.server"]
    started = subprocess.Popen(
        [*command, str(port), str(behind.driver), str(behind.port)], cwd=root
    )
    options = {
        "driver": str(driver),
        "server": "127.0.0.1",
        "port": port,
        "user": USER,
        "encrypt": "no",
    }
    peer = SqlServer(options, PASSWORD, behind)
    try:
        process.wait_until(lambda: _answers(peer, started), "the stand-in does not answer")
        yield peer
    finally:
        started.terminate()
        started.wait()


def _install(behind: postgresql.PostgreSQL) -> None:
    with closing(behind.connect()) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}").close()
    script = (Path(__file__).parent / "tds" / "engine.sql").read_text()
    with closing(behind.connect(TEMPLATE)) as connection:
        connection.execute(script).close()


def _answers(peer: SqlServer, started: subprocess.Popen[bytes]) -> bool:
    if started.poll() is not None:
        raise RuntimeError(f"the stand-in ended with {started.returncode}")
    try:
        peer.connect("postgres").close()
    except pyodbc.Error:
        return False
    return True

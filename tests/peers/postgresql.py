"""A private PostgreSQL server, reached through its ODBC driver."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyodbc

from tests.peers import process

STRICT_USER = "strict_reader"
"""A role of this name must show its password, so that a test can give a wrong one."""

_INITDB = ("-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
# Durability costs seconds and protects nothing here: the server lives as long as the test run.
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class PostgreSQL:
    """Where the server listens. `user` may do everything and needs no password."""

    port: int
    driver: Path
    user: str = "test"
    database: str = "postgres"

    def connect(self, database: str = "") -> pyodbc.Connection:
        """A plain connection of the test itself, each statement its own transaction."""
        return pyodbc.connect(
            f"Driver={self.driver};Server=127.0.0.1;Port={self.port};UID={self.user};"
            f"Database={database or self.database};BoolsAsChar=0;UseDeclareFetch=0",
            autocommit=True,
        )


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """Start a server in a directory of its own, stop it by its pid."""
    with process.own_directory("postgres") as directory, _running(directory) as peer:
        yield peer


@contextmanager
def _running(directory: Path) -> Iterator[PostgreSQL]:
    programs = process.find("/usr/lib/postgresql/*/bin/initdb", "postgresql").parent
    driver = process.find("/usr/lib/*/odbc/psqlodbcw.so", "odbc-postgresql")
    account, log, data = process.unprivileged("postgres"), directory / "log", directory / "data"
    process.run(
        [*account, programs / "initdb", "-D", data, *_INITDB],
        log,
    )
    access = data / "pg_hba.conf"
    access.write_text(f"host all {STRICT_USER} 127.0.0.1/32 scram-sha-256\n{access.read_text()}")
    port = process.free_port()
    options = f"-p {port} -k {directory} -c listen_addresses=127.0.0.1"
    for setting in _SETTINGS:
        options += f" -c {setting}"
    start = [programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"]
    process.run([*account, *start], log)
    pid = int((data / "postmaster.pid").read_text().split()[0])
    try:
        yield PostgreSQL(port, driver)
    finally:
        process.stop(pid, signal.SIGINT)

"""A private MariaDB server, reached through its ODBC driver."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyodbc

from tests.peers import process

_INSTALL = ("--auth-root-authentication-method=normal", "--skip-name-resolve", "--skip-test-db")


@dataclass(frozen=True)
class MariaDB:
    """Where the server listens. `user` may do everything."""

    port: int
    driver: Path
    user: str = "test"
    password: str = "test"
    database: str = "test"

    def connect(self, database: str = "") -> pyodbc.Connection:
        """A plain connection of the test itself, each statement its own transaction."""
        return pyodbc.connect(
            f"Driver={self.driver};Server=127.0.0.1;Port={self.port};UID={self.user};"
            f"PWD={self.password};Database={database or self.database};CHARSET=utf8mb4",
            autocommit=True,
        )


@contextmanager
def running() -> Iterator[MariaDB]:
    """Start a server in a directory of its own, stop it by its pid."""
    with process.own_directory("mysql") as directory, _running(directory) as peer:
        yield peer


@contextmanager
def _running(directory: Path) -> Iterator[MariaDB]:
    install = process.find("/usr/bin/mariadb-install-db", "mariadb-server")
    server = process.find("/usr/sbin/mariadbd", "mariadb-server")
    driver = process.find("/usr/lib/*/odbc/libmaodbc.so", "odbc-mariadb")
    account, log, data = process.unprivileged("mysql"), directory / "log", directory / "data"
    own_files = ["env", f"TMPDIR={directory}"]  # else two servers meet in /tmp
    process.run(
        [*account, *own_files, install, "--no-defaults", f"--datadir={data}", *_INSTALL],
        log,
    )
    first = directory / "first.sql"
    first.write_text(
        "CREATE DATABASE test CHARACTER SET utf8mb4;\n"
        "CREATE USER test@'127.0.0.1' IDENTIFIED BY 'test';\n"
        "GRANT ALL ON *.* TO test@'127.0.0.1' WITH GRANT OPTION;\n"
    )
    port, pid_file = process.free_port(), directory / "pid"
    command = [
        *account,
        *own_files,
        str(server),
        "--no-defaults",
        f"--datadir={data}",
        f"--port={port}",
    ]
    command += ["--bind-address=127.0.0.1", f"--socket={directory}/socket", f"--init-file={first}"]
    command += [f"--pid-file={pid_file}", "--skip-name-resolve", "--character-set-server=utf8mb4"]
    command += ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"]
    with log.open("ab") as output:
        started = subprocess.Popen(command, stdout=output, stderr=output, cwd="/")
    peer = MariaDB(port, driver)
    try:
        process.wait_until(lambda: _answers(peer, started), f"no answer; see {log}")
        yield peer
    finally:
        if pid_file.exists():
            process.stop(int(pid_file.read_text()), signal.SIGTERM)
        started.wait()


def _answers(peer: MariaDB, started: subprocess.Popen[bytes]) -> bool:
    if started.poll() is not None:
        raise RuntimeError(f"mariadbd ended with {started.returncode}")
    try:
        peer.connect().close()
    except pyodbc.Error:
        return False
    return True

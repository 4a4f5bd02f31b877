"""A private Firebird server, reached through its native client."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from firebird.driver import Connection, Cursor, DatabaseError, create_database
from firebird.driver import connect as attach

from tests.peers import process

ACCOUNT = "firebird"
_CONFIGURATION = """\
RemoteServicePort = {port}
RemoteBindAddress = 127.0.0.1
SecurityDatabase = {directory}/security3.fdb
DatabaseAccess = Full
AuthServer = Srp
UserManager = Srp
WireCrypt = Enabled
IpcName = FB{port}
"""


@dataclass(frozen=True)
class Firebird:
    """Where the server listens. `user` may do everything."""

    port: int
    directory: Path
    user: str = "sysdba"
    password: str = "masterkey"
    database: str = ""

    @property
    def address(self) -> str:
        """The database as Firebird's client names it."""
        return f"127.0.0.1/{self.port}:{self.database}"

    def connect(self) -> Plain:
        """A plain connection of the test itself, each statement its own transaction."""
        return Plain(attach(self.address, user=self.user, password=self.password, charset="UTF8"))

    def with_database(self) -> Firebird:
        """The same server with an empty database."""
        made = replace(self, database=str(self.directory / f"{uuid.uuid4().hex}.fdb"))
        create_database(
            made.address, user=self.user, password=self.password, charset="UTF8"
        ).close()
        return made

    def with_old_database(self, *statements: str) -> Firebird:
        """The same server with a database of SQL dialect 1, as InterBase left many behind."""
        made = replace(self, database=str(self.directory / f"{uuid.uuid4().hex}.fdb"))
        create = f"CREATE DATABASE '{made.address}' USER '{self.user}' PASSWORD '{self.password}'"
        _isql("SET SQL DIALECT 1", create, *statements, "COMMIT", directory=self.directory)
        return made


class Plain:
    """A connection that commits each statement, except between BEGIN and COMMIT."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._open = False

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Run one statement."""
        cursor = self._connection.cursor()
        if sql == "BEGIN":
            self._open = True
        elif sql == "COMMIT":
            self._open = False
            self._connection.commit()
        else:
            cursor.execute(sql, parameters or None)
            if not self._open and not sql.lstrip().upper().startswith("SELECT"):
                self._connection.commit()
        return cursor

    def cursor(self) -> Cursor:
        """A cursor of the driver."""
        return self._connection.cursor()

    def close(self) -> None:
        """Roll back what is open, and hang up."""
        self._connection.close()


@contextmanager
def running() -> Iterator[Firebird]:
    """Start a server in a directory of its own, stop it by its pid."""
    process.find("/usr/sbin/firebird", "firebird3.0-server")
    process.find("/usr/lib/*/libfbclient.so.2", "libfbclient2")
    with process.own_directory(ACCOUNT) as directory, _running(directory) as peer:
        yield peer


@contextmanager
def _running(directory: Path) -> Iterator[Firebird]:
    port, log = process.free_port(), directory / "log"
    # A full copy: through links the server finds none but its built-in character sets.
    files = process.find("/usr/lib/*/firebird/3.0", "firebird3.0-server")
    shutil.copytree(files, directory, dirs_exist_ok=True)
    configuration = _CONFIGURATION.format(port=port, directory=directory)
    (directory / "firebird.conf").write_text(configuration)
    (directory / "databases.conf").write_text("")
    (directory / "lock").mkdir()
    if os.geteuid() == 0:
        for path in (directory, *directory.rglob("*")):
            shutil.chown(path, ACCOUNT)
    _make_user(directory)
    with log.open("ab") as output:
        started = subprocess.Popen(["/usr/sbin/firebird"], stdout=output, **_as_account(directory))
    peer = Firebird(port, directory)
    try:
        process.wait_until(lambda: _answers(peer, started), f"no answer; see {log}")
        yield peer
    finally:
        # A connection that a failed test left open would hold up SIGTERM for ever.
        process.stop(started.pid, signal.SIGKILL)
        started.wait()


def _make_user(directory: Path) -> None:
    """The first user can only be made in the file itself, without a server."""
    security = directory / "security3.fdb"
    user = "CREATE USER sysdba PASSWORD 'masterkey'"
    _isql(f"CREATE DATABASE '{security}'", "COMMIT", user, "COMMIT", directory=directory)
    if not security.exists():
        raise RuntimeError(f"isql-fb made no {security}")


def _isql(*statements: str, directory: Path) -> None:
    isql = process.find("/usr/bin/isql-fb", "firebird3.0-utils")
    done = subprocess.run(
        [str(isql), "-q", "-b", "-user", "sysdba"],
        input="".join(f"{statement};\n" for statement in statements),
        capture_output=True,
        text=True,
        check=False,
        **_as_account(directory),
    )
    if done.returncode:
        raise RuntimeError(f"isql-fb failed\n{done.stdout}{done.stderr}")


def _as_account(directory: Path) -> dict[str, Any]:
    """How a program of this server is started: its own files, and its user where we are root."""
    own = {"FIREBIRD": str(directory), "FIREBIRD_LOCK": str(directory / "lock")}
    options: dict[str, Any] = {"env": os.environ | own, "cwd": "/"}
    if os.geteuid() == 0:
        options |= {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []}
    return options


def _answers(peer: Firebird, started: subprocess.Popen[bytes]) -> bool:
    if started.poll() is not None:
        raise RuntimeError(f"firebird ended with {started.returncode}")
    try:
        peer.with_database()
    except DatabaseError:
        return False
    return True

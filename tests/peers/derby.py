"""Apache Derby behind IBM's Db2 client: the nearest to a Db2 or an IBM i that can be had.

Derby speaks Db2's protocol and much of its SQL. `db2/StandIn.java` and `db2/standin.sql` add the
functions and the catalogue of Db2 for i, `drda.py` translates between client and server, and
`db2/driver.c` mends the client's ODBC driver. The client comes with the PyPI package `ibm_db`.
"""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyodbc

from tests.peers import process

DATABASE, USER, PASSWORD = "MYDB", "app", "app"
_OWN = Path(__file__).parent / "db2"
_JARS = ("derby.jar", "derbynet.jar")
_SETTINGS = {
    "derby.locks.waitTimeout": "1",  # seconds that a reader waits for a writer
    "derby.system.durability": "test",
    "derby.connection.requireAuthentication": "true",
    "derby.authentication.provider": "BUILTIN",
    f"derby.user.{USER}": PASSWORD,
}


@dataclass(frozen=True)
class Derby:
    """Where the proxy listens, and the two drivers: as IBM ships it, and mended."""

    port: int
    driver: Path
    driver_as_shipped: Path

    def connect(self) -> pyodbc.Connection:
        """A plain connection of the test itself, each statement its own transaction."""
        return pyodbc.connect(
            f"Driver={self.driver};Database={DATABASE};Hostname=127.0.0.1;Port={self.port};"
            f"Protocol=TCPIP;Authentication=SERVER;UID={USER};PWD={PASSWORD}",
            autocommit=True,
        )


def client_folder() -> Path:
    """The libraries of IBM's client; found without importing it, which would load them."""
    found = importlib.util.find_spec("clidriver")
    if found is None or not found.submodule_search_locations:
        raise process.MissingPackage("IBM's Db2 client is missing: pip install ibm_db")
    return Path(next(iter(found.submodule_search_locations))) / "lib"


@contextmanager
def running() -> Iterator[Derby]:
    """Build the driver, start Derby and the proxy, stop both by their pids."""
    with process.own_directory("nobody") as directory:
        yield from _running(directory)


def _running(directory: Path) -> Iterator[Derby]:
    client, log = client_folder(), directory / "log"
    driver = _driver(directory, client, log)
    jars = [process.find(f"/usr/share/java/{jar}", "libderby-java") for jar in _JARS]
    javac = process.find("/usr/bin/javac", "default-jdk-headless")
    classes = ":".join(map(str, [directory, *jars]))
    process.run([javac, "-cp", classes, "-d", directory, _OWN / "StandIn.java"], log)
    derby_port, port = process.free_port(), process.free_port()
    options = [f"-D{name}={value}" for name, value in _SETTINGS.items()]
    options += [f"-Dderby.system.home={directory}", "-XX:TieredStopAtLevel=1", "-Xmx256m"]
    standin = ["StandIn", str(derby_port), str(_OWN / "standin.sql")]
    serve = ["java", *options, "-cp", classes, *standin]
    between = [sys.executable, "-m", "tests.peers.drda", str(port), str(derby_port)]
    with log.open("ab") as output:
        derby = subprocess.Popen(serve, stdout=output, stderr=output, cwd=directory)
        root = Path(__file__).parents[2]
        proxy = subprocess.Popen(between, stdout=output, stderr=output, cwd=root)
    peer = Derby(port, driver, client / "libdb2.so")
    try:
        process.wait_until(lambda: _answers(peer, derby, log), f"no answer; see {log}", 60)
        yield peer
    finally:
        for started in (proxy, derby):
            process.stop(started.pid, signal.SIGTERM)
            started.wait()


def _driver(directory: Path, client: Path, log: Path) -> Path:
    """The client's driver, mended."""
    compiler = process.find("/usr/bin/gcc", "gcc")
    driver = directory / "libdb2wide.so"
    libraries = [
        "-Wl,--no-as-needed",
        f"-L{client}",
        "-l:libdb2.so.1",
        f"-Wl,-rpath,{client}",
        "-ldl",
    ]
    build = [compiler, "-O1", "-w", "-shared", "-fPIC", _OWN / "driver.c", "-o", driver]
    process.run([*build, *libraries], log)
    return driver


def _answers(peer: Derby, derby: subprocess.Popen[bytes], log: Path) -> bool:
    if derby.poll() is not None:
        raise RuntimeError(f"Derby ended with {derby.returncode}: {log.read_text()}")
    try:
        peer.connect().close()
    except pyodbc.Error:
        return False
    return True

"""A real Tryton, an ERP, on one SQLite file: written over JSON-RPC, read by plain SQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from agent.model import Json
from tests.peers.installed import Program, make_environment
from tests.peers.process import free_port

TRYTON = Program(
    "tryton",
    (
        "trytond==8.2.*",
        "proteus==8.2.*",
        "trytond_sale==8.2.*",
        "trytond_stock==8.2.*",
        "pysqlite3-binary==0.5.4",
        "waitress==3.0.2",
    ),
)
PASSWORD = "of-the-tests"


@dataclass(frozen=True)
class Tryton:
    """A running ERP. Whoever works in it does so over `call`."""

    url: str
    database: Path

    def call(self, method: str, *parameters: Json) -> Json:
        """A method of the ERP, as the company's user; raises for an error."""
        body = {"id": 1, "method": f"model.{method}", "params": [*parameters, {"company": 1}]}
        answer = httpx.post(
            f"{self.url}/tryton/rpc/", json=body, auth=("admin", PASSWORD), timeout=60
        ).json()
        assert "error" not in answer, answer
        return answer["result"]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of its database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    def sales(self) -> list[tuple[str, str]]:
        """Reference and state of every sale, the oldest first."""
        return self.rows("SELECT reference, state FROM sale_sale ORDER BY id")


def install() -> None:
    """Environment, and the database of a company."""
    make_environment(TRYTON)
    shutil.rmtree(TRYTON.seeded, ignore_errors=True)
    TRYTON.seeded.mkdir()
    (TRYTON.seeded / "tryton.sqlite").touch()
    password = TRYTON.seeded / "password"
    password.write_text(PASSWORD)
    env = _environment(TRYTON.seeded) | {"TRYTONPASSFILE": str(password)}
    TRYTON.run([TRYTON.python, TRYTON.site / "seed.py"], TRYTON.seeded, env)
    with closing(sqlite3.connect(TRYTON.seeded / "tryton.sqlite")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def running(directory: Path) -> Iterator[Tryton]:
    """An ERP of its own in this directory."""
    database = directory / "tryton.sqlite"
    shutil.copyfile(TRYTON.seeded / "tryton.sqlite", database)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    serve = [TRYTON.python, "-m", "waitress", f"--listen=127.0.0.1:{port}", "--threads=4"]
    env = _environment(directory) | {"TRYTOND_DATABASE_NAMES": "tryton"}
    with TRYTON.serving([*serve, "wsgi:app"], directory, url, env):
        yield Tryton(url, database)


def _environment(directory: Path) -> dict[str, str]:
    configuration = directory / "tryton.conf"
    configuration.write_text(f"[database]\nuri = sqlite://\npath = {directory}\n")
    return {
        "TRYTOND_CONFIG": str(configuration),
        "PYTHONPATH": str(TRYTON.site),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": os.environ.get("LANG", "C.UTF-8"),
    }

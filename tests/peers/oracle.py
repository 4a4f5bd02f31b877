"""A real Oracle server, where one is named; nothing that can be installed speaks its protocol.

`SYNCAGENT_TEST_ORACLE` holds the options of a connection as JSON (server, port, service, user,
password) of a user who may create tables and owns nothing else: every table of his is dropped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import oracledb

from connectors._sql_oracle import AT_CONNECT
from connectors.oracle import OracleConnection
from connectors.oracle.connecting import address, numbered

REAL = "SYNCAGENT_TEST_ORACLE"
PASSWORD_VARIABLE = "TEST_ORACLE_PASSWORD"


@dataclass(frozen=True)
class Oracle:
    """How to get in, as the configuration says it."""

    options: dict[str, Any]
    password: str

    def connect(self) -> Plain:
        """A plain connection of the test itself, each statement its own transaction."""
        told = OracleConnection.model_validate(self.options)
        return Plain(
            oracledb.connect(user=told.user, password=self.password, **address(told)),
        )

    def empty(self) -> None:
        """Drop all tables of the user."""
        with closing(self.connect()) as connection:
            for (name,) in connection.execute("SELECT table_name FROM user_tables").fetchall():
                connection.execute(f'DROP TABLE "{name}" CASCADE CONSTRAINTS PURGE').close()


class Plain:
    """A connection that commits each statement, except between BEGIN and COMMIT."""

    def __init__(self, connection: oracledb.Connection) -> None:
        self._connection = connection
        self._connection.autocommit = True
        for statement in AT_CONNECT:
            self.execute(statement).close()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> oracledb.Cursor:
        """Run one statement."""
        cursor = self._connection.cursor()
        if sql == "BEGIN":
            self._connection.autocommit = False
        elif sql == "COMMIT":
            self._connection.commit()
            self._connection.autocommit = True
        else:
            cursor.execute(numbered(sql), list(parameters))
        return cursor

    def cursor(self) -> Many:
        """A cursor."""
        return Many(self._connection.cursor())

    def close(self) -> None:
        """Roll back what is open, and hang up."""
        self._connection.close()


class Many:
    """A cursor that takes question marks."""

    def __init__(self, cursor: oracledb.Cursor) -> None:
        self._cursor = cursor
        self.close = cursor.close

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row."""
        self._cursor.executemany(numbered(sql), [list(row) for row in rows])


def real() -> Oracle | None:
    """The server that the environment names."""
    told = os.environ.get(REAL)
    if not told:
        return None
    options = json.loads(told)
    password = options.pop("password")
    return Oracle(options | {"password": f"env:{PASSWORD_VARIABLE}"}, password)

"""Mapepire's client as a DB-API connection: statements, rows by the page, failures in one class.

Differences from the client's own ways, each for a reason: the certificate is verified (left alone
it trusts whatever certificate it meets first), an answer has a time-out, and pages may be larger
than a megabyte.
"""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from mapepire_python.client.sql_job import SQLJob
from mapepire_python.data_types import DaemonServer, QueryOptions
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

ROWS_AT_ONCE = 1000

ResultT = TypeVar("ResultT")

_TYPES: dict[str, type] = {
    "BIGINT": int,
    "DATE": date,
    "DECFLOAT": Decimal,
    "DECIMAL": Decimal,
    "DOUBLE": float,
    "FLOAT": float,
    "INTEGER": int,
    "NUMERIC": Decimal,
    "REAL": float,
    "SMALLINT": int,
    "TIME": time,
    "TIMESTAMP": datetime,
}


class MapepireError(Exception):
    """What went wrong: SQLSTATE, SQLCODE and words; a state of 08 where nothing answered."""

    def __init__(self, state: str, number: int, text: str) -> None:
        super().__init__(text)
        self.state, self.number, self.text = state, number, text


@dataclass(frozen=True)
class Address:
    """Where the server is, and how long to wait for it."""

    host: str
    port: int
    tls: ssl.SSLContext
    connect_timeout: float
    query_timeout: float


class Connection:
    """One job on the system."""

    def __init__(
        self, address: Address, user: str, password: str, properties: dict[str, str]
    ) -> None:
        self._job = _Job(address, properties)
        server = DaemonServer(address.host, user, password, address.port)
        _calling(lambda: self._job.connect(server))

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Prepare and run one statement."""
        return Cursor(self._job, sql, parameters)

    def close(self) -> None:
        """Say good-bye and hang up."""
        _calling(self._job.leave)


class Cursor:
    """The rows of one statement, a page ahead."""

    def __init__(self, job: _Job, sql: str, parameters: Sequence[Any]) -> None:
        options = QueryOptions(isTerseResults=True, parameters=list(parameters), autoClose=False)
        self._query = job.query(sql, options)
        answer = _calling(lambda: self._query.run(ROWS_AT_ONCE))
        columns = answer.metadata.columns if answer.metadata else []
        self.description = [
            (each.name, _TYPES.get(each.type, str), None, None, None, None, each.nullable)
            for each in columns
        ]
        self._rows: list[Any] = answer.data or []
        self._done = answer.is_done

    def fetchone(self) -> Any:
        """The next row, None after the last."""
        found = self.fetchmany(1)
        return found[0] if found else None

    def fetchmany(self, size: int, /) -> list[Any]:
        """The next rows; fewer only at the end."""
        while len(self._rows) < size and not self._done:
            answer = _calling(lambda: self._query.fetch_more(max(size, ROWS_AT_ONCE)))
            self._rows += answer.data
            self._done = answer.is_done
        found, self._rows = self._rows[:size], self._rows[size:]
        return found

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        found = []
        while some := self.fetchmany(ROWS_AT_ONCE):
            found += some
        return found

    def close(self) -> None:
        """Free the statement on the system."""
        _calling(self._query.close)


class _Job(SQLJob):
    """The client's job over a channel of ours."""

    def __init__(self, address: Address, properties: dict[str, str]) -> None:
        super().__init__(options=properties)
        self._address = address

    def _get_channel(self, db2_server: DaemonServer) -> Any:
        login = f"{db2_server.user}:{db2_server.get_password()}".encode()
        opening = connect(
            f"wss://{self._address.host}:{self._address.port}/db/",
            ssl=self._address.tls,
            additional_headers={"Authorization": f"Basic {base64.b64encode(login).decode()}"},
            open_timeout=self._address.connect_timeout,
            max_size=None,
        )
        return _Channel(opening, self._address.query_timeout)

    def leave(self) -> None:
        """Ends the job; the client alone would only drop the line."""
        self.send(json.dumps({"id": "exit", "type": "exit"}))
        self.close()


class _Channel:
    """The part of a web socket that the client uses, with a time-out for each answer."""

    def __init__(self, opening: AbstractContextManager[ClientConnection], timeout: float) -> None:
        self._held, self._timeout = ExitStack(), timeout
        self._socket = self._held.enter_context(opening)

    def send(self, content: str) -> None:
        self._socket.send(content)

    def recv(self) -> str | bytes:
        return self._socket.recv(timeout=self._timeout)

    def close(self) -> None:
        self._held.close()


def _calling(act: Callable[[], ResultT]) -> ResultT:
    """What the client answers; whatever it raises becomes `MapepireError`, but for TLS."""
    try:
        return act()
    except ssl.SSLError:
        raise
    except TimeoutError as error:
        raise MapepireError("HYT00", 0, "no answer in time") from error
    except InvalidStatus as error:
        status = error.response.status_code
        state = "28000" if status in {401, 403} else "08001"
        raise MapepireError(state, 0, f"the server answered with HTTP status {status}") from None
    except (OSError, WebSocketException) as error:
        raise MapepireError("08S01", 0, f"{type(error).__name__}: {error}") from error
    except Exception as error:  # noqa: BLE001 - the client raises plain `Exception`
        told = error.args[0] if error.args else ""
        if isinstance(told, dict):
            number, state = int(told.get("sql_rc") or 0), str(told.get("sql_state") or "")
            raise MapepireError(state, number, str(told.get("error") or told)) from None
        raise MapepireError("", 0, str(told)) from None

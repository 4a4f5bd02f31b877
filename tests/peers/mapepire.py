"""A Mapepire server: its documented messages over TLS web sockets, in front of Derby.

Messages: connect, prepare_sql_execute, sqlmore, sqlclose, exit. Like the real one it writes exact
numbers as numbers of JSON, and answers a wrong password to `connect`.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyodbc
import trustme
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.peers import derby
from tests.peers.derby import Derby

_TYPES = {str: "VARCHAR", int: "INTEGER", Decimal: "DECIMAL", float: "DOUBLE", bytes: "BINARY"}


@dataclass
class Mapepire:
    """Where it listens, whose certificate it shows, and what it was asked."""

    port: int
    authority: Path
    asked: list[dict[str, Any]] = field(default_factory=list)

    def types(self) -> list[str]:
        """The types of the messages, in order."""
        return [message["type"] for message in self.asked]


@contextmanager
def running(peer: Derby, folder: Path) -> Iterator[Mapepire]:
    """Serve until the end of the block."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(folder / "authority.pem")
    found = Mapepire(0, folder / "authority.pem")

    def talk(socket: ServerConnection) -> None:
        _Job(socket, peer, found).talk()

    # As patient as the tests: a busy machine may take its time for a handshake.
    with serve(talk, "127.0.0.1", 0, ssl=context, open_timeout=60, ping_interval=None) as server:
        found.port = server.socket.getsockname()[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


class _Job:
    """One conversation: a connection of the database and its open statements."""

    def __init__(self, socket: ServerConnection, peer: Derby, told: Mapepire) -> None:
        self._socket, self._peer, self._told = socket, peer, told
        self._open: dict[str, pyodbc.Cursor] = {}

    def talk(self) -> None:
        with closing(self._peer.connect()) as self._database:
            try:
                for text in self._socket:
                    message = json.loads(text)
                    self._told.asked.append(message)
                    if message["type"] == "exit":
                        return
                    answer = {"id": message["id"], "success": True, **self._answer(message)}
                    self._socket.send(json.dumps(answer, default=float))
            except ConnectionClosed:
                pass

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        match message["type"]:
            case "connect":
                return self._connect()
            case "prepare_sql_execute":
                return self._run(message)
            case "sqlmore":
                return self._rows(self._open[message["cont_id"]], message["rows"])
            case "sqlclose":
                self._open.pop(message["cont_id"]).close()
                return {}
            case other:
                return {"success": False, "error": f"unknown type {other}"}

    def _connect(self) -> dict[str, Any]:
        assert self._socket.request
        login = self._socket.request.headers["Authorization"].removeprefix("Basic ")
        if base64.b64decode(login).decode() == f"{derby.USER}:{derby.PASSWORD}":
            return {"job": "123456/QUSER/QZDASOINIT"}
        text = "The application server rejected the connection. (Password is incorrect.)"
        return {"success": False, "error": text, "sql_rc": -99999, "sql_state": "08004"}

    def _run(self, message: dict[str, Any]) -> dict[str, Any]:
        cursor = self._database.cursor()
        try:
            cursor.execute(message["sql"], *message["parameters"])
        except pyodbc.Error as error:
            state, text = error.args[:2]
            number = int(text.rpartition("(-")[2].partition(")")[0]) if "(-" in text else 0
            return {"success": False, "error": text, "sql_state": state, "sql_rc": -number}
        self._open[message["id"]] = cursor
        columns = [
            {"name": each[0], "label": each[0], "type": _TYPES.get(each[1], "VARCHAR"),
             "display_size": 0}
            for each in cursor.description
        ]  # fmt: skip
        return {
            "has_results": True,
            "update_count": -1,
            "metadata": {"column_count": len(columns), "columns": columns, "job": ""},
            **self._rows(cursor, message["rows"]),
        }

    @staticmethod
    def _rows(cursor: pyodbc.Cursor, count: int) -> dict[str, Any]:
        rows = cursor.fetchmany(count)
        return {"data": [list(row) for row in rows], "is_done": len(rows) < count}

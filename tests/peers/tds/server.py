"""The stand-in's process: `python -m tests.peers.tds.server PORT DRIVER POSTGRESQL-PORT`."""

from __future__ import annotations

import re
import select
import socket
import socketserver
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pyodbc
import trustme

from tests.peers.tds import wire
from tests.peers.tds.translation import literal, statements, translate
from tests.peers.tds.values import Reader, result
from tests.peers.tds.wire import Hangup, Login, Wire

USER, PASSWORD = "sa", "Passw0rd!"

_NUMBERS = {
    "42P01": 208,  # Invalid object name
    "42703": 207,  # Invalid column name
    "42601": 102,  # Incorrect syntax
    "42501": 229,  # The SELECT permission was denied
    "22P02": 245,  # Conversion failed
    "22007": 241,  # Conversion failed when converting date and/or time
    "22003": 8115,  # Arithmetic overflow
    "23505": 2627,  # Violation of PRIMARY KEY constraint
    "23502": 515,  # Cannot insert the value NULL
    "22001": 2628,  # String or binary data would be truncated
    "40P01": 1205,  # deadlock victim
}
_DESCRIBED = re.compile(
    r"(?is)\bFROM sys\.dm_exec_describe_first_result_set\s*\(\s*N?'((?:[^']|'')*)'"
)
_CONTEXT = re.compile(r"(?is)\s*WITH\s+CHANGE_TRACKING_CONTEXT\s*\(\s*0x([0-9a-f]*)\s*\)(.*)")
_TRACKED = re.compile(r"(?is)ALTER TABLE\s+(\S+)\s+(ENABLE|DISABLE)\s+CHANGE_TRACKING")
_SETTING = re.compile(
    r"(?is)ALTER DATABASE\s+\S+\s+SET\s+(ALLOW_SNAPSHOT_ISOLATION|CHANGE_TRACKING)\W+(ON|OFF)"
)
_SETTINGS = {"allow_snapshot_isolation": "snapshots", "change_tracking": "tracking"}


class Refused(Exception):
    """An error of SQL Server: its number and its words."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


class Database:
    """One session's connection to PostgreSQL."""

    def __init__(self, driver: str, port: int, name: str) -> None:
        self._connection = pyodbc.connect(
            f"Driver={driver};Server=127.0.0.1;Port={port};UID=test;Database={name};"
            "BoolsAsChar=0;UseDeclareFetch=0;UnknownsAsLongVarchar=1;MaxLongVarcharSize=0",
            autocommit=True,
        )
        self._run("SET search_path = dbo, sys, public")
        self._level = "READ COMMITTED"
        self._running: pyodbc.Cursor | None = None

    def close(self) -> None:
        """Hang up; an open transaction is rolled back."""
        self._connection.close()

    def cancel(self) -> None:
        """End the statement that runs, from another thread."""
        if self._running:
            self._running.cancel()

    def answer(self, statement: str, parameters: Mapping[str, Any]) -> tuple[bytes, int]:
        """The result of one statement as tokens, and how many rows it touched."""
        try:
            return self._answer(statement, parameters)
        except pyodbc.Error as error:
            raise _refusal(error) from None

    def _answer(self, statement: str, parameters: Mapping[str, Any]) -> tuple[bytes, int]:
        word = statement.split(None, 1)[0].casefold()
        if word == "set":
            level = re.fullmatch(r"(?is)SET TRANSACTION ISOLATION LEVEL (.*)", statement)
            if level:
                self._level = level[1].upper()
            return b"", 0
        if word == "begin":
            snapshot = self._level == "SNAPSHOT"
            self._run(
                f"BEGIN ISOLATION LEVEL {'REPEATABLE READ' if snapshot else 'READ COMMITTED'}"
            )
            return wire.transaction(8), 0
        if word in {"commit", "rollback"}:
            self._run(word)
            return wire.transaction(9 if word == "commit" else 10), 0
        if word == "alter":
            return self._alter(statement)
        if described := _DESCRIBED.search(statement):
            return self._describe(described[1].replace("''", "'"))
        if context := _CONTEXT.match(statement):
            self._run(f"SET sys.context = '{context[1]}'")
            try:
                return self._answer(context[2].strip(), parameters)
            finally:
                self._run("SET sys.context = ''")
        return self._translated(translate(statement, parameters))

    def _translated(self, sql: str) -> tuple[bytes, int]:
        with self._connection.cursor() as cursor:
            self._running = cursor
            cursor.execute(sql)
            if not cursor.description:
                return b"", max(cursor.rowcount, 0)
            rows = cursor.fetchall()
            return result(cursor.description, rows), len(rows)

    def _alter(self, statement: str) -> tuple[bytes, int]:
        if setting := _SETTING.match(statement):
            name, on = _SETTINGS[setting[1].casefold()], setting[2].casefold() == "on"
            self._run(f"UPDATE sys.setting SET {name} = {literal(on)}")
        elif tracked := _TRACKED.match(statement):
            table = translate(tracked[1], {})
            self._run(f"SELECT sys.{tracked[2].lower()}_change_tracking({literal(table)})")
        else:
            self._run(translate(statement, {}))
        return b"", 0

    def _describe(self, query: str) -> tuple[bytes, int]:
        """The columns of a query, or a row that says what is wrong with it."""
        names = ("name", "system_type_name", "is_nullable", "error_number", "error_message")
        kinds = (str, str, bool, int, str)
        table = re.match(r"(?is)SELECT \* FROM ((?:\[[^\]]+\]\.?)+) p WHERE", query)
        rows: list[Sequence[Any]]
        try:
            self._run(f"CREATE TEMP VIEW described AS {translate(query, {})}")
            origin = literal(translate(table[1], {})) if table else "NULL"
            with self._connection.cursor() as cursor:
                rows = cursor.execute(
                    "SELECT v.attname, sys.type_name(v.atttypid, v.atttypmod, true), "
                    "NOT coalesce(t.attnotnull, false), NULL, NULL FROM pg_attribute v "
                    f"LEFT JOIN pg_attribute t ON t.attrelid = {origin}::regclass "
                    "AND t.attname = v.attname WHERE v.attrelid = 'described'::regclass "
                    "ORDER BY v.attnum"
                ).fetchall()
            self._run("DROP VIEW described")
        except pyodbc.Error as error:
            refusal = _refusal(error)
            rows = [(None, None, None, refusal.number, str(refusal))]
        description = [
            (name, kind, None, None, 10, 0, True) for name, kind in zip(names, kinds, strict=True)
        ]
        return result(description, rows), len(rows)

    def _run(self, sql: str) -> None:
        self._connection.execute(sql).close()


def _refusal(error: pyodbc.Error) -> Refused:
    state, text = str(error.args[0]), str(error.args[-1])
    message = text.partition("ERROR:")[2].partition(";\n")[0].strip() or text
    asked = re.match(r"error (\d+)", message)
    return Refused(int(asked[1]) if asked else _NUMBERS.get(state, 50000), message)


class Session(socketserver.BaseRequestHandler):
    """One client: log-in, then requests until it hangs up."""

    server: Server

    def setup(self) -> None:
        self.wire = Wire(self.request)
        self.database: Database | None = None
        self.prepared: dict[int, tuple[str, list[str]]] = {}

    def handle(self) -> None:
        with suppress(Hangup, ConnectionError):
            kind, body = self.wire.receive()
            if kind == wire.PRELOGIN:
                wanted = wire.wants_encryption(body)
                self.wire.send(wire.prelogin(wire.OFFERED if wanted else wire.UNSUPPORTED))
                if wanted:
                    self.wire.encrypt(self.server.certified)
                kind, body = self.wire.receive()
            while True:
                self.wire.send(self._answer(kind, body))
                kind, body = self.wire.receive()

    def finish(self) -> None:
        if self.database:
            self.database.close()

    def _answer(self, kind: int, body: bytes) -> bytes:
        if kind == wire.LOGIN:
            return self._login(Login.parse(body))
        if kind == wire.BATCH:
            heads = int.from_bytes(body[:4], "little")
            return self._batch(body[heads:].decode("utf-16-le"))
        if kind == wire.RPC:
            return self._calls(body)
        if kind == wire.TRANSACTION:
            return self._transaction(body)
        if kind == wire.ATTENTION:
            return wire.done(wire.ACKNOWLEDGED)
        raise Hangup

    def _login(self, login: Login) -> bytes:
        refused = wire.error(18456, f"Login failed for user '{login.user}'.", 14)
        if (login.user, login.password) != (USER, PASSWORD):
            return refused + wire.done(wire.ERROR)
        try:
            self.database = self.server.open(login.database)
        except pyodbc.Error:
            message = f'Cannot open database "{login.database}" requested by the login.'
            return wire.error(4060, message, 11) + refused + wire.done(wire.ERROR)
        return wire.welcome(login.database)

    def _batch(self, sql: str) -> bytes:
        answer = b""
        listed = statements(sql)
        for number, statement in enumerate(listed, 1):
            more = wire.MORE if number < len(listed) else 0
            try:
                tokens, rows = self._ask(statement, {})
            except Refused as refusal:
                return answer + wire.error(refusal.number, str(refusal)) + wire.done(wire.ERROR)
            answer += tokens + wire.done(wire.COUNT | more, rows)
        return answer or wire.done()

    def _transaction(self, body: bytes) -> bytes:
        """What a driver asks for where its autocommit is off."""
        kind, again = wire.transaction_asked(body)
        words = {wire.BEGIN: "BEGIN", wire.COMMIT: "COMMIT", wire.ROLLBACK: "ROLLBACK"}
        asked = [words[kind], *(["BEGIN"] if again else [])]
        try:
            tokens = b"".join(self._ask(each, {})[0] for each in asked)
        except Refused as refusal:
            return wire.error(refusal.number, str(refusal)) + wire.done(wire.ERROR)
        return tokens + wire.done()

    def _ask(self, statement: str, parameters: Mapping[str, Any]) -> tuple[bytes, int]:
        if self.database is None:
            raise Hangup
        with _until_interrupted(self.request, self.database.cancel):
            return self.database.answer(statement, parameters)

    # Remote procedures

    def _calls(self, body: bytes) -> bytes:
        reader, answer = Reader(body), b""
        reader.raw(reader.number("I") - 4)
        while reader.more:
            length = reader.number("H")
            named = length != 0xFFFF
            name = reader.raw(2 * length).decode("utf-16-le") if named else reader.number("H")
            reader.number("H")
            arguments = []
            while reader.more and reader.peek() not in {0x80, 0xFF}:
                label = reader.text8()
                reader.number("B")
                arguments.append((label, reader.parameter()))
            if reader.more:
                reader.raw(1)
            answer += self._call(name, arguments)
        return answer

    def _call(self, name: str | int, arguments: list[tuple[str, Any]]) -> bytes:
        values = [value for _, value in arguments]
        if name in {10, "sp_executesql"}:
            declared = _declared(values[1]) if len(values) > 1 else []
            return self._procedure(values[0], declared, values[2:])
        if name in {11, "sp_prepare", 13, "sp_prepexec"}:
            number, declared = len(self.prepared) + 1, _declared(values[1])
            self.prepared[number] = values[2], declared
            handle = wire.handle(arguments[0][0], number)
            if name in {11, "sp_prepare"}:
                return wire.returned(0) + handle + wire.done_procedure()
            return self._procedure(values[2], declared, values[3:], handle)
        if name in {12, "sp_execute"}:
            return self._procedure(*self.prepared[values[0]], values[1:])
        if name in {15, "sp_unprepare"}:
            return wire.returned(0) + wire.done_procedure()
        message = f"Could not find stored procedure '{name}'."
        return wire.error(2812, message) + wire.done_procedure(wire.ERROR)

    def _procedure(
        self, sql: str, declared: list[str], values: Sequence[Any], handle: bytes = b""
    ) -> bytes:
        parameters = dict(zip(declared, values, strict=True))
        answer = b""
        for statement in statements(sql):
            try:
                tokens, rows = self._ask(statement, parameters)
            except Refused as refusal:
                failed = wire.error(refusal.number, str(refusal))
                return answer + failed + handle + wire.done_procedure(wire.ERROR)
            answer += tokens + wire.done_in_procedure(wire.COUNT, rows)
        return answer + wire.returned(0) + handle + wire.done_procedure()


@contextmanager
def _until_interrupted(client: socket.socket, cancel: Callable[[], None]) -> Iterator[None]:
    """What the client says while it waits for an answer is that it waits no longer."""
    over, done = socket.socketpair()

    def listen() -> None:
        heard, _, _ = select.select([client, over], [], [])
        if client in heard and over not in heard:
            cancel()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield
    finally:
        done.close()
        listener.join()
        over.close()


def _declared(declaration: str | None) -> list[str]:
    return re.findall(r"(@\w+)\s+\w", declaration or "")


class Server(socketserver.ThreadingTCPServer):
    """Listens on the loopback interface."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, driver: str, postgresql: int) -> None:
        super().__init__(("127.0.0.1", port), Session)
        self._driver, self._postgresql = driver, postgresql
        self.certified = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certified.maximum_version = ssl.TLSVersion.TLSv1_2  # 1.3 came with TDS 8
        trustme.CA().issue_cert("127.0.0.1").configure_cert(self.certified)

    def open(self, name: str) -> Database:
        """A new connection to a database; raises pyodbc.Error where there is none."""
        return Database(self._driver, self._postgresql, name)


if __name__ == "__main__":
    pyodbc.pooling = False
    pyodbc.setDecimalSeparator(".")
    with Server(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])) as server:
        server.serve_forever()

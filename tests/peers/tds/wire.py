"""Packets, the log-in and the tokens of an answer, as [MS-TDS] describes them."""

from __future__ import annotations

import ssl
import struct
from dataclasses import dataclass
from typing import Protocol

BATCH, RPC, ATTENTION, TRANSACTION, LOGIN, PRELOGIN = 0x01, 0x03, 0x06, 0x0E, 0x10, 0x12
_ANSWER = 0x04
_PACKET = 4096

COLLATION = b"\x09\x04\xd0\x00\x34"  # SQL_Latin1_General_CP1_CI_AS
_VERSION = b"\x0f\x00\x07\xd0"  # 15.0.2000: SQL Server 2019

OFFERED, UNSUPPORTED = 0x01, 0x02
"""What the two sides say of encryption."""

MORE, ERROR, COUNT, ACKNOWLEDGED = 0x01, 0x02, 0x10, 0x20
_DONE, _DONE_PROC, _DONE_IN_PROC = 0xFD, 0xFE, 0xFF


class Hangup(Exception):
    """The client is gone."""


class Line(Protocol):
    """Bytes to the other side and back."""

    def recv(self, count: int, /) -> bytes: ...

    def sendall(self, data: bytes, /) -> None: ...


class Wire:
    """One connection: whole messages in, whole answers out."""

    def __init__(self, connection: Line) -> None:
        self._connection = connection

    def receive(self) -> tuple[int, bytes]:
        """The type and the body of the next message."""
        body = b""
        while True:
            kind, status, length = struct.unpack(">BBH4x", self._exactly(8))
            body += self._exactly(length - 8)
            if status & 1:
                return kind, body

    def _exactly(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            part = self._connection.recv(count - len(found))
            if not part:
                raise Hangup
            found += part
        return found

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Shake hands inside packets of the kind PRELOGIN; from then on all is encrypted."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        channel = context.wrap_bio(incoming, outgoing, server_side=True)
        while True:
            try:
                channel.do_handshake()
            except ssl.SSLWantReadError:
                if outgoing.pending:
                    self.send(outgoing.read(), PRELOGIN)
                incoming.write(self.receive()[1])
            else:
                self.send(outgoing.read(), PRELOGIN)
                self._connection = _Encrypted(self._connection, channel, incoming, outgoing)
                return

    def send(self, body: bytes, kind: int = _ANSWER) -> None:
        """One answer, cut into packets."""
        room = _PACKET - 8
        parts = [body[start : start + room] for start in range(0, len(body), room)] or [b""]
        for number, part in enumerate(parts, 1):
            last = int(number == len(parts))
            header = struct.pack(">BBHHBB", kind, last, len(part) + 8, 0, number & 255, 0)
            self._connection.sendall(header + part)


class _Encrypted:
    """A line inside TLS."""

    def __init__(
        self, line: Line, channel: ssl.SSLObject, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
    ) -> None:
        self._line, self._channel = line, channel
        self._incoming, self._outgoing = incoming, outgoing

    def recv(self, count: int, /) -> bytes:
        while True:
            try:
                return self._channel.read(count)
            except ssl.SSLWantReadError:
                data = self._line.recv(65536)
                if not data:
                    return b""
                self._incoming.write(data)
            except ssl.SSLError:  # the other side ended it
                return b""

    def sendall(self, data: bytes, /) -> None:
        self._channel.write(data)
        self._line.sendall(self._outgoing.read())


@dataclass(frozen=True)
class Login:
    """What the client says of itself."""

    user: str
    password: str
    database: str

    @classmethod
    def parse(cls, body: bytes) -> Login:
        """From a LOGIN7 message; the password comes with its halves swapped, its bits turned."""

        def text(place: int) -> str:
            start, length = struct.unpack_from("<HH", body, place)
            return body[start : start + 2 * length].decode("utf-16-le")

        start, length = struct.unpack_from("<HH", body, 44)
        hidden = (byte ^ 0xA5 for byte in body[start : start + 2 * length])
        password = bytes((byte >> 4 | byte << 4) & 0xFF for byte in hidden)
        return cls(text(40), password.decode("utf-16-le"), text(68))


def wants_encryption(body: bytes) -> bool:
    """Whether the client's PRELOGIN asks for it."""
    place = 0
    while body[place] != 0xFF:
        kind, start, _ = struct.unpack_from(">BHH", body, place)
        if kind == 1:
            return body[start] in {0x01, 0x03}
        place += 5
    return False


def prelogin(encryption: int) -> bytes:
    """Our version, and whether this connection can be encrypted."""
    said = bytes([encryption])
    options = [(0, _VERSION + b"\0\0"), (1, said), (2, b"\0"), (3, b""), (4, b"\0")]
    place, heads, bodies = 5 * len(options) + 1, b"", b""
    for kind, value in options:
        heads += struct.pack(">BHH", kind, place + len(bodies), len(value))
        bodies += value
    return heads + b"\xff" + bodies


def welcome(database: str) -> bytes:
    """The answer to a log-in that is let in."""
    acknowledged = b"\x01\x74\x00\x00\x04" + text8("Microsoft SQL Server") + _VERSION
    collation = b"\xe3" + struct.pack("<H", 8) + b"\x07\x05" + COLLATION + b"\0"
    return (
        _changed(1, database, "master")
        + collation
        + _changed(4, str(_PACKET), str(_PACKET))
        + b"\xad"
        + _counted(acknowledged)
        + done()
    )


def _changed(kind: int, new: str, old: str) -> bytes:
    return b"\xe3" + _counted(bytes([kind]) + text8(new) + text8(old))


BEGIN, COMMIT, ROLLBACK = 5, 7, 8
"""What a request about a transaction asks for."""


def transaction_asked(body: bytes) -> tuple[int, bool]:
    """What a TRANSACTION message asks for, and whether the next one is to begin at once."""
    place = int.from_bytes(body[:4], "little")
    kind = int.from_bytes(body[place : place + 2], "little")
    if kind == BEGIN:
        return kind, False
    name = body[place + 2]
    return kind, bool(body[place + 3 + name] & 1)


def transaction(kind: int) -> bytes:
    """A transaction began (8), was committed (9) or rolled back (10)."""
    descriptor = b"\x08" + b"\x01" * 8
    change = descriptor + b"\0" if kind == 8 else b"\0" + descriptor
    return b"\xe3" + _counted(bytes([kind]) + change)


def done(status: int = 0, rows: int = 0) -> bytes:
    """The end of a batch."""
    return _end(_DONE, status, rows)


def done_procedure(status: int = 0) -> bytes:
    """The end of a remote procedure."""
    return _end(_DONE_PROC, status, 0)


def done_in_procedure(status: int = 0, rows: int = 0) -> bytes:
    """The end of a statement inside a remote procedure."""
    return _end(_DONE_IN_PROC, MORE | status, rows)


def _end(token: int, status: int, rows: int) -> bytes:
    return struct.pack("<BHHQ", token, status, 0xC1 if rows else 0, rows)


def returned(value: int) -> bytes:
    """The return status of a procedure."""
    return b"\x79" + struct.pack("<i", value)


def handle(name: str, number: int) -> bytes:
    """The output parameter that names a prepared statement."""
    integer = b"\x26\x04\x04" + struct.pack("<i", number)
    return b"\xac\0\0" + text8(name) + b"\x01" + struct.pack("<IH", 0, 0) + integer


def error(number: int, message: str, severity: int = 16) -> bytes:
    """An error; severities above 10 end the statement."""
    head = struct.pack("<iBB", number, 1, severity)
    text = struct.pack("<H", len(message)) + message.encode("utf-16-le")
    return b"\xaa" + _counted(head + text + text8("stand-in") + text8("") + struct.pack("<i", 1))


def text8(text: str) -> bytes:
    """A text with its length in one byte."""
    return bytes([len(text)]) + text.encode("utf-16-le")


def _counted(body: bytes) -> bytes:
    return struct.pack("<H", len(body)) + body

"""The journal of systemd: every line with fields by which `journalctl` finds it.

Spoken to by its own protocol, a datagram of fields, so that nothing need be installed. The text of
a line is what would have gone to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

SOCKET = Path("/run/systemd/journal/socket")
LONGEST = 48 * 1024
"""The journal itself cuts lines of standard error there."""

_PRIORITY = {
    logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7,
}  # fmt: skip
FIELDS = ("flow", "run", "target", "message_id", "key", "code", "outcome", "entity")
"""What a line can be found by: `SYNCAGENT_FLOW`, and so on."""


def goes_to_the_journal(stream: TextIO) -> bool:
    """Whether the journal reads this stream: systemd says so by device and inode."""
    device, _, inode = os.environ.get("JOURNAL_STREAM", "").partition(":")
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return (device, inode) == (str(status.st_dev), str(status.st_ino))


class Journal(logging.Handler):
    """Sends lines to the journal; where it does not listen they go to standard error."""

    def __init__(self, stream: TextIO, path: Path = SOCKET) -> None:
        super().__init__()
        self._stream = stream
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        try:
            line = self.format(record)
            try:
                self._socket.sendto(b"".join(_fields(record, line)), str(self._path))
            except OSError:
                self._stream.write(line + "\n")
                self._stream.flush()
        except Exception:  # noqa: BLE001 - as every handler of the library: logging never raises
            self.handleError(record)

    def close(self) -> None:
        """Send nothing more."""
        self._socket.close()
        super().close()


def _fields(record: logging.LogRecord, line: str) -> Iterator[bytes]:
    yield _field("MESSAGE", line)
    yield _field("PRIORITY", str(_PRIORITY.get(record.levelno, 6)))
    yield _field("SYSLOG_IDENTIFIER", "syncagent")
    yield _field("LOGGER", record.name)
    for name, value in _told(line).items():
        if name in FIELDS and value not in (None, ""):
            yield _field(f"SYNCAGENT_{name.upper()}", str(value))


def _told(line: str) -> dict[str, Any]:
    """The fields of a line, secrets already taken out; none where lines are text."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _field(name: str, value: str) -> bytes:
    """`NAME=value`, or with its length where the value has several lines."""
    data = value.encode(errors="replace")[:LONGEST]
    if b"\n" not in data:
        return name.encode() + b"=" + data + b"\n"
    return name.encode() + b"\n" + struct.pack("<Q", len(data)) + data + b"\n"

"""The journal's own protocol, on a socket like its own; and who belongs into the Event Log."""

from __future__ import annotations

import io
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent import telemetry
from agent.log_context import bound
from agent.telemetry.journal import LONGEST, Journal, goes_to_the_journal


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "journal"))
        listening.settimeout(10)
        yield listening


def fields(datagram: bytes) -> dict[str, str]:
    """As the journal reads it: NAME=value, or NAME, a length of eight bytes and the value."""
    found, rest = {}, datagram
    while rest:
        name, _, rest = rest.partition(b"\n")
        if b"=" in name:
            name, _, value = name.partition(b"=")
        else:
            size = int.from_bytes(rest[:8], "little")
            value, rest = rest[8 : 8 + size], rest[9 + size :]
        found[name.decode()] = value.decode()
    return found


def test_line_carries_fields_by_which_the_journal_finds_it(
    ear: socket.socket, tmp_path: Path
) -> None:
    console = Journal(io.StringIO(), tmp_path / "journal")
    telemetry.configure(form="json", console=console)
    with bound(flow="prices", run=7, entity="price"):
        logging.getLogger("agent.room").warning("refused: PWD=canary;", extra={"code": "SA-5002"})
    told = fields(ear.recv(1 << 16))
    assert told["PRIORITY"] == "4"
    assert told["SYSLOG_IDENTIFIER"] == "syncagent"
    assert (told["SYNCAGENT_FLOW"], told["SYNCAGENT_RUN"]) == ("prices", "7")
    assert told["SYNCAGENT_CODE"] == "SA-5002"
    assert '"event": "refused: PWD=***;"' in told["MESSAGE"]
    assert "canary" not in str(told)


def test_text_of_several_lines_and_of_any_length_arrives(
    ear: socket.socket, tmp_path: Path
) -> None:
    telemetry.configure(form="text", console=Journal(io.StringIO(), tmp_path / "journal"))
    logging.getLogger("agent.room").error("first\nsecond " + "x" * 2 * LONGEST)
    told = fields(ear.recv(1 << 17))
    assert "first\nsecond xxx" in told["MESSAGE"]
    assert len(told["MESSAGE"]) == LONGEST


def test_lines_go_to_standard_error_where_the_journal_does_not_listen(tmp_path: Path) -> None:
    stream = io.StringIO()
    telemetry.configure(form="json", console=Journal(stream, tmp_path / "nobody"))
    logging.getLogger("agent.room").info("heard all the same")
    assert "heard all the same" in stream.getvalue()


def test_journal_is_known_by_device_and_inode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "stream").open("w") as stream:
        status = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        assert goes_to_the_journal(stream)
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino + 1}")
        assert not goes_to_the_journal(stream)
    assert not goes_to_the_journal(io.StringIO())

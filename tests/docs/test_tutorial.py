"""The tutorial is run as it stands: every command, in one shell, the answers compared.

The Italian one has the same commands and answers: test_translations.py compares them.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from agent.api.client import connect

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
SHOP_PORT, DASHBOARD_PORT = "8765", "8484"
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Shell:
    """One bash in which block after block is typed."""

    def __init__(self, folder: Path) -> None:
        # What comes from the environment must not reach a reader's empty folder.
        kept = {"LANG": "C.UTF-8", "NO_COLOR": "1", "HOME": str(folder)}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self._process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=folder,
            env={**kept, "PATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def type(self, block: str) -> str:
        """What the block's commands print."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{block}\necho '<end of block>'\n")
        self._process.stdin.flush()
        lines = []
        for line in self._process.stdout:
            if line == "<end of block>\n":
                break
            lines.append(line)
        return "".join(lines)

    def close(self) -> None:
        """End the shell and everything that was started in it."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path)
    yield shell
    shell.close()


def test_tutorial_does_what_it_says(shell: Shell, tmp_path: Path) -> None:
    shop, dashboard = _free_port(), _free_port()
    output = ""
    for kind, block in BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")):
        if kind == "text":
            assert _told(block, output), f"expected:\n{block}\nseen:\n{output}"
            continue
        ours = block.replace(SHOP_PORT, str(shop)).replace(DASHBOARD_PORT, str(dashboard))
        output = shell.type(ours)
        # A person takes seconds to read on, by which time what was started is there.
        if "agent.demo.shop" in block:
            _until(lambda: _listens(shop))
        if "syncagent run" in block:
            _until(lambda: _has_looked_at_all_flows(tmp_path))
            _until(lambda: _listens(dashboard))


def test_tutorial_is_run_whole() -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    assert len(BLOCK.findall(text)) == text.count("\n```") / 2


def _told(expected: str, output: str) -> bool:
    """Whether the expected lines come in this order; … stands for anything, blanks are free."""
    patterns = (
        ".*?".join(re.escape(part) for part in " ".join(line.split()).split("…"))
        for line in expected.splitlines()
    )
    seen = "\n".join(" ".join(line.split()) for line in output.splitlines())
    return re.search("(?s:.*)".join(patterns), seen) is not None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _has_looked_at_all_flows(folder: Path) -> bool:
    client = connect(folder)
    if client is None:
        return False
    status = client.ask("status")
    return all((flow["last_good_run_at"] or "") >= status["started_at"] for flow in status["flows"])


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)

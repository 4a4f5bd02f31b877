"""What the private servers have in common: a free port, another user than root, a clean end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class MissingPackage(Exception):
    """A test peer is not installed on this machine."""


def find(pattern: str, package: str) -> Path:
    """The newest file that matches; raises MissingPackage naming the Debian package."""
    found = sorted(Path("/").glob(pattern.lstrip("/")))
    if not found:
        raise MissingPackage(f"{pattern} is missing: apt-get install {package}")
    return Path(found[-1])


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def unprivileged(user: str) -> list[str]:
    """The prefix of a command that runs as `user` where we are root: servers refuse root."""
    return ["runuser", "-u", user, "--"] if os.geteuid() == 0 else []


@contextmanager
def own_directory(user: str) -> Iterator[Path]:
    """A directory that `user` may write to, where we are root; removed at the end.

    Not below pytest's own directories: they let no other user through.
    """
    directory = Path(tempfile.mkdtemp(prefix="syncagent-peer-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(directory, user)
        yield directory
    finally:
        shutil.rmtree(directory)


def run(command: Sequence[str | Path], log: Path) -> None:
    """Run to the end; a failure shows the command's own words."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, cwd="/"
    )
    if done.returncode:
        shown = log.read_text(errors="replace") if log.exists() else ""
        raise RuntimeError(f"{command[-1]} failed\n{done.stdout}{done.stderr}{shown}")


def stop(pid: int, sign: signal.Signals) -> None:
    """End the process and wait until it is gone."""
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return
    wait_until(lambda: not alive(pid), f"process {pid} does not end")


def alive(pid: int) -> bool:
    """Whether the process still runs (one that ended but was not collected does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(holds: Callable[[], bool], complaint: str, seconds: float = 30) -> None:
    """Ask again and again; a complaint after that many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(complaint)
        time.sleep(0.05)

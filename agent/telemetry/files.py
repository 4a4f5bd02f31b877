"""The log file: one JSON object a line, cut by size and by day, readable for its owner alone."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from logging import LogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path

from agent.errors import Misconfigured


class LogFile(RotatingFileHandler):
    """`syncagent.log`, before it `.1`, `.2` …; each ends at so many bytes, or at midnight UTC."""

    def __init__(self, path: Path, *, most_bytes: int, files: int) -> None:
        """`files`: how many there are at most. Raises `Misconfigured` SA-7483."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            super().__init__(path, maxBytes=most_bytes, backupCount=files - 1, encoding="utf-8")
        except OSError as error:
            raise Misconfigured(
                "SA-7483",
                f"the log file {path} cannot be written: {error.strerror}",
                hint="give the service's user the right, or name another one under log: file:",
            ) from error
        size = path.stat().st_size
        self._day = _day(path.stat().st_mtime) if size else 0

    def shouldRollover(self, record: LogRecord) -> int:  # noqa: N802 - the library's name
        """Whether a line begins a new file: the size is reached, or a day is over."""
        day = _day(record.created)
        over = bool(self._day) and day > self._day
        self._day = max(day, self._day)
        return int(over or bool(super().shouldRollover(record)))

    def rotate(self, source: str, dest: str) -> None:
        """Make room. Where somebody reads the file under Windows it goes on to grow."""
        with suppress(PermissionError):
            super().rotate(source, dest)

    def _open(self) -> io.TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _day(moment: float) -> int:
    return int(moment // 86_400)


def log_files(path: Path) -> list[Path]:
    """The file and those that it was before, the oldest first."""
    numbered = [
        (int(each.name.rpartition(".")[2]), each)
        for each in path.parent.glob(f"{path.name}.*")
        if each.name.rpartition(".")[2].isdecimal()
    ]
    older = [each for _, each in sorted(numbered, reverse=True)]
    return [*older, *([path] if path.exists() else [])]

"""Reads the log files back: `syncagent logs`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from agent.telemetry.files import log_files

Line: TypeAlias = dict[str, Any]
"""One line as it was written."""

LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines; "" and 0 for all. `since`: unix ms."""

    flow: str = ""
    target: str = ""
    run: int = 0
    message_id: str = ""
    key: str = ""
    code: str = ""
    text: str = ""
    """Anywhere in the line, capital letters or not."""
    level: str = "debug"
    since: int = 0

    def takes(self, line: Mapping[str, Any]) -> bool:
        """Whether it is one of them."""
        asked = {
            name: str(getattr(self, name))
            for name in ("flow", "target", "run", "message_id", "key", "code")
            if getattr(self, name)
        }
        if any(str(line.get(name, "")) != value for name, value in asked.items()):
            return False
        if self.text and not any(self.text.lower() in str(each).lower() for each in line.values()):
            return False
        level = str(line.get("level", "info"))
        if level in LEVELS and LEVELS.index(level) < LEVELS.index(self.level):
            return False
        return not self.since or moment_of(line) >= self.since


def lines(path: Path, wanted: Wanted) -> Iterator[Line]:
    """Those lines of the file and of what it was before, the oldest first."""
    for file in log_files(path):
        try:
            if wanted.since and file.stat().st_mtime * 1000 < wanted.since:
                continue
            stream = file.open(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            continue  # it was just renamed: its lines come with the next name
        with stream:
            yield from _taken(stream, wanted)


def follow(path: Path, wanted: Wanted, wait: Callable[[], bool]) -> Iterator[Line]:
    """Lines that are written from now on, for as long as `wait` returns true."""
    stream = path.open(encoding="utf-8", errors="replace")
    stream.seek(0, os.SEEK_END)
    rest = ""
    try:
        while True:
            rest += stream.read()
            *whole, rest = rest.split("\n")
            yield from _taken(whole, wanted)
            if _was_replaced(stream, path):
                stream.close()
                stream = path.open(encoding="utf-8", errors="replace")
            elif not wait():
                return
    finally:
        stream.close()


def _was_replaced(stream: TextIO, path: Path) -> bool:
    """Whether the name stands for another file by now, and this one was read to its end."""
    try:
        return not os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _taken(texts: TextIO | list[str], wanted: Wanted) -> Iterator[Line]:
    for text in texts:
        try:
            line = json.loads(text)
        except ValueError:
            continue  # half a line, where the machine lost power
        if isinstance(line, dict) and wanted.takes(line):
            yield line


def moment_of(line: Mapping[str, Any]) -> int:
    """When it was written (unix ms); 0 where it does not say."""
    try:
        return int(datetime.fromisoformat(str(line.get("timestamp"))).timestamp() * 1000)
    except ValueError:
        return 0

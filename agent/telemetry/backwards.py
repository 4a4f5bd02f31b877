"""Reads the log files from the end: the newest lines that are wanted, without reading all of them.

Files may have a hundred megabytes, and a page shall come at once. So one look goes through a part,
and says where the next one goes on.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from agent.telemetry.files import log_files
from agent.telemetry.reading import LEVELS, Line, Wanted, moment_of

LOOKED_THROUGH = 4 << 20
"""Bytes that one look goes through."""
_BLOCK = 64 << 10
_TIMESTAMP = re.compile(rb'"timestamp": ?"([^"]+)"')
_LEVEL = re.compile(rb'"level": ?"(\w+)"')


class Found(NamedTuple):
    """Lines, the newest first."""

    lines: list[Line]
    older: str
    """The time before which the next look goes on; "" where nothing older is left."""


def newest(
    path: Path, wanted: Wanted, limit: int, before: str = "", most: int = LOOKED_THROUGH
) -> Found:
    """The last lines that are wanted, of those written before a time (as lines tell it)."""
    found: list[Line] = []
    fits, bound, looked_through = _Fitting(wanted), before.encode(), 0
    for raw in _all_backwards(path):
        stamp = _stamp(raw)
        if bound and stamp >= bound:
            continue
        looked_through += len(raw)
        line = _parsed(raw) if fits(raw) else None
        if line is not None and wanted.takes(line):
            found.append(line)
        if stamp and wanted.since and moment_of({"timestamp": stamp.decode()}) < wanted.since:
            break
        if len(found) == limit or looked_through > most:
            return Found(found, stamp.decode())
    return Found(found, "")


class _Fitting:
    """A quick look at the bytes of a line: what it lets through by accident is sorted out later."""

    def __init__(self, wanted: Wanted) -> None:
        named = (wanted.flow, wanted.target, wanted.message_id, wanted.key, wanted.code)
        self._needles = [each.encode() for each in named if each and not _is_escaped(each)]
        self._text = "" if _is_escaped(wanted.text) else wanted.text.lower()
        self._levels = {each.encode() for each in LEVELS[LEVELS.index(wanted.level) :]}

    def __call__(self, raw: bytes) -> bool:
        if any(each not in raw for each in self._needles):
            return False
        level = _LEVEL.search(raw)
        if level and level[1] not in self._levels:
            return False
        return not self._text or self._text in raw.decode("utf-8", "replace").lower()


def _is_escaped(text: str) -> bool:
    """Whether JSON writes it otherwise."""
    return json.dumps(text, ensure_ascii=False) != f'"{text}"'


def _all_backwards(path: Path) -> Iterator[bytes]:
    for file in reversed(log_files(path)):
        try:
            stream = file.open("rb")
        except FileNotFoundError:
            continue  # it was just renamed: its lines were met under the other name
        with stream:
            yield from _backwards(stream)


def _backwards(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, the last one first."""
    place, rest = stream.seek(0, os.SEEK_END), b""
    while place:
        size = min(_BLOCK, place)
        place = stream.seek(place - size)
        rest, *lines = (stream.read(size) + rest).split(b"\n")
        yield from filter(None, reversed(lines))
    if rest:
        yield rest


def _stamp(raw: bytes) -> bytes:
    found = _TIMESTAMP.search(raw)
    return found[1] if found else b""


def _parsed(raw: bytes) -> Line | None:
    try:
        line = json.loads(raw)
    except ValueError:
        return None  # half a line, where the machine lost power
    return line if isinstance(line, dict) else None

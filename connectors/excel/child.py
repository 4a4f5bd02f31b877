"""Starts the child that parses a workbook, takes its frames, and ends it in any case."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import IO, TypeVar

import msgspec

from agent.errors import Rejected
from connectors.excel.frames import Heading, Job, RawPart, Refused

ROOT = Path(__file__).parents[2]
HINTS = {
    "SA-2031": "let it be saved without a password",
    "SA-2032": "open it with the program that made it; let it be exported again",
    "SA-2033": "if the workbook is as it should be, raise max_unpacked",
    "SA-2035": "correct `sheet`",
}
FrameT = TypeVar("FrameT", Heading, RawPart)

_first: msgspec.msgpack.Decoder[Heading | Refused] = msgspec.msgpack.Decoder(Heading | Refused)
_next: msgspec.msgpack.Decoder[RawPart | Refused] = msgspec.msgpack.Decoder(RawPart | Refused)


class Child:
    """One child at work on one workbook."""

    def __init__(self, job: Job, patience: float) -> None:
        self._job, self._patience = job, patience
        self._late = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "connectors.excel.reading", msgspec.json.encode(job)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self._process.stdout  # noqa: S101 - a pipe was asked for
        self._out: IO[bytes] = self._process.stdout

    def heading(self) -> Heading:
        """The sheet and its columns; raises `Rejected` where the workbook cannot be used."""
        return _sound(_first.decode(self._frame()))

    def parts(self) -> Iterator[RawPart]:
        """The rows; raises `Rejected` where the child did not come to the end."""
        while frame := self._frame():
            yield _sound(_next.decode(frame))
        self.close()

    def close(self) -> None:
        """End the child, wherever it is; closing twice is harmless."""
        self._process.kill()
        self._process.wait()
        self._out.close()

    def _frame(self) -> bytes:
        """The next frame, or the child's end."""
        watchdog = Timer(self._patience, self._too_late)
        watchdog.daemon = True
        watchdog.start()
        try:
            size = self._out.read(4)
            length = int.from_bytes(size, "big")
            frame = self._out.read(length)
            if len(size) < 4 or len(frame) < length:
                raise self._ended()
            return frame
        finally:
            watchdog.cancel()

    def _too_late(self) -> None:
        self._late = True
        self._process.kill()

    def _ended(self) -> Rejected:
        status = self._process.wait()
        why = (
            f"longer than {self._patience:g} s"
            if self._late
            else f"more than {self._job.memory} bytes of memory, or it is damaged (status {status})"
        )
        return Rejected(
            "SA-2034",
            f"to parse the workbook takes {why}",
            hint="if the workbook is as it should be, raise patience or memory",
        )


def _sound(frame: FrameT | Refused) -> FrameT:
    if isinstance(frame, Refused):
        raise Rejected(frame.code, frame.reason, hint=HINTS[frame.code])
    return frame

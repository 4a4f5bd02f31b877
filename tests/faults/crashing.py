"""Lives of an agent that end by SIGKILL before a chosen line of the engine.

`python -m tests.faults.crashing CONFIG` imports everything once, then forks a life for every line
that it reads: `learn`, or `crash FILE LINE TIME`, which ends the process when that line comes up
for the so manieth time. It answers each with one line of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from types import CodeType, FrameType
from typing import Any, NamedTuple, Self

from agent import telemetry
from tests.faults.site import live

ROOT = Path(__file__).parents[2]
ROOMS = tuple(
    str(ROOT / room)
    for room in (
        "agent/intake",
        "agent/detect",
        "agent/store",
        "agent/delivery",
        "agent/runs",
        "agent/daemon",
        "connectors/",
    )
)
"""Where a process may end. What is done elsewhere has no effect that outlives it."""


class Place(NamedTuple):
    """A line, and for which time it comes up."""

    file: str
    line: int
    time: int


def _trace(concerns: Callable[[CodeType], bool], on_line: Callable[[str, int], None]) -> None:
    """Call `on_line` before every line of the code that concerns us, in every thread."""

    def enter(frame: FrameType, _event: str, _argument: Any) -> Callable[..., Any] | None:
        return step if concerns(frame.f_code) else None

    def step(frame: FrameType, event: str, _argument: Any) -> Callable[..., Any]:
        if event == "line":
            on_line(frame.f_code.co_filename, frame.f_lineno)
        return step

    threading.settrace(enter)
    sys.settrace(enter)


def _learn(config: Path) -> Counter[tuple[str, int]]:
    """Which lines a life comes by, and how often."""
    lines: Counter[tuple[str, int]] = Counter()
    _trace(
        lambda code: code.co_filename.startswith(ROOMS),
        lambda file, line: lines.update([(file, line)]),
    )
    live(config)
    return lines


def _crash(config: Path, place: Place) -> None:
    """Live, and end before the line."""
    times = 0

    @cache
    def concerns(code: CodeType) -> bool:
        return code.co_filename == place.file and any(
            line == place.line for _, _, line in code.co_lines()
        )

    def count(_file: str, line: int) -> None:
        nonlocal times
        times += line == place.line
        if times == place.time:
            os.kill(os.getpid(), signal.SIGKILL)

    _trace(concerns, count)
    live(config)


def main() -> None:
    """Serve lives."""
    config = Path(sys.argv[1])
    telemetry.configure(form="json", level="error")
    for order in sys.stdin:
        word, *place = order.split()
        answer, told = os.pipe()
        child = os.fork()
        if not child:
            _be_born(told, config, word, place)
        os.close(told)
        with os.fdopen(answer) as reader:
            found = reader.read()
        _, status = os.waitpid(child, 0)
        ending = {"crashed": os.WIFSIGNALED(status), "failed": os.WEXITSTATUS(status) != 0}
        sys.stdout.write(json.dumps(ending | json.loads(found or "{}")) + "\n")
        sys.stdout.flush()


def _be_born(told: int, config: Path, word: str, place: list[str]) -> None:
    """In the child: live, tell what was learnt, and end without returning."""
    try:
        if word == "learn":
            lines = [[*line, times] for line, times in _learn(config).items()]
            os.write(told, json.dumps({"lines": lines}).encode())
        else:
            _crash(config, Place(place[0], int(place[1]), int(place[2])))
    except BaseException:  # noqa: BLE001 - a fork must never return into its parent's loop
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


class Nursery:
    """The program above, as the tests use it."""

    def __init__(self, config: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.crashing", str(config)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def learn(self) -> dict[tuple[str, int], int]:
        """One whole life: the lines it came by, and how often."""
        return {(file, line): times for file, line, times in self._order("learn")["lines"]}

    def crash(self, place: Place) -> bool:
        """One life that ends at that place; False when it did not come by."""
        return bool(self._order(f"crash {place.file} {place.line} {place.time}")["crashed"])

    def _order(self, order: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert not answer["failed"], "a life failed, see standard error"
        return answer


def somewhere(lines: dict[tuple[str, int], int], random: Random) -> Place:
    """A place by chance: every line alike, however often it comes up."""
    file, line = random.choice(sorted(lines))
    return Place(file, line, random.randint(1, lines[file, line]))


if __name__ == "__main__":
    main()

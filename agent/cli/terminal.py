"""How a command talks: data on standard output, talk on standard error.

A person at a terminal sees tables and bars (rich); a pipe gets plain text without colour; `--json`
gives one JSON document with a `schema_version`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol, Self
from zoneinfo import ZoneInfo

from agent.cli.tables import print_plain, print_table
from agent.errors import SyncError

SCHEMA_VERSION = 1
_CONTROL = dict.fromkeys((*range(32), *range(127, 160)), "�")


class Progress(Protocol):
    """A bar on a terminal, nothing elsewhere."""

    def update(self, done: int, expected: int | None, text: str) -> None:
        """Show how far something got; `expected` is None where nobody knows."""
        ...


def printable(text: object) -> str:
    """Text from outside, safe to print: no control characters that would move a terminal."""
    return str(text).replace("\n", " ").replace("\t", " ").translate(_CONTROL)


def moment(utc: str | None, time_zone: str = "") -> str:
    """A time as the clock on the wall shows it, here or in that time zone, to the second."""
    if not utc:
        return ""
    there = datetime.fromisoformat(utc).astimezone(ZoneInfo(time_zone) if time_zone else None)
    return there.strftime("%Y-%m-%d %H:%M:%S")


def clock(utc: str | None) -> str:
    """The same without the date where it is today."""
    today = datetime.now().astimezone().strftime("%Y-%m-%d ")
    return moment(utc).removeprefix(today)


def counted(count: int, what: str) -> str:
    """`1 message`, `2 messages`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


class Terminal:
    """Standard output and error of one command."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    @property
    def rich(self) -> bool:
        """Whether tables and colours have someone who sees them."""
        return sys.stdout.isatty() and not self.as_json and os.environ.get("TERM") != "dumb"

    @property
    def interactive(self) -> bool:
        """Whether somebody is there to answer a question."""
        return sys.stdin.isatty() and sys.stderr.isatty() and not self.as_json

    def document(self, payload: Mapping[str, Any]) -> None:
        """The command's answer as JSON."""
        document = {"schema_version": SCHEMA_VERSION, **payload}
        print(json.dumps(document, ensure_ascii=False, indent=2, default=str))

    def line(self, text: str = "") -> None:
        """A line of data."""
        print(text)

    def talk(self, text: str) -> None:
        """A line of talk, on standard error; silent in JSON mode."""
        if not self.as_json:
            print(printable(text), file=sys.stderr)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Rows under headings; numbers stand right. Too wide for the terminal: a block a row."""
        cells = [["" if cell is None else printable(cell) for cell in row] for row in rows]
        if not self.rich:
            print_plain(columns, cells)
        elif not print_table(columns, cells):
            for number, row in enumerate(cells):
                if number:
                    self.line()
                self.fields(zip(columns, row, strict=True))

    def fields(self, pairs: Iterable[tuple[str, object]]) -> None:
        """Names and values, one a line."""
        known = [(name, printable(value)) for name, value in pairs if value not in (None, "")]
        width = max((len(name) for name, _ in known), default=0)
        for name, value in known:
            self.line(f"{name:<{width}}  {value}")

    def fail(self, error: SyncError, problems: Sequence[Mapping[str, Any]] = ()) -> None:
        """Why a command ends: `SA-nnnn reason` and a hint; in JSON mode a document."""
        if self.as_json:
            body = {"code": error.code, "reason": error.reason, "hint": error.hint}
            self.document({"error": body | ({"problems": list(problems)} if problems else {})})
            return
        for problem in problems:
            print(printable(problem["message"]), file=sys.stderr)
        print(printable(error), file=sys.stderr)
        if error.hint:
            print(f"hint: {printable(error.hint)}", file=sys.stderr)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A progress bar on standard error while something goes on, if somebody looks."""
        if self.as_json or not sys.stderr.isatty():
            yield _NoProgress()
            return
        with _RichProgress() as bar:
            yield bar


class _NoProgress:
    def update(self, done: int, expected: int | None, text: str) -> None:
        pass


class _RichProgress:
    def __init__(self) -> None:
        from rich import progress  # noqa: PLC0415 - only for people at a terminal
        from rich.console import Console  # noqa: PLC0415 - the same

        self._bar = progress.Progress(
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def update(self, done: int, expected: int | None, text: str) -> None:
        self._bar.update(self._task, completed=done, total=expected, description=printable(text))

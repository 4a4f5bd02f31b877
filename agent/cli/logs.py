"""`syncagent logs`: what the agent wrote about its work."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path

import click

from agent.cli.glance import log_setting, state_folder
from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation
from agent.cli.terminal import moment, printable
from agent.clock import SystemClock
from agent.errors import Rejected
from agent.kpi.periods import since as period_since
from agent.telemetry.files import log_files
from agent.telemetry.place import log_path
from agent.telemetry.reading import LEVELS, Line, Wanted, follow, lines

LOOK_AGAIN = 0.5
"""Seconds between two looks for new lines."""

_APART = {"timestamp", "level", "event", "logger", "exception"}


@click.command(cls=Command)
@click.option("--flow", type=FlowName(), default="", help="Only lines about this flow.")
@click.option("--target", default="", help="Only lines about delivery to this connection.")
@click.option("--run", type=int, default=0, help="Only lines of this run.")
@click.option("--message", default="", help="Only lines about the message with this id.")
@click.option("--key", default="", help="Only lines about the record with this key.")
@click.option("--code", default="", help="Only lines with this error code.")
@click.option("--text", default="", help="Only lines that hold this text.")
@click.option(
    "--level", type=click.Choice(LEVELS[:-1]), default="debug", help="Only lines at least so grave."
)
@click.option("--since", default="", help="Only lines since then: 2h, 3d, 2026-10-01T08:00.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=200,
    show_default=True,
    help="So many lines at most, the last ones.",
)
@click.option("--follow", "following", is_flag=True, help="Go on with every line that is written.")
@pass_invocation
def logs(
    invocation: Invocation,
    flow: str,
    target: str,
    run: int,
    message: str,
    key: str,
    code: str,
    text: str,
    level: str,
    since: str,
    limit: int,
    following: bool,
) -> None:
    """Show what the agent wrote about its work, out of its log files.

    Under systemd the agent writes into the journal: journalctl -u syncagent SYNCAGENT_FLOW=NAME.
    """
    path = _path(invocation.config_path)
    now = SystemClock().now_ms()
    wanted = Wanted(
        flow=flow,
        target=target,
        run=run,
        message_id=message,
        key=key,
        code=code,
        text=text,
        level=level,
        since=period_since(since, now, UTC, whole_hours=False).start if since else 0,
    )
    found = deque(lines(path, wanted), maxlen=limit)
    if invocation.terminal.as_json and not following:
        invocation.terminal.document({"lines": list(found)})
        return
    _show(invocation, found)
    if following:
        _show(invocation, follow(path, wanted, _wait))


def _path(config: Path) -> Path:
    path = log_path(log_setting(config), config, state_folder(config))
    if path is None or not log_files(path):
        raise Rejected(
            "SA-7482",
            "there is no log file" + (f" {path}" if path else ""),
            hint="under systemd: journalctl -u syncagent -o cat",
        )
    return path


def _wait() -> bool:
    time.sleep(LOOK_AGAIN)
    return True


def _show(invocation: Invocation, found: Iterable[Line]) -> None:
    for each in found:
        if invocation.terminal.as_json:
            invocation.terminal.line(json.dumps(each, ensure_ascii=False))
            continue
        for text in _told(each):
            invocation.terminal.line(text)


def _told(line: Line) -> Iterator[str]:
    """When, how grave, what; then the fields, and a traceback below."""
    fields = " ".join(
        f"{name}={printable(value)}" for name, value in line.items() if name not in _APART
    )
    when, level = moment(str(line.get("timestamp", ""))), str(line.get("level", ""))
    yield f"{when} {level:<8} {printable(line.get('event', ''))}  {fields}".rstrip()
    for part in str(line.get("exception", "")).splitlines():
        yield f"    {printable(part)}"

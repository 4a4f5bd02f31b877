"""`syncagent run`: the daemon, in the foreground. A service manager does the rest."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from types import FrameType
from typing import Self

import click

from agent import telemetry
from agent.api.server import ApiServer
from agent.cli.exit_codes import Exit
from agent.cli.invocation import Command, Invocation, pass_invocation
from agent.cli.service_manager import notify, reloading, watchdog_seconds
from agent.config import Config
from agent.daemon import Agent
from agent.dashboard.server import DashboardServer
from agent.otlp import Exporter, Lines
from agent.telemetry.files import LogFile
from agent.telemetry.journal import Journal, goes_to_the_journal
from agent.telemetry.place import log_path
from agent.telemetry.windows import event_log

LONGEST_NAP = 3600.0 if os.name == "posix" else 1.0
"""Seconds; Windows delivers Ctrl-C only to a thread that is awake."""
log = logging.getLogger(__name__)


@click.command(cls=Command)
@click.option(
    "--drain",
    type=click.FloatRange(0, 3600),
    default=20.0,
    show_default=True,
    help="Seconds that what is under way may take at the end.",
)
@click.option(
    "--recreate", is_flag=True, help="Set a damaged store aside and start with an empty one."
)
@pass_invocation
def run(invocation: Invocation, drain: float, *, recreate: bool) -> None:
    """Run the agent in the foreground.

    SIGTERM and Ctrl-C end it in order: nothing more is begun, what is under way is finished; a
    second signal does not wait. SIGHUP reads the configuration again. Under systemd:
    Type=notify.
    """
    with Wishes() as wishes:
        _run(invocation, wishes, drain, recreate=recreate)


def _run(invocation: Invocation, wishes: Wishes, drain: float, *, recreate: bool) -> None:
    agent = Agent.open(invocation.config_path, recreate=recreate)
    try:
        lines = Lines()
        _log_as(agent.config, lines)
        exporter = Exporter(agent, agent.config.telemetry, lines)
        server = ApiServer(agent, agent.config.store.path.parent, agent.config.api)
        address = server.start()
        dashboard = DashboardServer(agent, agent.config.dashboard, agent.clock)
        try:
            agent.on_failure = wishes.fail
            agent.start()
            dashboard.start()
            exporter.start()
            log.info("started", extra={"configuration": agent.config.path, "api": str(address)})
            notify(f"READY=1\nSTATUS={len(agent.plans)} flows")
            _serve(agent, wishes)
        finally:
            notify("STOPPING=1")
            log.info("stopping", extra={"drain_seconds": drain})
            dashboard.stop()
            server.stop()
            in_order = agent.stop(drain)
            exporter.stop()
    finally:
        agent.close()
    log.info("stopped", extra={"in_order": in_order})
    if agent.failure is not None:
        raise agent.failure
    if not in_order:
        raise click.exceptions.Exit(Exit.PARTIAL)


class Wishes:
    """What signals and failures ask for, picked up by the main thread."""

    def __init__(self) -> None:
        # Not an Event: its lock may be held by the very thread that a signal interrupts.
        self._ear, self._bell = socket.socketpair()
        self._bell.setblocking(False)
        self.end = self.reload = False
        # A signal just before `select` begins, or in another thread, would not interrupt it.
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._take)
        if sys.platform != "win32":
            signal.signal(signal.SIGHUP, self._take)

    def _take(self, number: int, _frame: FrameType | None) -> None:
        if number in {signal.SIGTERM, signal.SIGINT}:
            self.end = True
            signal.signal(number, signal.SIG_DFL)  # a second one does not wait: nothing is lost
        else:
            self.reload = True
        self._wake()

    def fail(self) -> None:
        """The agent cannot go on."""
        self.end = True
        self._wake()

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # full: the main thread is awake anyway
            self._bell.send(b"!")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        self._ear.close()
        self._bell.close()

    def wait(self, seconds: float) -> None:
        """Until there is a wish, but no longer than so many seconds."""
        if select.select([self._ear], [], [], seconds)[0]:
            self._ear.recv(4096)


def _serve(agent: Agent, wishes: Wishes) -> None:
    """Wait for signals; tell the service manager that we live."""
    watchdog = watchdog_seconds()
    while not wishes.end:
        if watchdog:
            notify("WATCHDOG=1")
        wishes.wait(min(watchdog or LONGEST_NAP, LONGEST_NAP))
        if wishes.reload:
            wishes.reload = False
            notify(reloading())
            agent.reload()
            notify("READY=1")


def _log_as(config: Config, lines: Lines) -> None:
    settings, to_the_journal = config.log, goes_to_the_journal(sys.stderr)
    as_text = settings.format == "text" or (settings.format == "auto" and sys.stderr.isatty())
    path = log_path(settings.file, config.path, config.store.path.parent)
    others = [each for each in (event_log(),) if each is not None]
    if config.telemetry.otlp and config.telemetry.logs:
        others.append(lines)
    if path is not None and not (to_the_journal and settings.file == "auto"):
        others.append(LogFile(path, most_bytes=settings.rotate_at, files=settings.keep_files))
    telemetry.configure(
        form="text" if as_text else "json",
        level=settings.level,
        console=Journal(sys.stderr) if to_the_journal else None,
        others=others,
    )

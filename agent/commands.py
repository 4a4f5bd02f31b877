"""What the other side of a connection asks of us: fetched, done once, answered.

A command becomes a job like any other, so that it melts with equal ones, waits its turn and
survives a restart. It is kept with its job in one transaction, and with its result until the other
side has heard it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from agent.api.engine import Engine
from agent.assembly import flows_with
from agent.clock import Clock
from agent.config import Config
from agent.contract import AnyCommands, Command
from agent.errors import Misconfigured, Rejected, SyncError
from agent.jobs import BY_SHOP, pause_in_words
from agent.overview import told_to_others
from agent.runs import run_as_dict
from agent.store import FlowPause, Outcome, StoreFailed

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until the other side is asked again after a failure: doubled each time, up to a cap."""
REFUSED_PAUSE = 900.0
"""Seconds after a log-in that was refused: no account gets locked for the sake of a command."""
MOST_KEYS = 1_000
Result: TypeAlias = dict[str, Any]
DONE: Result = {"status": "done"}


@dataclass(frozen=True, slots=True)
class Allowed:
    """A connection that may ask, and the flows to and from it: nothing else is its affair."""

    connection: str
    make: Callable[[], AnyCommands]
    flows: Collection[str]


def commanding(config: Config) -> Iterator[Allowed]:
    """The connections whose other side may ask things of us, and about which flows."""
    for name, connection in config.connections.items():
        kind, options = connection.kind, connection.options
        flows = flows_with(config, name)
        if kind.commands and flows and kind.commands(options).wanted:
            yield Allowed(name, partial(kind.commands, options), flows)


class CommandDesk:
    """Two threads for one connection: one waits for commands, the other tells what became of them.

    `look` is to be called whenever a job has ended, `committed` is called when one was asked for.
    """

    def __init__(
        self,
        engine: Engine,
        allowed: Allowed,
        clock: Clock,
        committed: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._store = engine.store
        self._allowed = allowed
        self._name = allowed.connection
        self._clock = clock
        self._committed = committed
        self._closed = threading.Event()
        self._ended = threading.Event()
        self._cursor = ""
        self._threads: list[threading.Thread] = []
        self._line: AnyCommands

    def start(self) -> None:
        """Begin to ask and to answer."""
        try:
            self._line = self._allowed.make()
        except SyncError as error:
            self._note(error)
            return
        self._threads = [
            threading.Thread(
                target=self._serve, args=(work,), name=f"{name}-{self._name}", daemon=True
            )
            for name, work in (("commands", self._fetch), ("results", self._answer))
        ]
        for thread in self._threads:
            thread.start()

    def look(self) -> None:
        """A job has ended: it may be one that was commanded."""
        self._ended.set()

    def close(self) -> None:
        """Ask no more; what is done by then is told after the next start."""
        self._closed.set()
        self._ended.set()
        if self._threads:
            self._line.abort()
            for thread in self._threads:
                thread.join()
            self._line.close()

    def _serve(self, work: Callable[[], None]) -> None:
        """Do it again and again, after a failure ever more patiently."""
        pause = FIRST_PAUSE
        while not self._closed.is_set():
            try:
                work()
                pause = FIRST_PAUSE
            except (StoreFailed, Misconfigured) as error:
                self._note(error)
                self._closed.wait(REFUSED_PAUSE)
            except SyncError as error:
                self._note(error)
                self._closed.wait(pause)
                pause = min(LONGEST_PAUSE, 2 * pause)
            except Exception:  # a fault of ours must not end the agent's ear in silence
                log.exception("commands: %s failed", work.__name__)
                self._closed.wait(LONGEST_PAUSE)

    def _note(self, error: SyncError) -> None:
        if not self._closed.is_set():
            told = {"connection": self._name, "error": str(error), "hint": error.hint}
            log.warning("commands cannot be exchanged", extra=told)

    # Fetching

    def _fetch(self) -> None:
        commands, cursor = self._line.waiting(self._cursor)
        for command in commands:
            self._take(command)
        self._cursor = cursor

    def _take(self, command: Command) -> None:
        """Do what is asked, unless it was done before."""
        if self._store.commands.is_known(self._name, command.id):
            self._ended.set()
            return
        now = self._clock.now_ms()
        with self._store.transaction():
            done = self._do(command)
            if isinstance(done, int):
                self._store.commands.take(self._name, command.id, now, job=done)
            else:
                self._store.commands.take(self._name, command.id, now, result=done)
        self._committed()
        self._ended.set()
        told = {"connection": self._name, "command": command.id, "flow": command.flow}
        log.info("%s was asked for", command.kind, extra=told)

    def _do(self, command: Command) -> int | Result:
        """The job that it becomes, or its result."""
        if command.kind == "status":
            return {**DONE, "agent": told_to_others(self._engine.status(), self._allowed.flows)}
        act = self._acts.get(command.kind)
        if act is None:
            return {"status": "unknown", "reason": f"this agent knows no {command.kind!r}"}
        try:
            self._require_own(command.flow)
            return act(command)
        except Rejected as refusal:
            return {"status": "refused", "code": refusal.code, "reason": refusal.reason}

    def _require_own(self, flow: str) -> None:
        if flow not in self._allowed.flows:
            raise Rejected("SA-5502", f'no flow "{flow}" belongs to this connection')

    @property
    def _acts(self) -> dict[str, Callable[[Command], int | Result]]:
        return {
            "run": lambda command: self._request(command.flow, "differential"),
            "verify": lambda command: self._request(command.flow, "verify"),
            "resync": self._resync,
            "pause": self._pause,
            "resume": self._resume,
        }

    def _request(self, flow: str, scope: str, keys: tuple[str, ...] = ()) -> int:
        return self._engine.request(flow, scope, keys, asked_by="shop")

    def _resync(self, command: Command) -> int:
        if len(command.keys) > MOST_KEYS:
            raise Rejected("SA-5503", f"{len(command.keys)} keys at once, {MOST_KEYS} are allowed")
        return self._request(command.flow, "keys" if command.keys else "resend", command.keys)

    def _pause(self, command: Command) -> Result:
        """The flow is read no more. A pause that a person asked for is left as it is."""
        now = self._clock.now_ms()
        if not self._store.pauses.get(command.flow, now):
            self._store.pauses.put(FlowPause(command.flow, now, None, BY_SHOP, self._name, ""))
        return DONE

    def _resume(self, command: Command) -> Result:
        """End a pause that was asked for here; anything else is for a person in the company."""
        pause = self._store.pauses.get(command.flow, self._clock.now_ms())
        if pause is not None and pause.asked_by != BY_SHOP:
            raise Rejected("SA-5504", f"{command.flow} was {pause_in_words(pause)} by a person")
        halted = self._store.flows.get(command.flow).halted
        if halted:
            raise Rejected("SA-5504", f"{command.flow} waits for a person: {halted}")
        if pause is not None:
            self._store.pauses.lift(command.flow)
            self._request(command.flow, "differential")
        return DONE

    # Answering

    def _answer(self) -> None:
        """Tell what is over; then wait until something else is."""
        self._ended.clear()
        for command, job in self._store.commands.at_work(self._name):
            if result := self._result(job):
                self._store.commands.conclude(self._name, command, result)
        for command, result in self._store.commands.unreported(self._name):
            with suppress(Rejected):  # the other side has forgotten that it asked
                self._line.report(command, result)
            self._store.commands.reported(self._name, command)
        if not self._closed.is_set():
            self._ended.wait(LONGEST_PAUSE)

    def _result(self, job: int) -> Result | None:
        """What became of a job; None while it is not over."""
        if self._store.jobs.get(job) is not None:
            return None
        run = self._store.runs.of_job(job)
        if run is None:
            return {"status": "failed", "reason": "the job was cancelled"}
        bad = run.outcome in {Outcome.FAILED, Outcome.HALTED, Outcome.INTERRUPTED}
        told = {name: value for name, value in run_as_dict(run).items() if value not in ("", None)}
        return {"status": "failed" if bad else "done", "run": told}

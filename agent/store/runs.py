"""Runs: what each execution of a job did, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from agent.store.database import Database


class Outcome(StrEnum):
    """How a run ended, or what a person said about it."""

    RUNNING = "running"
    OK = "ok"
    PARTIAL = "partial"
    HELD = "held"
    FAILED = "failed"
    HALTED = "halted"
    APPROVED = "approved"
    DROPPED = "dropped"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a job. Times are unix ms."""

    id: int
    job: int
    flow: str
    scope: str
    asked_by: str
    outcome: Outcome
    counts: dict[str, int]
    code: str
    reason: str
    started_at: int
    finished_at: int | None


_SELECT = (
    "SELECT id, job, flow, scope, asked_by, outcome, counts, code, reason, started_at, finished_at"
    " FROM run"
)


class Runs:
    """A line per run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, job: int, flow: str, scope: str, asked_by: str, now: int) -> int:
        """A run begins; its id."""
        with self._database.transaction():
            ((run,),) = self._database.write(
                "INSERT INTO run (job, flow, scope, asked_by, outcome, counts, code, reason,"
                " started_at) VALUES (?, ?, ?, ?, 'running', '{}', '', '', ?) RETURNING id",
                (job, flow, scope, asked_by, now),
            )
            return int(run)

    def finish(
        self,
        run: int,
        outcome: Outcome | str,
        counts: Mapping[str, int],
        code: str,
        reason: str,
        now: int,
    ) -> None:
        """The run is over, with this outcome, these counts, and the reason if it has one."""
        with self._database.transaction():
            self._database.write(
                "UPDATE run SET outcome = ?, counts = ?, code = ?, reason = ?, finished_at = ?"
                " WHERE id = ?",
                (Outcome(outcome).value, json.dumps(dict(counts)), code, reason, now, run),
            )

    def hold(self, run: int, reason: str) -> None:
        """The run's messages wait for a person; written in the transaction that appends them."""
        self.set_outcome(run, Outcome.HELD, reason)

    def set_outcome(self, run: int, outcome: Outcome | str, reason: str) -> None:
        """What became of a run after all: a person approved or dropped it."""
        with self._database.transaction():
            self._database.write(
                "UPDATE run SET outcome = ?, reason = ? WHERE id = ?",
                (Outcome(outcome).value, reason, run),
            )

    def get(self, run: int) -> Run:
        """The run of that id; raises KeyError when there is none (any more)."""
        found = self._database.row(f"{_SELECT} WHERE id = ?", (run,))
        if found is None:
            raise KeyError(run)
        return _run(found)

    def of_job(self, job: int) -> Run | None:
        """The last run that did a job; None where none is known (any more)."""
        found = self._database.row(f"{_SELECT} WHERE job = ? ORDER BY id DESC LIMIT 1", (job,))
        return _run(found) if found else None

    def held(self) -> list[Run]:
        """The runs that wait for a person, oldest first."""
        found = self._database.rows(f"{_SELECT} WHERE outcome = 'held' ORDER BY id")
        return [_run(line) for line in found]

    def interrupt(self, now: int) -> list[int]:
        """At a start: what is found running was cut off; these runs."""
        with self._database.transaction():
            found = self._database.write(
                "UPDATE run SET outcome = 'interrupted', finished_at = ? WHERE outcome = 'running'"
                " RETURNING id",
                (now,),
            )
            return [run for (run,) in found]

    def list(
        self, flow: str | None = None, limit: int = 50, before: int | None = None
    ) -> list[Run]:
        """Newest first, of one flow or of all; `before` is the last one of the page before."""
        chosen = "flow = ? AND" if flow else ""
        found = self._database.rows(
            f"{_SELECT} WHERE {chosen} id < ? ORDER BY id DESC LIMIT ?",
            (*([flow] if flow else []), 2**62 if before is None else before, limit),
        )
        return [_run(line) for line in found]


def _run(line: tuple[Any, ...]) -> Run:
    run, job, flow, scope, asked_by, outcome, counts, *rest = line
    return Run(run, job, flow, scope, asked_by, Outcome(outcome), json.loads(counts), *rest)

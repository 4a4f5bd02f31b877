"""Jobs: requests to run a flow, waiting or running."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.store.database import Database


@dataclass(frozen=True, slots=True)
class Job:
    """A request to run a flow. Times are unix ms; the higher priority goes first."""

    id: int
    flow: str
    scope: str
    keys: tuple[str, ...]
    asked_by: str
    priority: int
    not_before: int
    requested_at: int
    run: int | None
    """The run that does it; None while it waits."""


_SELECT = "SELECT id, flow, scope, keys, asked_by, priority, not_before, requested_at, run FROM job"
_NEXT_FIRST = "ORDER BY priority DESC, not_before, id"


class Jobs:
    """The queue: a line per job until its run is over."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def request(
        self,
        flow: str,
        scope: str,
        keys: Sequence[str] = (),
        *,
        asked_by: str,
        priority: int,
        now: int,
        not_before: int = 0,
    ) -> int:
        """Ask for a run; the id of the job. It melts into one that waits for the same.

        The same is: that flow and scope; requests for keys melt by joining their keys. What
        remains has the higher priority and the earlier time of the two.
        """
        with self._database.transaction():
            found = self._database.row(
                f"{_SELECT} WHERE flow = ? AND scope = ? AND run IS NULL", (flow, scope)
            )
            if found is None:
                ((job,),) = self._database.write(
                    "INSERT INTO job (flow, scope, keys, asked_by, priority, not_before,"
                    " requested_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                    (flow, scope, json.dumps(list(keys)), asked_by, priority, not_before, now),
                )
                return int(job)
            waiting = _job(found)
            self._database.write(
                "UPDATE job SET keys = ?, asked_by = ?, priority = ?, not_before = ? WHERE id = ?",
                (
                    json.dumps(list(dict.fromkeys((*waiting.keys, *keys)))),
                    asked_by if priority > waiting.priority else waiting.asked_by,
                    max(priority, waiting.priority),
                    min(not_before, waiting.not_before),
                    waiting.id,
                ),
            )
            return waiting.id

    def next(self, now: int, has_way: Callable[[Job], bool]) -> Job | None:
        """The job to start now, of those that have nothing in their way."""
        found = self._database.rows(
            f"{_SELECT} WHERE run IS NULL AND not_before <= ? {_NEXT_FIRST}", (now,)
        )
        return next((job for job in map(_job, found) if has_way(job)), None)

    def next_due(self, has_way: Callable[[Job], bool]) -> int | None:
        """When the next job may start, of those that have nothing in their way; None for none."""
        return min((job.not_before for job in self.waiting() if has_way(job)), default=None)

    def get(self, job: int) -> Job | None:
        """The job of that id; None when it is done or was cancelled."""
        found = self._database.row(f"{_SELECT} WHERE id = ?", (job,))
        return _job(found) if found else None

    def start(self, job: int, run: int) -> None:
        """The job is being done by this run."""
        with self._database.transaction():
            self._database.write("UPDATE job SET run = ? WHERE id = ?", (run, job))

    def done(self, job: int) -> None:
        """The job's run is over, however it ended."""
        with self._database.transaction():
            self._database.write("DELETE FROM job WHERE id = ?", (job,))

    def cancel(self, job: int) -> bool:
        """Take back a waiting job; False when it runs or is gone."""
        with self._database.transaction():
            return bool(
                self._database.write(
                    "DELETE FROM job WHERE id = ? AND run IS NULL RETURNING id", (job,)
                )
            )

    def waiting(self) -> list[Job]:
        """The jobs that wait, the next one first."""
        return [
            _job(line) for line in self._database.rows(f"{_SELECT} WHERE run IS NULL {_NEXT_FIRST}")
        ]

    def requeue(self) -> None:
        """At a start: a job that was found running waits again, or melts into an equal one.

        It keeps its number, by which others ask for it, unless it melts.
        """
        with self._database.transaction():
            for line in self._database.rows(f"{_SELECT} WHERE run IS NOT NULL"):
                job = _job(line)
                if not any(
                    (each.flow, each.scope) == (job.flow, job.scope) for each in self.waiting()
                ):
                    self._database.write("UPDATE job SET run = NULL WHERE id = ?", (job.id,))
                    continue
                self.done(job.id)
                self.request(
                    job.flow,
                    job.scope,
                    job.keys,
                    asked_by=job.asked_by,
                    priority=job.priority,
                    now=job.requested_at,
                    not_before=job.not_before,
                )


def _job(line: tuple[Any, ...]) -> Job:
    job, flow, scope, keys, *rest = line
    return Job(job, flow, scope, tuple(json.loads(keys)), *rest)

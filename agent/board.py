"""The jobs of an agent on one board: being done with an estimate, waiting, due by themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from agent.clock import utc_text
from agent.jobs import COMPARES, PASSING, JobQueue
from agent.runs import AtWork, Runner
from agent.store import Job

WORTH_ESTIMATING = 2_000
"""Milliseconds after which the pace so far says something about the rest."""


def job_board(
    queue: JobQueue, runner: Runner, now: int, paused: Collection[str] = ()
) -> dict[str, Any]:
    """As JSON. `job` is null for what a schedule or an event asked for: it has no number."""
    at_work = runner.at_work()
    obstacles = {
        "busy": {each.job.flow for each in at_work},
        "crowded": queue.crowded(),
        "failing": runner.failing,
        "paused": paused,
    }
    return {
        "running": [_running(each, runner, now) for each in at_work],
        "waiting": [_waiting(each, _obstacle(each, obstacles, now)) for each in queue.waiting()],
        "scheduled": [
            {"flow": each.flow, "scope": each.scope, "due_at": utc_text(each.due_at)}
            for each in queue.scheduled()
        ],
    }


def _job(job: Job) -> dict[str, Any]:
    return {
        "job": job.id if job.id != PASSING else None,
        "flow": job.flow,
        "scope": job.scope,
        "keys": len(job.keys),
        "asked_by": job.asked_by,
        "requested_at": utc_text(job.requested_at),
    }


def _running(found: AtWork, runner: Runner, now: int) -> dict[str, Any]:
    progress = found.progress
    expected = runner.expected(found.job.flow, found.job.scope, progress.run)
    return {
        **_job(found.job),
        "run": progress.run or None,
        "started_at": utc_text(found.started_at),
        "rows": progress.rows,
        "changes": progress.changes,
        "expected": expected,
        "remaining_seconds": _remaining(progress.rows, expected, now - found.started_at),
        "cancelled_by": progress.cancelled_by,
    }


def _remaining(rows: int, expected: int | None, took: int) -> int | None:
    """Seconds until the end at the pace so far; None where nobody can tell."""
    if not expected or not rows or took < WORTH_ESTIMATING:
        return None
    return max(0, round((expected - rows) * took / rows / 1000))


def _obstacle(job: Job, flows: Mapping[str, Collection[str]], now: int) -> str:
    """What is in the way of a job that waits; nothing where it is only its turn."""
    if job.flow in flows["paused"] and job.scope != COMPARES:
        return "paused"
    if job.not_before > now:
        return "failing" if job.flow in flows["failing"] else "early"
    if job.flow in flows["busy"]:
        return "busy"
    return "crowded" if job.flow in flows["crowded"] and job.scope != COMPARES else ""


_WHY = {
    "": "",
    "paused": "its flow is paused",
    "failing": "the last try failed; it is tried again",
    "early": "its time has not come",
    "busy": "its flow is busy",
    "crowded": "as many flows as may read its system already",
}


def _waiting(job: Job, obstacle: str) -> dict[str, Any]:
    return {
        **_job(job),
        "priority": job.priority,
        "not_before": utc_text(job.not_before) if job.not_before else None,
        "obstacle": obstacle,
        "why": _WHY[obstacle],
    }

"""Jobs at work: a run is opened, done by intake, closed, and tried again where that may help."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from agent.clock import Clock, utc_text
from agent.errors import Rejected
from agent.intake import Cancelled, FlowPlan, Pause, RunResult, Task
from agent.jobs import COMPARES, PASSING, SURVIVING, pause_in_words
from agent.kpi import Meter
from agent.log_context import bound
from agent.store import Job, Run, Store

log = logging.getLogger(__name__)

FIRST_RETRY, LONGEST_RETRY = 5.0, 300.0
"""Seconds until a source that did not answer is asked again: doubled each time, up to the cap."""

CHANGES = ("inserts", "updates", "deletes")
JOBS_REMEMBERED = 1000
"""Jobs whose progress can be asked for after their end."""

Retry = Callable[[Job, float], None]
"""Ask for this job again after so many seconds."""


class Worker(Protocol):
    """What does a job: `Intake`, or the one that compares."""

    def run(
        self,
        plan: FlowPlan,
        task: Task,
        run_id: Callable[[], int],
        progress: Callable[[int, int], None],
    ) -> RunResult:
        """Do it to its end, and never raise."""
        ...


@dataclass(slots=True)
class Progress:
    """How far a job got. `run` is 0 until there is something to write down."""

    run: int = 0
    rows: int = 0
    changes: int = 0
    cancelled_by: str = ""


class AtWork(NamedTuple):
    """A job that is being done, since when (unix ms), and how far it got."""

    job: Job
    started_at: int
    progress: Progress


class OpenRun:
    """One run, written down as soon as there is something to tell of it."""

    def __init__(self, store: Store, job: Job, now: int) -> None:
        self._store = store
        self._job = job
        self._started_at = now
        self.progress = Progress()
        if job.id != PASSING:
            store.jobs.start(job.id, self.id())

    def id(self) -> int:
        """The run's number."""
        if not self.progress.run:
            job = self._job
            self.progress.run = self._store.runs.start(
                job.id, job.flow, job.scope, job.asked_by, self._started_at
            )
        return self.progress.run

    def number(self) -> int | None:
        """The run's number, where it has begun to be written down."""
        return self.progress.run or None

    def close(self, result: RunResult, now: int, *, quiet: bool) -> None:
        """Write down how it ended; with `quiet` only where it began to be written."""
        if not quiet or self.progress.run:
            self._store.runs.finish(
                self.id(), result.outcome, result.counts, result.code, result.reason, now
            )
        if self._job.id != PASSING:
            self._store.jobs.done(self._job.id)


class Runner:
    """Does jobs, one at a time per flow."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        retry: Retry,
        stop: threading.Event,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Meter(clock)
        self._store = store
        self._clock = clock
        self._retry = retry
        self._stop = stop
        self._progress: dict[int, Progress] = {}
        self._failures: dict[str, int] = {}
        self._unanswered: set[str] = set()
        self._told: dict[str, tuple[str, str, int]] = {}
        self._at_work: dict[str, AtWork] = {}
        self.looked_at: dict[str, int] = {}
        """Flow → when it was last read to its end, in unix ms."""
        self.failed_at: dict[str, int] = {}
        """Flow → when a run of it last failed, in unix ms."""

    def run(
        self,
        job: Job,
        plan: FlowPlan | None,
        worker: Worker,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Do one job; the number of its run, 0 where there was nothing to tell."""
        opened = OpenRun(self._store, job, self._clock.now_ms())
        progress = opened.progress
        if job.id != PASSING:
            self._progress[job.id] = progress
            while len(self._progress) > JOBS_REMEMBERED:
                del self._progress[next(iter(self._progress))]

        def note(rows: int, changes: int) -> None:
            progress.rows, progress.changes = rows, changes
            if progress.cancelled_by:
                raise Cancelled(f"cancelled by {progress.cancelled_by}")
            self._mind_pause(job)
            if on_progress is not None:
                on_progress(rows, changes)

        self._at_work[job.flow] = AtWork(job, self._clock.now_ms(), progress)
        try:
            with bound(flow=job.flow, entity=plan and plan.entity, run=opened.number):
                result = self._forbidden(job, plan)
                if result is None and plan is not None:
                    result = worker.run(
                        plan,
                        Task(job.scope, job.keys, urgent=job.asked_by in SURVIVING),
                        opened.id,
                        note,
                    )
                if result is not None:
                    self._end(job, opened, result)
        finally:
            del self._at_work[job.flow]
        return progress.run

    def at_work(self) -> list[AtWork]:
        """The jobs that are being done."""
        return list(self._at_work.values())

    def cancel(self, flow: str, by: str) -> bool:
        """End what is being done for a flow with its next batch; False: nothing is."""
        found = self._at_work.get(flow)
        if found is not None:
            found.progress.cancelled_by = by
        return found is not None

    def _mind_pause(self, job: Job) -> None:
        """A run that is under way when its flow is paused ends with its batch, to begin again."""
        pause = self._store.pauses.get(job.flow, self._clock.now_ms())
        if pause is not None and job.scope != COMPARES:
            raise Pause(f"the flow is {pause_in_words(pause)}")

    def look(self, plan: FlowPlan, task: Task, intake: Worker) -> RunResult:
        """Read for somebody who is about to write there, whose turn it is."""
        now = self._clock.now_ms()
        job = Job(PASSING, plan.name, task.scope, task.keys, "event", 0, 0, now, None)
        opened = OpenRun(self._store, job, now)
        with bound(flow=plan.name, entity=plan.entity, run=opened.number):
            result = intake.run(plan, task, opened.id, lambda *_: None)
            opened.close(result, self._clock.now_ms(), quiet=True)
        if not task.picked and result.outcome in {"ok", "partial"}:
            self.looked_at[plan.name] = now
        return result

    def _forbidden(self, job: Job, plan: FlowPlan | None) -> RunResult | None:
        """Why the job may not run now; None when it may."""
        if plan is None:
            return RunResult("halted", {}, "SA-7104", "the flow is no longer configured")
        if job.scope == COMPARES:
            return None
        halted = self._store.flows.get(job.flow).halted
        if halted:
            code, _, reason = halted.partition(" ")
            return RunResult("halted", {}, code, reason)
        for run in self._store.runs.held():
            if run.flow == job.flow:
                reason = f"run {run.id} waits for approval: {run.reason}"
                return RunResult("halted", {}, "SA-4006", reason)
        return None

    def _end(self, job: Job, opened: OpenRun, result: RunResult) -> None:
        now = self._clock.now_ms()
        # Of a row of equal polls that found nothing, the first is kept.
        story = result.outcome, result.code or result.reason, result.counts.get("refused", 0)
        quiet = job.id == PASSING and self._told.get(job.flow) == story
        opened.close(result, now, quiet=quiet)
        self._told[job.flow] = story
        self._meter.ran(
            job.flow,
            failed=result.outcome in {"failed", "halted"},
            rows=result.counts.get("rows", 0),
            changes=sum(result.counts.get(name, 0) for name in CHANGES),
            refused=result.counts.get("refused", 0),
            quiet=not opened.progress.run,
        )
        if result.outcome in {"ok", "partial", "held"} and job.scope != COMPARES:
            self.looked_at[job.flow] = now
        if result.outcome == "failed":
            self.failed_at[job.flow] = now
        if opened.progress.run:
            told = {name: count for name, count in result.counts.items() if count}
            reason = {"reason": result.reason} if result.reason else {}
            run = {"run": opened.progress.run, "outcome": result.outcome}
            bad = result.outcome in {"failed", "halted"}
            code = {"code": result.code} if result.code else {}
            log.log(
                logging.WARNING if bad else logging.INFO,
                "run ended",
                extra={**run, **told, **code, **reason},
            )
        self._mind_failure(job, result)

    def _mind_failure(self, job: Job, result: RunResult) -> None:
        """Begin again what did not come to its end, ever more patiently."""
        if result.again and result.outcome == "failed":
            self._unanswered.add(job.flow)
        else:
            self._unanswered.discard(job.flow)
        if not result.again or self._stop.is_set():
            self._failures.pop(job.flow, None)
            return
        failures = self._failures[job.flow] = self._failures.get(job.flow, 0) + 1
        self._retry(job, min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(failures - 1, 10)))

    @property
    def failing(self) -> frozenset[str]:
        """The flows whose source did not answer the last time."""
        return frozenset(self._unanswered)

    def progress(self, job_id: int) -> dict[str, Any]:
        """How far a job got: state, run, rows, changes, outcome; `expected` rows where known."""
        found = self._progress.get(job_id)
        if found is None or not found.run:
            if self._store.jobs.get(job_id) is None:
                raise Rejected("SA-7105", f"there is no job {job_id}")
            return {"job": job_id, "state": "waiting"}
        run = self._store.runs.get(found.run)
        return {
            **run_as_dict(run),
            "job": job_id,
            "state": "running" if run.finished_at is None else "done",
            "rows": found.rows,
            "changes": found.changes,
            "expected": self.expected(run.flow, run.scope, run.id),
        }

    def expected(self, flow: str, scope: str, before: int) -> int | None:
        """How many rows the last good run of this flow and scope before that one went through."""
        for earlier in self._store.runs.list(flow, limit=20):
            good = earlier.outcome in {"ok", "partial"} and earlier.scope == scope
            if earlier.id < (before or sys.maxsize) and good:
                return earlier.counts.get("rows") or earlier.counts.get("records") or None
        return None


def run_as_dict(run: Run) -> dict[str, Any]:
    """A run for people and programs; times are ISO 8601 in UTC."""
    counts: Mapping[str, int] = run.counts
    return {
        "run": run.id,
        "flow": run.flow,
        "scope": run.scope,
        "asked_by": run.asked_by,
        "outcome": str(run.outcome),
        "counts": dict(counts),
        "code": run.code,
        "reason": run.reason,
        "started_at": utc_text(run.started_at),
        "finished_at": utc_text(run.finished_at) if run.finished_at else None,
    }

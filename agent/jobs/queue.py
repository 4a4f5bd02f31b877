"""The job queue at work: schedules, events and requests become jobs, jobs become runs.

Jobs of one flow never overlap; equal waiting jobs melt into one. What a person or the shop asked
for stands in the store and survives a restart. What schedules and events ask for does not: the
daemon looks at every flow when it starts, and a poll that finds nothing shall write nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

from agent.clock import Clock
from agent.jobs.rhythm import Timetable
from agent.jobs.systems import Systems
from agent.store import Job, Store

log = logging.getLogger(__name__)

PRIORITY = {"person": 30, "shop": 20, "event": 10, "schedule": 0}
"""Who waits for an answer goes first."""

SURVIVING = {"person", "shop"}
"""Whose requests are kept in the store, and done in quiet windows too."""

PASSING = 0
"""The id of every job that is not."""

COMPARES = "verify"
"""The scope of jobs that read nothing new: they say nothing of how fresh a flow is, and a flow that
is halted, held or paused may be compared too."""

WORKERS = 8
"""Jobs at once, over all systems."""

FAULT_REST = 10.0
"""Seconds that a flow rests after a fault of ours."""

LONGEST_REST = 60.0
"""Seconds after which the queue is looked at even when nothing woke it."""

QuietUntil: TypeAlias = Callable[[int], int | None]
"""A moment → when the quiet that holds then ends (both unix ms), None where none does."""

_NO_QUIET: Mapping[str, QuietUntil] = MappingProxyType({})
_NO_LEDGERS: Mapping[str, str] = MappingProxyType({})
_NO_SYSTEMS = Systems()


class JobQueue:
    """Turns requests and schedules into runs, one thread per busy flow.

    `run` does one job to its end, in the thread that calls it; it must not raise.
    """

    def __init__(
        self, store: Store, clock: Clock, run: Callable[[Job], object], *, workers: int = WORKERS
    ) -> None:
        self._store = store
        self._clock = clock
        self._run = run
        self._workers = workers
        self._changed = threading.Condition()
        self._timetables: list[Timetable] = []
        self._quiet: dict[str, QuietUntil] = {}
        self._passing: dict[tuple[str, str], Job] = {}
        self._busy: dict[str, threading.Thread] = {}
        self._reading: set[str] = set()
        self._lent: set[str] = set()
        self._ledgers: dict[str, str] = {}
        self._systems = _NO_SYSTEMS
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def schedule(
        self,
        timetables: Sequence[Timetable],
        quiet: Mapping[str, QuietUntil] = _NO_QUIET,
        ledgers: Mapping[str, str] = _NO_LEDGERS,
        systems: Systems = _NO_SYSTEMS,
    ) -> None:
        """Replace all timetables, and the quiet of each flow (at the start and after a reload).

        `ledgers`: of flows that bring the same records only one runs at a time. `systems`: so many
        flows read one at once.
        """
        with self._changed:
            self._timetables = list(timetables)
            self._quiet = dict(quiet)
            self._ledgers = dict(ledgers)
            self._systems = systems
            self._changed.notify_all()

    def request(
        self, flow: str, scope: str, keys: Sequence[str] = (), *, asked_by: str, delay: float = 0
    ) -> int:
        """Ask for a job; its id, that of the waiting equal one, or `PASSING`.

        Keys are kept whoever names them: nothing but the event itself would name them again.
        Within a transaction of the store call `look` after it.
        """
        now = self._clock.now_ms()
        not_before = now + int(delay * 1000) if delay else 0
        priority = PRIORITY[asked_by]
        if asked_by in SURVIVING or keys:
            if asked_by not in SURVIVING:
                not_before = max(not_before, self._quiet_until(flow, now))
            job_id = self._store.jobs.request(
                flow,
                scope,
                tuple(keys),
                asked_by=asked_by,
                priority=priority,
                now=now,
                not_before=not_before,
            )
        else:
            job_id = PASSING
            self._pass(Job(PASSING, flow, scope, (), asked_by, priority, not_before, now, None))
        self.look()
        return job_id

    def look(self) -> None:
        """Something was committed that may have to be done now."""
        with self._changed:
            self._changed.notify_all()

    def _pass(self, job: Job) -> None:
        """Keep a job in memory; of two equal ones the more urgent and the earlier counts."""
        with self._changed:
            waiting = self._passing.get((job.flow, job.scope))
            if waiting is not None:
                urgent = max(job, waiting, key=lambda each: each.priority)
                job = replace(urgent, not_before=min(job.not_before, waiting.not_before))
            self._passing[job.flow, job.scope] = job

    def start(self) -> None:
        """Begin to work in the background."""
        self._thread = threading.Thread(target=self._serve, name="jobs", daemon=True)
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Start no more jobs and wait for those that run. False: some did not end in time."""
        with self._changed:
            self._stopped.set()
            self._changed.notify_all()
            running = list(self._busy.values())
        if self._thread is not None:
            self._thread.join()
        deadline = self._clock.monotonic() + seconds
        for thread in running:
            thread.join(max(0.0, deadline - self._clock.monotonic()))
        return not any(thread.is_alive() for thread in running)

    def waiting(self) -> list[Job]:
        """The jobs that wait, the most urgent first."""
        with self._changed:
            jobs = [*self._passing.values(), *self._store.jobs.waiting()]
        return sorted(jobs, key=lambda job: (-job.priority, job.not_before, job.requested_at))

    def crowded(self) -> set[str]:
        """The flows that wait because as many as may read one of their systems already."""
        with self._changed:
            return self._systems.crowded(self._reading | self._lent)

    def scheduled(self) -> list[Timetable]:
        """When each flow runs by itself, what is due first in front."""
        with self._changed:
            return sorted(map(replace, self._timetables), key=lambda each: each.due_at)

    def cancel(self, job_id: int) -> bool:
        """Take back a job that waits; False: it is being done, or is over."""
        return job_id != PASSING and self._store.jobs.cancel(job_id)

    def forgo(self, flow: str, scope: str) -> bool:
        """Take back what a schedule or an event asks of a flow; False: it does not wait.

        It asks again: nothing that changed is missed, it only comes later.
        """
        with self._changed:
            return self._passing.pop((flow, scope), None) is not None

    def next_due(self, flow: str) -> int | None:
        """When the flow runs next by itself, in unix ms."""
        with self._changed:
            return min(
                (each.due_at for each in self._timetables if each.flow == flow), default=None
            )

    def _serve(self) -> None:
        while True:
            with self._changed:
                if self._stopped.is_set():
                    return
                now = self._clock.now_ms()
                self._request_due(now)
                if not self._start_one(now):
                    self._changed.wait(self._rest(now))

    def _request_due(self, now: int) -> None:
        for timetable in self._timetables:
            # A clock that was set back must not make a flow wait until it has caught up.
            timetable.due_at = min(timetable.due_at, timetable.rhythm.next_after(now))
            if timetable.due_at <= now:
                # From now, not from when it was due: after a long sleep there is one run, not many.
                timetable.due_at = timetable.rhythm.next_after(now)
                self.request(timetable.flow, timetable.scope, asked_by="schedule")

    def _start_one(self, now: int) -> bool:
        if len(self._busy) >= self._workers:
            return False
        job = self._next(now)
        if job is None:
            return False
        thread = threading.Thread(
            target=self._work, args=(job,), name=f"flow-{job.flow}", daemon=True
        )
        self._busy[job.flow] = thread
        if job.scope != COMPARES:
            self._reading.add(job.flow)
        thread.start()
        return True

    def _next(self, now: int) -> Job | None:
        """The most urgent job that may start now."""
        has_way = self._has_way(now)
        jobs = [
            job
            for job in self._passing.values()
            if has_way(job) and self._may_start(job, now) <= now
        ]
        asked_for = self._store.jobs.next(now, has_way)
        if asked_for is not None:
            jobs.append(asked_for)
        job = max(jobs, key=lambda each: (each.priority, -each.requested_at), default=None)
        if job is not None and job.id == PASSING:
            del self._passing[job.flow, job.scope]
        return job

    def _has_way(self, now: int) -> Callable[[Job], bool]:
        """Tells of a job whether nothing but its own time is in its way.

        Its flow is not busy, nobody paused it, and each system that it reads has room for one more.
        A comparison reads no source; where somebody waits for it, it is made in a pause too.
        """
        busy = self._kept_busy()
        crowded = self._systems.crowded(self._reading | self._lent)
        paused = self._store.pauses.in_force(now).keys()

        def has_way(job: Job) -> bool:
            if job.flow in busy:
                return False
            if job.scope == COMPARES:
                return job.flow not in paused or job.asked_by in SURVIVING
            return job.flow not in crowded and job.flow not in paused

        return has_way

    def _kept_busy(self) -> set[str]:
        """The flows of which no job may start now."""
        busy = self._busy.keys() | self._lent
        ledgers = {self._ledgers.get(flow, flow) for flow in busy}
        return busy | {flow for flow, ledger in self._ledgers.items() if ledger in ledgers}

    @contextmanager
    def lend(self, flow: str, seconds: float) -> Iterator[bool]:
        """Keep jobs of a flow away, for somebody who reads it himself; False: it was not free."""
        with self._changed:
            free = self._changed.wait_for(lambda: flow not in self._kept_busy(), timeout=seconds)
            if free:
                self._lent.add(flow)
        try:
            yield free
        finally:
            if free:
                with self._changed:
                    self._lent.discard(flow)
                    self._changed.notify_all()

    def _may_start(self, job: Job, now: int) -> int:
        """When a job that nobody waits for may start: not while its source is to be left alone."""
        return max(job.not_before, self._quiet_until(job.flow, now))

    def _quiet_until(self, flow: str, now: int) -> int:
        quiet_until = self._quiet.get(flow)
        return (quiet_until(now) if quiet_until else None) or 0

    def _rest(self, now: int) -> float:
        due = [each.due_at for each in self._timetables]
        due += [each.until for each in self._store.pauses.in_force(now).values() if each.until]
        if len(self._busy) < self._workers:
            has_way = self._has_way(now)
            due += [self._may_start(job, now) for job in self._passing.values() if has_way(job)]
            waiting = self._store.jobs.next_due(has_way)
            due += [] if waiting is None else [waiting]
        return min(LONGEST_REST, max(0.0, (min(due, default=now + 60_000) - now) / 1000))

    def _work(self, job: Job) -> None:
        try:
            self._run(job)
        except Exception:
            # The job may still stand in the store: without a rest it would begin again at once.
            log.exception("a job ended badly", extra={"flow": job.flow})
            self._stopped.wait(FAULT_REST)
        finally:
            with self._changed:
                del self._busy[job.flow]
                self._reading.discard(job.flow)
                self._changed.notify_all()

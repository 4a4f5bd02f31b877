"""Days and months that are over, summed up once: thirteen months of hours are a lot for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from threading import Lock
from typing import Literal

from agent.clock import Clock
from agent.kpi.figures import BUSIEST, FLOW, THE_AGENT, Figures, work
from agent.kpi.periods import Period, is_whole
from agent.store import HOUR_MS, HourRow, Store, Subject

DAY_MS = 24 * HOUR_MS
DAYS = 400
KEPT = DAYS + 14
"""Sums in memory: those of thirteen months and of their days."""
AHEAD = 60
"""Sums that are made at once while nobody waits for them: half a second's work."""

Largest = Literal["month", "day"]


class Sums:
    """The lines of a period: of each month and day that is over one a subject, else by hour.

    A sum counts its work in the busiest hour under `BUSIEST`. The hours of the agent's own presence
    stay as they are: how long a flow could have worked is counted from its first.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kept: dict[Period, list[HourRow]] = {}
        self._lock = Lock()

    def rows(self, period: Period, zone: tzinfo, largest: Largest = "month") -> Iterator[HourRow]:
        """Its lines, the oldest part first; months and days by a wall clock."""
        for part in period.steps(largest, zone):
            if self._is_over(part) and is_whole(part, largest, zone):
                yield from self._sum(part, zone, largest)
            else:
                yield from self._finer(part, zone, largest)

    def ahead(self, zone: tzinfo, most: int = AHEAD) -> None:
        """Sum up some of what is still missing, the newest first: no page is to wait for all."""
        now = self._clock.now_ms()
        past = Period(max(0, now - DAYS * DAY_MS), now - HOUR_MS)
        steps: tuple[Largest, ...] = ("day", "month")
        for step in steps:
            missing = [
                each
                for each in past.steps(step, zone)
                if each not in self._kept and is_whole(each, step, zone)
            ]
            for each in missing[: -most - 1 : -1]:
                self._sum(each, zone, step)
            if len(missing) > most:
                return

    def _is_over(self, period: Period) -> bool:
        return period.end <= self._clock.now_ms() - HOUR_MS

    def _finer(self, period: Period, zone: tzinfo, step: Largest) -> Iterable[HourRow]:
        if step == "month":
            return self.rows(period, zone, "day")
        return self._store.kpis.between(period.first_hour, period.last_hour)

    def _sum(self, period: Period, zone: tzinfo, step: Largest) -> list[HourRow]:
        with self._lock:
            found = self._kept.get(period)
        if found is None:
            found = list(_summed(self._finer(period, zone, step)))
            with self._lock:
                self._kept[period] = found
                while len(self._kept) > KEPT:
                    del self._kept[min(self._kept)]
        return found


def _summed(rows: Iterable[HourRow]) -> Iterator[HourRow]:
    """One line a subject; those of the agent as they are, and its busiest hour where none says."""
    first: dict[Subject, int] = {}
    sums: dict[Subject, Figures] = {}
    together: dict[int, int] = {}
    for row in rows:
        if row.subject == THE_AGENT:
            yield row
            continue
        first.setdefault(row.subject, row.hour)
        figures = sums.setdefault(row.subject, Figures())
        figures.join(row.figures, row.times)
        if BUSIEST not in row.figures:
            done = row.figures.get(work(row.subject), 0)
            figures.add(BUSIEST, done)
            if row.subject.kind == FLOW:
                together[row.hour] = together.get(row.hour, 0) + done
    for subject, figures in sums.items():
        yield HourRow(first[subject], subject, figures.counts, figures.times)
    if together:
        busiest = max(together, key=together.__getitem__)
        yield HourRow(busiest, THE_AGENT, {BUSIEST: together[busiest]}, {})

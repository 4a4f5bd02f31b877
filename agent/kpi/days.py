"""Days that are over, summed up once: thirteen months of hours are too much to read for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from threading import Lock

from agent.clock import Clock
from agent.kpi.figures import BUSIEST, FLOW, THE_AGENT, Figures, work
from agent.kpi.periods import Period, is_whole_day
from agent.store import HOUR_MS, HourRow, Store, Subject

DAY_MS = 24 * HOUR_MS
KEPT = 400
"""Days in memory: thirteen months."""


class Days:
    """The lines of a period: of each day that is over one a subject, of all others by hour.

    A line of a day counts its work in the busiest hour under `BUSIEST`. The hours of the agent's
    own presence stay as they are: how long a flow could have worked is counted from its first.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._days: dict[Period, list[HourRow]] = {}
        self._lock = Lock()

    def rows(self, period: Period, zone: tzinfo) -> Iterator[HourRow]:
        """Its lines, the oldest first; days by a wall clock."""
        for day in period.steps("day", zone):
            if is_whole_day(day, zone) and day.end <= self._clock.now_ms() - HOUR_MS:
                yield from self._day(day)
            else:
                yield from self._store.kpis.between(day.first_hour, day.last_hour)

    def ahead(self, zone: tzinfo, most: int = 10) -> None:
        """Sum up some days that are still missing, the newest first: no page is to wait for all."""
        now = self._clock.now_ms()
        whole = [
            day
            for day in Period(max(0, now - KEPT * DAY_MS), now - HOUR_MS).steps("day", zone)
            if day not in self._days and is_whole_day(day, zone)
        ]
        for day in whole[: -most - 1 : -1]:
            self._day(day)

    def _day(self, day: Period) -> list[HourRow]:
        with self._lock:
            found = self._days.get(day)
        if found is None:
            found = list(_summed(self._store.kpis.between(day.first_hour, day.last_hour)))
            with self._lock:
                self._days[day] = found
                while len(self._days) > KEPT:
                    del self._days[min(self._days)]
        return found


def _summed(rows: Iterable[HourRow]) -> Iterator[HourRow]:
    first: dict[Subject, int] = {}
    sums: dict[Subject, Figures] = {}
    together: dict[int, int] = {}
    for row in rows:
        if row.subject == THE_AGENT:
            yield row
            continue
        done = row.figures.get(work(row.subject), 0)
        first.setdefault(row.subject, row.hour)
        figures = sums.setdefault(row.subject, Figures())
        figures.join(row.figures, row.times)
        figures.add(BUSIEST, done)
        if row.subject.kind == FLOW:
            together[row.hour] = together.get(row.hour, 0) + done
    for subject, figures in sums.items():
        yield HourRow(first[subject], subject, figures.counts, figures.times)
    if together:
        busiest = max(together, key=together.__getitem__)
        yield HourRow(busiest, THE_AGENT, {BUSIEST: together[busiest]}, {})

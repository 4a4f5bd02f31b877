"""The figures of hours: counted in memory, read out of the store's own history, kept in the store.

How many records were delivered, and how long each took, stands in the messages themselves. It is
read from there once a minute, up to a mark that moves in the same transaction: no sender counts
records, and a crash neither loses nor doubles any. Everything else is counted by the `Meter`; a
crash loses its last minute, in a quiet hour the seconds of that hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from threading import Lock

from agent.clock import Clock
from agent.kpi.durations import GROWTH
from agent.kpi.figures import FLOW, THE_AGENT, Figures
from agent.kpi.meter import Meter
from agent.kpi.sums import Sums
from agent.store import HOUR_MS, HourRow, Store, Subject


class Collector:
    """Writes at most once a minute, and in an hour in which nothing happens once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.meter = Meter(clock)
        self.sums = Sums(store, clock)
        self._daemon = False
        self._totals: dict[Subject, Figures] = {}
        self._lock = Lock()

    def begin(self) -> None:
        """A daemon starts: the time since one was last seen at work is its absence."""
        now = self._clock.now_ms()
        delivered_until, seen_until = self._store.kpis.mark()
        self._daemon = True
        with self._store.transaction():
            if seen_until:
                self._keep(_absence(seen_until, now))
            self._store.kpis.set_mark(min(delivered_until, now), now)

    def tick(self) -> None:
        """A minute is over: write where it is worth it."""
        if self.meter.is_due():
            self.write()

    def write(self) -> None:
        """Write down what was counted, and what was delivered since the last time."""
        since, seen_until = self._store.kpis.mark()
        with self._store.transaction():
            # Whatever is settled later has a later time: it takes it inside of its transaction.
            until = self._clock.now_ms()
        delivered = self._delivered(since, until)
        taken = self.meter.take()
        if not delivered and not taken and since <= until:
            return
        with self._store.transaction():
            self._keep([*delivered, *taken])
            self._store.kpis.set_mark(until, until if self._daemon else seen_until)
        with self._lock:
            for _, subject, counts, times in (*delivered, *taken):
                self._totals.setdefault(subject, Figures()).join(counts, times)

    def since_start(self) -> dict[Subject, Figures]:
        """What was written since this process began, by subject."""
        with self._lock:
            return deepcopy(self._totals)

    def _delivered(self, since: int, until: int) -> list[HourRow]:
        found: dict[tuple[int, Subject], Figures] = {}
        for hour, flow, took, messages in self._store.kpis.delivered(since, until, GROWTH):
            if "/" in flow:  # an alert on its way to somebody: no flow of the configuration
                continue
            figures = found.setdefault((hour, Subject(FLOW, flow)), Figures())
            figures.add("delivered", messages)
            figures.took(took, messages)
        return [HourRow(*place, each.counts, each.times) for place, each in found.items()]

    def _keep(self, rows: Iterable[HourRow]) -> None:
        """Add figures to those that are kept already."""
        merged: dict[tuple[int, Subject], Figures] = {}
        for hour, subject, counts, times in rows:
            if (hour, subject) not in merged:
                merged[hour, subject] = figures = Figures()
                kept = self._store.kpis.at(hour, subject)
                if kept is not None:
                    figures.join(kept.figures, kept.times)
            merged[hour, subject].join(counts, times)
        self._store.kpis.put(
            HourRow(*place, each.counts, each.times) for place, each in merged.items()
        )


def _absence(since: int, until: int) -> Iterable[HourRow]:
    """The seconds between two moments, by hour."""
    while since < until:
        hour = since // HOUR_MS
        end = min(until, (hour + 1) * HOUR_MS)
        seconds = (end - since) // 1000
        if seconds:
            yield HourRow(hour, THE_AGENT, {"off": seconds}, {})
        since = end

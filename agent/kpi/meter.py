"""Counts what happens, in memory: a few additions a batch, none a record."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from agent.clock import Clock
from agent.kpi.durations import duration_class
from agent.kpi.figures import FLOW, TARGET, THE_AGENT, Figures
from agent.store import HOUR_MS, HourRow, Subject


class Meter:
    """The figures since somebody last took them, by hour and subject. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._hours: dict[tuple[int, Subject], Figures] = {}
        self._eventful = False

    def requested(self, target: str) -> None:
        """A request to a target is about to be made."""
        self._count(Subject(TARGET, target), counts={"calls": 1})

    def answered(self, target: str, seconds: float, *, failed: bool) -> None:
        """One batch came to its end after so long."""
        self._count(
            Subject(TARGET, target),
            took=seconds,
            eventful=True,
            counts={"failed_calls": int(failed)},
        )

    def failed(self, flow: str, *, refused: int = 0, unanswered: int = 0) -> None:
        """So many records of a flow did not get through this time."""
        self._count(
            Subject(FLOW, flow),
            eventful=True,
            counts={"refused": refused, "unanswered": unanswered},
        )

    def ran(
        self, flow: str, *, failed: bool, rows: int, changes: int, refused: int, quiet: bool
    ) -> None:
        """A run ended. A quiet one is worth no line of its own."""
        self._count(
            Subject(FLOW, flow),
            eventful=not quiet,
            counts={
                "runs": 1,
                "failed_runs": int(failed),
                "rows": rows,
                "changes": changes,
                "refused_rows": refused,
            },
        )

    def present(self, seconds: int) -> None:
        """The daemon was at work for so long."""
        self._count(THE_AGENT, counts={"up": seconds})

    def saw(self, subject: Subject, **figures: int) -> None:
        """How a flow or target does at this moment: `down` seconds, `backlog`, `age`."""
        self._count(subject, counts=figures)

    def take(self) -> list[HourRow]:
        """The figures so far; counting starts anew."""
        with self._lock:
            taken, self._hours, self._eventful = self._hours, {}, False
        return [
            HourRow(hour, subject, figures.counts, figures.times)
            for (hour, subject), figures in taken.items()
        ]

    def is_due(self) -> bool:
        """Whether it is worth a write: something happened, or an hour is over."""
        now = self._clock.now_ms() // HOUR_MS
        with self._lock:
            return self._eventful or any(hour != now for hour, _ in self._hours)

    def _count(
        self,
        subject: Subject,
        *,
        counts: Mapping[str, int],
        took: float | None = None,
        eventful: bool = False,
    ) -> None:
        place = self._clock.now_ms() // HOUR_MS, subject
        with self._lock:
            figures = self._hours.setdefault(place, Figures())
            self._eventful |= eventful
            for name, number in counts.items():
                if number:
                    figures.add(name, number)
            if took is not None:
                figures.took(duration_class(took * 1000))

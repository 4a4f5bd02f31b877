"""What is counted of an hour, and what KPIs follow from it. Pure; seconds unless a name says more.

Counts of a flow: `delivered`, `refused` (by the target), `unanswered` (sent, and no verdict came),
`runs`, `failed_runs`, `rows`, `changes`, `refused_rows` (by the mapping), `down` (seconds in which
it could not do its work). Of a target: `calls`, `failed_calls`, `down`. Of the agent: `up` and
`off`, the seconds in which the daemon was at work, or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from agent.kpi.durations import quantile
from agent.store import HourRow, Subject

AGENT, FLOW, TARGET = range(3)
THE_AGENT = Subject(AGENT, "")
BUSIEST = "busiest"
"""In the sum of several hours: the work of the busiest one."""
PEAKS = frozenset({"backlog", "age", BUSIEST})
"""Figures of which the largest of an hour counts; all others are added up."""


@dataclass(slots=True)
class Figures:
    """Numbers and durations of one subject, of an hour or of any sum of hours."""

    counts: dict[str, int] = field(default_factory=dict)
    times: dict[int, int] = field(default_factory=dict)

    def add(self, name: str, number: int) -> None:
        """Count something, or note a value of which the largest counts."""
        before = self.counts.get(name, 0)
        self.counts[name] = max(before, number) if name in PEAKS else before + number

    def took(self, duration_class: int, many: int = 1) -> None:
        """So many things took so long."""
        self.times[duration_class] = self.times.get(duration_class, 0) + many

    def join(self, counts: Mapping[str, int], times: Mapping[int, int]) -> None:
        """Add the figures of another hour, or of another subject."""
        for name, number in counts.items():
            self.add(name, number)
        own = self.times  # met a million times for thirteen months
        for number, many in times.items():
            own[number] = own.get(number, 0) + many


@dataclass(frozen=True, slots=True)
class Kpi:
    """How one flow, one target or everything did; None where nothing was measured."""

    availability: float | None
    """Share of the time in which it could do its work; the agent's own absence counts against."""
    error_rate: float | None
    """Of all attempts to deliver a record, or of all calls of a target, the share that failed."""
    median_seconds: float | None
    """Of a flow: from taking a change over until the target accepted it. Of a target: of a call."""
    p95_seconds: float | None
    per_second: float | None
    """Records delivered, or calls made, over the whole time."""
    peak_per_second: float | None
    """The same in the busiest hour."""
    freshness_seconds: int | None
    """The longest time for which a flow with a schedule had not been read to its end."""
    backlog: int | None
    """The most messages that waited to be delivered."""
    counts: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """For programs; shares and rates rounded to what is measured."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: round(value, 6) if isinstance(value, float) else value
            for name, value in told.items()
        }


def kpis(rows: Iterable[HourRow]) -> dict[Subject, Kpi]:
    """The KPIs of each subject over these hours; that of the agent sums all flows up."""
    own: dict[Subject, Figures] = {}
    since: dict[Subject, int] = {}
    busy_hours: dict[int, int] = {}
    presence: list[tuple[int, Mapping[str, int]]] = []
    for hour, subject, counts, times in rows:
        figures = own.get(subject)
        if figures is None:
            figures = own[subject] = Figures()
        figures.join(counts, times)
        if subject == THE_AGENT:
            presence.append((hour, counts))
            continue
        since[subject] = min(since.get(subject, hour), hour)
        if BUSIEST not in counts:
            done = counts.get(work(subject), 0)
            figures.add(BUSIEST, done)
            if subject.kind == FLOW:
                busy_hours[hour] = busy_hours.get(hour, 0) + done
    found: dict[Subject, Kpi] = {}
    whole, hours = Figures(), Figures()
    presences = {hour: _presence(presence, hour) for hour in set(since.values())}
    for subject, figures in own.items():
        if subject.kind == AGENT:
            continue
        here = presences[since[subject]]
        found[subject] = _kpi(subject, figures, here, figures.counts[BUSIEST])
        if subject.kind == FLOW:
            whole.join(figures.counts, figures.times)
            hours.join(here.counts, {})
    if own:
        agent = own.get(THE_AGENT, Figures())
        whole.counts |= {name: agent.counts.get(name, 0) for name in ("up", "off")}
        busiest = max(agent.counts.get(BUSIEST, 0), *busy_hours.values(), 0)
        found[THE_AGENT] = _kpi(THE_AGENT, whole, hours, busiest, agent.counts.get("up", 0))
    return found


def _presence(hours: Iterable[tuple[int, Mapping[str, int]]], since: int) -> Figures:
    """How long the agent was there, and not, from an hour on."""
    counts = [each for hour, each in hours if hour >= since]
    return Figures({name: sum(each.get(name, 0) for each in counts) for name in ("up", "off")})


def work(subject: Subject) -> str:
    """The count that says how much a subject did."""
    return "calls" if subject.kind == TARGET else "delivered"


def _kpi(
    subject: Subject, figures: Figures, here: Figures, peak: int, seconds: int | None = None
) -> Kpi:
    """`here`: how long the agent was there and not; `seconds`: the time that rates refer to."""
    counts, up = figures.counts, here.counts.get("up", 0)
    whole = up + here.counts.get("off", 0)
    done = counts.get(work(subject), 0)
    if subject.kind == TARGET:
        failed, tried = counts.get("failed_calls", 0), done
    else:
        failed = counts.get("refused", 0) + counts.get("unanswered", 0)
        tried = done + failed
    seconds = up if seconds is None else seconds
    return Kpi(
        availability=max(0, up - counts.get("down", 0)) / whole if whole else None,
        error_rate=failed / tried if tried else None,
        median_seconds=quantile(figures.times, 0.5),
        p95_seconds=quantile(figures.times, 0.95),
        per_second=done / seconds if seconds else None,
        peak_per_second=peak / 3600 if done else None,
        freshness_seconds=counts.get("age"),
        backlog=counts.get("backlog"),
        counts={name: number for name, number in counts.items() if name not in PEAKS},
    )

"""Spans of time as people name them, cut into days or months by a wall clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, NamedTuple

from agent.errors import Rejected
from agent.quantities import seconds
from agent.store import HOUR_MS

Step = Literal["whole", "month", "day", "hour"]
_MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")


class Period(NamedTuple):
    """From one moment up to before another, in unix ms. Hours count for where they begin."""

    start: int
    end: int

    @property
    def first_hour(self) -> int:
        """The first hour that begins in it."""
        return -(-self.start // HOUR_MS)

    @property
    def last_hour(self) -> int:
        """The last hour that begins in it."""
        return (self.end - 1) // HOUR_MS

    def steps(self, step: Step, zone: tzinfo) -> Iterator[Period]:
        """The same, cut where a wall clock begins a month or a day, or an hour, or not at all."""
        start = self.start
        while start < self.end:
            end = min(self.end, _next(start, step, zone) if step != "whole" else self.end)
            yield Period(start, end)
            start = end


def _next(moment: int, step: Step, zone: tzinfo) -> int:
    if step == "hour":
        return (moment // HOUR_MS + 1) * HOUR_MS
    day = datetime.fromtimestamp(moment / 1000, zone).date()
    if step == "month":
        return _midnight(following(day.replace(day=1)), zone)
    return _midnight(day + timedelta(days=1), zone)


def is_whole(period: Period, step: Literal["month", "day"], zone: tzinfo) -> bool:
    """Whether it is a month or a day of a wall clock, from midnight to midnight."""
    day = datetime.fromtimestamp(period.start / 1000, zone).date()
    start = _midnight(day.replace(day=1) if step == "month" else day, zone)
    return period == Period(start, _next(start, step, zone))


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp() * 1000)


def since(text: str, now: int, zone: tzinfo, *, whole_hours: bool = True) -> Period:
    """From `30d` ago, or from a day or moment such as 2026-10-01, until now.

    With `whole_hours` the one that was under way then counts as a whole. Raises `Rejected` SA-7480.
    """
    try:
        start = now - int(seconds(text) * 1000)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            start = int(moment.astimezone(UTC).timestamp() * 1000)
        except (ValueError, OverflowError):  # the first and last days do not exist in every zone
            raise Rejected(
                "SA-7480",
                f"{text!r} is no time",
                hint="write it like 30d, 12h, 2026-10-01 or 2026-10-01T08:00:00Z",
            ) from None
    start = max(0, start)
    if whole_hours:
        start -= start % HOUR_MS
    return Period(start, max(now, start + 1))


def month(text: str, zone: tzinfo) -> Period:
    """A month such as 2026-10 by a wall clock. Raises `Rejected` SA-7480."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise Rejected("SA-7480", f"{text!r} is no month", hint="write it like 2026-10")
    first = date(int(found[1]), int(found[2]), 1)
    return Period(_midnight(first, zone), _midnight(following(first), zone))


def following(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)

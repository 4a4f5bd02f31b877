"""Quiet windows: times of the week in which a system is to be left alone, `mon-fri 22:00-04:30`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(?:(?P<days>[a-z,-]+)\s+)?(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_FORM = "write it like 22:00-04:30, or mon-fri 22:00-04:30"
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """From one time of the day to another, on the days on which it begins (0 is Monday).

    Times are minutes since midnight. An end that is not after the beginning is on the next day.
    """

    days: frozenset[int]
    start: int
    end: int

    @classmethod
    def parse(cls, text: object) -> Window:
        """From the configuration; raises ValueError."""
        if isinstance(text, Window):
            return text
        found = _WINDOW.fullmatch(str(text).strip().lower())
        if found is None:
            raise ValueError(f"{str(text)!r} is no window of time: {_FORM}")
        hours = [int(found[place]) for place in (2, 4)]
        start, end = (
            hour * 60 + int(found[place]) for hour, place in zip(hours, (3, 5), strict=True)
        )
        if start >= _DAY or end > _DAY or int(found[3]) > 59 or int(found[5]) > 59:
            raise ValueError(f"{str(text)!r} names a time that no clock shows: {_FORM}")
        return cls(_days(found["days"]), start, end)

    def __str__(self) -> str:
        """As it is written in the configuration."""
        days = (
            ""
            if len(self.days) == len(_DAYS)
            else ",".join(_DAYS[day] for day in sorted(self.days))
        )
        start, end = (
            f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (self.start, self.end)
        )
        return f"{days} {start}-{end}".strip()

    def end_after(self, local: datetime) -> datetime | None:
        """The end of this window where the moment is inside of it, in the moment's own zone."""
        for days_ago in (0, 1):
            begun_on = local.date() - timedelta(days=days_ago)
            if begun_on.weekday() not in self.days:
                continue
            midnight = datetime.combine(begun_on, time(), local.tzinfo)
            last = self.end if self.end > self.start else self.end + _DAY
            begin, end = _clock(midnight, self.start), _clock(midnight, last)
            if begin.astimezone(UTC) <= local.astimezone(UTC) < end.astimezone(UTC):
                return end
        return None


def _clock(midnight: datetime, minute: int) -> datetime:
    """What the clock on the wall shows so many minutes after midnight, summer time or not."""
    return midnight + timedelta(minutes=minute)


def _days(text: str | None) -> frozenset[int]:
    if text is None:
        return frozenset(range(7))
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if first not in _DAYS or last not in _DAYS:
            raise ValueError(f"{part!r} is no day of the week: {', '.join(_DAYS)}; {_FORM}")
        day, end = _DAYS.index(first), _DAYS.index(last)
        found.add(day)
        while day != end:
            day = (day + 1) % 7
            found.add(day)
    return frozenset(found)


def quiet_until(windows: Iterable[Window], moment_ms: int, time_zone: str) -> int | None:
    """When the quiet that holds at this moment ends (unix ms); None where none does.

    Windows that touch or overlap are one. Wall-clock times follow the zone's summer time.
    """
    windows = tuple(windows)
    zone = ZoneInfo(time_zone)
    until: int | None = None
    for _ in range(2 * len(windows)):
        local = datetime.fromtimestamp((until or moment_ms) / 1000, zone)
        ends = [end for window in windows if (end := window.end_after(local)) is not None]
        if not ends:
            break
        until = max(int(end.timestamp() * 1000) for end in ends)
    return until


QuietWindow = Annotated[
    Window,
    BeforeValidator(Window.parse),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "examples": ["22:00-04:30", "sat,sun 00:00-24:00"]}),
]
"""A window of time as people write it."""

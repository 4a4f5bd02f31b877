"""When a flow runs by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When to run by itself: every so many seconds, or at the times of a cron expression."""

    every: float | None = None
    cron: str = ""
    time_zone: str = "UTC"

    @classmethod
    def of(cls, rhythm: float | str | None, time_zone: str) -> Rhythm | None:
        """From the configuration: seconds, a cron expression, or neither."""
        if rhythm is None:
            return None
        if isinstance(rhythm, str):
            return cls(cron=rhythm, time_zone=time_zone)
        return cls(every=float(rhythm))

    def next_after(self, moment_ms: int) -> int:
        """The next time after this one, in unix ms. A wall-clock hour that DST skips runs once."""
        if self.every is not None:
            return moment_ms + int(self.every * 1000)
        local = datetime.fromtimestamp(moment_ms / 1000, ZoneInfo(self.time_zone))
        return int(next(CronSim(self.cron, local)).astimezone(UTC).timestamp() * 1000)


@dataclass(slots=True)
class Timetable:
    """The rhythm of one flow and scope, and when it is due next."""

    flow: str
    scope: str
    rhythm: Rhythm
    due_at: int

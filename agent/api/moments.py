"""Until when something lasts that people ask for: a pause, what they set aside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.errors import Rejected
from agent.quantities import seconds

LONGEST = timedelta(days=366)
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def end_of(lasts: str, until: str, now: int, zone: ZoneInfo) -> int | None:
    """When that is, in unix ms; None: when somebody says so. Raises `Rejected` SA-7003."""
    if lasts and until:
        raise Rejected("SA-7003", "it lasts for a time or until a moment, not both")
    if not lasts and not until:
        return None
    try:
        end = now + int(seconds(lasts) * 1000) if lasts else _moment(until, now, zone)
    except (ValueError, OverflowError):  # the first and last days do not exist in every zone
        raise Rejected(
            "SA-7003",
            f"{lasts or until!r} is no end",
            hint="write 30m, 2h or 1d; or a moment such as 08:00, 2026-12-24 or 2026-12-24T08:00",
        ) from None
    if not now < end <= now + LONGEST / timedelta(milliseconds=1):
        raise Rejected(
            "SA-7003", "it ends in the future, within a year", hint="or leave its end open"
        )
    return end


def _moment(text: str, now: int, zone: ZoneInfo) -> int:
    """A time of day counts for the next time that the clocks show it."""
    clock = _TIME_OF_DAY.fullmatch(text)
    if not clock:
        found = datetime.fromisoformat(text)
        return _milliseconds(found if found.tzinfo else found.replace(tzinfo=zone))
    here = datetime.fromtimestamp(now / 1000, zone)
    next_one = datetime.combine(here, time(int(clock[1]), int(clock[2])), zone)
    if _milliseconds(next_one) <= now:
        next_one += timedelta(days=1)
    return _milliseconds(next_one)


def _milliseconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)

"""What happened at a site, as one list."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.errors import Rejected
from agent.store import Happening
from agent.store.timeline import BEYOND


def timeline(
    engine: Engine, flow: str = "", day: str = "", before: int | None = None, limit: int = 100
) -> Answer:
    """Runs, configurations, alerts and what people did, newest first.

    Of one flow or of all; of a day such as 2026-11-22 at the site's clocks, or the last ones.
    `older` is the `before` of the next page, null where there is none.
    """
    first, end = _bounds(day, ZoneInfo(engine.config.site.time_zone))
    end = end if before is None else min(end, before)
    found = engine.store.timeline.between(first, end, flow, limit)
    return {
        "happenings": [_told(each) for each in found],
        "older": found[-1].at if len(found) >= limit else None,
    }


def _bounds(day: str, zone: ZoneInfo) -> tuple[int, int]:
    """When a day begins and ends; all time where none is named. Raises `Rejected` SA-7003."""
    if not day:
        return 0, BEYOND
    try:
        wanted = date.fromisoformat(day)
        begin, end = (
            int(datetime.combine(each, time(), zone).timestamp() * 1000)
            for each in (wanted, wanted + timedelta(days=1))
        )
    except (ValueError, OverflowError):  # there is no day after 9999-12-31
        raise Rejected("SA-7003", f"{day!r} is no day such as 2026-11-22") from None
    return begin, end


def _told(found: Happening) -> dict[str, Any]:
    return {
        "at": utc_text(found.at),
        "kind": found.kind,
        "number": found.number,
        "flow": found.flow,
        "what": found.what,
        "by": found.by,
        "code": found.code,
        "reason": found.reason,
        "facts": dict(found.facts),
    }

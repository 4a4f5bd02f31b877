"""Flows as people steer them: paused for a while, and going on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.errors import Rejected
from agent.quantities import seconds
from agent.store import FlowPause

LONGEST = timedelta(days=366)
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def flows(engine: Engine) -> Answer:
    """The flows that are in force, with their targets."""
    return {"flows": [{"flow": name, "target": plan.target} for name, plan in engine.plans.items()]}


def pause(
    engine: Engine, flow: str, by: str, lasts: str = "", until: str = "", reason: str = ""
) -> Answer:
    """Read a flow no more for a while; what is on its way is still delivered.

    For as long as `lasts` says (2h) or until a moment: a time of day (08:00, the next one), or a
    date with a time, at the clocks of the site. Without either: until somebody resumes it.
    """
    engine.plan(flow)
    now = engine.clock.now_ms()
    end = _end(lasts, until, now, ZoneInfo(engine.config.site.time_zone))
    engine.store.pauses.put(FlowPause(flow, now, end, "person", by, reason))
    return {"flow": flow, "until": utc_text(end) if end else None}


def resume(engine: Engine, flow: str = "", target: str = "") -> Answer:
    """Lift a halt after a person mended its cause, and end a pause; without names, all halts.

    Columns that changed are accepted. A pause is a wish and no trouble: it is ended only by the
    name of its flow.
    """
    if flow:
        engine.plan(flow)
    awoken = bool(flow) and engine.store.pauses.lift(flow)
    for name in [flow] if flow else [] if target else list(engine.plans):
        if not awoken or engine.store.flows.get(name).halted:
            engine.store.flows.update(name, halted="", columns={})
        if engine.running:
            engine.queue.request(name, "differential", asked_by="person")
    if not flow:
        for name, delivery in {**engine.deliveries, **engine.alerts.deliveries}.items():
            if target in {"", name}:
                delivery.resume()
    return {"flow": flow or None, "target": target or None}


def _end(lasts: str, until: str, now: int, zone: ZoneInfo) -> int | None:
    """When a pause ends, in unix ms; None: when somebody says so. Raises `Rejected` SA-7003."""
    if lasts and until:
        raise Rejected("SA-7003", "a pause lasts for a time or until a moment, not both")
    if not lasts and not until:
        return None
    try:
        end = now + int(seconds(lasts) * 1000) if lasts else _moment(until, now, zone)
    except ValueError:
        raise Rejected(
            "SA-7003",
            f"{lasts or until!r} is no end of a pause",
            hint="write 30m, 2h or 1d; or a moment such as 08:00 or 2026-12-24T08:00",
        ) from None
    if not now < end <= now + LONGEST / timedelta(milliseconds=1):
        raise Rejected(
            "SA-7003", "a pause ends in the future, within a year", hint="or leave its end open"
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

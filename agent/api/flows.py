"""Flows as people steer them: paused for a while, and going on."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from agent.api.engine import Engine
from agent.api.moments import end_of
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.errors import Rejected
from agent.store import FlowPause


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
    end = end_of(lasts, until, now, ZoneInfo(engine.config.site.time_zone))
    engine.store.pauses.put(FlowPause(flow, now, end, "person", by, reason))
    return {"flow": flow, "until": utc_text(end) if end else None}


def resume(engine: Engine, flow: str = "", target: str = "") -> Answer:
    """Lift a halt after a person mended its cause, and end a pause; without names, all halts.

    Columns that changed are accepted. A pause is a wish and no trouble: it is ended only by the
    name of its flow.
    """
    if flow:
        engine.plan(flow)
    deliveries = {**engine.deliveries, **engine.alerts.deliveries}
    if target and target not in deliveries:
        known = ", ".join(sorted(deliveries))
        raise Rejected("SA-7104", f'nothing is delivered to "{target}"', hint=f"systems: {known}")
    awoken = bool(flow) and engine.store.pauses.lift(flow)
    for name in [flow] if flow else [] if target else list(engine.plans):
        if not awoken or engine.store.flows.get(name).halted:
            engine.store.flows.update(name, halted="", columns={})
        if engine.running:
            engine.queue.request(name, "differential", asked_by="person")
    if not flow:
        for name, delivery in deliveries.items():
            if target in {"", name}:
                delivery.resume()
    return {"flow": flow or None, "target": target or None}

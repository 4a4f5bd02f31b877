"""What each flow did lately, hour by hour."""

from __future__ import annotations

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.kpi import FLOW
from agent.store import HOUR_MS

HOURS = 24


def activity(engine: Engine, hours: int = HOURS) -> Answer:
    """Flow → records delivered and refused in each of the last hours, oldest first.

    The last hour is the one under way; its last minute is not in it yet.
    """
    last = engine.clock.now_ms() // HOUR_MS
    first = last - hours + 1
    found = {
        name: {"delivered": [0] * hours, "refused": [0] * hours} for name in engine.config.flows
    }
    for row in engine.store.kpis.between(first, last):
        counts = found.get(row.subject.name) if row.subject.kind == FLOW else None
        if counts is not None:
            for name, numbers in counts.items():
                numbers[row.hour - first] = row.figures.get(name, 0)
    return {"from": utc_text(first * HOUR_MS), "flows": found}

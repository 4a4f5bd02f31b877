"""What the other side holds and should hold: the last comparison, and what puts it right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.errors import Rejected
from agent.verify import as_dict
from agent.verify import repair as put_right
from agent.verify import replay as sent_again


def verification(engine: Engine, flow: str, limit: int = 100) -> Answer:
    """How the last comparison of a flow with its target came out, with what is not in step."""
    found = engine.store.verifications.last(flow)
    if found is None:
        raise Rejected(
            "SA-7403",
            f'"{flow}" was never compared with its target',
            hint=f"syncagent verify {flow}",
        )
    return {
        "flow": flow,
        **(as_dict(found) or {}),
        "named": len(found.findings),
        "findings": list(found.findings[:limit]),
    }


def repair(engine: Engine, flow: str, by: str, delete_extra: bool = False) -> Answer:
    """Send again what the last comparison found missing or different; delete what is too much."""
    del by  # it stands in the audit log
    plan = engine.plan(flow)

    def request(scope: str, keys: Sequence[str]) -> int:
        return engine.request(flow, scope, keys)

    found = put_right(engine.store, plan, request, delete_extra=delete_extra)
    engine.committed(plan.target)
    engine.queue.look()
    return {"flow": flow, **found._asdict()}


def replay(engine: Engine, flow: str, since: str, by: str) -> Answer:
    """Send again what was delivered since a moment: the other side was restored from a backup.

    `since` is ISO 8601 with its offset from UTC.
    """
    del by  # it stands in the audit log
    plan = engine.plan(flow)

    def request(keys: Sequence[str]) -> int:
        return engine.request(flow, "keys", keys)

    found = sent_again(engine.store, plan, _milliseconds(since), request)
    engine.committed(plan.target)
    return {"flow": flow, **found._asdict()}


def _milliseconds(moment: str) -> int:
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Rejected("SA-7003", f"since: {moment!r} is no moment with an offset from UTC")
    return int(found.timestamp() * 1000)

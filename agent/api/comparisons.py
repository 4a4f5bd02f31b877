"""What the other side holds and should hold: the last comparison, and what puts it right."""

from __future__ import annotations

from pydantic import AwareDatetime

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.errors import Rejected
from agent.verify import as_dict


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
    return {"flow": flow, **engine.repair(flow, delete_extra=delete_extra)._asdict()}


def replay(engine: Engine, flow: str, since: AwareDatetime, by: str) -> Answer:
    """Send again what was delivered since a moment: the other side was restored from a backup."""
    del by  # it stands in the audit log
    return {"flow": flow, **engine.replay(flow, int(since.timestamp() * 1000))._asdict()}

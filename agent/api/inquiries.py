"""What a flow would do, why a key is where it is, whether every system answers."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.contract import Finding, can
from agent.endings import endings
from agent.errors import SyncError
from agent.explain import Surroundings
from agent.explain import explain as explained
from agent.intake import preview as rehearsed
from agent.language import Language
from agent.reaching import reach


def preview(engine: Engine, flow: str, keys: list[str] = [], limit: int = 20) -> Answer:  # noqa: B006 - only read
    """What would become of the first rows, or of these keys, each with its differences."""
    plan = engine.plan(flow)
    with closing(engine.target(flow)) as target:
        rows = rehearsed(
            engine.store,
            plan,
            keys=keys,
            limit=limit,
            read_back=target.read_back if can(target, "read_back") else None,
        )
        told = [{**asdict(row), "differences": row.differences()} for row in rows]
    return {"flow": flow, "rows": told}


def explain(engine: Engine, flow: str, key: str, language: Language | None = None) -> Answer:
    """Why a key is, or is not, on the other side: its whole way, one sentence, what to do."""
    plan, site = engine.plan(flow), engine.config.site
    delivery = engine.deliveries[plan.target].status() if plan.target in engine.deliveries else None
    around = Surroundings(
        engine.store, plan, partial(engine.target, flow), delivery, sending=engine.running
    )
    return explained(around, key).told(language or site.language, site.time_zone)


def check(engine: Engine, flow: str = "") -> Answer:
    """What each system answers when it is tried; with a flow, only what that flow needs."""
    if flow:
        engine.plan(flow)
    found = list(reach(engine.config, engine.plans, flow))
    if not flow:
        today = datetime.fromtimestamp(engine.clock.now_ms() / 1000, UTC).date()
        found += [(where, "here", each) for where, each in endings(engine.config, today)]
    return {"findings": [_finding(*each) for each in found]}


def _finding(name: str, end: str, found: Finding | SyncError) -> dict[str, Any]:
    if isinstance(found, Finding):
        told = {
            "ok": True,
            "what": found.subject,
            "detail": found.detail,
            "warning": found.warning,
            "until": found.until.isoformat() if found.until else None,
        }
    else:
        told = {
            "ok": False,
            "what": "failed",
            "detail": found.reason,
            "code": found.code,
            "hint": found.hint,
            "class": type(found).__name__,
        }
    return {"name": name, "end": end, **told}

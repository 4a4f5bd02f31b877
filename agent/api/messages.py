"""Messages as people see them: all, and those that a person has to look at."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.errors import Rejected
from agent.model import State
from agent.store import MessageRow


def messages(
    engine: Engine,
    flow: str = "",
    target: str = "",
    state: State | None = None,
    key: str = "",
    code: str = "",
    run: int | None = None,
    limit: int = 50,
    before: int | None = None,
) -> Answer:
    """Messages, newest first; `before` is the version of the last one on the page before."""
    filters = given(flow=flow, target=target, state=state, key=key, code=code, run=run)
    found = engine.store.messages.list(limit=limit, before=before, **filters)
    return {"messages": [message_as_dict(each) for each in found]}


def causes(engine: Engine) -> Answer:
    """Why records are parked, counted by flow and code, with some keys of each."""
    return {"causes": [asdict(each) for each in engine.store.causes.parked()]}


def resolved(engine: Engine, limit: int = 50) -> Answer:
    """What once was refused, or judged by a person, and is over; the newest end first."""
    return {"messages": [message_as_dict(each) for each in engine.store.messages.resolved(limit)]}


def message(engine: Engine, message: str) -> Answer:
    """One message with its body."""
    found = known(engine, message)
    body = engine.store.messages.body(message)
    edited_as = engine.store.edits.edit_of(message)
    return {
        **message_as_dict(found),
        "edited_as": edited_as,
        "body": json.loads(body) if body else None,
    }


def known(engine: Engine, message: str) -> MessageRow:
    """A message that is kept. Raises `Rejected` SA-7002 where there is none."""
    found = engine.store.messages.get(message)
    if found is None:
        raise Rejected(
            "SA-7002", f"there is no message {message}", hint="syncagent outbox list shows them"
        )
    return found


def given(**filters: Any) -> Any:
    """Those of the filters that say something."""
    return {name: value for name, value in filters.items() if value}


def message_as_dict(row: MessageRow) -> dict[str, Any]:
    """A message as JSON values, without its body."""
    return {
        "id": row.id,
        "version": row.version,
        "flow": row.flow,
        "target": row.target,
        "entity": row.entity,
        "key": row.key,
        "op": str(row.op),
        "state": str(row.state),
        "run": row.run,
        "attempts": row.attempts,
        "bytes": row.size,
        "created_at": utc_text(row.created_at),
        "due_at": utc_text(row.due_at) if row.due_at is not None else None,
        "done_at": utc_text(row.done_at) if row.done_at else None,
        "reference": row.reference,
        "stage": row.stage,
        "code": row.code,
        "reason": row.reason,
        "decided_by": row.decided_by,
        "edited_from": row.edited_from,
        "aside_until": utc_text(row.aside_until) if row.aside_until else None,
    }

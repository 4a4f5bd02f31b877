"""What people decide about messages, held runs and conflicts."""

from __future__ import annotations

import logging
from typing import Any
from zoneinfo import ZoneInfo

from agent.api.engine import Engine
from agent.api.messages import given, known
from agent.api.moments import end_of
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.errors import Rejected
from agent.model import State
from agent.store import MessageRow, Run
from agent.two_way import Conflict, Pair

log = logging.getLogger(__name__)


def conflicts(engine: Engine, limit: int = 50) -> Answer:
    """Records that both sides of a pair of flows changed, with both versions."""
    found = [
        _conflict(engine, pair, each) for pair in _pairs(engine) for each in pair.conflicts(limit)
    ]
    return {"conflicts": found[:limit]}


def _conflict(engine: Engine, pair: Pair, conflict: Conflict) -> dict[str, Any]:
    """`fields` are those that differ, with the values of both; `others` the rest of the record."""
    agreement = pair.agreement(conflict.key)
    records = [view.has or {} for view in agreement.sides] if agreement else [{}, {}]
    names = dict.fromkeys(name for record in records for name in record)
    return {
        "flows": list(pair.plan.flows),
        "key": conflict.key,
        "fields": dict(conflict.fields),
        "others": [name for name in names if name not in conflict.fields],
        "sides": [
            {
                "flow": flow,
                "system": engine.config.flows[flow].source.connection.name,
                "key": pair.own_keys(side, [conflict.key]).get(conflict.key, conflict.key),
                "record": records[side],
            }
            for side, flow in enumerate(pair.plan.flows)
        ],
    }


def retry(engine: Engine, messages: list[str] = [], flow: str = "", code: str = "") -> Answer:  # noqa: B006 - only read
    """Send parked messages now: those named, or all of a flow or of a code."""
    for each in messages:
        _require_open(known(engine, each), to_be_sent=True)
    filters = given(flow=flow, code=code)
    count = engine.store.decisions.retry(messages or None, **filters)
    engine.committed()
    return {"messages": count}


def accept(engine: Engine, message: str, reason: str, by: str) -> Answer:
    """A person sends a record as it is, though a check objected to it; the reason is kept."""
    found = known(engine, message)
    if not engine.store.decisions.accept(message, f"{by}: {reason}"):
        raise Rejected("SA-7004", f"message {found.id} is {found.state}: no check keeps it back")
    engine.committed()
    return {"messages": 1}


def confirm(engine: Engine, message: str, by: str, reference: str = "") -> Answer:
    """A person saw that a parked message is at the target after all, under this number there.

    Without a number what is known of it stays.
    """
    found = known(engine, message)
    if not engine.store.decisions.confirm(message, reference, by):
        raise Rejected(
            "SA-7004",
            f"message {found.id} is {found.state}: only what is parked can be confirmed",
        )
    engine.committed()
    return {"messages": 1}


def decide(engine: Engine, key: str, flow: str, by: str) -> Answer:
    """A person says that the version which this flow read counts, on both sides."""
    for pair in _pairs(engine):
        if flow in pair.plan.flows and any(each.key == key for each in pair.conflicts()):
            return {"messages": _settle(engine, pair, key, pair.plan.flows.index(flow), by)}
    raise Rejected(
        "SA-7005", f"no conflict about {key} waits", hint="syncagent conflicts list shows them"
    )


def ignore(
    engine: Engine, messages: list[str], reason: str, by: str, lasts: str = "", until: str = ""
) -> Answer:
    """Set messages aside with a reason, which is kept with them; for good, or for a while.

    For as long as `lasts` says (30d) or until a moment (2026-12-24) at the clocks of the site. Then
    they are open again, unless something newer was taken over meanwhile.
    """
    for each in messages:
        _require_open(known(engine, each), to_be_sent=False)
    zone = ZoneInfo(engine.config.site.time_zone)
    end = end_of(lasts, until, engine.clock.now_ms(), zone)
    count = engine.store.decisions.ignore(messages, reason, by, end)
    return {"messages": count, "until": utc_text(end) if end else None}


def approve(engine: Engine, run: int, by: str) -> Answer:
    """Send what a held run found."""
    with engine.store.transaction():
        found = _held(engine, run)
        count = engine.store.decisions.release(run)
        engine.store.runs.set_outcome(run, "approved", f"approved by {by}")
    engine.committed(engine.plans[found.flow].target if found.flow in engine.plans else "")
    return {"run": run, "messages": count}


def drop(engine: Engine, run: int, by: str) -> Answer:
    """Forget what a held run found, as if it had never looked."""
    with engine.store.transaction():
        found = _held(engine, run)
        count = engine.store.decisions.drop(run)
        engine.store.known.invalidate_blocks(found.flow)
        engine.store.runs.set_outcome(run, "dropped", f"dropped by {by}")
    return {"run": run, "messages": count}


def _held(engine: Engine, run: int) -> Run:
    for found in engine.store.runs.held():
        if found.id == run:
            return found
    raise Rejected("SA-7106", f"run {run} does not wait for approval", hint="syncagent hold list")


def _settle(engine: Engine, pair: Pair, key: str, side: int, by: str) -> int:
    """The values of one side count where both had changed a record; how many messages."""
    with engine.store.transaction():
        outgoing = pair.decide(key, side)
        for way, change in outgoing:
            flow, target = pair.plan.flows[way], pair.plan.targets[way]
            plan = engine.plans[flow]
            engine.store.messages.append(
                flow, target, 0, plan.lane, [change], held=False, coalesce=plan.coalesce
            )
    log.info("conflict decided", extra={"key": key, "by": by, "side": pair.plan.flows[side]})
    for target in pair.plan.targets:
        engine.committed(target)
    return len(outgoing)


def _require_open(found: MessageRow, *, to_be_sent: bool) -> None:
    if found.state not in {State.PARKED, State.PENDING}:
        raise Rejected("SA-7004", f"message {found.id} is {found.state}: nothing waits any more")
    if found.stage == "mapping" and to_be_sent:
        raise Rejected(
            "SA-7004",
            f"message {found.id} is a row that the mapping refused: nothing to send yet",
            hint=f"mend the row or the mapping, then: syncagent resync {found.flow} --all",
        )
    if found.stage == "check" and to_be_sent:
        raise Rejected(
            "SA-7004",
            f"message {found.id} is kept back: {found.reason}",
            hint=f"where it is right as it is: syncagent orders accept {found.key} --reason …",
        )


def _pairs(engine: Engine) -> list[Pair]:
    """The pairs of flows, each once."""
    return [pair for flow, (pair, _) in engine.pairs.items() if flow == pair.plan.name]

"""What can be asked of an agent and done to it: one function each, answers are JSON objects.

A question changes nothing and is asked with GET; a command is a POST. The command line calls the
same functions in its own process where no daemon is needed.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Literal

from agent import __version__
from agent.api.comparisons import repair, replay, verification
from agent.api.engine import Engine
from agent.api.jobs import cancel, jobs
from agent.api.kpis import kpi, report
from agent.api.operation import Answer, Operation, operation
from agent.api.people import (
    add_user,
    admit,
    audit,
    remove_user,
    set_password,
    user,
    users,
)
from agent.api.rehearsal import rehearse
from agent.clock import utc_text
from agent.contract import Finding
from agent.errors import Rejected, SyncError
from agent.language import Language
from agent.model import State
from agent.runs import run_as_dict
from agent.store import Alert, MessageRow
from agent.two_way import Pair

ORDERS = frozenset({"order", "return"})
"""Entities that become documents in the ERP."""


def ping(_engine: Engine) -> Answer:
    """Whether somebody is there, and which version."""
    return {"version": __version__}


def status(engine: Engine) -> Answer:
    """How the agent, its flows and its targets do."""
    return engine.status()


def flows(engine: Engine) -> Answer:
    """The flows that are in force, with their targets."""
    return {"flows": [{"flow": name, "target": plan.target} for name, plan in engine.plans.items()]}


def progress(engine: Engine, job: int) -> Answer:
    """How far a job got, and how many messages of its flow are still to be delivered."""
    found = engine.progress(job)
    counts = engine.store.messages.counts().get(found.get("flow", ""), {})
    return {**found, "pending": counts.get(State.PENDING, 0)}


def preview(engine: Engine, flow: str, keys: list[str] = [], limit: int = 20) -> Answer:  # noqa: B006 - only read
    """What would become of the first rows, or of these keys, each with its differences."""
    return engine.preview(flow, keys=keys, limit=limit)


def explain(engine: Engine, flow: str, key: str, language: Language | None = None) -> Answer:
    """Why a key is, or is not, on the other side: its whole way, one sentence, what to do."""
    return engine.explain(flow, key, language)


def check(engine: Engine, flow: str = "") -> Answer:
    """What each system answers when it is tried; with a flow, only what that flow needs."""
    if flow:
        _plan_target(engine, flow)
    return {"findings": [_finding(*each) for each in engine.check(flow)]}


def runs(engine: Engine, flow: str = "", limit: int = 20) -> Answer:
    """The last runs, newest first."""
    return {"runs": [run_as_dict(each) for each in engine.store.runs.list(flow or None, limit)]}


def held(engine: Engine) -> Answer:
    """The runs that wait for a person."""
    return {"runs": [run_as_dict(each) for each in engine.store.runs.held()]}


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
    filters = _given(flow=flow, target=target, state=state, key=key, code=code, run=run)
    found = engine.store.messages.list(limit=limit, before=before, **filters)
    return {"messages": [_message(each) for each in found]}


def orders(engine: Engine, open_only: bool = True, key: str = "", limit: int = 50) -> Answer:
    """Orders on their way into the ERP, newest first; all, or those that are not there yet."""
    states = [State.PARKED, State.PENDING, State.HELD] if open_only else [None]
    found = [
        row
        for name, plan in engine.plans.items()
        if plan.entity in ORDERS
        for state in states
        for row in engine.store.messages.list(
            limit=limit, flow=name, **_given(state=state, key=key)
        )
    ]
    found.sort(key=lambda row: row.version, reverse=True)
    return {"orders": [_message(each) for each in found[:limit]]}


def causes(engine: Engine) -> Answer:
    """Why records are parked, counted by flow and code, with some keys of each."""
    return {"causes": [asdict(each) for each in engine.store.causes.parked()]}


def resolved(engine: Engine, limit: int = 50) -> Answer:
    """What once was refused, or judged by a person, and is over; the newest end first."""
    return {"messages": [_message(each) for each in engine.store.messages.resolved(limit)]}


def conflicts(engine: Engine, limit: int = 50) -> Answer:
    """Records that both sides of a pair of flows changed, with both versions."""
    found = [
        {"flows": list(pair.plan.flows), "key": each.key, "fields": dict(each.fields)}
        for pair in _pairs(engine)
        for each in pair.conflicts(limit)
    ]
    return {"conflicts": found[:limit]}


def alerts(engine: Engine) -> Answer:
    """What people have to know and is not over, oldest first."""
    return {"alerts": [_alert(each) for each in engine.store.alerts.open()]}


def message(engine: Engine, message: str) -> Answer:
    """One message with its body."""
    found = _known(engine, message)
    body = engine.store.messages.body(message)
    return {**_message(found), "body": json.loads(body) if body else None}


def request(
    engine: Engine,
    flow: str,
    scope: Literal["differential", "full", "resend", "keys", "since", "verify"] = "differential",
    keys: list[str] = [],  # noqa: B006 - only read
) -> Answer:
    """Ask for a run of a flow; the number of the job."""
    return {"job": engine.request(flow, scope, keys)}


def retry(engine: Engine, messages: list[str] = [], flow: str = "", code: str = "") -> Answer:  # noqa: B006 - only read
    """Send parked messages now: those named, or all of a flow or of a code."""
    for each in messages:
        _require_open(_known(engine, each), to_be_sent=True)
    filters = _given(flow=flow, code=code)
    count = engine.store.messages.retry(messages or None, **filters)
    for delivery in engine.deliveries.values():
        delivery.wake()
    return {"messages": count}


def accept(engine: Engine, message: str, reason: str, by: str) -> Answer:
    """A person sends a record as it is, though a check objected to it; the reason is kept."""
    found = _known(engine, message)
    if not engine.store.messages.accept(message, f"{by}: {reason}"):
        raise Rejected("SA-7004", f"message {found.id} is {found.state}: no check keeps it back")
    for delivery in engine.deliveries.values():
        delivery.wake()
    return {"messages": 1}


def confirm(engine: Engine, message: str, reference: str, by: str) -> Answer:
    """A person saw that a parked message is at the target after all, under this number there."""
    found = _known(engine, message)
    if not engine.store.messages.confirm(message, reference, by):
        raise Rejected(
            "SA-7004",
            f"message {found.id} is {found.state}: only what is parked can be confirmed",
        )
    for delivery in engine.deliveries.values():
        delivery.wake()
    return {"messages": 1}


def decide(engine: Engine, key: str, flow: str, by: str) -> Answer:
    """A person says that the version which this flow read counts, on both sides."""
    for pair in _pairs(engine):
        if flow in pair.plan.flows and any(each.key == key for each in pair.conflicts()):
            return {"messages": engine.decide(pair, key, pair.plan.flows.index(flow), by)}
    raise Rejected(
        "SA-7005", f"no conflict about {key} waits", hint="syncagent conflicts list shows them"
    )


def ignore(engine: Engine, messages: list[str], reason: str, by: str) -> Answer:
    """Set parked messages aside for good; the reason is kept with them."""
    for each in messages:
        _require_open(_known(engine, each), to_be_sent=False)
    return {"messages": engine.store.messages.ignore(messages, reason, by)}


def approve(engine: Engine, run: int, by: str) -> Answer:
    """Send what a held run found."""
    return {"run": run, "messages": engine.approve(run, by)}


def drop(engine: Engine, run: int, by: str) -> Answer:
    """Forget what a held run found."""
    return {"run": run, "messages": engine.drop(run, by)}


def acknowledge(engine: Engine, alert: int, by: str) -> Answer:
    """Somebody takes care of an alert: no more reminders."""
    engine.alerts.acknowledge(alert, by)
    return {"alert": alert, "by": by}


def test_alerts(engine: Engine) -> Answer:
    """Send a test to every address of the alerts now, and say which of them work."""
    tried = engine.alerts.test().items()
    return {
        "addresses": [{"address": name, "problem": error and str(error)} for name, error in tried]
    }


def resume(engine: Engine, flow: str = "", target: str = "") -> Answer:
    """Lift a halt after a person mended its cause; without names, all halts."""
    if flow:
        _plan_target(engine, flow)
    engine.resume(flow or None, target or None)
    return {"flow": flow or None, "target": target or None}


_QUESTIONS = (
    kpi, report,
    ping, status, flows, progress, preview, explain, rehearse,
    verification, jobs, check, runs, held, messages, message,
    orders, conflicts, alerts, causes, resolved, users, user, audit,
)  # fmt: skip
_PEOPLE = (admit, add_user, set_password, remove_user)
_COMMANDS = (
    request, retry, confirm, accept, decide, ignore, approve, drop, resume,
    cancel, repair, replay, acknowledge, test_alerts,
)  # fmt: skip

OPERATIONS: dict[str, Operation] = {
    **{each.__name__: operation(each, "GET") for each in _QUESTIONS},
    **{each.__name__: operation(each, "POST") for each in (*_COMMANDS, *_PEOPLE)},
}
"""Name → operation."""


def _plan_target(engine: Engine, flow: str) -> str:
    if flow not in engine.plans:
        known = ", ".join(sorted(engine.plans))
        raise Rejected("SA-7104", f'there is no active flow "{flow}"', hint=f"flows: {known}")
    return engine.plans[flow].target


def _pairs(engine: Engine) -> list[Pair]:
    """The pairs of flows, each once."""
    return [pair for flow, (pair, _) in engine.pairs.items() if flow == pair.plan.name]


def _known(engine: Engine, message: str) -> MessageRow:
    found = engine.store.messages.get(message)
    if found is None:
        raise Rejected(
            "SA-7002", f"there is no message {message}", hint="syncagent outbox list shows them"
        )
    return found


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


def _given(**filters: Any) -> Any:
    return {name: value for name, value in filters.items() if value}


def _message(row: MessageRow) -> dict[str, Any]:
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
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "alert": alert.number,
        "kind": alert.kind,
        **alert.facts,
        "opened_at": utc_text(alert.opened_at),
        "told": alert.told,
        "last_told_at": utc_text(alert.last_told_at) if alert.told else None,
        "escalated": alert.escalated,
        "acknowledged_by": alert.acknowledged_by,
        "gone_at": utc_text(alert.gone_at) if alert.gone_at else None,
    }


def _finding(name: str, end: str, found: Finding | SyncError) -> dict[str, Any]:
    if isinstance(found, Finding):
        told = {"ok": True, "what": found.subject, "detail": found.detail}
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

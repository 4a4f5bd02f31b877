"""Records as people know them: found by what they have in hand, and every state that is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from agent.api.differences import differences
from agent.api.engine import Engine
from agent.api.messages import known, message_as_dict
from agent.api.operation import Answer
from agent.intake import FlowPlan
from agent.store import MessageRow


class _Found(NamedTuple):
    """A record, and by what it was found: key, reference, number or beginning."""

    plan: FlowPlan
    """Kept: by the time of the answer the configuration may have no such flow any more."""
    key: str
    by: str


def search(engine: Engine, text: str, limit: int = 20) -> Answer:
    """Records by their key or its beginning, the other side's number, or an order's number.

    Capitals do not matter. Those that are exactly what was asked for lead.
    """
    wanted = text.strip()
    found: dict[tuple[str, str], _Found] = {}
    for each in _found(engine, wanted, limit) if wanted else ():
        found.setdefault((each.plan.name, each.key), each)
    return {"records": [_as_found(engine, each) for each in islice(found.values(), limit)]}


def record(
    engine: Engine, flow: str, key: str, limit: int = 20, before: int | None = None
) -> Answer:
    """The states of a record that are kept, newest first, each with what it changed.

    `before` is the version of the last one on the page before.
    """
    plan = engine.plan(flow)
    rows = _states(engine, plan, key, limit + 1, before)
    bodies = [_body(engine, row) for row in rows]
    return {
        "flow": flow,
        "key": key,
        "entity": plan.entity,
        "target": plan.target,
        "reference": engine.store.bindings.reference(
            plan.target, plan.entity, plan.record_key(key)
        ),
        "known": key in engine.store.known.find(plan.ledger, [key]),
        "two_way": plan.pair is not None,
        "versions": [
            {
                **message_as_dict(row),
                "edited_as": engine.store.edits.edit_of(row.id),
                "body": bodies[place],
                "differences": _changed(row, bodies[place], zip(rows, bodies, strict=True)),
            }
            for place, row in enumerate(rows[:limit])
        ],
        "older": rows[limit - 1].version if len(rows) > limit else None,
    }


def keys_between(
    engine: Engine, flow: str, first: str = "", last: str = "", limit: int = 200
) -> Answer:
    """Keys that are known from the first to the last; without one of them from or to the end."""
    plan = engine.plan(flow)
    return {"keys": engine.store.search.between(plan.ledger, first, last, limit)}


def whereabouts(engine: Engine, message: str) -> Answer:
    """Of which record a message tells: the flow, and the key that its source knows it by."""
    found = known(engine, message)
    plan = engine.plans.get(found.flow)
    key = found.key
    if plan is not None and plan.pair is not None and found.stage != "mapping":
        key = plan.pair.own_keys(plan.side, [key]).get(key, key)
    return {"flow": found.flow, "key": key, "version": found.version}


def _found(engine: Engine, text: str, limit: int) -> Iterator[_Found]:
    """What is exactly meant, then what begins so."""
    search = engine.store.search
    ledgers = _ledgers(engine)
    begun = {ledger: search.keys(ledger, text, limit) for ledger in ledgers}
    for ledger, keys in begun.items():
        for key in keys:
            if key.casefold() == text.casefold():
                yield _Found(ledgers[ledger], key, "key")
    for bound in search.bound(text, limit):
        for ledger, plan in ledgers.items():
            goes_there = (plan.target, plan.entity) == (bound.target, bound.entity)
            if goes_there and bound.key in search.keys(ledger, bound.key, 1):
                yield _Found(plan, bound.key, "reference")
    for ledger, key in search.numbered(text, limit):
        if ledger in ledgers:
            yield _Found(ledgers[ledger], key, "number")
    beginnings = [
        _Found(ledgers[ledger], key, "beginning") for ledger, keys in begun.items() for key in keys
    ]
    yield from sorted(beginnings, key=lambda each: (len(each.key), each.key, each.plan.name))


def _as_found(engine: Engine, found: _Found) -> dict[str, Any]:
    plan = found.plan
    newest = engine.store.search.newest(plan.messages_of, found.key)
    reference = engine.store.bindings.reference(plan.target, plan.entity, found.key)
    return {
        "flow": plan.name,
        "key": found.key,
        "entity": plan.entity,
        "target": plan.target,
        "found_by": found.by,
        "reference": reference or (newest.reference if newest else ""),
        "newest": message_as_dict(newest) if newest else None,
    }


def _ledgers(engine: Engine) -> dict[str, FlowPlan]:
    """Each of them once, with a flow that brings its records, best the one of that name."""
    ledgers: dict[str, FlowPlan] = {}
    for plan in sorted(engine.plans.values(), key=lambda plan: plan.name != plan.ledger):
        ledgers.setdefault(plan.messages_of, plan)
    return ledgers


def _states(
    engine: Engine, plan: FlowPlan, key: str, limit: int, before: int | None
) -> list[MessageRow]:
    """Its messages, and rows of it that the mapping refused; newest first."""
    places = {(plan.messages_of, plan.record_key(key)), (plan.name, key)}
    by_place = [
        engine.store.messages.list(limit, before=before, flow=flow, key=each)
        for flow, each in places
    ]
    return list(islice(merge(*by_place, key=lambda row: row.version, reverse=True), limit))


def _body(engine: Engine, row: MessageRow) -> Any:
    body = engine.store.messages.body(row.id) if row.size else None
    return json.loads(body) if body else None


def _changed(
    row: MessageRow, body: Any, states: Iterable[tuple[MessageRow, Any]]
) -> list[dict[str, Any]] | None:
    """What this state changed against the last one before it that is kept; None: none is."""
    if row.stage == "mapping" or body is None:
        return None
    for older, before in states:
        if older.version < row.version and older.stage != "mapping" and before is not None:
            return [each._asdict() for each in differences(before, body)]
    return None

"""Orders and returns on their way into the ERP, one line each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from agent.api.engine import Engine
from agent.api.messages import given, message_as_dict
from agent.api.operation import Answer
from agent.api.records import search
from agent.model import State
from agent.store import MessageRow

ORDERS = frozenset({"order", "return"})
"""Entities that become documents in the ERP."""
OPEN = (State.PARKED, State.PENDING, State.HELD)


def orders(
    engine: Engine, open_only: bool = True, key: str = "", number: str = "", limit: int = 50
) -> Answer:
    """Orders, newest first: those that are not in the ERP yet, or all.

    With a `key` every state of one order; with a `number` those that the shop or the ERP calls so,
    or so at its beginning. Else an order is one line: what holds it up, or how it stands.
    """
    flows = [name for name, plan in engine.plans.items() if plan.entity in ORDERS]
    if number:
        rows = _numbered(engine, flows, number, limit, open_only=open_only)
    else:
        states = OPEN if open_only else (None,)
        rows = [
            row
            for flow in flows
            for state in states
            for row in engine.store.messages.list(limit, flow=flow, **given(state=state, key=key))
        ]
        rows.sort(key=lambda row: row.version, reverse=True)
    shown = rows if key else _one_each(rows)
    return {
        "orders": [_as_order(engine, row) for row in shown[:limit]],
        "more": len(rows) >= limit,
    }


def _numbered(
    engine: Engine, flows: list[str], number: str, limit: int, *, open_only: bool
) -> list[MessageRow]:
    found = search(engine, number, limit)["records"]
    rows = [_standing(engine, each["flow"], each["key"]) for each in found if each["flow"] in flows]
    return [row for row in rows if row is not None and (row.state in OPEN or not open_only)]


def _standing(engine: Engine, flow: str, key: str) -> MessageRow | None:
    """What holds an order up, else its newest state."""
    parked = engine.store.messages.list(flow=flow, key=key, state=State.PARKED)
    if parked:
        return parked[-1]
    newest = engine.store.search.newest(flow, key)
    return newest or next(iter(engine.store.messages.list(1, flow=flow, key=key)), None)


def _one_each(rows: Iterable[MessageRow]) -> list[MessageRow]:
    """Of each order the oldest of what is open, else the newest; in the order given."""
    chosen: dict[tuple[str, str], MessageRow] = {}
    for row in rows:
        known = chosen.get((row.flow, row.key))
        if known is None or (row.state in OPEN and row.version < known.version):
            chosen[row.flow, row.key] = row
    return list(chosen.values())


def _as_order(engine: Engine, row: MessageRow) -> dict[str, Any]:
    """The message, and what people ask about an order, as far as its content is kept."""
    body = engine.store.messages.body(row.id) if row.size and row.stage != "mapping" else None
    data = json.loads(body) if body else {}
    addresses = (data.get("billing_address"), data.get("shipping_address"))
    summary = {
        "number": data.get("number") or row.key,
        "customer": data.get("customer"),
        "name": next((each["name"] for each in addresses if each and each.get("name")), None),
        "total": data.get("total") or data.get("total_net"),
        "currency": data.get("currency"),
        "placed_at": data.get("placed_at") or data.get("requested_at"),
    }
    return {**message_as_dict(row), "summary": summary}

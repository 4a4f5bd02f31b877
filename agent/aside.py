"""What people set aside for a while is open again when the time is over."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing

from agent.contract import can
from agent.intake import FlowPlan
from agent.jobs import JobQueue
from agent.store import Store

log = logging.getLogger(__name__)


def take_back(store: Store, queue: JobQueue, plans: Mapping[str, FlowPlan], now: int) -> bool:
    """Open again what was set aside until now; whether there was something.

    Refused messages are parked as before. Rows that the mapping had refused are looked at again: a
    job reads them, or everything where the source reads no single keys.
    """
    with store.transaction():
        returned = store.decisions.take_back(now)
        keys: dict[str, list[str]] = {}
        for flow, key in returned.rows:
            keys.setdefault(flow, []).append(key)
        for flow in keys.keys() & plans.keys():
            _look_again(queue, plans[flow], keys[flow])
    queue.look()
    if returned.messages or returned.rows:
        told = {"messages": returned.messages, "rows": len(returned.rows)}
        log.info("what was set aside is open again", extra=told)
    return bool(returned.messages or returned.rows)


def _look_again(queue: JobQueue, plan: FlowPlan, keys: list[str]) -> None:
    with closing(plan.make_source()) as source:
        by_key = can(source, "read_keys")
    if by_key:
        queue.request(plan.name, "keys", keys, asked_by="schedule")
    else:
        queue.request(plan.name, "full", asked_by="schedule")

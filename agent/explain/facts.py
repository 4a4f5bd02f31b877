"""What there is to know of one key: in the source, in our store, on the other side."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from agent.contract import AnyTarget, can
from agent.delivery import DeliveryStatus
from agent.errors import SyncError
from agent.explain.there import UNKNOWN, Differences, There, look_there
from agent.intake import FlowPlan, PreviewRow, preview
from agent.mapping import Trace
from agent.model import State
from agent.store import NOT_KNOWN, FlowState, KnownRow, MessageRow, Run, Store
from agent.two_way import Agreement

LOOKED_AT = 100
"""So many messages of a key are looked at, the newest first."""

OPEN = {State.HELD, State.PENDING, State.PARKED}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a flow stands: its plan, its store, its target."""

    store: Store
    plan: FlowPlan
    make_target: Callable[[], AnyTarget]
    """Builds the target as it is for deliveries, equipped."""
    delivery: DeliveryStatus | None
    sending: bool
    """Whether somebody sends at all: a daemon runs."""


@dataclass(slots=True)
class Facts:
    """All that was found out about a key. `source`: row, absent, unreadable or failed."""

    around: Surroundings
    key: str
    record_key: str
    """The key of its messages: another one where the sides of a pair have keys of their own."""
    state: FlowState
    source: str = "absent"
    source_reason: str = ""
    row: PreviewRow | None = None
    trace: Trace | None = None
    known: KnownRow | None = None
    changed: str = "known"
    """new, differs, no, doubted, deleted; `known` where the source shows no record to compare."""
    differing: Differences = field(default_factory=dict)
    """Field → (as last taken over, as it is now), where the older body is kept."""
    messages: list[MessageRow] = field(default_factory=list)
    """Newest first."""
    refused: MessageRow | None = None
    """The row, as the mapping refused it."""
    held: Run | None = None
    agreement: Agreement | None = None
    there: There = UNKNOWN

    @property
    def waiting(self) -> list[MessageRow]:
        """What is on its way, the oldest first."""
        return [each for each in reversed(self.messages) if each.state in OPEN]

    @property
    def delivered(self) -> MessageRow | None:
        """The last one that the other side took."""
        return next((each for each in self.messages if each.state is State.DELIVERED), None)


def gather(around: Surroundings, key: str) -> Facts:
    """Look at everything. Changes nothing."""
    store, plan = around.store, around.plan
    record_key = plan.record_key(key)
    facts = Facts(around, key, record_key, store.flows.get(plan.name))
    _ask_the_source(facts)
    facts.known = store.known.find(plan.ledger, [key]).get(key)
    facts.agreement = plan.pair.agreement(record_key) if plan.pair else None
    facts.changed = _changed(facts)
    facts.messages = _messages(facts)
    refused = store.messages.list(1, flow=plan.name, key=key, stage="mapping", state=State.PARKED)
    facts.refused = refused[0] if refused else None
    facts.held = next((run for run in store.runs.held() if run.flow == plan.name), None)
    facts.there = _there(facts)
    return facts


def _ask_the_source(facts: Facts) -> None:
    plan = facts.around.plan
    try:
        with closing(plan.make_source()) as source:
            if not can(source, "read_keys"):
                facts.source = "unreadable"
                return
        rows = preview(facts.around.store, plan, keys=[facts.key], limit=LOOKED_AT)
        facts.row = next((row for row in rows if row.key in {facts.key, ""}), None)
        if facts.row is not None:
            facts.source = "row"
            columns, values = tuple(facts.row.row), tuple(facts.row.row.values())
            facts.trace = plan.mapping.trace(columns, values) if columns else None
    except SyncError as error:
        facts.source, facts.source_reason = "failed", str(error)


def _changed(facts: Facts) -> str:
    known, record = facts.known, facts.row.record if facts.row else None
    if known is None:
        return "new" if record is not None else "known"
    if not known.record_digest:
        return "deleted" if record is None else "new"
    if known.record_digest == NOT_KNOWN:
        return "doubted"
    if record is None or facts.row is None:
        return "known"
    if facts.row.fate == "unchanged":
        return "no"
    pair = facts.around.plan.pair
    own = {pair.plan.changed_at, *pair.plan.apart} if pair else set()
    facts.differing = {n: each for n, each in facts.row.differences().items() if n not in own}
    return "differs"


def _messages(facts: Facts) -> list[MessageRow]:
    flow = facts.around.plan.messages_of
    found = facts.around.store.messages.list(LOOKED_AT, flow=flow, key=facts.record_key)
    return [each for each in found if each.stage != "mapping"]


def _there(facts: Facts) -> There:
    around = facts.around
    sent = facts.delivered
    body = around.store.messages.body(sent.id) if sent else None
    expected = json.loads(body) if body else None
    if expected is None and facts.changed == "no" and facts.row is not None:
        expected = facts.row.record
    try:
        with closing(around.make_target()) as target:
            return look_there(target, around.plan.entity, facts.record_key, expected)
    except SyncError as error:
        return There("failed", {}, str(error))

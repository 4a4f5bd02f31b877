"""What a comparison found, put right: sent again, and deleted where a person says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from agent.contract import can
from agent.errors import Rejected
from agent.intake import FlowPlan
from agent.model import Change, Op
from agent.store import Store
from agent.verify.comparison import DIFFERENT, EXTRA, MISSING

Request = Callable[[str, Sequence[str]], int]
"""Scope and keys → the job."""


class Repair(NamedTuple):
    """What was set going. `job` 0: nothing is to be sent again."""

    job: int
    sent_again: int
    deleted: int
    left: int
    """Records that are too many and were left alone."""


def repair(store: Store, plan: FlowPlan, request: Request, *, delete_extra: bool) -> Repair:
    """Mend what the last comparison found. Raises `Rejected` SA-7403 where there was none.

    What is sent again is first doubted: also where the job is lost, the next look sends it.
    """
    last = store.verifications.last(plan.name)
    if last is None:
        raise Rejected(
            "SA-7403",
            f'"{plan.name}" was never compared with its target',
            hint=f"syncagent verify {plan.name}",
        )
    wrong = [each["key"] for each in last.findings if each["kind"] in {MISSING, DIFFERENT}]
    extra = [each["key"] for each in last.findings if each["kind"] == EXTRA]
    unnamed = _unnamed(last.counts, last.findings)
    with store.transaction():
        deleted = _delete(store, plan, extra) if delete_extra else 0
        job = _send_again(store, plan, request, wrong, everything=unnamed > 0) if wrong else 0
    return Repair(job, len(wrong) + unnamed, deleted, len(extra) - deleted)


def _unnamed(counts: Mapping[str, int], findings: Sequence[Mapping[str, Any]]) -> int:
    """How many that should be sent again were only counted."""
    named = sum(1 for each in findings if each["kind"] in {MISSING, DIFFERENT})
    return counts.get(MISSING, 0) + counts.get(DIFFERENT, 0) - named


def _send_again(
    store: Store, plan: FlowPlan, request: Request, keys: Sequence[str], *, everything: bool
) -> int:
    if plan.pair is not None:
        keys = list(plan.pair.own_keys(plan.side, keys).values())
    store.known.doubt(plan.ledger, keys)
    if everything:
        return request("resend", ())
    with closing(plan.make_source()) as source:
        by_key = can(source, "read_keys")
    return request("keys", keys) if by_key else request("full", ())


def _delete(store: Store, plan: FlowPlan, keys: Sequence[str]) -> int:
    """Those of these that are still nobody's."""
    known = store.known.find(plan.ledger, sorted(keys))
    moving = store.history.open_keys(plan.ledger, keys) if keys else set()
    gone = [
        Change(Op.DELETE, plan.entity, key, b"", b"", None)
        for key in keys
        if key not in moving and not (key in known and known[key].record_digest)
    ]
    return store.messages.append(
        plan.ledger, plan.target, 0, plan.lane, gone, held=False, coalesce=plan.coalesce
    )

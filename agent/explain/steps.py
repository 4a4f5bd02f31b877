"""The way of a record as steps, each with the time at which it happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.explain.facts import Facts
from agent.explain.sentences import Moment, Values
from agent.mapping import Condition
from agent.model import Op, State
from agent.store import MessageRow

SHOWN = 200
"""Characters of a value that a sentence quotes."""
UNDECIDED = "SA-3201"
"""The code of a condition that cannot be evaluated."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `passed`: True done, False stopped here, None not known or of no matter."""

    name: str
    said: str
    passed: bool | None
    values: Values = field(default_factory=dict)
    at: int = 0
    """Unix ms; 0 where it has no time."""
    details: Mapping[str, Any] = field(default_factory=dict)


def steps(facts: Facts) -> Iterator[Step]:
    """Every step that there is something to say of, in order."""
    yield _seen(facts)
    yield from _mapping(facts)
    if facts.changed != "known" or facts.known:
        yield _changed(facts)
    if facts.agreement is not None:
        yield _agreed(facts)
    yield _held(facts)
    yield _queued(facts)
    yield _sent(facts)
    yield _accepted(facts)
    yield _there(facts)


def stopping(facts: Facts) -> Condition | None:
    """The filter that leaves the row out, where one does."""
    for each in facts.trace.conditions if facts.trace else ():
        if each.holds is None or each.holds is (each.name == "delete_when"):
            return each
    return None


def quoted(values: Mapping[str, Any]) -> str:
    """`STATO = X, PREZZO = 0`: columns with what the row has."""
    return ", ".join(f"{name} = {str(value)[:SHOWN]}" for name, value in values.items()) or "?"


def _seen(facts: Facts) -> Step:
    names = {"row": "now", "absent": "absent", "unreadable": "unreadable", "failed": "failed"}
    values: dict[str, object] = {"full_pass": Moment(facts.state.full_pass_at)}
    if facts.source == "failed":
        values = {"reason": facts.source_reason}
    passed = {"row": True, "absent": False}.get(facts.source)
    row = facts.row.row if facts.row else {}
    said = f"seen.{names[facts.source]}"
    details = {"row": row, "ledger": facts.around.plan.ledger}
    return Step("seen", said, passed, values, facts.state.full_pass_at, details)


def _mapping(facts: Facts) -> Iterator[Step]:
    """selected, mapped, valid: as far as the row comes."""
    row, trace = facts.row, facts.trace
    if row is None or trace is None:
        if row is not None:
            yield Step("valid", "valid.no", passed=False, values={"code": "", "reason": row.reason})
        return
    stopped = stopping(facts)
    if stopped is not None:
        yield _stopped(stopped)
        return
    conditions = {each.name: each.values for each in trace.conditions}
    yield Step("selected", "selected.yes", passed=True, details={"filters": conditions})
    hooked = row.fate in {"left out", "deleted"}
    fields = [each._asdict() for each in trace.fields]
    yield Step(
        "mapped",
        "mapped.hook" if hooked else "mapped.yes",
        not hooked,
        {} if hooked else {"count": len(fields)},
        details={"fields": fields, "record": row.record},
    )
    if hooked:
        return
    if row.fate == "refused":
        code, _, reason = row.reason.partition(" ")
        refused = [each._asdict() for each in trace.fields if each.code]
        values = {"code": code, "reason": reason}
        yield Step("valid", "valid.no", passed=False, values=values, details={"fields": refused})
    else:
        yield Step("valid", "valid.yes", passed=True)


def _stopped(condition: Condition) -> Step:
    details = condition._asdict()
    if condition.holds is None:
        values = {
            "name": condition.name,
            "text": condition.text,
            "code": UNDECIDED,
            "reason": condition.reason,
        }
        return Step("selected", "selected.unclear", passed=False, values=values, details=details)
    values = {"text": condition.text, "values": quoted(condition.values)}
    said = f"selected.{condition.name}"
    return Step("selected", said, passed=False, values=values, details=details)


def _changed(facts: Facts) -> Step:
    known = facts.known
    values = {"fields": ", ".join(facts.differing) or "?"} if facts.changed == "differs" else {}
    details = {
        "digest": known.record_digest[:16].hex() if known else "",
        "row_digest": known.row_digest.hex() if known else "",
        "fields": facts.differing,
    }
    return Step("changed", f"changed.{facts.changed}", None, values, details=details)


def _agreed(facts: Facts) -> Step:
    agreement = facts.agreement
    conflicts = agreement.conflicts if agreement else {}
    details = {"wanted": agreement.wanted if agreement else None, "conflicts": conflicts}
    if not conflicts:
        return Step("agreed", "agreed.yes", passed=True, details=details)
    values = {"fields": ", ".join(conflicts)}
    return Step("agreed", "agreed.conflict", passed=False, values=values, details=details)


def _held(facts: Facts) -> Step:
    run = facts.held
    if run is None:
        return Step("held", "held.no", passed=True)
    values = {"run": run.id, "reason": run.reason}
    return Step("held", "held.yes", passed=False, values=values, at=run.started_at)


def _queued(facts: Facts) -> Step:
    if not facts.waiting:
        return Step("queued", "queued.no", passed=None)
    row = facts.waiting[-1]
    first = facts.waiting[0]
    details = {"message": row.id, "state": str(row.state), "lane": row.lane, "op": str(row.op)}
    said, values = _place(facts, row, first)
    return Step("queued", f"queued.{said}", None, values, row.created_at, details)


def _place(facts: Facts, row: MessageRow, first: MessageRow) -> tuple[str, Values]:
    if row.state is State.HELD:
        return "held", {"run": row.run}
    if row.state is State.PARKED:
        return "parked", {"code": row.code, "reason": row.reason}
    if row.leased:
        return "leased", {}
    if row.due_at is None:
        return "behind", {"message": first.id}
    ahead = facts.around.store.history.ahead(row)
    return "pending", {"due": Moment(row.due_at), "place": ahead}


def _sent(facts: Facts) -> Step:
    tried = [each for each in facts.messages if each.attempts]
    if not tried:
        return Step("sent", "sent.no", passed=None)
    row = tried[0]
    values = {
        "attempts": row.attempts,
        "message": row.id,
        "code": row.code,
        "reason": row.reason,
    }
    details = {"message": row.id, "run": row.run}
    passed = row.state is State.DELIVERED
    return Step("sent", "sent.tried", passed, values, row.created_at, details)


def _accepted(facts: Facts) -> Step:
    row, plan = facts.delivered, facts.around.plan
    bound = facts.around.store.bindings.reference(plan.target, plan.entity, facts.record_key)
    if row is None and not bound:
        return Step("accepted", "accepted.no", passed=None)
    if row is None:
        told: Values = {"reference": bound, "version": "?"}
        return Step("accepted", "accepted.yes", passed=True, values=told)
    details = {"message": row.id, "reference": bound or row.reference, "decided_by": row.decided_by}
    values: Values = {"version": row.version}
    if row.op is Op.DELETE:
        return Step("accepted", "accepted.deleted", True, values, row.done_at or 0, details)
    values = {"reference": bound or row.reference or row.key, "version": row.version}
    return Step("accepted", "accepted.yes", True, values, row.done_at or 0, details)


def _there(facts: Facts) -> Step:
    there = facts.there
    values: dict[str, object] = {}
    if there.answer == "differs":
        values = {"fields": ", ".join(there.fields)}
    if there.answer == "failed":
        values = {"reason": there.reason}
    passed = {"equal": True, "present": True, "differs": False, "absent": False}.get(there.answer)
    said = f"there.{there.answer}"
    return Step("there", said, passed, values, details={"fields": there.fields})

"""One sentence: why the key is (not) on the other side, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote
from typing import NamedTuple

from agent.delivery import DeliveryState
from agent.explain.facts import Facts
from agent.explain.sentences import Moment, Values
from agent.explain.steps import quoted, stopping
from agent.model import Op, State
from agent.store import MessageRow

IN_DOUBT = "SA-5010"
_CODE = re.compile(r"\bSA-\d{4}\b")


class Verdict(NamedTuple):
    """The name of a sentence, what fills it, and a command that helps ("": none is needed)."""

    said: str
    values: Values
    command: str = ""

    @property
    def there(self) -> bool:
        """Whether the other side has what it should have."""
        return self.said.startswith("is.")

    @property
    def code(self) -> str:
        """The error code that it names, "" for none. Reasons that are kept begin with theirs."""
        named = (_CODE.search(str(self.values.get(name, ""))) for name in ("code", "reason"))
        return next((found[0] for found in named if found), "")


def verdict(facts: Facts) -> Verdict:
    """The first thing in its way, seen from the other side."""
    found = next(_reasons(facts))
    plan = facts.around.plan
    common: Values = {"key": facts.key, "target": plan.target, "flow": plan.name}
    return found._replace(values={**common, **found.values})


def _reasons(facts: Facts) -> Iterator[Verdict]:
    yield from _conflict(facts)
    if facts.waiting:
        yield _on_its_way(facts, facts.waiting[0])
    yield from _refused(facts)
    yield from _not_taken_over(facts)
    yield from _gone(facts)
    yield _as_delivered(facts)


def _conflict(facts: Facts) -> Iterator[Verdict]:
    if facts.agreement is not None and facts.agreement.conflicts:
        fields = ", ".join(facts.agreement.conflicts)
        yield Verdict("not.conflict", {"fields": fields}, "syncagent conflicts list")


def _on_its_way(facts: Facts, row: MessageRow) -> Verdict:
    """`row` is the oldest of what waits: the others wait for it."""
    if row.state is State.HELD:
        reason = facts.held.reason if facts.held else ""
        command = f"syncagent hold approve {row.run}"
        return Verdict("not.held", {"run": row.run, "reason": reason}, command)
    if row.state is State.PARKED:
        return _parked(row)
    if row.leased:
        return Verdict("not.sending", {})
    return _waiting(facts, row)


def _parked(row: MessageRow) -> Verdict:
    if row.code == IN_DOUBT:
        command = f"syncagent orders confirm {quote(row.key)} --document NUMBER"
        return Verdict("not.in_doubt", {"code": row.code}, command)
    if row.stage == "check":
        command = f"syncagent orders accept {quote(row.key)} --reason …"
        return Verdict("not.checked", {"code": row.code, "reason": row.reason}, command)
    values = {"code": row.code, "reason": row.reason}
    return Verdict("not.refused", values, f"syncagent outbox retry {row.id}")


def _waiting(facts: Facts, row: MessageRow) -> Verdict:
    delivery, plan = facts.around.delivery, facts.around.plan
    trouble = str(delivery.last_error) if delivery and delivery.last_error else row.reason
    if not facts.around.sending:
        return Verdict("not.nobody_sends", {}, "syncagent run")
    if delivery and delivery.state is DeliveryState.HALTED:
        command = f"syncagent resume --target {quote(plan.target)}"
        return Verdict("not.target_halted", {"reason": trouble}, command)
    if delivery and delivery.state is DeliveryState.OPEN:
        command = f"syncagent check --flow {quote(plan.name)}"
        return Verdict("not.unreachable", {"reason": trouble}, command)
    if row.due_at is None:
        return Verdict("not.behind", {"message": row.id}, f"syncagent outbox show {row.id}")
    if row.attempts:
        values = {
            "attempts": row.attempts,
            "reason": f"{row.code} {row.reason}".strip() or "?",
            "due": Moment(row.due_at),
        }
        return Verdict("not.again_later", values, f"syncagent outbox retry {row.id}")
    return Verdict("not.queued", {"place": facts.around.store.history.ahead(row)})


def _refused(facts: Facts) -> Iterator[Verdict]:
    """The row as the source shows it now counts, else the one that was refused last."""
    reason = ""
    if facts.row is not None and facts.row.fate == "refused":
        reason = facts.row.reason
    elif facts.row is None and facts.source != "absent" and facts.refused is not None:
        reason = f"{facts.refused.code} {facts.refused.reason}"
    stopped = stopping(facts)
    if reason and not (stopped and stopped.holds is not None):
        yield Verdict("not.valid", {"reason": reason.rstrip(".")}, _resync(facts))


def _not_taken_over(facts: Facts) -> Iterator[Verdict]:
    """What the source shows now differs from what we took over."""
    stopped = stopping(facts)
    if facts.row is not None and not facts.row.record and facts.row.fate != "deleted":
        if stopped is not None:
            filtered = quoted(stopped.values)
            values: Values = {"name": stopped.name, "text": stopped.text, "values": filtered}
            yield Verdict("not.selected", values)
        yield Verdict("not.hooked", {})
    pending = facts.changed in {"new", "differs", "doubted"}
    if facts.row is not None and (pending or facts.row.fate == "deleted"):
        if facts.state.halted:
            yield _halted(facts)
        if facts.held is not None:
            values = {"run": facts.held.id, "reason": facts.held.reason}
            yield Verdict("not.held", values, f"syncagent hold approve {facts.held.id}")
        yield from _set_aside(facts)
        yield Verdict("not.looked_at", {}, f"syncagent sync {quote(facts.around.plan.name)}")


def _set_aside(facts: Facts) -> Iterator[Verdict]:
    last = facts.messages[0] if facts.messages else None
    if last is not None and last.state is State.IGNORED and facts.changed != "differs":
        said = {"by": last.decided_by or "?", "reason": last.reason}
        if last.aside_until is not None:
            until = Moment(last.aside_until)
            yield Verdict("not.aside", {**said, "until": until}, _resync(facts))
        else:
            when = Moment(last.done_at or 0)
            yield Verdict("not.ignored", {**said, "when": when}, _resync(facts))


def _gone(facts: Facts) -> Iterator[Verdict]:
    """The source does not have it, or cannot be asked, and nothing was ever delivered."""
    delivered = facts.delivered
    if facts.row is not None:
        return
    if facts.source == "absent" and facts.known is not None and facts.known.record_digest:
        if facts.state.halted:
            yield _halted(facts)
        flow = quote(facts.around.plan.name)
        yield Verdict("not.deleted_yet", {}, f"syncagent sync {flow} --full")
    if facts.known is not None or delivered is not None:
        return
    if facts.state.halted:
        yield _halted(facts)
    preview = f"syncagent preview {quote(facts.around.plan.name)}"
    if facts.source == "absent":
        yield Verdict("not.in_source", {}, preview)
    if facts.source == "failed":
        command = f"syncagent check --flow {quote(facts.around.plan.name)}"
        yield Verdict("not.source_failed", {"reason": facts.source_reason}, command)
    yield Verdict("not.never_seen", {"full_pass": Moment(facts.state.full_pass_at)}, preview)


def _as_delivered(facts: Facts) -> Verdict:
    """Nothing is in its way: it was delivered, and is there still or is not."""
    row = facts.delivered
    aside = next(_set_aside(facts), None)
    if aside is not None:
        return aside
    when = Moment(row.done_at or 0) if row else Moment(0)
    if row is not None and row.op is Op.DELETE:
        return Verdict("is.deleted", {"when": when})
    if facts.there.answer == "absent":
        return Verdict("not.lost_there", {"when": when}, _resync(facts))
    if facts.there.answer == "differs":
        values = {"when": when, "fields": ", ".join(facts.there.fields)}
        return Verdict("not.changed_there", values, _resync(facts))
    if row is None:
        return Verdict("is.there_pruned", {})
    if row.edited_from:
        return Verdict("is.edited", {"when": when, "by": row.decided_by})
    return Verdict("is.there", {"when": when})


def _halted(facts: Facts) -> Verdict:
    flow = quote(facts.around.plan.name)
    return Verdict("not.flow_halted", {"reason": facts.state.halted}, f"syncagent resume {flow}")


def _resync(facts: Facts) -> str:
    flow, key = quote(facts.around.plan.name), quote(facts.key)
    if facts.source == "unreadable":
        return f"syncagent resync {flow} --all"
    return f"syncagent resync {flow} --key {key}"

"""What a run would do, without doing it: row → record → change, and what differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from agent.contract import Batch, can
from agent.detect import key_reader, record_mark
from agent.errors import Misconfigured, Rejected
from agent.intake.lookups import Lookups
from agent.intake.plan import FlowPlan
from agent.model import Op, Record
from agent.store import Store

ReadBack = Callable[[str, Sequence[str]], Iterator[Record]]
"""Entity and keys → what the other side holds."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row and its fate. `fate`: new, changed, unchanged, deleted, left out or refused.

    `before` is the record as last taken over, where it is still known: from our own messages, else
    from the other side.
    """

    key: str
    fate: str
    row: dict[str, Any]
    record: dict[str, Any] | None = None
    before: Mapping[str, Any] | None = None
    reason: str = ""

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Field → (before, now) for the fields that differ."""
        if self.record is None or self.before is None:
            return {}
        names = [*self.before, *(name for name in self.record if name not in self.before)]
        pairs = {name: (self.before.get(name), self.record.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def preview(
    store: Store,
    plan: FlowPlan,
    *,
    keys: Sequence[str] = (),
    limit: int = 20,
    read_back: ReadBack | None = None,
    on_batch: Callable[[Batch], None] = lambda _: None,
) -> Iterator[PreviewRow]:
    """The first `limit` rows of the source, or only these keys. Writes nothing, settles nothing.

    `on_batch` is shown each batch before its rows come.
    """
    lookups = Lookups(store, plan.name, plan.lookups)
    lookups.as_last_read()
    with closing(plan.make_source()) as source:
        if keys and not can(source, "read_keys"):
            raise Misconfigured("SA-4007", f'the source of "{plan.name}" cannot read single keys')
        shown = 0
        for batch in map(lookups.enriched, source.read_keys(keys) if keys else source.read("")):
            on_batch(batch)
            if not batch.columns:
                continue
            key = key_reader(batch.columns, source.key_columns)
            for i in range(min(len(batch.rows), limit - shown)):
                yield _preview_row(store, plan, batch, i, key, read_back)
                shown += 1
            if shown >= limit:
                return


def _preview_row(
    store: Store,
    plan: FlowPlan,
    batch: Batch,
    i: int,
    key_of: Callable[[tuple[Any, ...]], str],
    read_back: ReadBack | None,
) -> PreviewRow:
    key, row = "", {}
    try:
        values = batch.rows[i]
        row = dict(zip(batch.columns, values, strict=True))
        key = key_of(values)
        if batch.fill:
            values = batch.fill(values)
            row = dict(zip(batch.columns, values, strict=True))
        mapped = plan.mapping.bind(batch.columns)(values)
    except Rejected as error:
        return PreviewRow(key, "refused", row, reason=str(error))
    known = store.known.find(plan.ledger, [key]).get(key)
    taken_over = bool(known and known.record_digest)
    if mapped.skipped or mapped.op is Op.DELETE:
        return PreviewRow(key, "deleted" if taken_over else "left out", row)
    record = json.loads(mapped.body)
    if mapped.objection is not None:
        code, reason = mapped.objection
        return PreviewRow(key, "refused", row, record, reason=f"{code} {reason}")
    if known is None or not taken_over:
        return PreviewRow(key, "new", row, record)
    mark = record_mark(mapped.body)
    fate = "unchanged" if known.record_digest[: len(mark)] == mark else "changed"
    return PreviewRow(key, fate, row, record, _before(store, plan, key, read_back))


def _before(
    store: Store, plan: FlowPlan, key: str, read_back: ReadBack | None
) -> Mapping[str, Any] | None:
    body = store.messages.last_body(plan.ledger, key)
    if body:
        before: dict[str, Any] = json.loads(body)
        return before
    if read_back is None:
        return None
    return next((record.data for record in read_back(plan.entity, [key])), None)

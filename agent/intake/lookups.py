"""Joins on our side: rows of one source with values looked up in others.

The tables that are looked up in are read before the flow's own source and kept in the store. Their
columns stand behind the row's own, as `NAME.column`; a key that is not there gives nulls. A row's
digest covers what was looked up for it, so a changed value makes the row a changed one. Where the
flow's own source would not show the row again by itself, the flow looks at it once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import repeat
from typing import Any

from xxhash import xxh3_128_digest

from agent.contract import AnySource, Batch, LazyRows, can
from agent.detect import key_reader
from agent.errors import Misconfigured, Rejected
from agent.intake.pace import Pace
from agent.model import split_key
from agent.store import Entry, LookedUpRow, LookupState, Store

FEW = 1_000
"""So many changed keys are looked at one by one; with more of them everything is read."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LookupPlan:
    """One table to look values up in: where it is read, and by which columns of the row.

    `needed` are those of its columns that the mapping reads; they are null before it was ever read.
    `fingerprint` differs whenever it has to be read anew.
    """

    name: str
    make_source: Callable[[], AnySource]
    by: tuple[str, ...]
    fingerprint: str
    needed: tuple[str, ...] = ()
    pace: Pace | None = None
    """How fast its connection may be read."""
    may_be_empty: bool = False
    """Whether it is believed where it is found empty."""


class Lookups:
    """The lookups of one flow during one run."""

    def __init__(
        self, store: Store, flow: str, plans: Sequence[LookupPlan], ledger: str = ""
    ) -> None:
        self._store = store
        self._flow = flow
        self._ledger = ledger or flow
        self._plans = plans
        self._states: dict[str, LookupState] = {}
        self.notes: list[str] = []

    def refresh(self, note_batch: Callable[[Batch, Pace | None], None]) -> None:
        """Read what changed in each of them.

        `note_batch` is told each batch and the pace of its connection; it may wait.
        """
        for plan in self._plans:
            with closing(plan.make_source()) as source:
                self._states[plan.name] = self._read(plan, source, note_batch)
        if self._plans:
            self._store.looked_up.keep_only(self._flow, [plan.name for plan in self._plans])

    def as_last_read(self) -> None:
        """Take them as they stand, without reading anything."""
        for plan in self._plans:
            self._states[plan.name] = self._store.looked_up.state(self._flow, plan.name)

    def _read(
        self, plan: LookupPlan, source: AnySource, note_batch: Callable[[Batch, Pace | None], None]
    ) -> LookupState:
        looked_up = self._store.looked_up
        state, begun = looked_up.state(self._flow, plan.name), False
        cursor = state.cursor if state.fingerprint == plan.fingerprint else ""
        unreadable = 0
        for batch in source.read(cursor):
            if not begun:  # a look that finds nothing writes nothing
                state, begun = looked_up.begin(self._flow, plan.name, plan.fingerprint), True
            # Before the transaction: cells that are dear may take their time.
            rows, refused = self._by_key(batch, source, state) if batch.columns else ([], 0)
            unreadable += refused
            with self._store.transaction():
                if batch.columns:
                    state = state._replace(columns=batch.columns)
                    looked_up.take(state, rows)
                looked_up.take_out(state, batch.gone)
                emptied = batch.complete and not plan.may_be_empty and not looked_up.met(state)
                looked_up.end(
                    state,
                    cursor=batch.cursor,
                    columns=state.columns,
                    complete=batch.complete and not unreadable and not emptied,
                )
            if emptied:
                self.notes.append(f'"{plan.name}" is empty: what was looked up last stands')
            if batch.complete or batch.cursor != cursor or not batch.rows:
                source.settle(batch)
            cursor = batch.cursor
            note_batch(batch, plan.pace)
            if batch.complete:
                if unreadable:
                    self.notes.append(f'{unreadable} rows of "{plan.name}" cannot be read')
                begun, unreadable = False, 0
        return state

    def _by_key(
        self, batch: Batch, source: AnySource, state: LookupState
    ) -> tuple[list[Entry], int]:
        """Keys and rows of a batch, and how many rows cannot be read.

        Where some cells are dear, rows whose own digest is known stay as they were read.
        """
        key = key_reader(batch.columns, source.key_columns)
        rows = _readable(batch.rows)
        keys = (_key_or_none(key, row) for row in rows)
        digests = batch.digests if batch.fill else repeat(b"", len(rows))
        found = [
            Entry(name, row, digest)
            for name, row, digest in zip(keys, rows, digests, strict=True)
            if name and row is not None
        ]
        unreadable = len(rows) - len(found)
        if batch.fill is None:
            return found, unreadable
        differing = self._store.looked_up.differing(state, found)
        filled = [each for row in differing if (each := _filled_or_none(batch.fill, row))]
        return filled, unreadable + len(differing) - len(filled)

    def keys_to_look_at(self, source: AnySource) -> tuple[str, ...] | None:
        """Keys of the flow whose looked-up values changed; None: everything is to be read."""
        found: set[str] = set()
        for plan in self._plans:
            changed = self._store.looked_up.changed(self._states[plan.name].number, FEW + 1)
            keys = self._keys_with(changed, plan.by, source) if changed else ()
            if keys is None:
                return None
            found.update(keys)
        return tuple(sorted(found)) if len(found) <= FEW else None

    def _keys_with(
        self, changed: Sequence[str], by: tuple[str, ...], source: AnySource
    ) -> Sequence[str] | None:
        """The flow's keys that look these up; None where that cannot be told."""
        key = source.key_columns
        if not can(source, "read_keys"):
            return None
        if by == key:
            return changed
        # Keys that begin with it; a row that stands refused is not among the known ones.
        if by != key[: len(by)] or self._store.refusals.of(self._flow):
            return None
        parts = [split_key(each, len(by)) for each in changed]
        return self._store.known.keys_under(self._ledger, parts, FEW + 1)

    def mark_off(self) -> None:
        """The flow's rows were looked at with the values as they are now."""
        for state in self._states.values():
            self._store.looked_up.mark_off(state.number)

    def enriched(self, batch: Batch) -> Batch:
        """The batch with the looked-up values behind each row."""
        if not self._plans or not batch.columns:
            return batch
        origin, rows = batch.rows, _readable(batch.rows)
        columns, additions = batch.columns, [() for _ in rows]
        digests = list(batch.digests)
        for plan in self._plans:
            state = self._states[plan.name]
            names = state.columns or plan.needed
            columns += tuple(f"{plan.name}.{name}" for name in names)
            nothing = LookedUpRow((None,) * len(names), b"")
            found = self._look_up(plan, state, batch.columns, rows)
            for i, looked_up in enumerate(found):
                values, digest = looked_up or nothing
                additions[i] += values
                if digests:
                    digests[i] = xxh3_128_digest(digests[i] + digest)

        def joined(i: int) -> Row:
            row = rows[i]
            # One that cannot be read raises as it did before.
            return (origin[i] if row is None else row) + additions[i]

        types = (*batch.types, *[""] * (len(columns) - len(batch.columns))) if batch.types else ()
        fill = partial(_filled, batch.fill, len(batch.columns)) if batch.fill else None
        batch = replace(batch, columns=columns, types=types, fill=fill)
        return replace(batch, rows=LazyRows(range(len(rows)), joined), digests=digests)

    def _look_up(
        self,
        plan: LookupPlan,
        state: LookupState,
        columns: Sequence[str],
        rows: Sequence[Row | None],
    ) -> Iterator[LookedUpRow | None]:
        try:
            key = key_reader(columns, plan.by)
        except Misconfigured as error:
            raise Misconfigured(
                "SA-4009", f'lookup "{plan.name}": {error.reason}', hint="correct `by:`"
            ) from error
        keys = [_key_or_none(key, row) for row in rows]
        found = self._store.looked_up.find(state.number, [each for each in keys if each])
        return (found.get(each) if each else None for each in keys)


def _readable(rows: Sequence[Row]) -> list[Row | None]:
    """The rows in one go where that is possible; None for one that cannot be read."""
    try:
        return [tuple(row) for row in rows[:]]
    except Rejected:
        return [_row_or_none(rows, i) for i in range(len(rows))]


def _row_or_none(rows: Sequence[Row], i: int) -> Row | None:
    try:
        return tuple(rows[i])
    except Rejected:
        return None


def _key_or_none(key: Callable[[Row], str], row: Row | None) -> str | None:
    """An empty key looks nothing up."""
    try:
        return None if row is None else key(row)
    except Rejected:
        return None


def _filled(fill: Callable[[Row], Row], width: int, row: Row) -> Row:
    """The row's own cells filled in; what was looked up stands behind them."""
    return fill(row[:width]) + row[width:]


def _filled_or_none(fill: Callable[[Row], Row], read: Entry) -> Entry | None:
    try:
        return read._replace(row=fill(read.row))
    except Rejected:
        return None

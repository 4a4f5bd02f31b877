"""A source on IBM i: files read by key, code pages told to the server or left to the mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from agent.contract import Batch, Finding, Options
from agent.errors import Misconfigured, SyncError
from connectors._ibmi.catalogue import File, members
from connectors._ibmi.dialect import IbmiDialect
from connectors._ibmi.journal import Journal
from connectors._ibmi.options import IbmiOptions
from connectors._ibmi.touched import counts
from connectors._sql_dialect import Column, Sql
from connectors._sql_source import KEYS_AT_ONCE, SqlSource
from connectors._sql_table import Rows, Table

ConnectionT = TypeVar("ConnectionT", bound=Options)


class IbmiSource(SqlSource[ConnectionT, IbmiOptions]):
    """Reads a file of IBM i. What opens the session is the road's own business."""

    @property
    def dialect(self) -> IbmiDialect:
        """The dialect of the session, which every road makes from `IbmiDialect`."""
        dialect = self.session.dialect
        if not isinstance(dialect, IbmiDialect):
            raise TypeError("the session of an IBM i source needs its dialect")
        return dialect

    @cached_property
    def table(self) -> Table:
        """What is read; its key must be text or number."""
        table: Table = super().table
        for name in self.options.ccsids:
            table.column(name)  # says so when it is not there
        changes = self.options.cursor
        for name in (*self.options.key, *(changes.columns if changes else ())):
            if self.dialect.comes_as_bytes(table.column(name)):
                raise Misconfigured(
                    "SA-2123",
                    f"{table.name}: {name} has no code page (CCSID 65535)",
                    hint="set ccsid of the connection, or ccsids of the flow for this column",
                )
        return table

    def check(self) -> Iterator[Finding]:
        """Also what the catalogue tells: headings, code pages, members."""
        yield from super().check()
        table, file = self.table, self.dialect.files.get(self.options.table)
        named = [f"{c.name} = {', '.join(c.labels)}" for c in table.columns if c.labels]
        if named:
            yield Finding("headings", "; ".join(named))
        raw = [column.name for column in table.columns if self.dialect.comes_as_bytes(column)]
        if raw:
            yield Finding(
                "no code page",
                f"{', '.join(raw)} arrive as bytes: give `encoding` in the mapping, or `ccsid`",
            )
        if self.journal is not None:
            yield from self._journal_findings(self.journal)
        if file and not file.member:
            yield from self._member_findings(file)

    def _member_findings(self, file: File) -> Iterator[Finding]:
        try:
            found = members(self.session, file)
        except SyncError as error:  # it is only a hint: what is read does not depend on it
            yield Finding("members", f"not known: {error.reason}")
            return
        if len(found) > 1:
            yield Finding(
                "members",
                f"{file} has {', '.join(found)}; only the first is read: make an alias for another",
            )

    # The journal

    @cached_property
    def journal(self) -> Journal | None:
        """The journal that the flow names."""
        if self.options.journal is None:
            return None
        file = self.dialect.files[self.table.name]  # known once the table is
        return Journal(self.session, self.options.journal, file, self.options.journal_rows)

    def read(self, cursor: str) -> Iterator[Batch]:
        """By the journal where the flow names one, else as every SQL source.

        Reading committed, a full pass waits for rows of commit cycles that are open then.
        """
        if self.journal is None:
            yield from self._when_touched(cursor) if self.options.probe else super().read(cursor)
            return
        plan = self.journal.plan(cursor)
        if plan is None:
            return
        if plan.rows is not None:
            yield from self._reread(plan.rows, cursor, plan.cursor)
            return
        note = plan.note
        for batch in self._everything(plan.cursor):
            yield replace(batch, note=note)
            note = ""

    def _when_touched(self, cursor: str) -> Iterator[Batch]:
        """Everything, unless nothing was written to the file and those of its children."""
        _ = self.table, self.children  # once they are described, their files are known
        now = counts(self.session, self.dialect.files.values())
        if not now or now != cursor:
            yield from self._everything(now)

    def _reread(self, rrns: Sequence[int], before: str, after: str) -> Iterator[Batch]:
        """What stands now where something changed; a row that is not there is gone."""
        for start in range(0, len(rrns), KEYS_AT_ONCE):
            some = rrns[start : start + KEYS_AT_ONCE]
            asked = Sql(  # the bounds keep the system from looking at every row
                "RRN(p) BETWEEN ? AND ? AND RRN(p) IN (" + ", ".join("?" * len(some)) + ")",
                (some[0], some[-1], *some),
            )
            rows = self.session.fetch(*self.table.select(self.selected, asked))
            yield replace(self._batch(rows, None), reread=some, cursor=before)
        yield replace(self._batch([], None), cursor=after)

    @property
    def selected(self) -> str:
        """The expressions of a row, and its number where a journal names rows by it."""
        return super().selected + (", RRN(p)" if self.options.journal else "")

    def _journal_findings(self, journal: Journal) -> Iterator[Finding]:
        try:
            receivers = journal.receivers()
            end = journal.end(receivers)
            journal.changes(end._replace(sequence=max(end.sequence - 1, 1)))
            kept = journal.is_kept()
        except SyncError as error:
            yield Finding("journal", f"cannot be read, every run reads everything: {error.reason}")
            return
        if kept:
            yield Finding("journal", f"{journal}, read up to {end.library}/{end.receiver}")
        else:
            yield Finding("journal", f"the file is not journaled to {journal}: STRJRNPF starts it")

    # Rows

    def _batch(self, rows: Rows, span: Sql | None) -> Batch:
        blocks: list[int] = []
        if self.options.journal:
            blocks = [int(row[-1]) for row in rows]
            rows = [row[:-1] for row in rows]
        batch = replace(super()._batch(rows, span), blocks=blocks)
        decode = self._decoded
        return replace(batch, rows=[decode(row) for row in batch.rows]) if decode else batch

    @cached_property
    def _decoded(self) -> Callable[[tuple[Any, ...]], tuple[Any, ...]] | None:
        """Hexadecimal digits to bytes, in a row and in its children; None: nothing to do."""
        own = self._raw(self.table.columns)
        nested = [self._raw(child.columns) for child in self.children.values()]
        if not own and not any(nested):
            return None
        width = len(self.table.names)

        def decode(row: tuple[Any, ...]) -> tuple[Any, ...]:
            values = list(row)
            for place, name in enumerate(self.table.names):
                if name in own:
                    values[place] = _bytes(row[place])
            for place, names in enumerate(nested, width):
                values[place] = tuple(
                    {key: _bytes(value) if key in names else value for key, value in child.items()}
                    for child in row[place]
                )
            return tuple(values)

        return decode

    def _raw(self, columns: Sequence[Column]) -> frozenset[str]:
        return frozenset(each.name for each in columns if self.dialect.comes_as_bytes(each))


def _bytes(digits: str | None) -> bytes | None:
    return None if digits is None else bytes.fromhex(digits)

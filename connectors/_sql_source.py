"""A source on any SQL database: full passes, differential windows, single keys, children."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from agent.contract import Batch, Finding, Options, Source
from agent.errors import Rejected
from agent.model import split_key
from connectors._sql import CursorOptions, SqlOptions
from connectors._sql_dialect import ALWAYS, Sql
from connectors._sql_large import Large, refusing
from connectors._sql_password import password_findings
from connectors._sql_position import Marks, Position, in_form_of, lowered
from connectors._sql_session import Session
from connectors._sql_table import ChildTable, Rows, Table

ConnectionT = TypeVar("ConnectionT", bound=Options)
SqlOptionsT = TypeVar("SqlOptionsT", bound=SqlOptions)

KEYS_AT_ONCE = 500
"""Keys in one condition: drivers and engines limit parameters and the depth of an expression."""


class SqlSource(Source[ConnectionT, SqlOptionsT]):
    """Reads a table or query in the order of its key, all pages at one moment where it can."""

    def open_session(self) -> Session:
        """Connect; raises `Unavailable` or `Misconfigured`."""
        raise NotImplementedError

    @cached_property
    def session(self) -> Session:
        """The connection of this run."""
        return self.open_session()

    @cached_property
    def table(self) -> Table:
        """What is read."""
        options = self.options
        table = Table(self.session, options, chosen=options.columns, needed=options.key)
        for name in options.cursor.columns if options.cursor else ():
            table.column(name)  # says so when it is not there
        return table

    @cached_property
    def children(self) -> dict[str, ChildTable]:
        """Name of the nested list → where its rows stand."""
        return {
            name: ChildTable(self.table, self.options.key, child)
            for name, child in self.options.children.items()
        }

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns whose text makes the key, in order."""
        return self.options.key

    def close(self) -> None:
        """Release the connection; never raises."""
        if "session" in self.__dict__:
            self.let_go()
            self.release(self.session)
            del self.__dict__["session"]

    def let_go(self) -> None:
        """End the moment that a reading saw.

        A reading that is broken off may end after our closing: then the session is no longer ours.
        """
        if "session" in self.__dict__:
            self.session.end()

    def release(self, session: Session) -> None:
        """Close the connection, or keep it for the next run."""
        session.close()

    def check(self) -> Iterator[Finding]:
        """Reach the database, describe the table, read one row."""
        table = self.table
        yield Finding(table.name, f"{len(table.columns)} columns: {', '.join(table.names)}")
        for name, child in self.children.items():
            yield Finding(f"children {name}", f"{', '.join(child.names)}")
        order = [table.sql(name) for name in self.options.key]
        row = self.session.first(*table.select(table.values(), order=order, rows=1))
        yield Finding("first row", "the table is empty" if row is None else repr(row))
        if self.options.cursor:
            seen = self.session.dialect.can_see_transactions(self.session)
            yield Finding("late commits", seen)
        yield from password_findings(self.session.dialect.log_in_ends, self.session.first)

    # Reading

    def read(self, cursor: str) -> Iterator[Batch]:
        """A full pass without a cursor, else the rows that changed since.

        What has changed is captured in the order that `_sql_position` argues for.
        """
        changes = self.options.cursor
        if changes is None:
            yield from self._everything("")
            return
        position = Position.parse(cursor, changes.columns) if cursor else None
        newest = self._newest(changes.columns)
        running = self.session.dialect.open_transactions(self.session)
        if position is None:
            if running:  # most transactions are short: a second look may find them ended
                again = self.session.dialect.open_transactions(self.session)
                running = running if again is None else running & again
            yield from self._everything(Position.first(changes.columns, newest, running))
        elif position.reads_everything(running):
            yield from self._everything(str(position.after(newest, running)))
        else:
            after = str(position.after(newest, running))
            yield from self._window(changes, position, cursor, after)

    def _newest(self, names: tuple[str, ...]) -> Marks | None:
        """The highest stamp that is visible now; None where no row has one."""
        table, dialect = self.table, self.session.dialect
        condition = Sql(" AND ".join(f"{table.sql(name)} IS NOT NULL" for name in names))
        condition &= dialect.not_in_future(*table.pairs(names[:1])[0])
        order = [f"{table.sql(name)} DESC" for name in names]
        select = table.select(table.marks(names), condition, order, rows=1)
        return self.session.first(*select)

    def _everything(self, cursor: str) -> Iterator[Batch]:
        self.session.begin()
        try:
            pages = self._pages(ALWAYS, self.options.key)
            for rows, last in _with_last(pages):
                batch = self._batch(rows, self._span(rows))
                yield replace(batch, whole=True, complete=last, cursor=cursor if last else "")
        finally:
            self.let_go()

    def _window(
        self, changes: CursorOptions, position: Position, before: str, after: str
    ) -> Iterator[Batch]:
        """What may have changed since the position; an interrupted window is read again."""
        condition = self._since(changes, position)
        order = tuple(dict.fromkeys((*changes.columns, *self.options.key)))
        yield from self._changed(condition, order, changes.columns[:1], before, after)

    def _since(self, changes: CursorOptions, position: Position) -> Sql:
        """The rows at or behind the position, less the overlap."""
        table, start = self.table, position.start()
        names = changes.columns[: len(start)]
        earlier = lowered(start[0], changes.overlap)
        if earlier is not None:
            names, start = names[:1], (earlier,)
        return table.dialect.compare(table.pairs(names), ">=", start)

    def missed(self, keys: Sequence[str], cursor: str) -> int:
        """Those of the keys whose stamps lie before the cursor.

        They changed without a new stamp, or were committed later than anybody waited for.
        """
        changes = self.options.cursor
        position = Position.parse(cursor, changes.columns) if changes and cursor else None
        if changes is None or position is None:
            return 0
        since, shown = self._since(changes, position), 0
        for condition in self._conditions(keys):
            (count,) = self.session.first(*self.table.select("COUNT(*)", condition & since)) or (0,)
            shown += int(count)
        return max(0, len(keys) - shown)

    def _conditions(self, keys: Sequence[str]) -> Iterator[Sql]:
        """The rows of these keys, some at a time."""
        width, at_once = len(self.options.key), self._keys_at_once
        for start in range(0, len(keys), at_once):
            wanted = [split_key(key, width) for key in keys[start : start + at_once]]
            yield self.table.has_keys(self.options.key, wanted)

    def _changed(
        self,
        condition: Sql,
        order: tuple[str, ...],
        never_null: tuple[str, ...],
        before: str,
        after: str,
    ) -> Iterator[Batch]:
        """The rows of the condition as a list of changes; the last batch moves the cursor."""
        if self.children or self.session.dialect.paged:  # one statement sees one moment by itself
            self.session.begin()
        try:
            for rows, last in _with_last(self._pages(condition, order, never_null)):
                batch = self._batch(rows, None)
                yield replace(batch, cursor=after if last else before)
        finally:
            self.let_go()

    def cursor_at(self, moment: datetime, cursor: str) -> str:
        """The cursor as it stood at a moment, taken as UTC where the stamps have no zone."""
        changes = self.options.cursor
        position = Position.parse(cursor, changes.columns) if changes else None
        stamp = in_form_of(position.newest[0], moment) if position else None
        if position is None or stamp is None:
            raise Rejected(
                "SA-2117",
                f"the cursor of {self.table.name} counts: no moment can be told from it",
                hint="read single keys, or everything",
            )
        return str(replace(position, settled=(stamp,)))

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these keys; one that no longer exists is simply absent."""
        for condition in self._conditions(keys):
            rows = self.session.fetch(*self.table.select(self.selected, condition))
            yield self._batch(rows, condition)

    @property
    def selected(self) -> str:
        """The expressions of a row."""
        return self.table.values()

    # Pages

    def _pages(
        self, condition: Sql, order: tuple[str, ...], never_null: tuple[str, ...] = ()
    ) -> Iterator[Rows]:
        if self.session.dialect.paged:
            return self._keyset_pages(condition, order, never_null)
        select = self.table.select(
            self.selected, condition, [self.table.sql(name) for name in order]
        )
        return self.session.stream(*select, self.options.page_size)

    def _keyset_pages(
        self, condition: Sql, order: tuple[str, ...], never_null: tuple[str, ...]
    ) -> Iterator[Rows]:
        """Page after page up to a bound that is asked for first.

        The bound, not a number of rows, ends a page: rows that share a key are never torn apart,
        and the database alone compares, by its own collation.
        """
        table, dialect, size = self.table, self.session.dialect, self.options.page_size
        without_key, with_key = table.missing([name for name in order if name not in never_null])
        if without_key.text:
            select = table.select(self.selected, condition & without_key)
            yield from self.session.stream(*select, size)
        pairs, sorted_by = table.pairs(order), [table.sql(name) for name in order]
        rest, bound = condition & with_key, None
        few = self.session.fetch(*table.select(self.selected, rest, sorted_by, rows=size))
        if len(few) < size:  # most polls end here, with one statement
            yield from [few] if few else []
            return
        while True:
            if bound is not None:
                rest = condition & with_key & dialect.compare(pairs, ">", bound)
            bound = self.session.first(
                *table.select(table.marks(order), rest, sorted_by, rows=1, offset=size - 1)
            )
            page = rest if bound is None else rest & dialect.compare(pairs, "<=", bound)
            rows = self.session.fetch(*table.select(self.selected, page, sorted_by))
            if rows:
                yield rows
            if bound is None:
                return

    # Rows

    @cached_property
    def _large(self) -> Large:
        """What can be too large to be read whole."""
        large = self.table.dialect.large
        own: dict[str, tuple[str, ...]] = {
            column.name: () for column in self.table.columns if large(column)
        }
        nested = {
            name: tuple(column.name for column in child.columns if large(column))
            for name, child in self.children.items()
        }
        return own | {name: columns for name, columns in nested.items() if columns}

    def _batch(self, rows: Rows, span: Sql | None) -> Batch:
        """Rows with their children; `span` selects these very rows, None: by their keys."""
        batch = self._with_children(rows, span)
        return refusing(batch, self._large) if self._large else batch

    def _with_children(self, rows: Rows, span: Sql | None) -> Batch:
        if not self.children:
            return Batch(self.table.names, rows, types=self.table.types)
        places = [self.table.names.index(name) for name in self.options.key]
        keys = [tuple(row[place] for place in places) for row in rows]
        spans = [span] if span is not None else self._spans(keys)
        nested: list[list[tuple[dict[str, Any], ...]]] = []
        for child in self.children.values():
            found: dict[tuple[Any, ...], tuple[dict[str, Any], ...]] = {}
            for each in spans:
                found |= child.of(each)
            nested.append([found.get(key, ()) for key in keys])
        lists = zip(*nested, strict=True)
        return Batch(
            (*self.table.names, *self.children),
            [(*row, *own) for row, own in zip(rows, lists, strict=True)],
            types=(*self.table.types, *[""] * len(self.children)),
        )

    def _span(self, rows: Rows) -> Sql | None:
        """The range of keys from the first of the rows to the last; they are in key order."""
        if not self.children:
            return None
        places = [self.table.names.index(name) for name in self.options.key]
        whole = [row for row in rows if all(row[place] is not None for place in places)]
        if not whole:
            return None
        pairs = self.table.pairs(self.options.key)
        first, last = ([row[place] for place in places] for row in (whole[0], whole[-1]))
        compare = self.session.dialect.compare
        return compare(pairs, ">=", first) & compare(pairs, "<=", last)

    def _spans(self, keys: Sequence[tuple[Any, ...]]) -> Iterator[Sql]:
        known = [tuple(map(str, key)) for key in keys if None not in key]
        for start in range(0, len(known), self._keys_at_once):
            yield self.table.has_keys(self.options.key, known[start : start + self._keys_at_once])

    @property
    def _keys_at_once(self) -> int:
        return min(KEYS_AT_ONCE, self.session.dialect.parameters // len(self.options.key))


def _with_last(pages: Iterable[Rows]) -> Iterator[tuple[Rows, bool]]:
    """Each page, and whether it is the last; one empty page where there is none."""
    waiting: Rows | None = None
    for page in pages:
        if waiting is not None:
            yield waiting, False
        waiting = page
    yield waiting or [], True

"""A source on IBM i: files read by key, code pages told to the server or left to the mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from agent.contract import Batch, Finding, Options
from agent.errors import Misconfigured
from connectors._ibmi.catalogue import members
from connectors._ibmi.dialect import IbmiDialect
from connectors._ibmi.options import IbmiOptions
from connectors._sql_dialect import Column, Sql
from connectors._sql_source import SqlSource
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
        for name in (*self.options.key, *(self.options.cursor or _NO_CURSOR).columns):
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
        found = members(self.session, file) if file else []
        if file and len(found) > 1 and not file.member:
            yield Finding(
                "members",
                f"{file} has {', '.join(found)}; only the first is read: make an alias for another",
            )

    def _batch(self, rows: Rows, span: Sql | None) -> Batch:
        batch = super()._batch(rows, span)
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


class _NoCursor:
    columns: tuple[str, ...] = ()


_NO_CURSOR = _NoCursor()


def _bytes(digits: str | None) -> bytes | None:
    return None if digits is None else bytes.fromhex(digits)

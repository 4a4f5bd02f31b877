"""A relation as the database describes it, and the statements that read it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import groupby
from typing import Any

from agent.errors import Misconfigured
from connectors._sql import Children, Relation
from connectors._sql_dialect import ALWAYS, Column, Sql, either
from connectors._sql_session import Session

NO_SUCH_TABLE = "SA-2110"

Rows = list[tuple[Any, ...]]


class Table:
    """A table or query with its columns, checked against the database. Alias in SQL: `p`."""

    def __init__(
        self,
        session: Session,
        relation: Relation,
        *,
        chosen: Sequence[str],
        needed: Sequence[str],
    ) -> None:
        self.session = session
        self.dialect = session.dialect
        self.name = relation.table or "the query"
        self.source = self.dialect.relation(relation)
        self._found = {column.name: column for column in self._describe(relation)}
        names = chosen or [column.name for column in self._found.values() if column.listed]
        self.columns = [self.column(name) for name in dict.fromkeys([*needed, *names])]
        if not chosen:  # keep the database's own order
            self.columns.sort(key=lambda column: list(self._found).index(column.name))
        self.names = tuple(column.name for column in self.columns)
        self.types = tuple(column.type for column in self.columns)

    def _describe(self, relation: Relation) -> list[Column]:
        try:
            found = self.dialect.columns(self.session, relation)
        except Misconfigured as error:
            if error.code != NO_SUCH_TABLE or not relation.table:
                raise
            found = []
        if not found:
            raise self._no_such_table()
        return found

    def column(self, name: str) -> Column:
        """The column of that name; raises Misconfigured with what it may have meant."""
        if name in self._found:
            return self._found[name]
        folded = {
            label.casefold(): each.name
            for each in self._found.values()
            for label in (*each.labels, each.name)
        }
        close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
        raise Misconfigured(
            "SA-2111",
            f"{self.name} has no column {name!r}"
            + (f": did you mean {folded[close[0]]!r}?" if close else ""),
            hint=f"its columns are {', '.join(self._found)}",
        )

    def _no_such_table(self) -> Misconfigured:
        listed = self.session.fetch(self.dialect.tables) if self.dialect.tables else []
        tables = {str(row[0]).casefold(): str(row[0]) for row in listed}
        close = get_close_matches(self.name.casefold(), tables, n=1, cutoff=0.5)
        meant = f": did you mean {tables[close[0]]!r}?" if close else ""
        return Misconfigured(
            NO_SUCH_TABLE,
            f"there is no table {self.name!r}{meant}",
            hint="check the spelling (case counts) and that the user may see the table",
        )

    def sql(self, name: str) -> str:
        """A column's name in a statement."""
        return f"p.{self.dialect.quote(name)}"

    def pairs(self, names: Sequence[str]) -> list[tuple[Column, str]]:
        """Columns beside their names in a statement, as `Dialect.compare` takes them."""
        return [(self.column(name), self.sql(name)) for name in names]

    def values(self) -> str:
        """The expressions of all columns that are read."""
        return ", ".join(
            self.dialect.value(column, self.sql(column.name)) for column in self.columns
        )

    def marks(self, names: Sequence[str]) -> str:
        """The expressions that read columns as marks."""
        return ", ".join(self.dialect.mark(*pair) for pair in self.pairs(names))

    def select(
        self,
        what: str,
        condition: Sql = ALWAYS,
        order: Sequence[str] = (),
        rows: int = 0,
        offset: int = 0,
    ) -> Sql:
        """`SELECT what FROM relation p WHERE condition ORDER BY order`, for so many rows or all.

        Names come quoted from the catalogue, values are parameters.
        """
        where = f" WHERE {condition.text}" if condition.text else ""
        ordered = f" ORDER BY {', '.join(order)}" if order else ""
        text = f"SELECT {what} FROM {self.source} p{where}{ordered}"  # noqa: S608 - see above
        if rows:
            text = self.dialect.limited(text, rows, offset)
        return Sql(text, condition.parameters)

    def has_keys(self, columns: Sequence[str], keys: Sequence[Sequence[str]]) -> Sql:
        """The rows with these keys, given as text."""
        pairs = self.pairs(columns)
        pieces = []
        for key in keys:
            piece = ALWAYS
            for (column, sql), text in zip(pairs, key, strict=True):
                piece &= self.dialect.equals(column, sql, text)
            pieces.append(piece)
        return either(pieces)

    def missing(self, columns: Sequence[str]) -> tuple[Sql, Sql]:
        """(some of the columns are NULL, none is); empty where none can be."""
        nullable = [sql for column, sql in self.pairs(columns) if column.nullable]
        return (
            either(Sql(f"{sql} IS NULL") for sql in nullable),
            Sql(" AND ".join(f"{sql} IS NOT NULL" for sql in nullable)),
        )


class ChildTable:
    """The rows of another relation that belong to rows of a table. Alias in SQL: `c`."""

    def __init__(self, parent: Table, key: Sequence[str], children: Children) -> None:
        self._parent, self._key = parent, key
        self._table = Table(parent.session, children, chosen=children.columns, needed=())
        for name in (*children.parent, *children.order):
            self._table.column(name)
        quote = parent.dialect.quote
        self.names, self.columns = self._table.names, self._table.columns
        self._join = " AND ".join(
            f"c.{quote(child)} = {parent.sql(own)}"
            for own, child in zip(key, children.parent, strict=True)
        )
        self._order = [f"c.{quote(name)}" for name in children.order]

    def of(self, condition: Sql) -> dict[tuple[Any, ...], tuple[dict[str, Any], ...]]:
        """Key of the parent as its row holds it → its children, for the rows of the condition."""
        parent, child = self._parent, self._table
        dialect, width = parent.dialect, len(self._key)
        keys = [dialect.value(*pair) for pair in parent.pairs(self._key)]
        values = [
            dialect.value(column, f"c.{dialect.quote(column.name)}") for column in child.columns
        ]
        where = f" WHERE {condition.text}" if condition.text else ""
        order = [parent.sql(name) for name in self._key] + self._order
        rows = parent.session.fetch(
            f"SELECT {', '.join(keys + values)} "  # noqa: S608 - names are quoted, values bound
            f"FROM {parent.source} p JOIN {child.source} c ON {self._join}{where} "
            f"ORDER BY {', '.join(order)}",
            condition.parameters,
        )
        found: dict[tuple[Any, ...], tuple[dict[str, Any], ...]] = {}
        for key, group in groupby(rows, key=lambda row: row[:width]):
            nested = tuple(dict(zip(child.names, row[width:], strict=True)) for row in group)
            found[key] = found.get(key, ()) + nested
        return found

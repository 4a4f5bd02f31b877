"""How databases differ in the SQL we write. `Dialect` is the standard; each engine overrides.

Values cross the driver in the form that loses nothing: dates and times as ISO text (a zero date,
`infinity` or a year before Christ has no other form), text without the padding of CHAR, numbers
as the driver's exact type. *Marks* are values that come back to the database as parameters: key
bounds, watermarks. They are text, typed by a cast, because drivers shorten date parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeAlias

import msgspec

from connectors._sql import Relation

Mark: TypeAlias = str | int | float
"""A value that can be kept as JSON and bound as a parameter again."""

LARGEST_INTEGER = 2**63 - 1
"""The largest that drivers bind as an integer."""


class Column(NamedTuple):
    """A column as the database describes it; `type` is the engine's own word for it."""

    name: str
    type: str
    nullable: bool = True
    labels: tuple[str, ...] = ()
    """What else people call it: a short name, a heading."""
    listed: bool = True
    """False: the engine's own column, such as a change number; read only where it is named."""
    size: int | None = None
    """The most characters or bytes of a value, where the dialect asks for it."""


class Sql(NamedTuple):
    """A piece of SQL with the parameters for its question marks."""

    text: str
    parameters: tuple[Any, ...] = ()

    def __and__(self, other: Sql) -> Sql:
        """Both must hold; an empty piece holds always."""
        if not self.text or not other.text:
            return self if self.text else other
        return Sql(f"({self.text}) AND ({other.text})", self.parameters + other.parameters)


ALWAYS = Sql("")


def either(pieces: Iterable[Sql]) -> Sql:
    """At least one must hold."""
    listed = list(pieces)
    return Sql(
        " OR ".join(f"({piece.text})" for piece in listed),
        tuple(value for piece in listed for value in piece.parameters),
    )


class Answers(Protocol):
    """An open connection, as a dialect sees it."""

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement."""
        ...

    def run(self, sql: str) -> None:
        """One statement that answers nothing."""
        ...

    def describe(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """The columns of one statement, as DB-API describes them."""
        ...


class Dialect:
    """Standard SQL, as far as there is such a thing."""

    quotes: tuple[str, str] = ('"', '"')
    paged = False
    """Read page by page instead of in one go, because the driver would keep the whole result."""
    row_values = False
    """`(a, b) > (?, ?)` is understood and served by an index."""
    begin: tuple[str, ...] = ()
    """Statements that open a read-only transaction which sees one moment."""
    small = ""
    """What to put before a statement of few rows, so that the driver fetches them with it."""
    parameters = 30_000
    """Parameters that one statement may have."""
    alive = "SELECT 1"
    """A statement that any session answers which still stands."""
    tables = ""
    """A statement that lists table names, for "did you mean"."""
    log_in_ends = ""
    """A statement that answers the day on which the password of our user ends, as ISO text, or
    NULL."""
    compiling = ""
    """What to put before a statement to have it compiled and not run."""

    def quote(self, name: str) -> str:
        """A name as an identifier."""
        left, right = self.quotes
        return f"{left}{name.replace(right, right * 2)}{right}"

    def relation(self, relation: Relation) -> str:
        """What stands after FROM."""
        if relation.query is not None:
            return f"({relation.query}\n)"  # the line break ends a comment that ends the query
        return ".".join(self.quote(part) for part in relation.table.split("."))

    def columns(self, connection: Answers, relation: Relation) -> list[Column]:
        """The relation's columns; none, or what the database says, when there is no such table."""
        described = connection.describe(self.nothing_of(relation))
        return [Column(each[0], each[1].__name__, each[6] is not False) for each in described]

    def nothing_of(self, relation: Relation) -> str:
        """A statement with the relation's columns and no rows."""
        return f"SELECT * FROM {self.relation(relation)} p WHERE 1 = 0"  # noqa: S608 - quoted names

    def value(self, _column: Column, sql: str) -> str:
        """The expression that reads a column without loss."""
        return sql

    def large(self, _column: Column) -> bool:
        """The column can hold more than may be read: `value` bounds it as `_sql_large` says."""
        return False

    def mark(self, column: Column, sql: str) -> str:
        """The expression that reads a column as a mark."""
        return self.value(column, sql)

    def bound(self, _column: Column) -> str:
        """A question mark that compares with the column and takes a mark."""
        return "?"

    def parameter(self, _column: Column, mark: object) -> object:
        """A mark as the driver wants it."""
        return mark

    def equals(self, column: Column, sql: str, text: str) -> Sql:
        """The column has the value that this text of a key stands for."""
        return Sql(f"{sql} = {self.bound(column)}", (self.parameter(column, text),))

    def not_in_future(self, _column: Column, _sql: str) -> Sql:
        """A stamp lies no more than two days ahead, whatever the time zone.

        One row stamped 2099 would otherwise become the mark, and hide every change until then.
        """
        return ALWAYS

    def limit(self, rows: int, offset: int = 0) -> str:
        """The clause for some rows of many; empty where only reading fewer helps."""
        return f" LIMIT {rows}" + (f" OFFSET {offset}" if offset else "")

    def limited(self, statement: str, rows: int, offset: int = 0) -> str:
        """The statement for some rows of many."""
        return statement + self.limit(rows, offset)

    def compare(
        self, columns: Sequence[tuple[Column, str]], operator: str, marks: Sequence[Any]
    ) -> Sql:
        """Columns compared with marks as one tuple; `operator` is one of `> >= <=`."""
        names = [sql for _, sql in columns]
        bounds = [self.bound(column) for column, _ in columns]
        values = tuple(
            self.parameter(column, mark) for (column, _), mark in zip(columns, marks, strict=True)
        )
        if len(names) == 1:
            return Sql(f"{names[0]} {operator} {bounds[0]}", values)
        if self.row_values:
            return Sql(f"({', '.join(names)}) {operator} ({', '.join(bounds)})", values)
        # a > ? OR (a = ? AND (b > ? ...)), with `a >= ?` before it so that an index can start.
        head = self.compare(columns[:1], f"{operator[0]}=", marks[:1])
        beyond = self.compare(columns[:1], operator[0], marks[:1])
        equal = Sql(f"{names[0]} = {bounds[0]}", values[:1])
        return head & either([beyond, equal & self.compare(columns[1:], operator, marks[1:])])

    def to_write(self, value: Any) -> Any:
        """A JSON value or decimal as the driver binds it; lists and objects as JSON text."""
        if isinstance(value, str):
            if "\0" in value:  # some drivers send what stands before it, and no error
                raise ValueError("a text holds a NUL character")
        elif isinstance(value, list | dict):
            return msgspec.json.encode(value).decode()
        elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            return Decimal(value)
        return value

    def open_transactions(self, _connection: Answers) -> frozenset[str] | None:
        """Names of the transactions that may still commit rows stamped in the past.

        None: cannot be told just now. Empty where the engine tells nobody: then the configured
        overlap is all there is.
        """
        return frozenset()

    def can_see_transactions(self, _connection: Answers) -> str:
        """What `syncagent check` says about late commits."""
        return "rows committed later than the overlap are found by the next full pass"

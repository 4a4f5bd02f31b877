"""What a flow says about a table or query of any database: the options every SQL source shares."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Duration, Options

# Quoted texts and comments: what stands inside says nothing about the statement's shape.
OPAQUE = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)


def one_select(query: str) -> str:
    """The query without its closing semicolon; ValueError unless it is one SELECT."""
    bare = OPAQUE.sub(" ", query).strip().removesuffix(";")
    if not re.match(r"(select|with)\b", bare, re.IGNORECASE):
        raise ValueError("the query must be one SELECT (or WITH ... SELECT)")
    if ";" in bare:
        raise ValueError("the query must be a single statement: remove the semicolon")
    return query.strip().removesuffix(";").strip()


Query = Annotated[str, AfterValidator(one_select)]
Columns = tuple[Annotated[str, Field(min_length=1)], ...]


class Relation(Options):
    """A table or a query: exactly one of the two."""

    table: str = Field(
        default="", description="Table or view, with its schema where needed: `gest.articoli`."
    )
    query: Query | None = Field(
        default=None,
        description="One SELECT instead of a table. Conditions and joins stand here.",
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Relation:
        if bool(self.table) == (self.query is not None):
            raise ValueError("give either table or query")
        return self


class Children(Relation):
    """Rows of another table that belong to a row: order lines, tier prices."""

    parent: Columns = Field(
        min_length=1,
        description="The child's columns that hold the parent's key, in the order of `key`.",
    )
    order: Columns = Field(default=(), description="Columns that order the children of one row.")
    columns: Columns = Field(default=(), description="Columns to read; all when left out.")


class CursorOptions(Options):
    """How a differential run finds what changed: columns that only grow when a row is written."""

    columns: Columns = Field(
        min_length=1,
        description="A change stamp or number, or several that count as one (date, time).",
    )
    overlap: Duration | None = Field(
        default=None,
        description="How far before the last mark to read again: a time for stamps (5m when left "
        "out, one day for a date), a bare number for numbers (0). Rows read twice cost nothing.",
    )


class SqlOptions(Relation):
    """What to read, and how a change is found."""

    key: Columns = Field(min_length=1, description="The columns whose values make the key.")
    columns: Columns = Field(
        default=(), description="Columns to read; all when left out. The key is always read."
    )
    cursor: CursorOptions | None = Field(
        default=None, description="Columns for differential runs; without them every run is full."
    )
    children: dict[str, Children] = Field(
        default={}, description="Nested lists: name of the list → where its rows stand."
    )
    page_size: int = Field(default=5000, ge=1, le=100_000, description="Rows read at a time.")

    @model_validator(mode="after")
    def _children_fit(self) -> SqlOptions:
        for name, child in self.children.items():
            if len(child.parent) != len(self.key):
                raise ValueError(
                    f"children {name}: parent names {len(child.parent)} columns, "
                    f"the key has {len(self.key)}"
                )
        return self

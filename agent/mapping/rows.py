"""Compiled fields joined to the columns of a row: the hot path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from agent.mapping.fields import Convert, Field
from agent.mapping.refusal import Raw, Refused

Take = Callable[[Any], Any]
"""Row → raw value of one field."""


class Shape(Protocol):
    """How to reach into a row."""

    def column(self, name: str) -> Take:
        """A function that takes the column out of a row."""
        ...

    def named(self, row: Raw) -> dict[str, Any]:
        """The row as a dict, for expressions and hooks."""
        ...


class TupleRows:
    """Rows as a source gives them: tuples beside their column names."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)

    def column(self, name: str) -> Take:
        """Raises ValueError for a column that is not there."""
        return itemgetter(self._columns.index(name))

    def named(self, row: Raw) -> dict[str, Any]:
        """Column name → value."""
        return dict(zip(self._columns, row, strict=True))


class ChildRows:
    """Child rows: one dict each."""

    def column(self, name: str) -> Take:
        """What is no child row, or lacks the column, is refused when it comes."""

        def take(row: Raw) -> Raw:
            if not isinstance(row, dict) or name not in row:
                refusal = Refused("SA-3113", f'has no column "{name}"')
                refusal.value, refusal.valued = row, True
                raise refusal
            return row[name]

        return take

    def named(self, row: Raw) -> dict[str, Any]:
        """The child row itself."""
        return row  # type: ignore[no-any-return]  # a dict by construction


class Read(NamedTuple):
    """A column that the mapping reads, and the path of the field that does."""

    path: tuple[str, ...]
    column: str


def row_mapper(fields: Sequence[Field], shape: Shape) -> Callable[[Any], dict[str, Any]]:
    """A function from a row to the record's data; raises `Refused` with the field's name."""
    steps = [(field.name, _take(field, shape), _convert(field, shape)) for field in fields]

    def map_fields(row: Raw) -> dict[str, Any]:
        data: dict[str, Any] = {}
        name, value = "", None
        try:
            for name, take, convert in steps:
                value = take(row)
                data[name] = convert(value)
        except Refused as refusal:
            raise refusal.under(name, value) from None
        return data

    return map_fields


def columns_read(fields: Sequence[Field], path: tuple[str, ...]) -> Iterator[Read | None]:
    """Every column read from the row itself; None for an expression that may read any."""
    for field in fields:
        at = (*path, field.name)
        column = field.spec.each or field.spec.column
        if column:
            yield Read((*at, "each" if field.spec.each else "from"), column)
        if field.expression is not None:
            if field.expression.columns is None:
                yield None
            for name in sorted(field.expression.columns or ()):
                yield Read((*at, "expression"), name)
        if not field.spec.each:
            yield from columns_read(field.children, (*at, "fields"))


def _take(field: Field, shape: Shape) -> Take:
    spec = field.spec
    if field.expression is not None:
        expression, named = field.expression, shape.named
        if spec.column:
            column = shape.column(spec.column)
            return lambda row: expression(named(row), column(row))
        return lambda row: expression(named(row))
    if spec.each or spec.column:
        return shape.column(spec.each or spec.column)
    if field.children:
        return lambda row: row
    constant = spec.value
    return lambda row: constant  # noqa: ARG005 - the shape of a take


def _convert(field: Field, shape: Shape) -> Convert:
    if not field.children:
        return field.convert
    if field.spec.each:
        return _list_of(row_mapper(field.children, ChildRows()), required=field.required)
    return _object_of(field, shape)


def _list_of(map_child: Callable[[Any], dict[str, Any]], *, required: bool) -> Convert:
    """One element for each child row, in their order."""

    def convert(rows: Raw) -> list[dict[str, Any]]:
        if rows is None:
            rows = ()
        if not isinstance(rows, list | tuple):
            raise Refused("SA-3113", "does not hold child rows")
        if required and not rows:
            raise Refused("SA-3101", "has no elements, one is required")
        elements = []
        for place, row in enumerate(rows):
            try:
                elements.append(map_child(row))
            except Refused as refusal:
                raise refusal.under(f"[{place}]", row) from None
        return elements

    return convert


def _object_of(field: Field, shape: Shape) -> Convert:
    """A nested object from columns of the same row.

    Where only the entity requires one of its fields, an object without any value is null: a
    customer without a second address is no error.
    """
    map_object = row_mapper(field.children, shape)
    columns = [shape.column(child.spec.column) for child in field.children if child.spec.column]
    may_be_null = (
        bool(columns)
        and not field.required
        and any(child.required for child in field.children)
        and not any(child.spec.required for child in field.children)
    )

    def convert(row: Raw) -> dict[str, Any] | None:
        if may_be_null and all(_blank(column(row)) for column in columns):
            return None
        return map_object(row)

    return convert


def _blank(value: Raw) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())

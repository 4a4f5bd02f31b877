"""What a mapping does with one row, step by step, for a person who asks why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.mapping.fields import Field
from agent.mapping.refusal import Refused
from agent.mapping.rows import TupleRows, columns_read, row_mapper
from agent.model import Json

if TYPE_CHECKING:
    from agent.mapping.expressions import Expression


class Condition(NamedTuple):
    """A filter of the flow over one row. `holds` is None where it cannot be evaluated."""

    name: str
    """`where` or `delete_when`."""
    text: str
    values: dict[str, Any]
    """The columns that it names, as the row has them."""
    holds: bool | None
    reason: str = ""


class FieldTrace(NamedTuple):
    """One field of the record: its rule, what the row has, what became of it."""

    field: str
    rule: dict[str, Any]
    """What the configuration says of it."""
    before: dict[str, Any]
    """The columns that it reads, as the row has them; {} for a constant, or where any may be."""
    after: Json
    code: str = ""
    reason: str = ""
    """Why it was refused: field, value and rule."""


class Trace(NamedTuple):
    """A row on its way through a mapping; a hook comes behind all this."""

    conditions: tuple[Condition, ...]
    fields: tuple[FieldTrace, ...]


def trace(
    fields: Sequence[Field],
    conditions: Sequence[tuple[str, Expression | None]],
    columns: Sequence[str],
    row: tuple[Any, ...],
) -> Trace:
    """Every condition and every field, also those behind the first that is refused."""
    shape = TupleRows(columns)
    named = shape.named(row)
    return Trace(
        tuple(_condition(name, each, named) for name, each in conditions if each is not None),
        tuple(_field(field, shape, named, row) for field in fields),
    )


def _condition(name: str, condition: Expression, named: dict[str, Any]) -> Condition:
    read = {column: named.get(column) for column in sorted(condition.columns or ())}
    try:
        return Condition(name, condition.source, read, condition.truth(named))
    except Refused as refusal:
        return Condition(name, condition.source, read, None, refusal.rule)


def _field(
    field: Field, shape: TupleRows, named: dict[str, Any], row: tuple[Any, ...]
) -> FieldTrace:
    reads = columns_read((field,), ())
    before = {read.column: named.get(read.column) for read in reads if read is not None}
    rule = field.spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
    try:
        after = row_mapper((field,), shape)(row)[field.name]
    except Refused as refusal:
        refused = refusal.rejected()
        return FieldTrace(field.name, rule, before, None, refused.code, refused.reason)
    return FieldTrace(field.name, rule, before, after)

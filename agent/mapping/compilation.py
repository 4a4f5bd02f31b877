"""A mapping checked before anything runs, and compiled into a function over rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from agent.entities import ENTITIES, Entity, EntityField
from agent.errors import Rejected
from agent.mapping.fields import Field, FieldCompiler, compiled
from agent.mapping.hook import Hook, HookFunction
from agent.mapping.problem import Invalid, MappingProblem, Problems, did_you_mean
from agent.mapping.refusal import Raw, Refused, shown
from agent.mapping.rows import Read, TupleRows, columns_read, row_mapper
from agent.mapping.spec import FieldSpec, MappingSpec, Notation, Totals
from agent.mapping.tables import content
from agent.mapping.totals import Judge, totals_judge
from agent.mapping.tracing import Trace, trace
from agent.model import Objection, Op

if TYPE_CHECKING:
    from agent.mapping.expressions import Expression

ENGINE = 1
"""Raised whenever the engine would map some row differently: every row is then looked at again."""

_NO_FIELDS: dict[str, EntityField] = {}


class Mapped(msgspec.Struct, frozen=True, gc=False):
    """What became of a row: an upsert with its body, a delete, or nothing where it is left out."""

    op: Op
    body: bytes = b""
    skipped: bool = False
    objection: Objection | None = None


_SKIPPED = Mapped(Op.UPSERT, skipped=True)
_DELETED = Mapped(Op.DELETE)


class _Parts(NamedTuple):
    entity: Entity | None
    fields: tuple[Field, ...]
    where: Expression | None
    delete_when: Expression | None
    hook: Hook | None


class Mapping:
    """Rows of one flow → bodies of records. Immutable; `bind` once per set of columns."""

    def __init__(
        self, parts: _Parts, entity: Entity, fingerprint: str, judge: Judge | None = None
    ) -> None:
        self._parts = parts
        self._judge = judge
        self._entity = entity
        self.fingerprint = fingerprint
        """Differs whenever the outcome for some row could differ."""

    @cached_property
    def _reads(self) -> tuple[Read | None, ...]:
        return tuple(_reads(self._parts))

    @cached_property
    def columns(self) -> frozenset[str] | None:
        """The columns it reads; None where that is unknown (a hook, an expression over `row`)."""
        if self._parts.hook is not None or None in self._reads:
            return None
        return frozenset(read.column for read in self._reads if read is not None)

    def bind(self, columns: Sequence[str]) -> Callable[[tuple[Any, ...]], Mapped]:
        """The mapping as a function over rows of these columns.

        Raises `Misconfigured` for a missing column or a hook that fails to load. The function
        raises `Rejected` for a row that cannot be mapped, naming field, value and rule.
        """
        problems = Problems()
        _require_columns(self._reads, columns, problems)
        hook: HookFunction | None = None
        with problems.at("hook"):
            if self._parts.hook is not None:
                hook = self._parts.hook.load(self._entity.fields)
        problems.raise_first()
        shape = TupleRows(columns)
        named = shape.named
        map_fields = row_mapper(self._parts.fields, shape)
        where, delete_when = self._parts.where, self._parts.delete_when
        encode, upsert, judge = msgspec.json.Encoder().encode, Op.UPSERT, self._judge

        def map_row(row: tuple[Any, ...]) -> Mapped:
            if where is not None and not _holds(where, named(row), "where"):
                return _SKIPPED
            if delete_when is not None and _holds(delete_when, named(row), "delete_when"):
                return _DELETED
            try:
                data: dict[str, Any] | None = map_fields(row)
                if hook is not None:
                    data = hook(named(row), data or {})
                    if data is None:
                        return _SKIPPED
            except Refused as refusal:
                raise refusal.rejected() from None
            try:
                body = encode(data)
            except UnicodeEncodeError as error:
                raise _not_unicode(data, error) from None
            if judge is None:
                return Mapped(upsert, body)
            return Mapped(upsert, body, objection=judge(data or {}))

        return map_row

    def objection(self, data: dict[str, Any]) -> Objection | None:
        """What speaks against sending a record that did not come out of a row; None: nothing."""
        return self._judge(data) if self._judge else None

    def trace(self, columns: Sequence[str], row: tuple[Any, ...]) -> Trace:
        """What becomes of one row, step by step; `bind` says what comes of it all."""
        parts = self._parts
        conditions = (("where", parts.where), ("delete_when", parts.delete_when))
        return trace(parts.fields, conditions, columns, row)


def check(
    spec: MappingSpec,
    entity: str,
    *,
    columns: Sequence[str] | None = None,
    where: str = "",
    delete_when: str = "",
    hook: str | Path | None = None,
    base_folder: Path = Path(),
    notation: Notation = Notation(),  # noqa: B008 - frozen
) -> list[MappingProblem]:
    """All that is wrong with a mapping, without running it; `columns` where they are known.

    A problem's path starts at the flow: `("mapping", "price", "scale")`, `("where",)`.
    """
    problems = Problems()
    parts = _compiled(spec, entity, where, delete_when, hook, base_folder, notation, problems)
    if columns is not None:
        _require_columns(_reads(parts), columns, problems)
    return problems.found


def compile_mapping(
    spec: MappingSpec,
    *,
    entity: str,
    where: str = "",
    delete_when: str = "",
    hook: str | Path | None = None,
    base_folder: Path = Path(),
    notation: Notation = Notation(),  # noqa: B008 - frozen
    totals: Totals | None = None,
) -> Mapping:
    """The mapping, ready to be bound; raises `Misconfigured` with the first problem.

    With `totals` an order that does not add up bears an objection. They make no other record, so
    they are no part of the fingerprint.
    """
    problems = Problems()
    parts = _compiled(spec, entity, where, delete_when, hook, base_folder, notation, problems)
    problems.raise_first()
    described = json.dumps(
        [
            ENGINE,
            spec.canonical(),
            asdict(ENTITIES[entity]),
            where,
            delete_when,
            notation.model_dump(),
            parts.hook.content.hex() if parts.hook else "",
            [content.hex() for content in _table_contents(spec.fields.values(), base_folder)],
        ]
    )
    fingerprint = sha256(described.encode()).hexdigest()[:32]
    judge = totals_judge(totals) if totals else None
    return Mapping(parts, ENTITIES[entity], fingerprint, judge)


def _compiled(
    spec: MappingSpec,
    entity_name: str,
    where: str,
    delete_when: str,
    hook: str | Path | None,
    base_folder: Path,
    notation: Notation,
    problems: Problems,
) -> _Parts:
    entity = ENTITIES.get(entity_name)
    known = entity.fields if entity else _NO_FIELDS
    if entity is None:
        with problems.at("entity"):
            raise Invalid(
                "SA-3010",
                "",
                f'unknown entity "{entity_name}"',
                did_you_mean(entity_name, ENTITIES),
            )
    compiler = FieldCompiler(problems, base_folder, notation)
    fields = compiler.compile(spec.fields, known, ("mapping",))
    if not hook:  # a hook may fill in what the mapping leaves out
        compiler.require_complete(spec.fields, known, ("mapping",))
    conditions: dict[str, Expression] = {}
    for key, text in (("where", where), ("delete_when", delete_when)):
        with problems.at():
            if text:
                conditions[key] = compiled(text, key)
    loaded: Hook | None = None
    with problems.at("hook"):
        if hook:
            loaded = Hook(base_folder / hook)
    return _Parts(entity, fields, conditions.get("where"), conditions.get("delete_when"), loaded)


def _reads(parts: _Parts) -> Iterator[Read | None]:
    yield from columns_read(parts.fields, ("mapping",))
    for key, condition in (("where", parts.where), ("delete_when", parts.delete_when)):
        if condition is not None:
            if condition.columns is None:
                yield None
            for column in sorted(condition.columns or ()):
                yield Read((key,), column)


def _require_columns(
    reads: Iterable[Read | None], columns: Sequence[str], problems: Problems
) -> None:
    for read in reads:
        if read is not None and read.column not in columns:
            with problems.at(*read.path):
                raise Invalid(
                    "SA-3007",
                    "",
                    f'the source has no column "{read.column}"',
                    did_you_mean(read.column, columns),
                )


def _holds(condition: Expression, row: dict[str, Any], key: str) -> bool:
    try:
        return condition.truth(row)
    except Refused as refusal:
        reason = f"{key}: {shown(refusal.value)} {refusal.rule}"
        raise Rejected(refusal.code, reason, hint=refusal.hint) from None


def _not_unicode(data: Raw, error: UnicodeEncodeError) -> Rejected:
    """Half a surrogate pair: seen where a driver cuts a text in the middle of an emoji."""
    broken = error.object if isinstance(error.object, str) else ""
    names = [name for name, value in (data or {}).items() if value == broken]
    return Rejected(
        "SA-3106",
        f'field "{names[0] if names else "?"}": {shown(broken)} is not valid Unicode',
        hint="correct the text in the source, or the driver's encoding",
    )


def _table_contents(specs: Iterable[FieldSpec], base_folder: Path) -> Iterator[bytes]:
    for spec in specs:
        if spec.values_file is not None:
            yield content(spec.values_file, base_folder)
        yield from _table_contents(spec.fields.values(), base_folder)

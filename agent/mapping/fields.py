"""One field of the mapping as a function from the source's value to the record's value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.entities import EntityField, FieldType
from agent.mapping.conformity import conforming_list, conforming_object
from agent.mapping.dates import SENTINEL_DATES, moment_parser
from agent.mapping.identifiers import CHECKS
from agent.mapping.numbers import decimal_parser, integer_parser
from agent.mapping.problem import Invalid, Problems, did_you_mean
from agent.mapping.refusal import CELL_LIMIT, Raw, Refused
from agent.mapping.spec import FieldSpec, Notation
from agent.mapping.tables import value_table
from agent.mapping.texts import (
    boolean_parser,
    decoded_json,
    decoder,
    json_parser,
    text_list_parser,
    text_of,
    text_parser,
)
from agent.model import Json

if TYPE_CHECKING:
    from agent.mapping.expressions import Expression

Convert = Callable[[Any], Any]


class Field(NamedTuple):
    """A field, compiled as far as that goes without knowing the columns."""

    name: str
    spec: FieldSpec
    required: bool
    convert: Convert
    expression: Expression | None
    children: tuple[Field, ...]


_OPTIONS: dict[str, set[FieldType]] = {
    "trim": {"text"},
    "case": {"text"},
    "min_length": {"text"},
    "max_length": {"text"},
    "pattern": {"text"},
    "check": {"text"},
    "scale": {"decimal"},
    "round": {"decimal"},
    "decimal_mark": {"decimal"},
    "group_mark": {"decimal", "integer"},
    "min": {"decimal", "integer", "date", "datetime", "time"},
    "max": {"decimal", "integer", "date", "datetime", "time"},
    "true_words": {"boolean"},
    "false_words": {"boolean"},
    "format": {"date", "datetime", "time"},
    "separator": {"list"},
}
_WITH_FIELDS = {"each", "fields", "required"}


def compiled(source: str, key: str = "expression") -> Expression:
    """An expression, ready to run. Only a mapping that has one waits 40 ms for Jinja2."""
    from agent.mapping.expressions import Expression  # noqa: PLC0415 - see above

    return Expression(source, key)


class FieldCompiler:
    """Compiles the fields of one mapping and notes every problem on the way."""

    def __init__(self, problems: Problems, base_folder: Path, notation: Notation) -> None:
        self._problems = problems
        self._base_folder = base_folder
        self._notation = notation

    def compile(
        self,
        specs: Mapping[str, FieldSpec],
        known: Mapping[str, EntityField],
        path: tuple[str, ...],
    ) -> tuple[Field, ...]:
        """All fields of one level. No `known` fields means that any name will do."""
        fields = []
        for name, spec in specs.items():
            at = (*path, name)
            if known and name not in known:
                with self._problems.at(*at):
                    raise Invalid(
                        "SA-3001", "", f'unknown field "{name}"', did_you_mean(name, known)
                    )
            fields.append(self._field(name, spec, known.get(name), at))
        return tuple(fields)

    def _field(
        self, name: str, spec: FieldSpec, known: EntityField | None, at: tuple[str, ...]
    ) -> Field:
        kind = _type_of(spec, known)
        required = spec.required or (known is not None and known.required)
        expression: Expression | None = None
        convert: Convert = _nothing
        children: tuple[Field, ...] = ()
        with self._problems.at(*at):
            _require_agreement(kind, known)
        with self._problems.at(*at):
            _require_fitting_options(spec, kind)
        with self._problems.at(*at):
            if spec.expression:
                expression = compiled(spec.expression)
        if spec.fields:
            known_below = known.fields if known else {}
            children = self.compile(spec.fields, known_below, (*at, "fields"))
            self.require_complete(spec.fields, known_below, (*at, "fields"))
        else:
            with self._problems.at(*at):
                convert = self._convert(spec, kind, known, required=required)
        return Field(name, spec, required, convert, expression, children)

    def require_complete(
        self,
        specs: Mapping[str, FieldSpec],
        known: Mapping[str, EntityField],
        path: tuple[str, ...],
    ) -> None:
        """Note every required field that is missing."""
        for name, field in known.items():
            if field.required and name not in specs:
                with self._problems.at(*path):
                    raise Invalid(
                        "SA-3002", "", f'the required field "{name}" is missing', field.description
                    )

    def _convert(
        self, spec: FieldSpec, kind: FieldType, known: EntityField | None, *, required: bool
    ) -> Convert:
        parse = _parser(spec, kind, known, self._notation)
        when_empty = _when_empty(_default(spec, parse), required=required)
        table = value_table(spec, self._base_folder)
        if table is not None:
            parse = _looked_up(table, spec.values_default, parse, when_empty)
        elif spec.values_default is not None:
            raise Invalid("SA-3003", "values_default", "there is no table: values or values_file")
        return _pipeline(
            parse,
            when_empty,
            trim=spec.trim or kind != "text",
            empty=_empty_values(spec.null_values),
            decode=decoder(spec.encoding) if spec.encoding else None,
        )


def _pipeline(
    parse: Convert,
    when_empty: Callable[[], Any],
    *,
    trim: bool,
    empty: frozenset[Any],
    decode: Callable[[bytes], str] | None,
) -> Convert:
    """Decode, trim, tell empty from filled, parse: in that order, for every type."""
    if decode is None and not empty and trim:
        return _short_pipeline(parse, when_empty)

    def convert(value: Raw) -> Json:
        if decode is not None and isinstance(value, bytes | bytearray):
            value = decode(bytes(value))
        if type(value) is str:
            if len(value) > CELL_LIMIT:
                raise _too_long(value)
            if trim:
                value = value.strip()
        if value is None or value == "" or (empty and _among(empty, value)):
            return when_empty()
        return parse(value)

    return convert


def _short_pipeline(parse: Convert, when_empty: Callable[[], Any]) -> Convert:
    """The same where nothing is to be decoded and only "" is empty: what most fields are."""
    is_text = parse is text_of

    def convert(value: Raw) -> Json:
        if type(value) is not str:
            return when_empty() if value is None or value == "" else parse(value)
        if len(value) > CELL_LIMIT:
            raise _too_long(value)
        text = value.strip()
        if not text:
            return when_empty()
        return text if is_text else parse(text)

    return convert


def _too_long(text: str) -> Refused:
    return Refused("SA-3111", f"has {len(text)} characters, more than {CELL_LIMIT}")


def _among(empty: frozenset[Any], value: Raw) -> bool:
    try:
        return value in empty
    except TypeError:  # lists and signalling NaN have no hash
        return False


def _when_empty(default: Json, *, required: bool) -> Callable[[], Any]:
    """What an empty value becomes: the default, else null, else a refusal."""

    def fill() -> Json:
        if default is None and required:
            raise Refused("SA-3101", "is empty, a value is required")
        return default

    return fill


def _nothing(value: Raw) -> Json:  # noqa: ARG001 - the shape of a conversion
    return None


def _type_of(spec: FieldSpec, known: EntityField | None) -> FieldType:
    if spec.type is not None:
        return spec.type
    if spec.fields:
        return "list" if spec.each else "object"
    return known.type if known else "text"


def _require_agreement(kind: FieldType, known: EntityField | None) -> None:
    if known is None or known.type in {kind, "json"}:
        return
    if kind == "json" and (known.type == "object" or (known.type == "list" and known.fields)):
        return
    raise Invalid(
        "SA-3006",
        "type",
        f"is {kind}, the entity says {known.type}",
        f"write type: {known.type}, or leave type out",
    )


def _require_fitting_options(spec: FieldSpec, kind: FieldType) -> None:
    implied = "list" if spec.each else "object"
    allowed = _WITH_FIELDS | {"type"} if spec.type == implied else _WITH_FIELDS
    for name in sorted(spec.model_fields_set - allowed if spec.fields else ()):
        key = FieldSpec.model_fields[name].alias or name
        raise Invalid("SA-3003", key, "means nothing where there are fields", "leave it out")
    for name, kinds in _OPTIONS.items():
        if name in spec.model_fields_set and kind not in kinds:
            key = FieldSpec.model_fields[name].alias or name
            raise Invalid("SA-3003", key, f"means nothing for the type {kind}", "leave it out")


def _parser(
    spec: FieldSpec, kind: FieldType, known: EntityField | None, notation: Notation
) -> Convert:
    mark = spec.decimal_mark or notation.decimal_mark
    group = notation.group_mark if spec.group_mark is None else spec.group_mark
    match kind:
        case "text":
            return text_parser(
                case=spec.case,
                min_length=spec.min_length,
                max_length=spec.max_length,
                pattern=spec.pattern,
                check=CHECKS[spec.check] if spec.check else None,
            )
        case "integer":
            return integer_parser(group=group, least=spec.min, most=spec.max)
        case "decimal":
            return decimal_parser(
                mark=mark,
                group=group,
                scale=_scale(spec),
                rounded=spec.round,
                least=spec.min,
                most=spec.max,
            )
        case "boolean":
            return boolean_parser(spec.true_words, spec.false_words)
        case "date" | "datetime" | "time":
            formats = spec.format or (notation.date_format if kind == "date" else ())
            return moment_parser(kind, formats=formats, least=spec.min, most=spec.max)
        case "list" if known is None or not known.fields:
            return text_list_parser(spec.separator)
    if known is None or not known.fields:
        return json_parser(only_object=kind == "object")
    conform = conforming_list if known.type == "list" else conforming_object
    fields = known.fields
    return lambda given: conform(fields, decoded_json(given))


def _scale(spec: FieldSpec) -> int | None:
    if spec.round and spec.scale is None:
        raise Invalid("SA-3003", "round", "needs a scale to round to", "declare scale")
    return spec.scale


def _looked_up(
    table: Mapping[str, str], default: str | None, parse: Convert, when_empty: Callable[[], Any]
) -> Convert:
    """Replace, then parse what the table gave; an empty replacement is an empty value."""

    def convert(value: Raw) -> Json:
        found = table.get(text_of(value), default)
        if found is None:
            raise Refused(
                "SA-3107", "is not in the table of values", "add it, or declare values_default"
            )
        return parse(found) if found else when_empty()

    return convert


def _default(spec: FieldSpec, parse: Convert) -> Json:
    if not spec.default:
        return None
    try:
        return parse(spec.default)
    except Refused as refusal:
        raise Invalid(
            "SA-3003", "default", f'"{spec.default}" {refusal.rule}', refusal.hint
        ) from None


def _empty_values(words: tuple[str, ...]) -> frozenset[Any]:
    """The declared empty values in every form in which a driver may give them."""
    found: set[Any] = set()
    for word in words:
        for text in SENTINEL_DATES if word == "SENTINEL_DATES" else (word,):
            found.add(text)
            try:
                number = Decimal(text)
                if number.is_finite():
                    found.add(number)
            except InvalidOperation:
                pass
            try:
                day = date.fromisoformat(text) if "-" in text else None
            except ValueError:
                day = None
            if day is not None:
                found |= {day, datetime(day.year, day.month, day.day)}  # noqa: DTZ001 - as sources give it
                found |= {f"{text} 00:00:00", f"{text}T00:00:00"}
    return frozenset(found)

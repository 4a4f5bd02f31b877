"""Data that no field spec shaped (from a hook, an expression, JSON), held to its entity."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from agent.entities import EntityField, FieldType
from agent.mapping.dates import moment_parser
from agent.mapping.numbers import decimal_parser, integer_parser
from agent.mapping.problem import did_you_mean
from agent.mapping.refusal import CELL_LIMIT, Raw, Refused
from agent.mapping.texts import boolean_parser, json_value, text_list_parser, text_parser
from agent.model import Json

Fields = Mapping[str, EntityField]

_CANONICAL_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,37})(\.[0-9]{1,38})?")
_decimal = decimal_parser()


def _decimal_kept(value: Raw) -> str:
    """A decimal; a text that is one already keeps its trailing zeros."""
    if isinstance(value, str) and _CANONICAL_DECIMAL.fullmatch(value):
        return value
    return _decimal(value)


def _free_object(value: Raw) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise Refused("SA-3113", f"is not an object but a {type(value).__name__}")
    return {str(key): json_value(each) for key, each in value.items()}


_PARSERS: dict[FieldType, Callable[[Any], Any]] = {
    "text": text_parser(max_length=CELL_LIMIT),
    "integer": integer_parser(),
    "decimal": _decimal_kept,
    "boolean": boolean_parser(("true", "1"), ("false", "0")),
    "date": moment_parser("date"),
    "datetime": moment_parser("datetime"),
    "time": moment_parser("time"),
    "list": text_list_parser(""),
    "json": json_value,
    "object": _free_object,
}


def conforming_object(fields: Fields, data: Raw) -> dict[str, Any]:
    """The object with every value in its entity's form; raises `Refused`."""
    if not isinstance(data, dict):
        raise Refused("SA-3113", f"is not an object but a {type(data).__name__}")
    for name in data:
        if name not in fields:
            raise Refused(
                "SA-3113", f'holds the unknown field "{name}"', did_you_mean(str(name), fields)
            )
    for name, field in fields.items():
        if field.required and data.get(name) in (None, "", []):
            raise Refused("SA-3101", "is empty, a value is required").under(name, data.get(name))
    return {name: conforming_value(name, fields[name], value) for name, value in data.items()}


def conforming_list(fields: Fields, data: Raw) -> list[dict[str, Any]]:
    """The list with every element held to the entity's fields."""
    if not isinstance(data, list | tuple):
        raise Refused("SA-3113", f"is not a list but a {type(data).__name__}")
    elements = []
    for place, each in enumerate(data):
        try:
            elements.append(conforming_object(fields, each))
        except Refused as refusal:
            raise refusal.under(f"[{place}]", each) from None
    return elements


def conforming_value(name: str, field: EntityField, value: Raw) -> Json:
    """The value of a field in its entity's form, None for an empty one; raises `Refused`."""
    if value is None or value == "":
        return None
    try:
        if field.fields:
            conform = conforming_list if field.type == "list" else conforming_object
            return conform(field.fields, value)
        return _PARSERS[field.type](value)
    except Refused as refusal:
        raise refusal.under(name, value) from None

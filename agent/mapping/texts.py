"""Texts, booleans, lists and JSON: values as canonical text, and the types that build on it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

import agent.code_pages  # noqa: F401 - registers the pages that Python lacks
from agent.mapping.numbers import number_parts
from agent.mapping.problem import Invalid
from agent.mapping.refusal import CELL_LIMIT, Raw, Refused
from agent.model import Json

_JSON = msgspec.json.Decoder(float_hook=str)


def text_of(value: Raw) -> str:
    """A driver's value as text: digits for numbers (no exponent), ISO 8601 for dates."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return "".join(number_parts(value)[:2])
    if isinstance(value, float | Decimal):
        sign, whole, fraction = number_parts(value)
        if isinstance(value, float):
            fraction = fraction.rstrip("0")
        return f"{sign}{whole}.{fraction}" if fraction else sign + whole
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        raise Refused("SA-3106", "is binary, not text", "declare its code page: encoding")
    raise Refused("SA-3106", f"is not a text but a {type(value).__name__}")


def text_parser(
    *,
    case: str | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    pattern: str = "",
    check: Callable[[str], str] | None = None,
) -> Callable[[Any], str]:
    """A function from a value to the text that the rules allow.

    `check` gives the text in its one form, to which the other rules apply.
    """
    if case is None and check is None and not (min_length or max_length or pattern):
        return text_of  # what most fields are: worth a tenth of the time of a row
    least, most = min_length or 0, max_length or CELL_LIMIT
    if least > most:
        raise Invalid("SA-3003", "min_length", f"{least} is more than max_length {most}")
    match = _matcher(pattern)

    def parse(value: Raw) -> str:
        text = value if type(value) is str else text_of(value)
        if case is not None:
            text = text.upper() if case == "upper" else text.lower()
        if check is not None:
            text = check(text)
        if not least <= len(text) <= most:
            raise _wrong_length(len(text), least, most)
        if match is not None and not match(text):
            raise Refused("SA-3110", f"does not match the pattern {pattern}")
        return text

    return parse


def boolean_parser(true: Sequence[str], false: Sequence[str]) -> Callable[[Any], bool]:
    """A function from a value to true or false, by declared words, letters' case ignored."""
    meaning = {word.casefold(): False for word in false}
    for word in true:
        if meaning.get(word.casefold()) is False:
            raise Invalid("SA-3003", "true", f'"{word}" means true and false')
        meaning[word.casefold()] = True
    as_declared = {word: meaning[word.casefold()] for word in (*true, *false)}
    rule = f"is neither true ({', '.join(true)}) nor false ({', '.join(false)})"

    def parse(value: Raw) -> bool:
        if type(value) is str and (exactly := as_declared.get(value)) is not None:
            return exactly
        if isinstance(value, bool):
            return value
        if isinstance(value, bytes) and len(value) == 1:  # BIT(1) of some drivers
            value = value[0]
        meant = meaning.get(text_of(value).casefold())
        if meant is None:
            raise Refused("SA-3104", rule, "declare the words: true, false")
        return meant

    return parse


def text_list_parser(separator: str) -> Callable[[Any], list[str]]:
    """A function from a list, or a text with a separator, to a list of texts; no empty ones."""

    def parse(value: Raw) -> list[str]:
        if isinstance(value, str):
            value = value.split(separator) if separator else [value]
        elif not isinstance(value, list | tuple):
            value = [value]
        return [text for each in value if each is not None and (text := text_of(each).strip())]

    return parse


def json_parser(*, only_object: bool) -> Callable[[Any], Any]:
    """A function from JSON text, or what an expression or a driver gives, to a JSON value."""

    def parse(value: Raw) -> Json:
        value = json_value(decoded_json(value))
        if only_object and not isinstance(value, dict):
            raise Refused("SA-3112", "is not a JSON object")
        return value

    return parse


def decoded_json(value: Raw) -> Raw:
    """What a JSON text says, its fractions as text; any other value as it is."""
    if not isinstance(value, str):
        return value
    try:
        return _JSON.decode(value)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused("SA-3112", f"is not JSON: {error}") from None


def json_value(value: Raw, depth: int = 0) -> Json:
    """Any plain value as a JSON value of a record: decimals, floats and dates become text."""
    if value is None or isinstance(value, str | bool):
        return value
    if depth > 32:
        raise Refused("SA-3112", "is nested too deeply")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise Refused("SA-3112", "has a key that is not a text")
        return {key: json_value(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(each, depth + 1) for each in value]
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return int(value)
    return text_of(value)


def decoder(encoding: str) -> Callable[[bytes], str]:
    """A function from a column's bytes to text, by a declared code page."""
    try:
        codec = codecs.lookup(encoding)
    except LookupError:
        raise Invalid("SA-3003", "encoding", f'"{encoding}" is not a code page we have') from None

    def decode(value: bytes) -> str:
        try:
            return codec.decode(bytes(value), "strict")[0]
        except UnicodeError as error:
            raise Refused("SA-3106", f"is not {encoding} text: {error}") from None

    return decode


def _matcher(pattern: str) -> Callable[[str], object] | None:
    if not pattern:
        return None
    try:
        return re.compile(pattern).fullmatch
    except (re.error, RecursionError, OverflowError) as error:
        raise Invalid(
            "SA-3004", "pattern", f"is not a regular expression: {error}", f"it reads: {pattern}"
        ) from None


def _wrong_length(length: int, least: int, most: int) -> Refused:
    if length < least:
        return Refused("SA-3109", f"has {length} characters, at least {least} are needed")
    return Refused("SA-3109", f"has {length} characters, at most {most} are allowed")

"""What all formats make of a rendered template: rows out of lists, texts out of single values."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agent.errors import Rejected
from agent.model import Json


def spliced(content: Json) -> Iterator[Json]:
    """The rows of a content; a list that an `each` put in the place of a row gives its elements."""
    if not isinstance(content, list):
        raise Rejected("SA-5324", f"the content is no list of rows but {content!r}"[:200])
    for element in content:
        if isinstance(element, list) and all(isinstance(row, list | dict) for row in element):
            yield from spliced(element)
        else:
            yield element


def plain(value: Json, decimal_mark: str = ".") -> str:
    """One value as text: nothing for null, every digit of a number."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", decimal_mark)
    if isinstance(value, int):
        return str(value)
    raise Rejected("SA-5324", f"{value!r}"[:80] + " is a list or an object, not a single value")


def encoded(text: str, encoding: str, unknown_characters: str) -> bytes:
    """The bytes of a text. Raises `Rejected` for a character that the encoding lacks."""
    try:
        return text.encode(encoding, "strict" if unknown_characters == "refuse" else "replace")
    except UnicodeEncodeError as error:
        raise Rejected(
            "SA-5324",
            f"{text[error.start]!r} in {text[max(error.start - 20, 0) : error.end + 10]!r} does "
            f"not exist in {encoding}; unknown_characters: replace writes a question mark",
        ) from None

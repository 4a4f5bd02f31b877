"""JSON read without loss: no number becomes a float, and what is ambiguous is known as such."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from agent.model import Json

LARGEST_EXPONENT = 60
"""Beyond it a short text stands for a number of any length: no price, an attack."""
DIGITS_OF_AN_INTEGER = 18
HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


class Unreadable:
    """Stands where a value cannot be told; whoever meets it in a record refuses the record."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why

    def __repr__(self) -> str:
        return f"<{self.why}>"


class Document:
    """A JSON text as values: objects, lists, text, int, Decimal, bool, None.

    `doubtful` says that some value in it may be `Unreadable`, or a text no Unicode: worth a look.
    """

    def __init__(self, text: str) -> None:
        """Raises ValueError for what is no JSON, however deep or long."""
        self.doubtful = HALF_A_CHARACTER.search(text) is not None
        try:
            self.value: Json = json.loads(
                text,
                object_pairs_hook=self._object,
                parse_float=self._decimal,
                parse_int=self._integer,
                parse_constant=_no_constant,
            )
        except RecursionError:
            raise ValueError("it is nested too deeply") from None

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            self.doubtful = True
            names = [name for name, _ in pairs]
            for name in found:
                if names.count(name) > 1:
                    found[name] = Unreadable(f'"{name}" stands more than once in one object')
        return found

    def _decimal(self, text: str) -> Decimal | Unreadable:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return self._absurd(text)
        if number and abs(number.adjusted()) > LARGEST_EXPONENT:
            return self._absurd(text)
        return number or Decimal(0)

    def _integer(self, text: str) -> int | Decimal | Unreadable:
        if len(text) <= DIGITS_OF_AN_INTEGER:
            return int(text)
        return Decimal(text) if len(text) <= LARGEST_EXPONENT else self._absurd(text)

    def _absurd(self, text: str) -> Unreadable:
        self.doubtful = True
        return Unreadable(f"{text[:20]} is no number of any trade")


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def doubt(value: Json) -> str:
    """Why a value cannot be trusted, "" where it can."""
    if isinstance(value, Unreadable):
        return value.why
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return "a text is no valid Unicode"
    if isinstance(value, dict):
        return next((why for each in (*value, *value.values()) if (why := doubt(each))), "")
    if isinstance(value, list):
        return next((why for each in value if (why := doubt(each))), "")
    return ""

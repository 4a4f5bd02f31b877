"""Named parameters: `:name` in a statement becomes a question mark that the driver binds.

What stands in quotes or comments is left alone, and so are `::` (a cast of PostgreSQL) and `:=`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from connectors._sql import OPAQUE

_SIGNS = re.compile(
    rf"{OPAQUE.pattern}|(?<!\w)\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|::|:="
    r"|(?<![\w:]):(?P<name>[A-Za-z_]\w*)|(?P<mark>\?)",
    re.DOTALL,
)
_OF_BLOCKS = re.compile(r"\bend(\s+\w+)?\s*;$", re.IGNORECASE)
_WRITES_ROWS = re.compile(r"\s*(insert|update|merge|replace)\b", re.IGNORECASE)
_TABLES = re.compile(r"\b(?:insert|merge|replace)\s+into\s+([^\s(@#][^\s(]*)", re.IGNORECASE)


class Named(NamedTuple):
    """A statement as drivers take it, and the name that stands behind each question mark."""

    text: str
    names: tuple[str, ...]

    @property
    def writes_rows(self) -> bool:
        """Whether a count of no rows means that it had no effect."""
        return bool(_WRITES_ROWS.match(bare(self.text)))

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables into which it puts rows; what it updates or deletes may be an alias."""
        return tuple(dict.fromkeys(_TABLES.findall(without_comments(self.text))))


def named(sql: str) -> Named:
    """Take a statement apart; ValueError for one that no parameter can be bound to."""
    names: list[str] = []

    def place(found: re.Match[str]) -> str:
        if found["mark"]:
            raise ValueError("write :name for a parameter, not a question mark")
        if not found["name"]:
            return found[0]
        names.append(found["name"])
        return "?"

    text = _SIGNS.sub(place, sql.strip())
    return Named(text, tuple(names))


def one_statement(sql: str) -> str:
    """The statement without a closing semicolon, which some drivers refuse; ValueError if empty."""
    text = sql.strip()
    if not _OF_BLOCKS.search(text):
        text = text.removesuffix(";").rstrip()
    if not bare(text).strip():
        raise ValueError("there is no statement")
    named(text)
    return text


def bare(sql: str) -> str:
    """The statement without quoted texts, quoted names and comments."""
    return OPAQUE.sub(" ", sql)


def without_comments(sql: str) -> str:
    """The statement with its names, quoted or not, but without comments and texts."""
    return OPAQUE.sub(lambda found: found[0] if found[0][0] in '"`' else " ", sql)

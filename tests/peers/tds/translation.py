"""Transact-SQL → PostgreSQL's SQL, word by word; what is spelt alike passes unchanged.

A translator for the statements of tests, not a parser of the language: it knows quoting, types,
`CONVERT` with its styles, `DATEADD`, `CHANGETABLE`, and puts parameters in as literals.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

_TOKEN = re.compile(
    r"N?'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|0[xX][0-9A-Fa-f]*"
    r"|@?[^\W\d][\w$#]*|\d+(?:\.\d+)?|\s+|.",
    re.DOTALL,
)
_TYPES = {
    "nvarchar": "varchar",
    "nchar": "char",
    "datetime2": "timestamp",
    "datetimeoffset": "timestamptz",
    "bit": "boolean",
    "uniqueidentifier": "uuid",
    "varbinary": "bytea",
    "float": "double precision",
    "money": "sys.money",
    "smallmoney": "sys.smallmoney",
    "datetime": "sys.datetime",
    "smalldatetime": "sys.smalldatetime",
    "tinyint": "sys.tinyint",
    "rowversion": "sys.rowversion",
    "sysname": "varchar(128)",
}
_SIZED = {"nvarchar", "varchar", "nchar", "char"}
"""Types that keep their length; PostgreSQL's others have none or another one."""
_TEXTS = {"nvarchar", "varchar", "nchar", "char"}
_BINARIES = {"binary", "varbinary"}


def statements(sql: str) -> list[str]:
    """The statements of a batch."""
    found = [""]
    for token in _TOKEN.findall(sql):
        if token == ";":
            found.append("")
        else:
            found[-1] += token
    return [each.strip() for each in found if each.strip()]


def translate(sql: str, parameters: Mapping[str, Any]) -> str:
    """One statement, its parameters put in."""
    values = {name.casefold(): value for name, value in parameters.items()}
    return _Reading(_TOKEN.findall(sql), values).until(())


def literal(value: Any) -> str:
    """A value as PostgreSQL writes it; a text is of no type until its place gives it one."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return rf"'\x{value.hex()}'::bytea"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return f"'{value.isoformat(sep=' ')}'"
    return "'" + str(value).replace("'", "''") + "'"


class _Reading:
    """The tokens, and how far they are read."""

    def __init__(self, tokens: Sequence[str], parameters: Mapping[str, Any]) -> None:
        self._tokens, self._parameters = tokens, parameters
        self._place = 0

    def until(self, ends: tuple[str, ...]) -> str:
        """Everything up to one of these tokens outside brackets, translated."""
        written = []
        while self._place < len(self._tokens) and self._tokens[self._place] not in ends:
            written.append(self._next())
        return "".join(written)

    def _next(self) -> str:
        token = self._tokens[self._place]
        self._place += 1
        if token == "(":
            inside = self.until((")",))
            self._place += 1
            return f"({inside})"
        if token.startswith("@"):
            return literal(self._parameters[token.casefold()])
        if token.startswith("N'"):
            return token[1:]
        if token.startswith("["):
            return '"' + token[1:-1].replace("]]", "]").replace('"', '""') + '"'
        if token[:2].casefold() == "0x":
            return literal(bytes.fromhex(token[2:]))
        return self._word(token)

    def _word(self, token: str) -> str:
        word = token.casefold()
        if word in _TYPES or word in _TEXTS | _BINARIES:
            return self._type(word)
        if word == "collate":
            collation = self._take()
            return 'COLLATE "C"' if collation.endswith("_BIN2") else ""
        called = self._follows("(")
        if word == "convert" and called:
            return self._convert()
        if word == "dateadd" and called:
            day, count, moment = self._arguments()
            return f"sys.dateadd_{day.strip()}({count}, {moment})"
        if word == "changetable" and called:
            return self._changes()
        if word == "max" and self._tokens[self._place :][:1] == [")"]:
            return token
        return token

    def _type(self, word: str) -> str:
        if word in {"nchar", "char"} and not self._is_type():
            return "sys.code_point"  # the function NCHAR(232)
        size = ""
        if self._follows("("):
            size = self._arguments()[0]
        if word == "binary":
            return "sys.binary8"
        if word in _SIZED:
            name = _TYPES.get(word, word)
            return "text" if size == "max" else f"{name}({size})" if size else name
        return _TYPES[word]

    def _is_type(self) -> bool:
        """Whether a type can stand here: after a column's name, AS, or as CONVERT's first word."""
        before = [each for each in self._tokens[: self._place - 1] if not each.isspace()]
        if not before:
            return False
        named = before[-1][0] in '[_"' or before[-1][0].isalpha()
        converts = before[-1] == "(" and len(before) > 1 and before[-2].casefold() == "convert"
        return (named and before[-1].casefold() not in {"select", "then", "else"}) or converts

    def _convert(self) -> str:
        self._skip("(")
        family = self._peek().casefold()
        kind = self.until((",",)).strip()
        self._skip(",")
        value = self.until((",", ")"))
        style = ""
        if self._peek() == ",":
            self._skip(",")
            style = self.until((")",)).strip()
        self._skip(")")
        if family in _TEXTS and style:
            return f"sys.text_{style}({value})"
        if family in _BINARIES:
            return f"sys.bytes_{style}({value})" if style else f"({value})"
        return f"CAST({value} AS {kind})"

    def _changes(self) -> str:
        self._skip("(")
        self._take()  # CHANGES
        table = self.until((",",)).strip()
        self._skip(",")
        since = self.until((")",))
        self._skip(")")
        return (
            "(SELECT r.*, x.op AS sys_change_operation, x.context AS sys_change_context "
            f"FROM sys.changes({literal(table)}, {since}) x, "
            f"jsonb_populate_record(NULL::{table}, x.key) r)"
        )

    def _arguments(self) -> list[str]:
        self._skip("(")
        found = [self.until((",", ")"))]
        while self._peek() == ",":
            self._skip(",")
            found.append(self.until((",", ")")))
        self._skip(")")
        return found

    def _peek(self) -> str:
        while self._tokens[self._place].isspace():
            self._place += 1
        return self._tokens[self._place]

    def _take(self) -> str:
        token = self._peek()
        self._place += 1
        return token

    def _skip(self, token: str) -> None:
        if self._take() != token:
            raise ValueError(f"{token} expected")

    def _follows(self, token: str) -> bool:
        rest = [each for each in self._tokens[self._place : self._place + 2] if not each.isspace()]
        return rest[:1] == [token]

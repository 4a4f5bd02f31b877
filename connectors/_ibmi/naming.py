"""Names of files: `LIB.FILE`, `LIB/FILE`, `FILE`; in capitals unless they are quoted."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from agent.errors import Misconfigured

Naming = Literal["sql", "system"]

_PART = r'(?:"(?:[^"]|"")+"|[^"./]+)'
_NAME = re.compile(rf"(?:({_PART})[./])?({_PART})")


class Qualified(NamedTuple):
    """A library (empty: the library list, or the default schema) and a name in it."""

    library: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Qualified:
        """The parts of a name; raises `Misconfigured` where it is none."""
        found = _NAME.fullmatch(text.strip())
        if not found:
            raise Misconfigured(
                "SA-2110",
                f"{text!r} is not the name of a file",
                hint="write LIBRARY.FILE, LIBRARY/FILE or FILE; quote a name with capitals and "
                "small letters",
            )
        return cls(_folded(found[1] or ""), _folded(found[2]))

    def sql(self, naming: Naming) -> str:
        """As it stands in a statement of that naming."""
        name = quoted(self.name)
        if not self.library:
            return name
        return f"{quoted(self.library)}{'/' if naming == 'system' else '.'}{name}"

    def __str__(self) -> str:
        """As a person writes it."""
        return f"{self.library}.{self.name}" if self.library else self.name


def quoted(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a constant of a statement."""
    return "'" + text.replace("'", "''") + "'"


def _folded(part: str) -> str:
    part = part.strip()
    return part[1:-1].replace('""', '"') if part.startswith('"') else part.upper()

"""How a value is refused: inside the mapping without its place, to the outside as `Rejected`."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias

from agent.errors import Rejected

Raw: TypeAlias = Any
"""A value as a driver or a file gives it: str, int, Decimal, float, bool, bytes, date, None …"""

CELL_LIMIT = 2**20
"""Characters (or bytes) that one value may have, unless a field says `max_length`."""

SHOWN = 80


class Refused(Exception):
    """A value broke a rule. `rule` reads on after the value: `is not a decimal number`."""

    def __init__(self, code: str, rule: str, hint: str = "") -> None:
        super().__init__(rule)
        self.code = code
        self.rule = rule
        self.hint = hint
        self.path = ""
        self.value: Raw = None
        self.valued = False

    def under(self, name: str, value: Raw) -> Refused:
        """The same refusal, seen from the field `name`; the innermost value stays."""
        if not self.valued:
            self.value, self.valued = value, True
        if not self.path:
            self.path = name
        elif self.path.startswith("["):
            self.path = f"{name}{self.path}"
        else:
            self.path = f"{name}.{self.path}"
        return self

    def rejected(self) -> Rejected:
        """The reason that a person reads: field, value, rule."""
        reason = f'field "{self.path}": {shown(self.value)} {self.rule}'
        return Rejected(self.code, reason, hint=self.hint)


def shown(value: object) -> str:
    """A value for a message: quoted where it is text, on one line, cut to 80 characters."""
    if value is None:
        return "null"
    if isinstance(value, str):
        cut = value[:SHOWN] + ("…" if len(value) > SHOWN else "")
        return '"' + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in cut) + '"'
    if isinstance(value, Decimal | date | datetime | time):
        text = str(value)
    elif isinstance(value, bytes | bytearray):
        text = repr(bytes(value[:SHOWN]))
    elif isinstance(value, int) and value.bit_length() > 4 * SHOWN:
        text = f"a number of {value.bit_length()} bits"
    else:
        text = repr(value)
    return text[:SHOWN] + ("…" if len(text) > SHOWN else "")

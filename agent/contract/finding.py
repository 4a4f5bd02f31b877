"""What a check shows."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Finding(NamedTuple):
    """One line of `syncagent check`: what was tried, and what it showed.

    A warning is no failure yet: a version of an API that will end, a right that is missing later.
    """

    subject: str
    detail: str
    warning: bool = False
    until: date | None = None
    """The day on which it ends, where it has one: alerts count down to it."""

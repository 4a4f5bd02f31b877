"""What an error code means, for a person."""

from __future__ import annotations

from typing import NamedTuple


class Explanation(NamedTuple):
    """Title in one line, how it comes about, what to do."""

    title: str
    cause: str
    remedy: str

"""What a course is told, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tests.bench.measuring import Measured

Step: TypeAlias = tuple[str, Measured]
"""The name of a measurement and one value of it."""


@dataclass(frozen=True)
class Course:
    """`folder` is emptied after every course; `files` lasts as long as the bench."""

    folder: Path
    files: Path
    results: Path
    count: int
    """Rows."""
    peer_count: int
    """Rows for a peer that needs minutes for a million."""
    quick: bool


Tell: TypeAlias = Callable[[Course], Iterator[Step]]

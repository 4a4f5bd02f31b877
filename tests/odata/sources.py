"""Sources of the tests, and what they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agent.contract import Batch
from connectors.odata import ServiceSource

OpenSource = Callable[..., ServiceSource]


def keys(batches: Iterable[Batch]) -> list[str]:
    """The keys of all rows, in order."""
    return [str(row[0]) for batch in batches for row in batch.rows]


def gone(batches: Iterable[Batch]) -> list[str]:
    """All keys that are said to be gone."""
    return [key for batch in batches for key in batch.gone]

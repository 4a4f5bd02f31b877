"""Sources of the tests, and what they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agent.contract import Batch
from connectors._rest.access import ApiOptions
from connectors._rest.options import RestOptions
from connectors._rest.source import RestSource

OpenSource = Callable[..., RestSource[ApiOptions, RestOptions]]


def keys(batches: Iterable[Batch]) -> list[str]:
    """The keys of all rows, in order."""
    return [str(row[0]) for batch in batches for row in batch.rows]

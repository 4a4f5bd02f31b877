"""The kinds of systems, as far as this machine can load them."""

from __future__ import annotations

from collections.abc import Iterator

import connectors
from agent.contract import Kind


def available() -> list[Kind]:
    """Every kind whose packages are installed, by name."""
    return [kind for _, kind in known() if isinstance(kind, Kind)]


def known() -> Iterator[tuple[str, Kind | ImportError]]:
    """Every kind there is by name, or why this machine cannot load it."""
    for name in sorted(connectors.KINDS):
        try:
            yield name, connectors.load(name)
        except ImportError as error:
            yield name, error

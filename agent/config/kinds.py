"""The kinds of systems, as far as this machine can load them."""

from __future__ import annotations

import connectors
from agent.contract import Kind


def available() -> list[Kind]:
    """Every kind whose packages are installed, by name."""
    kinds = []
    for name in sorted(connectors.KINDS):
        try:
            kinds.append(connectors.load(name))
        except ImportError:
            continue
    return kinds

"""Versions of a platform's API that end on a day the vendor has named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agent.contract import Finding

AHEAD = 90
"""Days before the end from which on `check` warns."""


def version_findings(
    platform: str, version: str, ends: date | None, today: date
) -> Iterator[Finding]:
    """What `check` says of the version that an adapter speaks; `ends` None: no end is announced."""
    if ends is None:
        yield Finding("API version", f"{platform} {version}, no end announced")
        return
    days = (ends - today).days
    if days < 0:
        told = (
            f"{platform} {version} ended on {ends}: {platform} may refuse or change calls any day"
        )
    else:
        told = f"{platform} {version} ends on {ends}, in {days} days"
    yield Finding("API version", told, warning=days <= AHEAD, until=ends)

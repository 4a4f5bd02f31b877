"""Where pages are that are named by what others call their records."""

from __future__ import annotations

from urllib.parse import quote, urlencode

_STEPS = {"", ".", ".."}
"""Keys that a browser would take for a step within the path."""


def record_place(flow: str, key: str, under: str = "records", **query: object) -> str:
    """The page of a record; its key may hold any character."""
    place = f"/{under}/{quote(flow, safe='')}/"
    asked = {"key": key, **query} if key in _STEPS else query
    if key not in _STEPS:
        place += quote(key, safe="")
    return f"{place}?{urlencode(asked)}" if asked else place


def resync_place(flow: str, key: str) -> str:
    """The page on which a record is sent again, after a look at what would be sent."""
    return f"/resync?{urlencode({'flow': flow, 'keys': key})}"

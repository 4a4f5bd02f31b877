"""Where pages are that are named by what others call their records."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.convertors import PathConvertor, register_url_convertor

NUMBER = "[0-9]{1,18}"
"""What fits into the store, whatever somebody writes into an address."""
_STEPS = {"", ".", ".."}
"""Keys that a browser would take for a step within the path."""


class Number(PathConvertor):
    """`{run:number}` in the path of a page."""

    regex = NUMBER


class Key(PathConvertor):
    """`{key:key}`: what others call a record, with slashes and line ends."""

    regex = r"[\s\S]*"


register_url_convertor("number", Number())
register_url_convertor("key", Key())


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

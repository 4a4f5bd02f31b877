"""Values as OData writes them in an address, and as version 2 writes them in JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote, unquote

from agent.errors import Rejected
from agent.model import Json

TICKS = re.compile(r"/Date\((-?\d{1,15})([+-]\d{1,4})?\)/")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?")
SAFE = re.compile(r"[\w.:+-]{1,80}")
PART = re.compile(r"\s*(?:(\w+)\s*=\s*)?(?:[A-Za-z]*'((?:[^']|'')*)'|([^',()]+))\s*(?:,|$)")

PREFIXES = {"Edm.Guid": "guid", "Edm.DateTime": "datetime", "Edm.DateTimeOffset": "datetimeoffset"}
SUFFIXES = {"Edm.Int64": "L", "Edm.Decimal": "M"}
NUMBERS = {"Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Decimal"}


def literal(text: str, edm: str, version: str) -> str:
    """A key's part as a literal of its type, encoded. Raises `Rejected` for what can be none."""
    if edm == "Edm.String":
        return "'" + quote(text.replace("'", "''"), safe="") + "'"
    fits = NUMBER if edm in NUMBERS else SAFE
    if not fits.fullmatch(text):
        raise Rejected("SA-2115", f"{text!r} cannot be a key of the type {edm}")
    if version == "2":
        if edm in PREFIXES:
            return f"{PREFIXES[edm]}'{quote(text, safe=':')}'"
        text += SUFFIXES.get(edm, "")
    return quote(text, safe=":")


def key_predicate(names: Sequence[str], parts: Sequence[str], types: Sequence[str], v: str) -> str:
    """`('A01')`, or `(Item='A01',Warehouse=3)` for several properties."""
    literals = [literal(part, edm, v) for part, edm in zip(parts, types, strict=True)]
    if len(literals) == 1:
        return f"({literals[0]})"
    return "(" + ",".join(f"{n}={each}" for n, each in zip(names, literals, strict=True)) + ")"


def parsed_predicate(address: str, names: Sequence[str]) -> tuple[str, ...] | None:
    """The key's parts in the address of an entity; None where it holds no such key."""
    path = unquote(address.partition("?")[0])
    start = _opening(path)
    if start < 0:
        return (path.rpartition("/")[2],) if len(names) == 1 else None
    if not path.endswith(")"):
        return None
    inside, found, place = path[start + 1 : -1], {}, 0
    while place < len(inside):
        part = PART.match(inside, place)
        if part is None:
            return None
        name, quoted, bare = part.groups()
        found[name or names[0]] = quoted.replace("''", "'") if bare is None else bare.strip()
        place = part.end()
    return tuple(found[name] for name in names) if found.keys() == set(names) else None


def _opening(path: str) -> int:
    """Where the last parenthesis opens that stands in no text; -1 for none."""
    found, quoted = -1, False
    for place, char in enumerate(path):
        if char == "'":
            quoted = not quoted
        elif char == "(" and not quoted:
            found = place
    return found


def plain(value: Json) -> Json:
    """A value of version 2 without its wrappers: dates as ISO 8601, lists as lists.

    What was not expanded is left out, and so are `__metadata` and its like.
    """
    if isinstance(value, str):
        return iso(value)
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("results"), list) and value.keys() <= {"results", "__next", "__count"}:
        return plain(value["results"])
    return {
        name: plain(each)
        for name, each in value.items()
        if not name.startswith("__") and not (isinstance(each, dict) and "__deferred" in each)
    }


def iso(text: str) -> str:
    """`/Date(1767261600000)/` as ISO 8601; every other text as it is.

    Without an offset it is an Edm.DateTime, which knows no zone; with one (in minutes) the ticks
    are UTC and the offset says where the clock hung.
    """
    found = TICKS.fullmatch(text)
    if not found:
        return text
    try:
        moment = EPOCH + timedelta(milliseconds=int(found[1]))
        if found[2] is None:
            moment = moment.replace(tzinfo=None)
        else:
            moment = moment.astimezone(timezone(timedelta(minutes=int(found[2]))))
    except (OverflowError, ValueError):
        return text
    return moment.isoformat()

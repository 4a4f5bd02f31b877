"""A DOCTYPE that only names an external DTD (BMEcat, cXML) says nothing that we need.

It is cut out before the document is parsed. With it the parser would take every entity that it
does not know for one of the DTD's, and leave it out of an attribute without a word; without it
such an entity is an error.
"""

from __future__ import annotations

from contextlib import suppress
from xml.parsers import expat

DOCTYPE = b"<!DOCTYPE"


class _Found(Exception):
    """The outermost element begins: no DOCTYPE comes behind it."""


def without_external_dtd(beginning: bytes, encoding: str | None) -> bytes:
    """The beginning of a document without such a DOCTYPE; one that declares anything stays."""
    if DOCTYPE not in beginning:
        return beginning
    ends: list[int] = []
    scout = expat.ParserCreate(encoding)

    def note(_name: str, _system: str | None, _public: str | None, declares: int) -> None:
        if not declares:
            ends.append(scout.CurrentByteIndex)

    def stop(_name: str, _attributes: dict[str, str]) -> None:
        raise _Found

    scout.StartDoctypeDeclHandler = note
    scout.StartElementHandler = stop
    with suppress(_Found, expat.ExpatError, LookupError, ValueError):
        scout.Parse(beginning)
    if not ends:
        return beginning
    end = beginning.index(b">", ends[0]) + 1
    start = beginning.rindex(DOCTYPE, 0, end)
    lines = beginning.count(b"\n", start, end)
    return beginning[:start] + b"\n" * lines + beginning[end:]

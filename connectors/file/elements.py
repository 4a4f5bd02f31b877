"""A tree of mappings as XML: a name is an element, `@name` an attribute, `.` the text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from agent.errors import Rejected
from agent.model import Json
from connectors.file.values import plain

if TYPE_CHECKING:
    from connectors.file.options import XmlFormat

_NAME = re.compile(r"(?:([^\W\d][\w.-]*):)?[^\W\d][\w.-]*").fullmatch
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search
_ENTITIES = {"\r": "&#13;"}
"""A parser would read a carriage return as a line feed."""


def require_names(tree: Json, namespaces: Mapping[str, str]) -> None:
    """Raises ValueError where a name of the tree is none, or its prefix is not declared."""
    if isinstance(tree, list | tuple):
        for each in tree:
            require_names(each, namespaces)
    elif isinstance(tree, Mapping):
        if tree.keys() == {"each", "make"}:
            require_names(tree["make"], namespaces)
            return
        for name, each in tree.items():
            found = _NAME(name.removeprefix("@"))
            if name != "." and not found:
                raise ValueError(f"{name!r} is not the name of an element or attribute")
            if found and found[1] and found[1] not in {*namespaces, "xml"}:
                raise ValueError(f"the prefix of {name!r} is not among namespaces")
            require_names(each, namespaces)


def xml_text(content: Json, form: XmlFormat) -> str:
    """The content, `{ROOT: {…}}`, as the text of a document."""
    if not isinstance(content, Mapping) or len(content) != 1:
        raise Rejected("SA-5324", f"the content is no {{ROOT: {{…}}}} but {content!r}"[:200])
    ((name, value),) = content.items()
    declared = {
        f"@xmlns:{prefix}" if prefix else "@xmlns": address
        for prefix, address in form.namespaces.items()
    }
    root = {**declared, **(value if isinstance(value, Mapping) else {".": value})}
    head = f'<?xml version="1.0" encoding="{_declared(form.encoding)}"?>\n'
    return (head if form.declaration else "") + "".join(_element(name, root, form.indent, 0)) + "\n"


def _element(name: str, value: Json, indent: int, depth: int) -> Iterator[str]:
    parts = value if isinstance(value, Mapping) else {".": value}
    attributes = "".join(
        f" {key[1:]}={quoteattr(_text(each), _ENTITIES)}"
        for key, each in parts.items()
        if key.startswith("@") and each is not None
    )
    children = [
        (key, each)
        for key, inside in parts.items()
        if key != "." and not key.startswith("@")
        for each in (inside if isinstance(inside, list) else [inside])
        if each is not None
    ]
    text = escape(_text(parts.get(".")), _ENTITIES)
    if not children and not text:
        yield f"<{name}{attributes}/>"
        return
    yield f"<{name}{attributes}>{text}"
    line = "\n" + " " * indent * (depth + 1) if indent and not text else ""
    for key, each in children:
        yield line
        yield from _element(key, each, indent, depth + 1)
    if children and line:
        yield "\n" + " " * indent * depth
    yield f"</{name}>"


def _text(value: Json) -> str:
    text = plain(value)
    if found := _NOT_XML(text):
        raise Rejected("SA-5324", f"{text[:80]!r} holds {found[0]!r}, which no XML can hold")
    return text


def _declared(encoding: str) -> str:
    """The name that parsers know: Python's `cp1252` is `windows-1252` to them."""
    name = codecs.lookup(encoding).name
    if found := re.fullmatch(r"cp(125\d)", name):
        return f"windows-{found[1]}"
    return name.replace("iso8859", "iso-8859").removesuffix("-sig").upper()

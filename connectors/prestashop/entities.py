"""Entities as the web service writes them in XML: read safely, written without loss.

An entity is a dict of texts. A text in several languages is a dict by the language's id; under
`associations` stand lists of dicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring
from xml.etree.ElementTree import XMLParser as Parser

from agent.errors import Rejected, Unavailable

Entity: TypeAlias = dict[str, Any]
ONE_OF = {
    "categories": "category",
    "product_option_values": "product_option_value",
    "groups": "group",
}
"""Association → what one of it is called."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read(body: bytes, server: str) -> Element:
    """The root of a document. Raises `Unavailable` for what is no XML of the web service."""
    try:
        parser = Parser()  # noqa: S314 - declarations, and so entities, are refused before
        parser.feed(_without_declarations(body.decode("utf-8").lstrip()))
        root = parser.close()
    except (ParseError, ValueError) as error:
        raise Unavailable(
            "SA-5422",
            f"{server} answered no XML of the web service: {error}",
            hint="a maintenance page, or messages of PHP before the document: switch debug mode "
            "off in the shop",
        ) from None
    if not isinstance(root, Element) or root.tag != "prestashop":
        raise Unavailable("SA-5422", f"{server} answered another document than a web service")
    return root


def _without_declarations(text: str) -> str:
    """The same text. Raises ValueError where it declares anything, such as entities, of its own."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("it declares things of its own")
    return text


def entities(root: Element) -> Iterator[Entity]:
    """The entities of a list or of a single answer."""
    for child in root:
        inner = list(child)
        if inner and all(each.tag != "id" and "id" in each.attrib for each in inner):
            yield from ({"id": each.attrib["id"], **_entity(each)} for each in inner)
        elif inner and inner[0].find("id") is not None:
            yield from (_entity(each) for each in inner)
        elif inner:
            yield _entity(child)


def _entity(element: Element) -> Entity:
    return {child.tag: _value(child) for child in element}


def _value(element: Element) -> Any:
    if element.tag == "associations":
        return {each.tag: [_entity(one) for one in each] for each in element}
    languages = element.findall("language")
    if languages:
        return {int(each.get("id", "0")): (each.text or "") for each in languages}
    return element.text or ""


def problems(root: Element) -> str:
    """What the web service complains of, in its own words."""
    told = [(each.text or "").strip() for each in root.iter("message")]
    return "; ".join(text for text in told if text)


def written(name: str, entity: Mapping[str, Any]) -> bytes:
    """A document with one entity. Raises `Rejected` for characters that XML does not know."""
    root = Element("prestashop")
    top = SubElement(root, name)
    for field, value in entity.items():
        element = SubElement(top, field)
        if field == "associations":
            _associate(element, value)
        elif isinstance(value, Mapping):
            for language, text in value.items():
                SubElement(element, "language", id=str(language)).text = _text(field, text)
        else:
            element.text = _text(field, value)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _associate(element: Element, associations: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for name, members in associations.items():
        listed = SubElement(element, name)
        for member in members:
            one = SubElement(listed, ONE_OF[name])
            for field, value in member.items():
                SubElement(one, field).text = _text(field, value)


def _text(field: str, value: Any) -> str:
    text = "" if value is None else str(value)
    if odd := _NO_XML.search(text):
        raise Rejected("SA-5423", f"{field} holds the character {odd[0]!r}, which XML has not")
    return text

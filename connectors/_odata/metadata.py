"""What a service says about itself in `$metadata`: the properties and the key of an entity set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from xml.etree import ElementTree as ET

from agent.errors import Misconfigured, Unavailable


@dataclass(frozen=True, slots=True)
class EntityType:
    """Properties by name with their types, and the names of the key, those inherited included."""

    properties: dict[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()


def entity_type(document: bytes, entity_set: str, server: str) -> EntityType:
    """The type behind an entity set. Raises `Misconfigured` for a set that is not there."""
    root = _parsed(document, server)
    types = {
        f"{schema.get(space)}.{each.get('Name')}": each
        for schema in _named(root, "Schema")
        for each in _named(schema, "EntityType")
        for space in ("Namespace", "Alias")
        if schema.get(space)
    }
    sets = {
        str(each.get("Name")): str(each.get("EntityType", "")) for each in _named(root, "EntitySet")
    }
    name = entity_set.rstrip("/").rpartition("/")[2]
    if name not in sets:
        close = get_close_matches(name, sets, n=1)
        raise Misconfigured(
            "SA-2420",
            f"{server} has no entity set {name!r}"
            + (f": did you mean {close[0]!r}?" if close else ""),
            hint=f"it has {', '.join(sorted(sets))}"[:300],
        )
    return _inherited(types, sets[name])


def _inherited(types: dict[str, ET.Element], name: str) -> EntityType:
    properties: dict[str, str] = {}
    key: tuple[str, ...] = ()
    seen: set[str] = set()
    while name in types and name not in seen:
        seen.add(name)
        element = types[name]
        own = {
            str(each.get("Name")): str(each.get("Type"))
            for each in _named(element, "Property")
            if each.get("Type") != "Edm.Stream"
        }
        properties = {**own, **properties}
        key = key or tuple(str(each.get("Name")) for each in _named(element, "PropertyRef"))
        name = element.get("BaseType", "")
    return EntityType(properties, key)


def _parsed(document: bytes, server: str) -> ET.Element:
    """The document's root. One that declares anything of its own is refused before it is parsed."""
    try:
        text = document.decode("utf-8-sig")
        declares = "<!DOCTYPE" in text or "<!ENTITY" in text
        if not declares:
            return ET.fromstring(text)  # noqa: S314 - without declarations there are no entities
        why = "it holds declarations"
    except (ValueError, ET.ParseError, RecursionError) as error:
        why = str(error)
    raise Unavailable(
        "SA-2421",
        f"$metadata of {server} cannot be read: {why}",
        hint="declare key and columns of the flow, and nobody needs to ask for it",
    )


def _named(parent: ET.Element, name: str) -> Iterator[ET.Element]:
    """Every element of that name below, whichever version's namespace it is in."""
    return (each for each in parent.iter() if each.tag.rpartition("}")[2] == name)

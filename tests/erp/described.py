"""What a service says of its types in `$metadata`, and whether a request keeps to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

FOLDER = Path(__file__).parent / "descriptions"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
PYTHON: dict[str, type | tuple[type, ...]] = {
    "Edm.String": str,
    "Edm.Int32": int,
    "Edm.Double": (int, float),
    "Edm.Decimal": (int, float),
    "Edm.Boolean": bool,
    "Edm.Date": str,
    "Edm.Guid": str,
}


@dataclass(frozen=True)
class Property:
    type: str
    length: int = 0


@dataclass
class Description:
    """Types by name, each with its properties; enumerations with their members."""

    types: dict[str, dict[str, Property]] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    sets: dict[str, str] = field(default_factory=dict)

    def faults(self, entity_set: str, body: dict[str, Any]) -> list[str]:
        """What of a body the service would not take."""
        return list(self._object(self.sets[entity_set], body, entity_set))

    def _object(self, name: str, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path} is no object"
            return
        for each, content in value.items():
            place = f"{path}.{each}"
            if each not in self.types[name]:
                yield f"Property '{each}' of '{name}' is invalid"
            elif content is not None:
                yield from self._value(self.types[name][each], content, place)

    def _value(self, declared: Property, value: Any, path: str) -> Iterator[str]:
        inner = re.fullmatch(r"Collection\((.+)\)", declared.type)
        if inner:
            if not isinstance(value, list):
                yield f"{path} is no collection"
                return
            for place, each in enumerate(value):
                yield from self._object(inner[1], each, f"{path}[{place}]")
        elif declared.type in self.types:
            yield from self._object(declared.type, value, path)
        elif declared.type in self.members:
            if value not in self.members[declared.type]:
                yield f"{value!r} is no {declared.type} ({path})"
        elif not _fits(declared, value):
            yield f"{value!r} is no {declared.type} ({path})"


def _fits(declared: Property, value: Any) -> bool:
    known: Any = PYTHON[declared.type]
    if not isinstance(value, known):
        return False
    if isinstance(value, bool) and declared.type != "Edm.Boolean":
        return False
    if declared.type == "Edm.Date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
    if declared.type == "Edm.Guid" and not GUID.fullmatch(value):
        return False
    return not declared.length or len(value) <= declared.length


def description(name: str) -> Description:
    """The description in a file of this folder."""
    found = Description()
    for schema in _named(ET.parse(FOLDER / name).getroot(), "Schema"):
        space = schema.get("Namespace")
        for tag in ("EntityType", "ComplexType"):
            for each in _named(schema, tag):
                found.types[f"{space}.{each.get('Name')}"] = {
                    str(one.get("Name")): Property(
                        str(one.get("Type")), int(one.get("MaxLength", "0"))
                    )
                    for tag in ("Property", "NavigationProperty")
                    for one in _named(each, tag)
                }
        for each in _named(schema, "EnumType"):
            members = {str(one.get("Name")) for one in _named(each, "Member")}
            found.members[f"{space}.{each.get('Name')}"] = members
        for each in _named(schema, "EntitySet"):
            found.sets[str(each.get("Name"))] = str(each.get("EntityType"))
    return found


def _named(parent: ET.Element, name: str) -> Iterator[ET.Element]:
    return (each for each in parent.iter() if each.tag.rpartition("}")[2] == name)

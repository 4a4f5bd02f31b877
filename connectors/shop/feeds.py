"""What a feed gives: pages of items, and each item as a row of its entity's fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

from agent.entities import ENTITIES, EntityField
from agent.errors import Rejected
from agent.model import Json
from connectors._rest.exact_json import Document, doubt

Row: TypeAlias = tuple[Any, ...]


class Feed(StrEnum):
    """What a shop has for the company."""

    ORDERS = "orders"
    CUSTOMERS = "customers"
    RETURNS = "returns"
    REGISTRATIONS = "registrations"
    CONTACTS = "contacts"
    EVENTS = "events"


ENTITY_OF = {
    Feed.ORDERS: "order",
    Feed.CUSTOMERS: "customer",
    Feed.RETURNS: "return",
    Feed.REGISTRATIONS: "customer",
    Feed.CONTACTS: "contact",
    Feed.EVENTS: "event",
}
KEY = "@key"
AROUND = ("@id", "@version", "@at")
"""What the feed says of an item beside the record itself."""


class Item(msgspec.Struct):
    """One record's newest state. Fields that a later protocol adds are passed over."""

    id: str
    key: str
    version: int
    at: str
    op: str = "upsert"
    data: msgspec.Raw = msgspec.Raw(b"")


class Page(msgspec.Struct):
    """A part of a feed; `cursor` stands behind it."""

    items: list[Item]
    cursor: str
    more: bool = False


class Items(msgspec.Struct):
    """Records that were asked for by their keys."""

    items: list[Item]


class Rows:
    """Items of one feed as rows."""

    def __init__(self, feed: Feed) -> None:
        self._fields = ENTITIES[ENTITY_OF[feed]].fields
        self.columns = (KEY, *self._fields, *AROUND)

    def row(self, item: Item) -> Row:
        """Raises `Rejected` for data that cannot be read."""
        try:
            document = Document(bytes(item.data).decode())
        except ValueError as error:
            raise _unreadable(f"its data is no JSON: {error}") from None
        data = document.value
        if not isinstance(data, dict):
            raise _unreadable("its data is no object")
        if document.doubtful and (why := doubt(data)):
            raise _unreadable(why)
        known = _known(self._fields, data)
        values = [known.get(name) for name in self._fields]
        return (item.key, *values, item.id, item.version, item.at)


def _known(fields: Mapping[str, EntityField], data: Mapping[str, Json]) -> dict[str, Json]:
    """What the entity names of an object; the rest is passed over: fields may be added."""
    return {name: _known_value(field, data.get(name)) for name, field in fields.items()}


def _known_value(field: EntityField, value: Json) -> Json:
    if not field.fields:
        return value
    if isinstance(value, dict):
        return _known(field.fields, value)
    if isinstance(value, list):
        return [_known_value(field, each) for each in value]
    return value


def newest(items: Sequence[Item]) -> dict[str, Item]:
    """Key → its last item."""
    return {item.key: item for item in items}


def _unreadable(why: str) -> Rejected:
    return Rejected("SA-2803", f"the item cannot be read: {why}", hint="have the shop mend it")

"""A product record as Shopify wants it: pure, no request is made here."""

from __future__ import annotations

import html
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agent.model import Json, Message
from connectors._canonical import amount, category_codes, data_of, pictures
from connectors.shopify.marks import State, metafields

DEFAULT_OPTION, DEFAULT_VALUE = "Title", "Default Title"
"""What Shopify calls the option of a product that has none."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A product message and what it says."""

    message: Message
    data: Json
    weight: Decimal | None
    images: list[str]
    """Addresses of its pictures, from which Shopify fetches them."""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.message.key

    @property
    def sku(self) -> str:
        """The article code."""
        return str(self.data["sku"])

    @property
    def parent(self) -> str:
        """Code of the product of which it is a variant; "" for none."""
        return str(self.data.get("parent") or "")

    @property
    def options(self) -> list[tuple[str, str]]:
        """What tells it from its sisters."""
        return [(str(o["name"]), str(o["value"])) for o in self.data.get("options") or ()]

    @property
    def categories(self) -> list[str]:
        """Codes of all its categories, the main one first."""
        return category_codes(self.data)


def offer(message: Message, images_from: str) -> Offer:
    """The message, read. Raises `Rejected` for what Shopify would believe though it is wrong."""
    data = data_of(message)
    return Offer(message, data, amount(data, "weight"), pictures(data, images_from))


def product_fields(data: Json) -> dict[str, Any]:
    """What belongs to the product; what the record does not say is not sent, and stays."""
    fields: dict[str, Any] = {"title": data["name"]}
    if data.get("description") is not None:
        fields["descriptionHtml"] = as_html(str(data["description"]))
    if data.get("brand") is not None:
        fields["vendor"] = data["brand"]
    if data.get("active") is not None:
        fields["status"] = "ACTIVE" if data["active"] else "DRAFT"
    return fields


def variant_fields(each: Offer) -> dict[str, Any]:
    """What belongs to the variant."""
    item: dict[str, Any] = {"sku": each.sku, "tracked": True}
    if each.weight is not None:
        weight = {"value": float(each.weight), "unit": "KILOGRAMS"}
        item["measurement"] = {"weight": weight}
    fields: dict[str, Any] = {"inventoryItem": item}
    if each.data.get("ean") is not None:
        fields["barcode"] = each.data["ean"]
    return fields


def as_html(text: str) -> str:
    """Text as HTML, line by line; what is HTML already stays."""
    if "</" in text or "<br" in text or "/>" in text:
        return text
    return html.escape(text, quote=False).replace("\n", "<br>\n")


def media(addresses: list[str]) -> list[dict[str, str]]:
    """Media to add."""
    return [{"originalSource": each, "mediaContentType": "IMAGE"} for each in addresses]


def option_values(options: list[tuple[str, str]]) -> list[dict[str, str]]:
    """The choices of one variant."""
    chosen = options or [(DEFAULT_OPTION, DEFAULT_VALUE)]
    return [{"optionName": name, "name": value} for name, value in chosen]


def family_input(head: Offer, children: list[Offer], collections: list[str]) -> dict[str, Any]:
    """A new product with its variants, or with the only one that is itself."""
    images = list(dict.fromkeys([*head.images, *(i for child in children for i in child.images)]))
    state = State(head.message.version, images, collections)
    fields = {"status": "ACTIVE", **product_fields(head.data)}
    fields["metafields"] = metafields(state, head.key)
    members = children or [head]
    fields["productOptions"] = _options(members)
    fields["variants"] = [_member(each, single=not children) for each in members]
    if collections:
        fields["collections"] = collections
    if images:
        fields["files"] = [{"originalSource": each, "contentType": "IMAGE"} for each in images]
    return fields


def _member(member: Offer, *, single: bool) -> dict[str, Any]:
    options = [] if single else member.options
    state = State(member.message.version, member.images)
    fields = {
        "optionValues": option_values(options),
        "inventoryPolicy": "DENY",
        "metafields": metafields(state, member.key),
        **variant_fields(member),
    }
    if member.images and not single:
        fields["file"] = {"originalSource": member.images[0], "contentType": "IMAGE"}
    return fields


def _options(members: list[Offer]) -> list[dict[str, Any]]:
    """Every option with all its values, in the order in which they come."""
    values: dict[str, dict[str, None]] = {}
    for member in members:
        for name, value in member.options or [(DEFAULT_OPTION, DEFAULT_VALUE)]:
            values.setdefault(name, {})[value] = None
    return [
        {"name": name, "values": [{"name": value} for value in found]}
        for name, found in values.items()
    ]

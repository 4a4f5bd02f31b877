"""The canonical entities of a B2B shop: what a record of each kind holds, and what it must hold.

Plain data. A mapping is checked against it before anything runs, and the reference page
`docs/reference/entities.md` is generated from it. A field that is not listed is refused, so that a
typo is caught; what a shop wants beyond the list goes into the free object `attributes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

FieldType: TypeAlias = Literal[
    "text", "integer", "decimal", "boolean", "date", "datetime", "time", "json", "list", "object"
]
"""How a field travels: decimals as text (`"12.50"`), dates and times as ISO 8601 text."""


@dataclass(frozen=True, slots=True)
class EntityField:
    """One field. `fields` describes the object, or each element of the list, where it is given.

    A list without `fields` holds texts; an object without `fields` is free.
    """

    type: FieldType
    description: str
    required: bool = False
    fields: Mapping[str, EntityField] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of record: its name, what it stands for, its fields in reading order."""

    name: str
    description: str
    fields: Mapping[str, EntityField]


def _text(description: str, *, required: bool = False) -> EntityField:
    return EntityField("text", description, required)


def _decimal(description: str, *, required: bool = False) -> EntityField:
    return EntityField("decimal", description, required)


_ATTRIBUTES = {"attributes": EntityField("object", "Anything else the shop wants, freely named")}

_ADDRESS: dict[str, EntityField] = {
    "name": _text("Addressee, where it differs from the customer"),
    "street": _text("Street and number", required=True),
    "city": _text("Town", required=True),
    "postal_code": _text("Postal code, as text (CAP 00184)"),
    "province": _text("Province or state (RM)"),
    "country": _text("ISO 3166 country code, two letters", required=True),
    "phone": _text("Telephone"),
    "email": _text("E-mail"),
}

_ADDRESSES: dict[str, EntityField] = {
    "code": _text("The ERP's code of the address"),
    "kind": _text("What it is for: billing, shipping"),
    **_ADDRESS,
}

_TIERS = {
    "min_quantity": _decimal("From this quantity on", required=True),
    "price": _decimal("Price of one unit", required=True),
}

_ORDER_LINES: dict[str, EntityField] = {
    "line": EntityField("integer", "Number of the line", required=True),
    "sku": _text("Article code", required=True),
    "description": _text("Text of the line"),
    "quantity": _decimal("Quantity ordered", required=True),
    "unit": _text("Unit of measure"),
    "price": _decimal("Net price of one unit"),
    "discount": _decimal("Discount in percent"),
    "vat_rate": _decimal("VAT in percent"),
    "total": _decimal("Net value of the line"),
    "warehouse": _text("Code of the warehouse that it is taken from, where the shop knows it"),
    "note": _text("Remark"),
    **_ATTRIBUTES,
}

_STATUS_LINES = {
    "line": EntityField("integer", "Number of the line", required=True),
    "sku": _text("Article code"),
    "status": _text("Where the line stands"),
    "quantity_shipped": _decimal("Quantity shipped so far"),
    "delivery_on": EntityField("date", "Expected or actual day of delivery"),
}

_VARIANT_OPTIONS = {
    "name": _text("What is chosen (Colour)", required=True),
    "value": _text("The choice (Red)", required=True),
}

_PRODUCT: dict[str, EntityField] = {
    "sku": _text("Article code, as the customer orders it", required=True),
    "parent": _text("Code of the product of which this one is a variant; empty: none"),
    "options": EntityField(
        "list", "What tells a variant from its sisters", fields=_VARIANT_OPTIONS
    ),
    "name": _text("Name shown in lists", required=True),
    "description": _text("Long text"),
    "category": _text("Code of the main category"),
    "categories": EntityField("list", "Codes of further categories"),
    "brand": _text("Maker"),
    "ean": _text("EAN/GTIN, as text"),
    "unit": _text("Unit of measure in which it is sold"),
    "pack_size": _decimal("Units in a pack: the step of the quantity ordered"),
    "min_quantity": _decimal("Least quantity that can be ordered"),
    "weight": _decimal("Weight of one unit in kg"),
    "vat_code": _text("The ERP's VAT code"),
    "vat_rate": _decimal("VAT in percent"),
    "active": EntityField("boolean", "Whether the shop sells it"),
    "images": EntityField("list", "Addresses or file names of pictures, the main one first"),
    "updated_at": EntityField("datetime", "Last change in the ERP"),
}

_CATEGORY: dict[str, EntityField] = {
    "code": _text("Code of the category", required=True),
    "name": _text("Name shown", required=True),
    "parent": _text("Code of the category above; empty at the top"),
    "position": EntityField("integer", "Place among its sisters"),
    "active": EntityField("boolean", "Whether the shop shows it"),
}

_PRICE: dict[str, EntityField] = {
    "sku": _text("Article code", required=True),
    "price_list": _text("Code of the price list", required=True),
    "price": _decimal("Price of one unit", required=True),
    "currency": _text("ISO 4217 code (EUR)", required=True),
    "min_quantity": _decimal("From this quantity on, where each tier is a record of its own"),
    "tiers": EntityField("list", "Prices by quantity, where one record holds all", fields=_TIERS),
    "customer": _text("Customer code, for a price agreed with one customer"),
    "discount": _decimal("Discount in percent on the price"),
    "vat_included": EntityField("boolean", "Whether the price includes VAT"),
    "valid_from": EntityField("date", "First day"),
    "valid_to": EntityField("date", "Last day; empty: open"),
}

_STOCK: dict[str, EntityField] = {
    "sku": _text("Article code", required=True),
    "warehouse": _text("Code of the warehouse", required=True),
    "quantity": _decimal("Quantity that may be sold", required=True),
    "reserved": _decimal("Quantity reserved for orders"),
    "incoming": _decimal("Quantity on its way from suppliers"),
    "available_on": EntityField("date", "Day on which the incoming quantity is expected"),
}

_CUSTOMER: dict[str, EntityField] = {
    "code": _text("Customer code", required=True),
    "name": _text("Company name", required=True),
    "vat_number": _text("VAT number (partita IVA)"),
    "tax_code": _text("Tax code (codice fiscale)"),
    "sdi_code": _text("Code for electronic invoices (codice destinatario)"),
    "certified_email": _text("Certified e-mail (PEC)"),
    "email": _text("E-mail"),
    "phone": _text("Telephone"),
    "language": _text("ISO 639 code (it)"),
    "price_list": _text("Code of the price list"),
    "payment_terms": _text("Code of the terms of payment"),
    "discount": _decimal("Discount in percent"),
    "credit_limit": _decimal("Credit limit"),
    "agent": _text("Code of the sales agent"),
    "active": EntityField("boolean", "Whether the customer may order"),
    "updated_at": EntityField("datetime", "Last change"),
    "address": EntityField("object", "Registered address", fields=_ADDRESS),
    "addresses": EntityField("list", "Billing and shipping addresses", fields=_ADDRESSES),
}

_CONTACT: dict[str, EntityField] = {
    "code": _text("The company's code of the person, where it has one"),
    "customer": _text("Code of the customer for whom the person acts", required=True),
    "first_name": _text("First name"),
    "last_name": _text("Last name"),
    "name": _text("Whole name, where its parts are not told"),
    "email": _text("E-mail"),
    "phone": _text("Telephone"),
    "role": _text("What the person does there (buyer, accountant)"),
    "language": _text("ISO 639 code (it)"),
    "active": EntityField("boolean", "Whether the person may act for the customer"),
    "updated_at": EntityField("datetime", "Last change"),
}

_ORDER: dict[str, EntityField] = {
    "number": _text("Number of the order", required=True),
    "customer": _text("Customer code", required=True),
    "placed_at": EntityField("datetime", "When it was placed", required=True),
    "currency": _text("ISO 4217 code (EUR)"),
    "customer_reference": _text("The customer's own reference"),
    "payment_terms": _text("Code of the terms of payment"),
    "shipping_method": _text("Code of the way of shipping"),
    "delivery_on": EntityField("date", "Day of delivery asked for"),
    "billing_address": EntityField("object", "Where the invoice goes", fields=_ADDRESS),
    "shipping_address": EntityField("object", "Where the goods go", fields=_ADDRESS),
    "lines": EntityField("list", "What is ordered", required=True, fields=_ORDER_LINES),
    "total_net": _decimal("Total without VAT"),
    "total_vat": _decimal("VAT"),
    "total": _decimal("Total to pay"),
    "note": _text("Remark"),
    "updated_at": EntityField("datetime", "Last change"),
}

_ORDER_STATUS: dict[str, EntityField] = {
    "number": _text("Number of the order", required=True),
    "status": _text("Where the order stands", required=True),
    "changed_at": EntityField("datetime", "When it got there"),
    "tracking_number": _text("The carrier's number"),
    "carrier": _text("Who carries it"),
    "invoice": _text("Number of the invoice"),
    "lines": EntityField("list", "Status of each line", fields=_STATUS_LINES),
}

_RETURN_LINES: dict[str, EntityField] = {
    "line": EntityField("integer", "Number of the line of the order", required=True),
    "sku": _text("Article code", required=True),
    "quantity": _decimal("Quantity that comes back", required=True),
    "unit": _text("Unit of measure"),
    "reason": _text("Why it comes back"),
    "amount": _decimal("Net value to be credited"),
    **_ATTRIBUTES,
}

_RETURN: dict[str, EntityField] = {
    "number": _text("Number of the return", required=True),
    "order": _text("Number of the order that it is about", required=True),
    "customer": _text("Customer code", required=True),
    "requested_at": EntityField("datetime", "When it was asked for", required=True),
    "status": _text("Where it stands"),
    "currency": _text("ISO 4217 code (EUR)"),
    "lines": EntityField("list", "What comes back", required=True, fields=_RETURN_LINES),
    "note": _text("Remark"),
}

_CONTENT: dict[str, EntityField] = {
    "file_name": _text("Name of the file, for people"),
    "path": _text("Where the file lies below its folder, /-parted; read here, never sent"),
    "media_type": _text("What the file is: image/jpeg, application/pdf"),
    "size": EntityField("integer", "Bytes of the file"),
    "sha256": _text("SHA-256 of the file in hex: the content that travels beside the record"),
}

_MEDIA: dict[str, EntityField] = {
    "sku": _text("Article code", required=True),
    "kind": _text("What it is for: image, datasheet, manual, certificate, drawing"),
    "position": EntityField("integer", "Place among the files of the article; the least leads"),
    "title": _text("Title, also the text that stands for a picture"),
    "language": _text("ISO 639 code (it), where it has one"),
    **{
        name: replace(each, required=name in {"file_name", "media_type", "size", "sha256"})
        for name, each in _CONTENT.items()
    },
    "updated_at": EntityField("datetime", "Last change of the file"),
}

_DOCUMENT: dict[str, EntityField] = {
    "number": _text("Number of the document", required=True),
    "kind": _text("What it is: invoice, credit_note, delivery_note, quote", required=True),
    "customer": _text("Customer code", required=True),
    "issued_on": EntityField("date", "Date of the document", required=True),
    "due_on": EntityField("date", "Date on which it is due"),
    "currency": _text("ISO 4217 code (EUR)"),
    "total": _decimal("Total"),
    "open_amount": _decimal("What is still to be paid"),
    "order": _text("Number of the order it belongs to"),
    "file": _text("Address or file name of its PDF, where the file itself does not travel"),
    **_CONTENT,
}

_EVENT = {
    "id": _text("The event's own id, by which it is told twice and counted once", required=True),
    "kind": _text("What happened: view, search, purchase", required=True),
    "occurred_at": EntityField("datetime", "When", required=True),
    "sku": _text("Article code, where it was about an article"),
    "customer": _text("Customer code, where it is known"),
    "channel": _text("Where it happened: web, counter, phone"),
    "text": _text("What was searched for"),
    "quantity": _decimal("Quantity bought"),
    "amount": _decimal("Net value of what was bought"),
    "currency": _text("ISO 4217 code (EUR)"),
}

_ALL = (
    Entity("product", "An article of the catalogue.", _PRODUCT | _ATTRIBUTES),
    Entity("category", "A branch of the catalogue's tree.", _CATEGORY | _ATTRIBUTES),
    Entity("price", "What an article costs in one price list.", _PRICE | _ATTRIBUTES),
    Entity("stock", "How much of an article one warehouse has.", _STOCK | _ATTRIBUTES),
    Entity("customer", "A company that buys, with its addresses.", _CUSTOMER | _ATTRIBUTES),
    Entity("contact", "A person of a customer.", _CONTACT | _ATTRIBUTES),
    Entity("order", "An order with its lines.", _ORDER | _ATTRIBUTES),
    Entity("order_status", "How far an order has got.", _ORDER_STATUS | _ATTRIBUTES),
    Entity("return", "Goods of an order that come back.", _RETURN | _ATTRIBUTES),
    Entity(
        "media",
        "A picture or document of an article; its bytes travel beside.",
        _MEDIA | _ATTRIBUTES,
    ),
    Entity("document", "An invoice, delivery note or quote.", _DOCUMENT | _ATTRIBUTES),
    Entity("event", "What somebody did: looked, searched, bought.", _EVENT | _ATTRIBUTES),
)

ENTITIES: Mapping[str, Entity] = {entity.name: entity for entity in _ALL}
"""Name in the configuration → entity."""

PERSONAL_ENTITIES = frozenset({"customer", "contact", "order", "return", "document", "event"})
"""Entities whose records are about people and companies: what they hold is written into no log."""


_INTRODUCTION = """\
What a record of each kind holds. A mapping may use these fields and no others; anything else goes
into the free object `attributes`. Decimals travel as text (`"12.50"`), dates and times as ISO 8601
text."""


def entities_markdown() -> str:
    """The reference page of all entities, a table each; nested fields as `lines[].sku`."""
    page = ["# Entities", "", _INTRODUCTION]
    for entity in ENTITIES.values():
        page += ["", f"## {entity.name}", "", entity.description, ""]
        page += ["| Field | Type | Required | What it is |", "|---|---|---|---|"]
        page += _rows(entity.fields, "")
    return "\n".join(page) + "\n"


def _rows(fields: Mapping[str, EntityField], prefix: str) -> Iterator[str]:
    for name, each in fields.items():
        required = "yes" if each.required else ""
        yield f"| `{prefix}{name}` | {each.type} | {required} | {each.description} |"
        step = "[]." if each.type == "list" else "."
        yield from _rows(each.fields, f"{prefix}{name}{step}")

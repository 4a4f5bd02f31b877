"""Canonical records as the fields of BigCommerce. Absent fields are left alone, null clears."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from agent.errors import Rejected
from agent.model import Json
from connectors._canonical import Data, amount, text, whole, wrong
from connectors.bigcommerce.options import BigCommerceTargetOptions

GTIN = re.compile(r"[0-9]{0,14}")
LONGEST_NAME = 250
MOST = 2_147_483_647


def product_fields(data: Data) -> dict[str, Any]:
    """A product without categories and pictures, which need the store's ids."""
    fields = _goods(data)
    name = text(data, "name")
    if len(name) > LONGEST_NAME:
        raise wrong("name", name, f"is longer than {LONGEST_NAME} characters")
    fields["name"] = name
    if "description" in data:
        fields["description"] = text(data, "description")
    if "brand" in data:
        # An empty name takes no brand away; the id 0 does.
        brand = text(data, "brand")
        fields |= {"brand_name": brand} if brand else {"brand_id": 0}
    if "min_quantity" in data:
        fields["order_quantity_minimum"] = max(whole(data, "min_quantity") or 0, 0)
    fields["is_visible"] = data.get("active") is not False
    return fields


def new_product(fields: dict[str, Any]) -> dict[str, Any]:
    """What a product needs besides when it is made: it cannot be bought before it has a price."""
    return {
        "type": "physical",
        "weight": 0,
        "price": 0,
        "categories": [],
        "availability": "disabled",
        "inventory_tracking": "product",
        **fields,
    }


def variant_fields(data: Data) -> dict[str, Any]:
    """A variant without its options."""
    fields = _goods(data)
    if "gtin" in fields:
        fields["upc"] = fields.pop("gtin")  # what variants in bulk have for it
    fields["purchasing_disabled"] = data.get("active") is False
    return fields


def _goods(data: Data) -> dict[str, Any]:
    fields: dict[str, Any] = {"sku": text(data, "sku")}
    if "weight" in data:
        fields["weight"] = amount(data, "weight") or 0
    if "ean" in data:
        ean = text(data, "ean")
        if not GTIN.fullmatch(ean):
            raise wrong("ean", ean, "is none: at most 14 digits")
        fields["gtin"] = ean
    return fields


def stocked(data: Data) -> int:
    """A quantity as BigCommerce counts: whole pieces, none below zero."""
    return min(max(whole(data, "quantity") or 0, 0), MOST)


def tiers(data: Data) -> list[dict[str, Json]]:
    """Prices by quantity: each up to where the next one begins, the last without an end."""
    found = sorted(
        (whole(each, "min_quantity") or 0, amount(each, "price") or Decimal(0))
        for each in data.get("tiers") or ()
    )
    ends = [least - 1 for least, _ in found[1:]] + [0]
    return [
        {"quantity_min": least, "quantity_max": end, "type": "fixed", "amount": price}
        for (least, price), end in zip(found, ends, strict=True)
    ]


def customer_fields(data: Data, options: BigCommerceTargetOptions) -> dict[str, Any]:
    """A customer: a person by BigCommerce's lights, so the company's code is the last name."""
    email = text(data, "email").strip().lower()
    if not email:
        raise Rejected(
            "SA-5406",
            "the customer has no e-mail address, and an account of the store cannot do without",
            hint="fill it in at the source, or leave such customers out by where",
        )
    person = data.get("attributes") or {}
    fields: dict[str, Any] = {
        "email": email,
        "first_name": (text(person, "first_name") or text(data, "name"))[:100],
        "last_name": (text(person, "last_name") or text(data, "code"))[:100],
        "company": text(data, "name")[:255],
    }
    if "phone" in data:
        fields["phone"] = text(data, "phone")[:50]
    if options.customer_groups and data.get("price_list") is not None:
        group = options.customer_groups.get(text(data, "price_list"))
        if group is None:
            raise Rejected(
                "SA-5486",
                f"no customer group is named for price list {text(data, 'price_list')!r}",
                hint="add it to customer_groups",
            )
        fields["customer_group_id"] = group
    return fields


def addresses(data: Data, fields: dict[str, Any]) -> list[dict[str, Any]]:
    """The addresses of a customer, the registered one first; no two alike."""
    found = []
    for each in (data.get("address"), *(data.get("addresses") or ())):
        if each:
            address = {
                "first_name": fields["first_name"],
                "last_name": fields["last_name"],
                "company": text(each, "name") or fields["company"],
                "address1": text(each, "street"),
                "city": text(each, "city"),
                "state_or_province": text(each, "province"),
                "postal_code": text(each, "postal_code"),
                "country_code": text(each, "country"),
            }
            if address not in found:
                found.append(address)
    return found[:10]

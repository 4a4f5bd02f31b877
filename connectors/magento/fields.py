"""Canonical records as the fields of Magento. Absent fields are left alone, null clears."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from agent.errors import Rejected
from agent.model import Json
from connectors._canonical import Data, amount, take, text, wrong
from connectors.magento.calls import Item
from connectors.magento.options import MagentoTargetOptions

LONGEST_SKU, LONGEST_NAME = 64, 255
ENABLED, DISABLED = 1, 2
NOT_BY_ITSELF, EVERYWHERE = 1, 4
"""Where a product is seen: a variant only through its parent, any other in catalogue and search."""
NOT_IN_NAMES = re.compile(r"[^\w,\-.'\u2019`&\s]")
"""What Magento takes in no name of a person."""


def product_fields(data: Data, options: MagentoTargetOptions) -> dict[str, Any]:
    """A product without what needs the shop's ids: categories, options and pictures."""
    sku, name = text(data, "sku"), text(data, "name")
    for field, value, longest in (("sku", sku, LONGEST_SKU), ("name", name, LONGEST_NAME)):
        if len(value) > longest:
            raise wrong(field, value, f"is longer than {longest} characters")
    fields: dict[str, Any] = {
        "sku": sku,
        "name": name,
        "status": DISABLED if data.get("active") is False else ENABLED,
    }
    if "weight" in data:
        fields["weight"] = amount(data, "weight") or 0
    if custom := _custom(data, options):
        fields["custom_attributes"] = custom
    return fields


def new_product(fields: dict[str, Any], options: MagentoTargetOptions) -> dict[str, Any]:
    """What a product needs besides when it is made.

    Magento makes the address of a product of its name, and refuses a second one of that name.
    """
    custom = list(fields.get("custom_attributes", ()))
    if not any(each["attribute_code"] == "url_key" for each in custom):
        custom.append(_attribute("url_key", address(f"{fields['name']} {fields['sku']}")))
    made = {
        "type_id": "simple",
        "attribute_set_id": options.attribute_set,
        "price": options.new_price,
        "visibility": EVERYWHERE,
        **fields,
        "custom_attributes": custom,
    }
    if options.websites:
        above = made.get("extension_attributes", {})
        made["extension_attributes"] = {**above, "website_ids": list(options.websites)}
    return made


def address(words: str) -> str:
    """Words as a part of an address: lower case, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _custom(data: Data, options: MagentoTargetOptions) -> list[Item]:
    found = []
    if "description" in data:
        found.append(_attribute("description", text(data, "description")))
    if url_key := take(data, "attributes.url_key"):
        found.append(_attribute("url_key", str(url_key)))
    if options.tax_classes and data.get("vat_code") is not None:
        tax_class = options.tax_classes.get(text(data, "vat_code"))
        if tax_class is None:
            raise Rejected(
                "SA-5413",
                f"no tax class is named for vat_code {text(data, 'vat_code')!r}",
                hint="add it to tax_classes",
            )
        found.append(_attribute("tax_class_id", str(tax_class)))
    for path, code in options.attributes.items():
        if path.partition(".")[0] in data:
            value = take(data, path)
            found.append(_attribute(code, "" if value is None else str(value)))
    return found


def _attribute(code: str, value: str) -> Item:
    return {"attribute_code": code, "value": value}


def customer_fields(data: Data, options: MagentoTargetOptions) -> dict[str, Any]:
    """A customer without addresses: a person by Magento's lights, so the code is the last name."""
    email = text(data, "email").strip().lower()
    if not email:
        raise Rejected(
            "SA-5406",
            "the customer has no e-mail address, and an account of the shop cannot do without",
            hint="fill it in at the source, or leave such customers out by where",
        )
    person = data.get("attributes") or {}
    fields: dict[str, Any] = {
        "email": email,
        "firstname": _name(text(person, "first_name") or text(data, "name")),
        "lastname": _name(text(person, "last_name") or text(data, "code")),
    }
    if "vat_number" in data:
        fields["taxvat"] = text(data, "vat_number")
    if options.customer_groups and data.get("price_list") is not None:
        group = options.customer_groups.get(text(data, "price_list"))
        if group is None:
            raise Rejected(
                "SA-5466",
                f"no customer group is named for price list {text(data, 'price_list')!r}",
                hint="add it to customer_groups",
            )
        fields["group_id"] = group
    return fields


def addresses(data: Data, fields: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The addresses of a customer, the registered one first; each behind its province."""
    for each in (data.get("address"), *(data.get("addresses") or ())):
        if each:
            yield (
                text(each, "province"),
                {
                    "firstname": fields["firstname"],
                    "lastname": fields["lastname"],
                    "company": text(each, "name") or text(data, "name"),
                    "street": text(each, "street").split("\n")[:2],
                    "city": text(each, "city"),
                    "postcode": text(each, "postal_code"),
                    "country_id": text(each, "country"),
                    # Magento wants one; where nobody has said any, this says so.
                    "telephone": text(each, "phone") or text(data, "phone") or "-",
                },
            )


def _name(words: str) -> str:
    return " ".join(NOT_IN_NAMES.sub(" ", words).split())[:255] or "-"


def custom_value(item: Item, code: str) -> Json:
    """The value of a custom attribute, None for none."""
    for each in item.get("custom_attributes") or ():
        if each["attribute_code"] == code:
            return each.get("value")
    return None

"""Canonical records as the fields of WooCommerce. Absent fields are left alone, null clears."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from agent.errors import Rejected
from agent.model import Json
from connectors._canonical import Data, amount, plain, take, text, wrong
from connectors.woocommerce.options import WooCommerceTargetOptions

KEY = "_syncagent_key"
"""The record's key, in the meta data of what was made of it."""
IMAGES = "_syncagent_images"
"""The addresses from which the pictures of a product were fetched, in order."""
FREE = ("slug", "short_description", "shipping_class")
"""Fields of WooCommerce that a record may hold among its `attributes`."""
GTIN = re.compile(r"[0-9-]*")

Meta = list[dict[str, Json]]


def meta_data(data: Data, wanted: Mapping[str, str], key: str) -> Meta:
    """Our key, and the fields that are kept besides."""
    found: Meta = [{"key": KEY, "value": key}]
    for path, name in wanted.items():
        value = take(data, path)
        found.append({"key": name, "value": "" if value is None else value})
    return found


def product_fields(data: Data, options: WooCommerceTargetOptions, key: str) -> dict[str, Any]:
    """A product without categories and pictures, which need the shop's ids."""
    fields = _goods(data, options, key)
    fields["name"] = text(data, "name")
    fields["status"] = "draft" if data.get("active") is False else "publish"
    attributes = data.get("attributes") or {}
    fields |= {name: text(attributes, name) for name in FREE if name in attributes}
    return fields


def variation_fields(data: Data, options: WooCommerceTargetOptions, key: str) -> dict[str, Any]:
    """A variation without attributes and picture; its name is that of the product."""
    fields = _goods(data, options, key)
    fields["status"] = "private" if data.get("active") is False else "publish"
    return fields


def _goods(data: Data, options: WooCommerceTargetOptions, key: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"sku": text(data, "sku")}
    if "description" in data:
        fields["description"] = text(data, "description")
    if "weight" in data:
        weight = amount(data, "weight")
        fields["weight"] = "" if weight is None else plain(weight)
    if "ean" in data:
        ean = text(data, "ean")
        if not GTIN.fullmatch(ean):
            raise wrong("ean", ean, "is none: digits and hyphens only")
        fields["global_unique_id"] = ean
    if options.tax_classes and "vat_code" in data:
        fields["tax_class"] = _tax_class(text(data, "vat_code"), options.tax_classes)
    fields["meta_data"] = meta_data(data, options.meta_data, key)
    return fields


def _tax_class(code: str, classes: Mapping[str, str]) -> str:
    if code in classes:
        return classes[code]
    raise Rejected(
        "SA-5413",
        f'field "vat_code": the shop has no tax class for {code!r}',
        hint="name one under tax_classes",
    )


def customer_fields(data: Data, options: WooCommerceTargetOptions, key: str) -> dict[str, Any]:
    """A customer: an account with an e-mail address, the company in its billing address."""
    email = text(data, "email").strip().lower()
    if not email:
        raise Rejected(
            "SA-5406",
            "the customer has no e-mail address, and an account of the shop cannot do without",
            hint="fill it in at the source, or leave such customers out by where",
        )
    billing = {"email": email, "company": text(data, "name")}
    if address := data.get("address"):
        billing |= _address(address, text(data, "name"))
    if "phone" in data:
        billing["phone"] = text(data, "phone")
    fields: dict[str, Any] = {
        "email": email,
        "billing": billing,
        "meta_data": meta_data(data, options.meta_data, key),
    }
    for each in data.get("addresses") or ():
        if each.get("kind") == "shipping":
            fields["shipping"] = _address(each, text(data, "name"))
            break
    return fields


def _address(address: Data, company: str) -> dict[str, str]:
    return {
        "company": text(address, "name") or company,
        "address_1": text(address, "street"),
        "city": text(address, "city"),
        "postcode": text(address, "postal_code"),
        "state": text(address, "province"),
        "country": text(address, "country"),
    }


def images_wanted(wanted: list[str], known: Iterable[Mapping[str, Any]], sent: Json) -> Any:
    """The pictures to send, None where nothing changed.

    A picture that the shop has fetched from the same address is named by its id: for an address
    WooCommerce fetches and stores it once more. `known` are the product's pictures now, `sent` the
    addresses of the last time; a product whose pictures somebody rearranged is filled anew.
    """
    ids = [each.get("id") for each in known]
    before = list(sent) if isinstance(sent, list) else []
    if len(ids) != len(before):
        before = []
    if before == wanted and (before or not ids):
        return None
    there = dict(zip(before, ids, strict=False))
    return [{"id": there[each]} if each in there else {"src": each} for each in wanted]


def meta_value(item: Mapping[str, Any], key: str) -> Json:
    """A value in the meta data of a record, None for none."""
    for each in item.get("meta_data") or ():
        if each.get("key") == key:
            return each.get("value")
    return None

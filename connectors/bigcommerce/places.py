"""Where products and variants are at the store, as it tells by their SKUs."""

from __future__ import annotations

from collections.abc import Iterable

from connectors._halving import portions
from connectors._platform.places import Place, bound_or_asked
from connectors.bigcommerce.calls import Calls

SKUS = 50
"""SKUs that are looked up at a time: an address must not grow too long."""


def products_by_sku(calls: Calls, skus: Iterable[str]) -> dict[str, Place]:
    """SKU → product. The list of SKUs is parted by commas, so one with a comma is asked alone."""
    wanted = list(dict.fromkeys(skus))
    found: dict[str, Place] = {}
    plain = [sku for sku in wanted if "," not in sku]
    questions = [{"sku:in": ",".join(each)} for each in portions(plain, SKUS)]
    questions += [{"sku": sku} for sku in wanted if "," in sku]
    for question in questions:
        for each in calls.pages("/v3/catalog/products", include_fields="sku", **question):
            found[str(each["sku"])] = Place(int(each["id"]))
    return found


def by_sku(calls: Calls, skus: Iterable[str]) -> dict[str, Place]:
    """SKU → product or variant. Variants can only be asked for one by one."""
    wanted = list(dict.fromkeys(skus))
    found = products_by_sku(calls, wanted)
    for sku in wanted:
        if sku in found:
            continue
        for each in calls.pages("/v3/catalog/variants", sku=sku):
            found[sku] = Place(int(each["product_id"]), int(each["id"]))
    return found


def find(calls: Calls, skus: Iterable[str]) -> dict[str, Place]:
    """SKU → place: by our own receipts, and for the others by asking the store."""
    return bound_or_asked(calls.bindings, skus, lambda missing: by_sku(calls, missing))

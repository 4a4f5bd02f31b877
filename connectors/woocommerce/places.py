"""Where products and variations are at the shop, and in which list they are changed."""

from __future__ import annotations

from collections.abc import Iterable

from connectors._platform.places import Place, bound_or_asked
from connectors.woocommerce.calls import Calls

FIELDS = "id,sku,type,parent_id"


def list_of(place: Place) -> str:
    """The list in which it is changed: a product has one of its variations."""
    return f"products/{place.product}/variations" if place.variant else "products"


def by_sku(calls: Calls, skus: Iterable[str]) -> dict[str, Place]:
    """SKU → place, as the shop says."""
    found = {}
    for each in calls.by_skus(skus, FIELDS):
        number, above = int(each["id"]), int(each.get("parent_id") or 0)
        of_variation = each.get("type") == "variation" and above
        found[str(each["sku"])] = Place(above, number) if of_variation else Place(number)
    return found


def find(calls: Calls, skus: Iterable[str]) -> dict[str, Place]:
    """SKU → place: by our own receipts, and for the others by one question to the shop."""
    return bound_or_asked(calls.bindings, skus, lambda missing: by_sku(calls, missing))

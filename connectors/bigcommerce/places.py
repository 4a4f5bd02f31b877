"""Where a product is at the store: an id, for a variant that of its product before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

from agent.contract import Bindings
from connectors.bigcommerce.calls import Calls, portions

SKUS = 50
"""SKUs that are looked up at a time: an address must not grow too long."""


class Place(NamedTuple):
    """`12` is a product, `12/34` its variant."""

    product: int
    variant: int = 0

    def __str__(self) -> str:
        return f"{self.product}/{self.variant}" if self.variant else str(self.product)

    @classmethod
    def read(cls, reference: str) -> Self | None:
        """What a binding says."""
        product, _, variant = reference.partition("/")
        if not product.isdigit() or not (variant.isdigit() or not variant):
            return None
        return cls(int(product), int(variant or 0))


def bound(bindings: Bindings, keys: Iterable[str], entity: str = "product") -> dict[str, Place]:
    """Key → place, as our own receipts told."""
    found = bindings.find(entity, list(dict.fromkeys(keys)))
    places = {key: Place.read(reference) for key, reference in found.items()}
    return {key: place for key, place in places.items() if place is not None}


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


def find(bindings: Bindings, calls: Calls, skus: Iterable[str]) -> dict[str, Place]:
    """SKU → place: by our own receipts, and for the others by asking the store."""
    wanted = list(dict.fromkeys(skus))
    found = bound(bindings, wanted)
    missing = [sku for sku in wanted if sku not in found]
    return {**found, **by_sku(calls, missing)} if missing else found

"""Where a product is at the shop: an id, for a variation that of its product before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

from agent.contract import Bindings
from connectors.woocommerce.calls import Calls

FIELDS = "id,sku,type,parent_id"


class Place(NamedTuple):
    """`12` is a product, `12/34` its variation."""

    product: int
    variation: int = 0

    def __str__(self) -> str:
        return f"{self.product}/{self.variation}" if self.variation else str(self.product)

    @property
    def id(self) -> int:
        """The id under which it is updated."""
        return self.variation or self.product

    @property
    def path(self) -> str:
        """The list in which it is updated."""
        return f"products/{self.product}/variations" if self.variation else "products"

    @classmethod
    def read(cls, reference: str) -> Self | None:
        """What a binding says; behind # a price names its field."""
        product, _, variation = reference.partition("#")[0].partition("/")
        if not product.isdigit() or not (variation.isdigit() or not variation):
            return None
        return cls(int(product), int(variation or 0))


def bound(bindings: Bindings, keys: Iterable[str], entity: str = "product") -> dict[str, Place]:
    """Key → place, as our own receipts told."""
    found = bindings.find(entity, list(dict.fromkeys(keys)))
    places = {key: Place.read(reference) for key, reference in found.items()}
    return {key: place for key, place in places.items() if place is not None}


def by_sku(calls: Calls, skus: Iterable[str]) -> dict[str, Place]:
    """SKU → place, as the shop says."""
    found = {}
    for each in calls.by_skus(skus, FIELDS):
        number, above = int(each["id"]), int(each.get("parent_id") or 0)
        of_variation = each.get("type") == "variation" and above
        found[str(each["sku"])] = Place(above, number) if of_variation else Place(number)
    return found


def find(bindings: Bindings, calls: Calls, skus: Iterable[str]) -> dict[str, Place]:
    """SKU → place: by our own receipts, and for the others by one question to the shop."""
    wanted = list(dict.fromkeys(skus))
    found = bound(bindings, wanted)
    missing = [sku for sku in wanted if sku not in found]
    return {**found, **by_sku(calls, missing)} if missing else found

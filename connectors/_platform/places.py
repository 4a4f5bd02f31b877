"""Where a product is at a platform: an id, for a variant that of its product before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Self

from agent.contract import Bindings


class Place(NamedTuple):
    """`12` is a product, `12/34` its variant."""

    product: int
    variant: int = 0

    def __str__(self) -> str:
        return f"{self.product}/{self.variant}" if self.variant else str(self.product)

    @property
    def id(self) -> int:
        """The id under which it is changed."""
        return self.variant or self.product

    @classmethod
    def read(cls, reference: str) -> Self | None:
        """What a binding says; behind # a price may name its field."""
        product, _, variant = reference.partition("#")[0].partition("/")
        if not product.isdigit() or not (variant.isdigit() or not variant):
            return None
        return cls(int(product), int(variant or 0))


def bound(bindings: Bindings, keys: Iterable[str], entity: str = "product") -> dict[str, Place]:
    """Key → place, as our own receipts told."""
    found = bindings.find(entity, list(dict.fromkeys(keys)))
    places = {key: Place.read(reference) for key, reference in found.items()}
    return {key: place for key, place in places.items() if place is not None}


def bound_or_asked(
    bindings: Bindings, skus: Iterable[str], ask: Callable[[list[str]], dict[str, Place]]
) -> dict[str, Place]:
    """SKU → place: by our own receipts, and for the others by asking the platform."""
    wanted = list(dict.fromkeys(skus))
    found = bound(bindings, wanted)
    missing = [sku for sku in wanted if sku not in found]
    return {**found, **ask(missing)} if missing else found

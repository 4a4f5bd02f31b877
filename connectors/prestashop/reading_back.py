"""What the shop holds of records that went there, in the words of the canonical entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from agent.model import Json, Record
from connectors._canonical import plain
from connectors.prestashop.writing import Writing, decimal, parts_of

FIELDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "product": (
        "products",
        {
            "sku": "reference",
            "name": "name",
            "description": "description",
            "ean": "ean13",
            "weight": "weight",
            "active": "active",
        },
    ),
    "variant": ("combinations", {"sku": "reference", "ean": "ean13"}),
    "category": ("categories", {"name": "name", "active": "active"}),
    "stock": ("stock_availables", {"quantity": "quantity"}),
    "customer": ("customers", {"name": "company", "email": "email", "active": "active"}),
}


def read_back(work: Writing, entity: str, keys: Sequence[str]) -> Iterator[Record]:
    """The records that are remembered and still there."""
    if entity == "price":
        yield from _prices(work, keys)
    if entity not in FIELDS:
        return
    for key, reference in work.bindings.find(entity, keys).items():
        kind, id_ = _place(entity, reference)
        resource, fields = FIELDS[kind]
        found = work.service.get(resource, id_)
        if found is not None:
            data = {ours: _plain(work, ours, found.get(field)) for ours, field in fields.items()}
            yield Record(entity, key, data)


def _prices(work: Writing, keys: Sequence[str]) -> Iterator[Record]:
    """The own price of a product, with what its combination adds, or the first of its tiers."""
    for key, reference in work.bindings.find("price", keys).items():
        product, _, combination = reference.partition("/")
        if combination:
            parts = [work.service.get("products", product)]
            if combination != "0":
                parts.append(work.service.get("combinations", combination))
        else:
            parts = [work.service.get("specific_prices", reference.partition(",")[0])]
        found = [decimal(each["price"]) for each in parts if each is not None]
        if len(found) == len(parts):
            yield Record("price", key, {"price": plain(sum(filter(None, found), Decimal(0)))})


def _place(entity: str, reference: str) -> tuple[str, str]:
    """Where a record lies: a product's reference is `product/combination`."""
    id_, combination, _ = parts_of(reference)
    return ("variant", combination) if combination else (entity, id_)


def _plain(work: Writing, name: str, value: Any) -> Json:
    if isinstance(value, Mapping):
        language = next(iter(work.translated("")))
        return value.get(language) or None
    if name == "active":
        return value == "1"
    number = decimal(str(value)) if name in {"weight", "quantity"} else None
    return value or None if number is None else plain(number)

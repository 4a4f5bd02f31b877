"""What the shop holds for our keys, as canonical records: as far as it knows their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from agent.model import Json, Record
from connectors._canonical import plain
from connectors._halving import portions
from connectors.magento.calls import AT_ONCE, SKUS, Calls, Item, folded
from connectors.magento.fields import DISABLED, custom_value

PRODUCT = "id,name,status,price,weight,custom_attributes"


def read_back(calls: Calls, entity: str, keys: Sequence[str]) -> Iterator[Record]:
    """Records of these keys; those that are not there, or of no known entity, are absent."""
    wanted = list(dict.fromkeys(keys))
    if entity == "product":
        yield from _products(wanted, calls)
        return
    references = calls.bindings.find(entity, wanted)
    if entity == "price":
        yield from _prices(references, calls)
    elif entity == "stock":
        yield from _stocks(references, calls)
    elif entity in SINGLE:
        path, read = SINGLE[entity]
        for key, reference in references.items():
            reply = calls.get(f"{path}/{reference}")
            if reply.status != 404:
                yield Record(entity, key, read(reply.require(), key))


def _products(keys: list[str], calls: Calls) -> Iterator[Record]:
    found = calls.products(keys, PRODUCT)
    for key in keys:
        if (item := found.get(folded(key))) is not None:
            yield Record("product", key, _product(item))


def _product(item: Item) -> dict[str, Json]:
    record: dict[str, Json] = {
        "sku": item["sku"],
        "name": item.get("name", ""),
        "active": item.get("status") != DISABLED,
    }
    if item.get("weight") is not None:
        record["weight"] = plain(Decimal(str(item["weight"])))
    if (description := custom_value(item, "description")) is not None:
        record["description"] = description
    return record


def _prices(references: Mapping[str, str], calls: Calls) -> Iterator[Record]:
    """Prices of products; those of groups are not read back."""
    said = {key: each.partition("/") for key, each in references.items()}
    skus = {key: sku for key, (place, _, sku) in said.items() if place == "price"}
    for some in portions(list(skus), AT_ONCE):
        body = {"skus": [skus[key] for key in some]}
        reply = calls.post("products/base-prices-information", body)
        held = {folded(str(row["sku"])): row for row in reply.value or ()}
        for key in some:
            if (row := held.get(folded(skus[key]))) is not None:
                price = plain(Decimal(str(row["price"])))
                yield Record("price", key, {"sku": skus[key], "price": price})


def _stocks(references: Mapping[str, str], calls: Calls) -> Iterator[Record]:
    said = {key: each.partition("/") for key, each in references.items()}
    plain_skus = [sku for _, _, sku in said.values() if "," not in sku]
    held: dict[tuple[str, str], Item] = {}
    for some in portions(list(dict.fromkeys(plain_skus)), SKUS):
        for row in calls.search("inventory/source-items", ("sku", "in", ",".join(some))):
            held[str(row["source_code"]), folded(str(row["sku"]))] = row
    for key, (source, _, sku) in said.items():
        if (found := held.get((source, folded(sku)))) is not None:
            quantity = plain(Decimal(str(found["quantity"])))
            yield Record("stock", key, {"sku": sku, "quantity": quantity})


def _customer(item: Item, key: str) -> dict[str, Json]:
    return {"code": key, "email": item["email"], "vat_number": item.get("taxvat", "")}


def _category(item: Item, key: str) -> dict[str, Json]:
    return {"code": key, "name": item["name"], "active": bool(item.get("is_active"))}


def _order_status(item: Item, _: str) -> dict[str, Json]:
    return {"number": str(item["entity_id"]), "status": item.get("status", "")}


SINGLE = {
    "customer": ("customers", _customer),
    "category": ("categories", _category),
    "order_status": ("orders", _order_status),
}

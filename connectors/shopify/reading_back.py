"""What the shop holds, as records: for verification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from agent.model import Json, Record
from connectors._canonical import plain
from connectors.shopify.delivery import Delivery
from connectors.shopify.documents import HELD_PRICES, HELD_PRODUCTS, HELD_STOCK
from connectors.shopify.finding import bound_products, products_by_key
from connectors.shopify.marks import gid, key_of, number
from connectors.shopify.prices import BASE

NODES_A_REQUEST = 25
ITEMS_A_REQUEST = 5


def read_back(delivery: Delivery, entity: str, keys: Sequence[str]) -> Iterator[Record]:
    """Products by binding or by our key; prices of variants and stock as bound."""
    if entity == "product":
        yield from _products(delivery, keys)
    elif entity == "price":
        yield from _prices(delivery, keys)
    elif entity == "stock":
        yield from _stock(delivery, keys)


def _products(delivery: Delivery, keys: Sequence[str]) -> Iterator[Record]:
    known = bound_products(delivery, keys)
    known |= products_by_key(delivery.session, [key for key in keys if key not in known])
    ids = {
        key: gid("ProductVariant", each.variant) if each.variant else gid("Product", each.product)
        for key, each in known.items()
    }
    for key, node in _nodes(delivery, HELD_PRODUCTS, ids):
        product = node.get("product") or node
        if product["status"] != "ARCHIVED":
            yield Record("product", key, _data(key, node, product))


def _prices(delivery: Delivery, keys: Sequence[str]) -> Iterator[Record]:
    bound = delivery.bound("price", keys)
    ids = {
        key: gid("ProductVariant", numbers[2])
        for key, numbers in bound.items()
        if numbers[0] == BASE
    }
    for key, node in _nodes(delivery, HELD_PRICES, ids):
        data = {
            "sku": node["sku"],
            "price_list": delivery.options.base_price_list,
            "price": plain(Decimal(node["price"])),
            "currency": delivery.facts.currency(delivery.session),
        }
        if node["compareAtPrice"]:
            data["attributes"] = {"compare_at_price": plain(Decimal(node["compareAtPrice"]))}
        yield Record("price", key, data)


def _stock(delivery: Delivery, keys: Sequence[str]) -> Iterator[Record]:
    codes = {name: code for code, name in delivery.options.warehouses.items()}
    bound = delivery.bound("stock", keys)
    calls = [HELD_STOCK(id=gid("InventoryItem", item)) for item, _ in bound.values()]
    outcomes = delivery.session.each(calls, most=ITEMS_A_REQUEST)
    for (key, numbers), outcome in zip(bound.items(), outcomes, strict=True):
        for level in outcome.value["inventoryLevels"]["nodes"] if outcome.value else ():
            if number(level["location"]["id"]) == numbers[1]:
                name = level["location"]["name"]
                quantity = str(level["quantities"][0]["quantity"])
                data = {"sku": outcome.value["sku"], "warehouse": codes.get(name, name)}
                yield Record("stock", key, {**data, "quantity": quantity})


def _nodes(delivery: Delivery, text: str, ids: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    """Key and record, of those that are there."""
    owners = {identifier: key for key, identifier in ids.items()}
    wanted = list(owners)
    for start in range(0, len(wanted), NODES_A_REQUEST):
        asked = wanted[start : start + NODES_A_REQUEST]
        for node in delivery.session.document(text, {"ids": asked})["nodes"]:
            if node:
                yield owners[node["id"]], node


def _data(key: str, node: Json, product: Json) -> dict[str, Any]:
    data: dict[str, Any] = {"sku": node.get("sku") or key}
    if key_of(product) == key:
        data["name"] = product["title"]
        data["description"] = product["descriptionHtml"] or None
        data["brand"] = product["vendor"] or None
        data["active"] = product["status"] == "ACTIVE"
        categories = [key_of(each) for each in product["collections"]["nodes"]]
        data["categories"] = sorted(filter(None, categories))
    else:
        data["parent"] = key_of(product)
        data["options"] = node["selectedOptions"]
    if "inventoryItem" in node:
        data["ean"] = node["barcode"] or None
        weight = (node["inventoryItem"]["measurement"] or {}).get("weight")
        if weight and weight["value"]:
            data["weight"] = plain(Decimal(str(weight["value"])))
    return {name: value for name, value in data.items() if value not in (None, [])}

"""What the shop holds for our keys, as canonical records: as far as it knows their fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from agent.model import Json, Record
from connectors._platform.places import Place, bound
from connectors.woocommerce.calls import Calls
from connectors.woocommerce.fields import meta_value
from connectors.woocommerce.offers import META, REGULAR
from connectors.woocommerce.places import find, list_of

Item = Mapping[str, Any]


def read_back(calls: Calls, entity: str, keys: Sequence[str]) -> Iterator[Record]:
    """Records of these keys; those that are not there, or of no known entity, are absent."""
    if entity == "product":
        yield from _products(keys, find(calls, keys), calls)
    elif entity in {"price", "stock"}:
        yield from _offers(entity, keys, calls)
    elif entity in LISTS:
        path, made = LISTS[entity]
        ids = {key: place.id for key, place in bound(calls.bindings, keys, entity).items()}
        found = calls.by_ids(path, ids.values(), FIELDS[entity]) if ids else {}
        for key, number in ids.items():
            if number in found:
                yield Record(entity, key, made(found[number], key))


def _products(keys: Sequence[str], places: Mapping[str, Place], calls: Calls) -> Iterator[Record]:
    found = _items(places, calls)
    for key in dict.fromkeys(keys):
        item = found.get(places[key]) if key in places else None
        if item is not None and item.get("status") != "trash":
            yield Record("product", key, _product(item))


def _offers(entity: str, keys: Sequence[str], calls: Calls) -> Iterator[Record]:
    references = calls.bindings.find(entity, keys)
    places = {key: place for key, said in references.items() if (place := Place.read(said))}
    found = _items(places, calls)
    for key, place in places.items():
        item = found.get(place)
        if item is None:
            continue
        if entity == "stock":
            quantity = item.get("stock_quantity")
            yield Record(entity, key, {"sku": item["sku"], "quantity": str(quantity or 0)})
            continue
        part = references[key].partition("#")[2] or REGULAR
        value: Json = (
            meta_value(item, part.removeprefix(META)) if part.startswith(META) else item[part]
        )
        if value not in {None, ""} if not isinstance(value, list) else value:
            name = "tiers" if isinstance(value, list) else "price"
            yield Record(entity, key, {"sku": item["sku"], name: value})


def _items(places: Mapping[str, Place], calls: Calls) -> dict[Place, Item]:
    """Products and variations, a question for each hundred of a list."""
    by_list: dict[str, list[Place]] = defaultdict(list)
    for place in places.values():
        by_list[list_of(place)].append(place)
    found: dict[Place, Item] = {}
    for path, each in by_list.items():
        items = calls.by_ids(path, (place.id for place in each), FIELDS["product"])
        found |= {place: items[place.id] for place in each if place.id in items}
    return found


def _product(item: Item) -> dict[str, Json]:
    record: dict[str, Json] = {
        "sku": item["sku"],
        "name": item["name"],
        "description": item["description"],
        "active": item["status"] == "publish",
    }
    if item.get("weight"):
        record["weight"] = item["weight"]
    if item.get("global_unique_id"):
        record["ean"] = item["global_unique_id"]
    if item.get("type") == "variation":
        record["options"] = [
            {"name": each["name"], "value": each["option"]} for each in item["attributes"]
        ]
    return record


def _category(item: Item, key: str) -> dict[str, Json]:
    return {"code": key, "name": item["name"], "position": item.get("menu_order")}


def _customer(item: Item, key: str) -> dict[str, Json]:
    billing = item["billing"]
    return {
        "code": key,
        "name": billing["company"],
        "email": item["email"],
        "phone": billing["phone"],
        "address": {
            "street": billing["address_1"],
            "city": billing["city"],
            "postal_code": billing["postcode"],
            "province": billing["state"],
            "country": billing["country"],
        },
    }


def _order_status(item: Item, key: str) -> dict[str, Json]:
    del key
    return {"number": str(item["id"]), "status": item["status"]}


LISTS: dict[str, tuple[str, Callable[[Item, str], dict[str, Json]]]] = {
    "category": ("products/categories", _category),
    "customer": ("customers", _customer),
    "order_status": ("orders", _order_status),
}
FIELDS = {
    "product": "id,sku,type,name,description,status,weight,global_unique_id,attributes,"
    "regular_price,sale_price,stock_quantity,meta_data",
    "category": "id,name,menu_order",
    "customer": "id,email,billing",
    "order_status": "id,status",
}

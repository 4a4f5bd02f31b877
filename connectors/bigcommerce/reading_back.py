"""What the store holds for our keys, as canonical records: as far as it knows their fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from agent.model import Json, Record
from connectors._canonical import plain
from connectors._halving import portions
from connectors._platform.places import Place, bound
from connectors.bigcommerce.calls import Calls
from connectors.bigcommerce.order_status import STATES
from connectors.bigcommerce.places import find

AT_ONCE = 50
Item = Mapping[str, Any]


def read_back(calls: Calls, entity: str, keys: Sequence[str]) -> Iterator[Record]:
    """Records of these keys; those that are not there, or of no known entity, are absent."""
    if entity == "product":
        places = find(calls, keys)
        items = _items(places.values(), calls)
        for key in dict.fromkeys(keys):
            if key in places and places[key] in items:
                yield Record(entity, key, _product(items[places[key]], places[key]))
    elif entity == "price":
        yield from _prices(calls.bindings.find(entity, keys), calls)
    elif entity == "stock":
        yield from _stocks(calls.bindings.find(entity, keys), calls)
    elif entity == "customer":
        ids = {key: place.product for key, place in bound(calls.bindings, keys, entity).items()}
        found = _by_ids("/v3/customers", "id:in", ids.values(), calls)
        for key, number in ids.items():
            if number in found:
                yield Record(entity, key, _customer(found[number], key))
    elif entity == "order_status":
        for key, place in bound(calls.bindings, keys, entity).items():
            reply = calls.get(f"/v2/orders/{place.product}")
            if not reply.refused:
                yield Record(entity, key, _order_status(reply.value))


def _items(places: Iterable[Place], calls: Calls) -> dict[Place, Item]:
    """Products fifty a question, variants by the products that have them."""
    wanted = list(places)
    products = _by_ids(
        "/v3/catalog/products", "id:in", [p.product for p in wanted if not p.variant], calls
    )
    found: dict[Place, Item] = {Place(number): item for number, item in products.items()}
    of = sorted({place.product for place in wanted if place.variant})
    for portion in portions(of, AT_ONCE):
        listed = ",".join(map(str, portion))
        for each in calls.pages("/v3/catalog/variants", **{"product_id:in": listed}):
            found[Place(int(each["product_id"]), int(each["id"]))] = each
    return found


def _by_ids(path: str, name: str, ids: Iterable[int], calls: Calls) -> dict[int, Item]:
    found: dict[int, Item] = {}
    for portion in portions(sorted(set(ids)), AT_ONCE):
        for each in calls.pages(path, **{name: ",".join(map(str, portion))}):
            found[int(each["id"])] = each
    return found


def _prices(references: Mapping[str, str], calls: Calls) -> Iterator[Record]:
    """Prices of the catalogue; those of price lists are not read back."""
    said = {key: each.split(":", 2) for key, each in references.items()}
    said = {key: each for key, each in said.items() if len(each) == 3 and each[0] != "list"}
    places = find(calls, [sku for _, _, sku in said.values()]) if said else {}
    items = _items(places.values(), calls)
    for key, (part, currency, sku) in said.items():
        item = items.get(places[sku]) if sku in places else None
        if item is not None and item.get(part) is not None:
            price = plain(Decimal(str(item[part])))
            yield Record("price", key, {"sku": sku, "price": price, "currency": currency})


def _stocks(references: Mapping[str, str], calls: Calls) -> Iterator[Record]:
    said = {key: each.split(":", 2) for key, each in references.items() if each.count(":") > 1}
    skus = [sku for _, _, sku in said.values() if "," not in sku]
    held: dict[tuple[str, str], Json] = {}
    for portion in portions(skus, AT_ONCE):
        for each in calls.pages("/v3/inventory/items", **{"sku:in": ",".join(portion)}):
            for location in each["locations"]:
                place = (str(location["location_id"]), str(each["identity"]["sku"]))
                held[place] = location["total_inventory_onhand"]
    for key, (_, location, sku) in said.items():
        if (location, sku) in held:
            yield Record("stock", key, {"sku": sku, "quantity": str(held[location, sku])})


def _product(item: Item, place: Place) -> dict[str, Json]:
    record: dict[str, Json] = {"sku": item["sku"]}
    if item.get("weight") is not None:
        record["weight"] = plain(Decimal(str(item["weight"])))
    if ean := item.get("upc" if place.variant else "gtin"):
        record["ean"] = ean
    if place.variant:
        record["active"] = not item.get("purchasing_disabled")
        record["options"] = [
            {"name": each["option_display_name"], "value": each["label"]}
            for each in item.get("option_values") or ()
        ]
        return record
    named = {"name": item["name"], "description": item.get("description", "")}
    return {**record, **named, "active": bool(item.get("is_visible"))}


def _customer(item: Item, key: str) -> dict[str, Json]:
    return {
        "code": key,
        "name": item["company"],
        "email": item["email"],
        "phone": item.get("phone", ""),
    }


def _order_status(item: Item) -> dict[str, Json]:
    names = {number: name for name, number in STATES.items()}
    return {"number": str(item["id"]), "status": names.get(item["status_id"], "")}

"""Products, variations and categories."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.peers.woocommerce.failure import Failure

DEFAULTS: dict[str, Any] = {
    "name": "",
    "type": "simple",
    "status": "publish",
    "description": "",
    "sku": "",
    "global_unique_id": "",
    "regular_price": "",
    "sale_price": "",
    "manage_stock": False,
    "stock_quantity": None,
    "backorders": "no",
    "weight": "",
    "categories": [],
    "images": [],
    "attributes": [],
    "meta_data": [],
}


class Products:
    """Products and variations: they share ids and SKUs."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, Any]] = {}
        self._owners: dict[str, int] = {}
        """SKU → whose it was last; a shop of 100,000 products cannot be searched each time."""
        self.ids = count(10)
        self.media = 0
        """Pictures that were fetched and stored."""
        self.refused: set[str] = set()
        self.silent_skus: set[str] = set()
        """SKUs whose owner is not told, as by shops since 9.3 while another request is at it."""
        self.created: list[str] = []

    def by_sku(self, sku: str) -> dict[str, Any]:
        (found,) = [each for each in self.items.values() if each["sku"] == sku]
        return found

    def shown(self, number: int) -> dict[str, Any]:
        return self.items[self._known(number, "product")]

    def listed(self, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        """With `sku` variations are listed besides products."""
        skus = [*query["sku"].split(","), query["sku"]] if "sku" in query else None
        for item in self.items.values():
            if skus is None and item["type"] == "variation":
                continue
            if item["status"] != "trash" and (skus is None or item["sku"] in skus):
                yield item

    def create(self, fields: dict[str, Any], parent: int = 0) -> dict[str, Any]:
        item = {**DEFAULTS, "id": 0, "parent_id": parent}
        item["type"] = "variation" if parent else "simple"
        self._write(item, fields)
        item["id"] = next(self.ids)
        self.items[item["id"]] = item
        self._owners[item["sku"]] = item["id"]
        self.created.append(item["sku"])
        return item

    def update(self, number: int, fields: dict[str, Any], parent: int = 0) -> dict[str, Any]:
        kind = "product_variation" if parent else "product"
        item = self.items[self._known(number, kind)]
        if not parent and item["type"] == "variation":
            told = "To manipulate product variations use the variations endpoint."
            raise Failure("woocommerce_rest_invalid_product_id", told, 404)
        if item["parent_id"] != parent:
            raise Failure("woocommerce_rest_product_variation_invalid_id", "Invalid ID.", 404)
        changed = dict(item)
        self._write(changed, fields)
        item.update(changed)
        self._owners[item["sku"]] = item["id"]
        return item

    def delete(self, number: int) -> dict[str, Any]:
        return self.items.pop(self._known(number, "product"))

    def _known(self, number: int, kind: str) -> int:
        if number not in self.items:
            raise Failure(f"woocommerce_rest_{kind}_invalid_id", "Invalid ID.", 404)
        return number

    def _write(self, item: dict[str, Any], fields: dict[str, Any]) -> None:
        sku = fields.get("sku", item["sku"])
        if sku in self.refused:
            raise Failure("woocommerce_rest_cannot_create", "A plug-in does not want it.", 400)
        owner = self.items.get(self._owners.get(sku, 0))
        if sku and owner and owner["sku"] == sku and owner["id"] != item["id"]:
            self._refuse_taken(sku, owner["id"])
        for name, value in fields.items():
            if name == "meta_data":
                item["meta_data"] = merged(item["meta_data"], value)
            elif name == "images":
                item["images"] = [self._stored(each) for each in value]
            elif name == "image":
                item["image"] = self._stored(value)
            elif name == "attributes":
                item["attributes"] = [{"id": 0, **each} for each in value]
            elif name != "id":
                item[name] = value

    def _refuse_taken(self, sku: str, owner: int) -> None:
        if sku in self.silent_skus:
            told = f"The SKU ({sku}) you are trying to insert is already under processing"
            raise Failure("woocommerce_rest_product_not_created", told)
        raise Failure("product_invalid_sku", "Invalid or duplicated SKU.", resource_id=owner)

    def _stored(self, image: dict[str, Any]) -> dict[str, Any]:
        if "id" in image:
            return {"id": image["id"], "src": f"https://shop.example.com/{image['id']}.jpg"}
        if "missing" in image["src"]:
            told = f"Error getting remote image {image['src']}. Error: Not Found."
            raise Failure("woocommerce_product_image_upload_error", told)
        self.media += 1
        return {"id": 5000 + self.media, "src": f"https://shop.example.com/{5000 + self.media}.jpg"}


class Variations:
    """The variations of one product."""

    def __init__(self, products: Products, parent: int) -> None:
        self._products, self._parent = products, parent
        if parent not in products.items:
            raise Failure("woocommerce_rest_product_invalid_id", "Invalid product ID.", 404)

    def shown(self, number: int) -> dict[str, Any]:
        return self._products.shown(number)

    def listed(self, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        del query
        for item in self._products.items.values():
            if item["parent_id"] == self._parent:
                yield item

    def create(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Options of attributes that the product does not offer are dropped in silence."""
        chosen = [
            each
            for each in fields.get("attributes", ())
            if any(_names(each, offered) for offered in self._offered())
        ]
        return self._products.create({**fields, "attributes": chosen}, self._parent)

    def update(self, number: int, fields: dict[str, Any]) -> dict[str, Any]:
        return self._products.update(number, fields, self._parent)

    def delete(self, number: int) -> dict[str, Any]:
        return self._products.delete(number)

    def _offered(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._products.items[self._parent]["attributes"]
        return found


def _names(chosen: dict[str, Any], offered: dict[str, Any]) -> bool:
    """One of the shop's own attributes is named by its id, one of the product's by its name."""
    same = chosen["id"] == offered["id"] if "id" in chosen else chosen["name"] == offered["name"]
    return same and bool(offered.get("variation"))


class Categories:
    """Categories: a slug is unique, and gets a number where it is not."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, Any]] = {}
        self._ids = count(10)

    def listed(self, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        del query
        yield from self.items.values()

    def create(self, fields: dict[str, Any]) -> dict[str, Any]:
        slug = fields["slug"]
        for other in self.items.values():
            if other["slug"] == slug:
                if (other["name"], other["parent"]) == (fields["name"], fields["parent"]):
                    told = "A term with the name provided already exists with this parent."
                    raise Failure("term_exists", told, resource_id=other["id"])
                slug += "-2"
        item = {"menu_order": 0, **fields, "slug": slug, "id": next(self._ids)}
        self.items[item["id"]] = item
        return item

    def update(self, number: int, fields: dict[str, Any]) -> dict[str, Any]:
        if number not in self.items:
            raise Failure("woocommerce_rest_term_invalid", "Resource does not exist.", 404)
        self.items[number] |= fields
        return self.items[number]

    def delete(self, number: int) -> dict[str, Any]:
        if number not in self.items:
            raise Failure("woocommerce_rest_term_invalid", "Resource does not exist.", 404)
        return self.items.pop(number)


def merged(known: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    values = {each["key"]: each["value"] for each in (*known, *new)}
    return [{"id": n, "key": key, "value": each} for n, (key, each) in enumerate(values.items(), 1)]

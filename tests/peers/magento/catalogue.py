"""What the shop sells: products, attributes, categories, pictures, stock."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import count
from pathlib import PurePosixPath
from typing import Any

from tests.peers.magento.problem import Problem, missing

Item = dict[str, Any]
MOST_AT_ONCE = 20
CHOICES = ("colore", "taglia")


class Catalogue:
    """Products by their folded SKU; what hangs on them by the SKU as it was sent."""

    def __init__(self) -> None:
        self.products: dict[str, Item] = {}
        self.refused: set[str] = set()
        self.files: set[str] = set()
        self.attributes: dict[str, Item] = {
            code: {
                "attribute_id": 90 + number,
                "attribute_code": code,
                "frontend_input": "select",
                "scope": "global",
                "options": [{"label": " ", "value": ""}],
            }
            for number, code in enumerate(CHOICES)
        }
        self.attributes["note"] = {
            "attribute_id": 99,
            "attribute_code": "note",
            "frontend_input": "text",
            "scope": "store",
            "options": [],
        }
        self.sources = {"default", "milano"}
        self.stock: dict[tuple[str, str], Item] = {}
        self.reservations: dict[str, float] = defaultdict(float)
        self.categories: dict[int, Item] = {2: {"id": 2, "parent_id": 1, "name": "Root"}}
        self._numbers = count(101)

    def known(self, sku: str) -> Item:
        found = self.products.get(sku.strip().casefold())
        if found is None:
            raise missing("product")
        return found

    def save(self, body: Item) -> Item:
        """Make or change: what is not named stays."""
        given = body["product"]
        sku = given["sku"]
        if sku in self.refused:
            raise Problem(400, 'Invalid "%attribute"', parameters={"attribute": "name"})
        there = self.products.get(sku.strip().casefold())
        if there is None:
            for name in ("name", "price", "attribute_set_id"):
                if given.get(name) is None:
                    words = 'The "%1" attribute value is empty. Set the attribute and try again.'
                    raise Problem(400, words, parameters=[name])
            there = {
                "id": next(self._numbers),
                "sku": sku,
                "type_id": "simple",
                "custom_attributes": [],
                "extension_attributes": {"website_ids": [1], "category_links": []},
                "media_gallery_entries": [],
            }
        merged = self._merged(there, given)
        self._require_free_address(merged)
        self._require_options(given, merged)
        self.products[sku.strip().casefold()] = merged
        return merged

    def _merged(self, there: Item, given: Item) -> Item:
        custom = {each["attribute_code"]: each["value"] for each in there["custom_attributes"]}
        if not custom.get("url_key"):
            custom["url_key"] = re.sub(r"[^a-z0-9]+", "-", given["name"].lower()).strip("-")
        custom |= {
            each["attribute_code"]: each["value"] for each in given.get("custom_attributes", ())
        }
        return {
            **there,
            **given,
            "sku": there["sku"],
            "custom_attributes": [
                {"attribute_code": code, "value": value} for code, value in custom.items()
            ],
            "extension_attributes": {
                **there["extension_attributes"],
                **given.get("extension_attributes", {}),
            },
        }

    def _require_free_address(self, item: Item) -> None:
        for other in self.products.values():
            if other["id"] != item["id"] and custom(other, "url_key") == custom(item, "url_key"):
                raise Problem(400, "URL key for specified store already exists.")

    def _require_options(self, given: Item, merged: Item) -> None:
        above = given.get("extension_attributes", {})
        links = above.get("configurable_product_links")
        if links is None:
            return
        by_id = {each["id"]: each for each in self.products.values()}
        codes = {str(each["attribute_id"]): code for code, each in self.attributes.items()}
        seen = set()
        for number in links:
            chosen = []
            for option in above.get("configurable_product_options", ()):
                value = custom(by_id[number], codes[option["attribute_id"]])
                if value not in {str(each["value_index"]) for each in option["values"]}:
                    raise Problem(400, 'The value of "%1" is not listed', parameters=[value])
                chosen.append(value)
            seen.add(tuple(chosen))
        if len(seen) < len(links):
            raise Problem(400, "Products have the same set of attribute values.")
        assert merged["type_id"] == "configurable"

    def add_option(self, code: str, body: Item) -> str:
        """Takes the same label twice; what it answers is no id that can be used."""
        number = next(self._numbers)
        option = {"label": body["option"]["label"], "value": str(number)}
        self.attributes[code]["options"].append(option)
        return f"id_{number}"

    def add_picture(self, sku: str, body: Item) -> str:
        entry = dict(body["entry"])
        name = entry.pop("content")["name"].lower()
        folder = "/" + "/".join(name[:2].replace(".", "_"))
        file, again = f"{folder}/{name}", count(1)
        while file in self.files:
            path = PurePosixPath(name)
            file = f"{folder}/{path.stem}_{next(again)}{path.suffix}"
        self.files.add(file)
        entries = self.known(sku)["media_gallery_entries"]
        entries.append({**entry, "id": next(self._numbers), "file": file})
        return str(entries[-1]["id"])

    def change_picture(self, sku: str, number: int, body: Item) -> bool:
        (entry,) = [e for e in self.known(sku)["media_gallery_entries"] if e["id"] == number]
        entry.update(body["entry"])
        return True

    def remove_picture(self, sku: str, number: int) -> bool:
        item = self.known(sku)
        left = [e for e in item["media_gallery_entries"] if e["id"] != number]
        item["media_gallery_entries"] = left
        return True

    def put_stock(self, body: Item) -> list[Any]:
        """All or nothing; an article that is not there is none of its concern."""
        items = at_most(body["sourceItems"], "InventoryApi\\Api\\Data\\SourceItemInterface")
        for item in items:
            if item["source_code"] not in self.sources:
                words = 'Source "%code" does not exist'
                error = {"message": words, "parameters": {"code": item["source_code"]}}
                raise Problem(400, "Validation Failed", errors=[error])
            if item["sku"] in self.refused:
                raise Problem(400, "Validation Failed", errors=[{"message": "Odd article"}])
        for item in items:
            self.stock[item["source_code"], item["sku"]] = item
        return []

    def salable(self, sku: str) -> float:
        """What can be sold: the stock of all sources, less what orders have reserved."""
        there = sum(i["quantity"] for (_, of), i in self.stock.items() if of == sku and i["status"])
        return float(there - self.reservations[sku])

    def make_category(self, body: Item) -> Item:
        given = body["category"]
        for other in self.categories.values():
            if other["parent_id"] == given["parent_id"] and custom(other, "url_key") == custom(
                given, "url_key"
            ):
                raise Problem(400, "URL key for specified store already exists.")
        made = {"id": next(self._numbers), "is_active": True, **given}
        self.categories[made["id"]] = made
        return made

    def category(self, number: int) -> Item:
        if number not in self.categories:
            raise missing("category")
        return self.categories[number]

    def move_category(self, number: int, body: Item) -> bool:
        self.category(number)["parent_id"] = self.category(body["parentId"])["id"]
        return True


def custom(item: Item, code: str) -> Any:
    for each in item.get("custom_attributes", ()):
        if each["attribute_code"] == code:
            return each["value"]
    return None


def at_most(items: list[Item], kind: str) -> list[Item]:
    """A list as long as Magento takes one."""
    if len(items) > MOST_AT_ONCE:
        words = 'Maximum items of type "%type" is %max'
        raise Problem(400, words, parameters={"type": f"Magento\\{kind}", "max": MOST_AT_ONCE})
    return items

"""Products with options, variants and pictures; stock; price lists; categories."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.peers.bigcommerce.problem import Problem

PRODUCT: dict[str, Any] = {"description": "", "gtin": "", "images": [], "options": []}


class Catalogue:
    """What a store sells. Batches are taken or refused as a whole."""

    def __init__(self) -> None:
        self.products: dict[int, dict[str, Any]] = {}
        self.variants: dict[int, dict[str, Any]] = {}
        self.categories: dict[int, dict[str, Any]] = {}
        self.stock: dict[tuple[int, str], int] = {}
        self.lists: dict[int, dict[str, Any]] = {3: {"id": 3, "name": "Rivenditori"}}
        self.records: dict[tuple[int, str, str], dict[str, Any]] = {}
        self.fetched = 0
        self.refused: set[str] = set()
        self.ids = count(100)

    def product(self, sku: str) -> dict[str, Any]:
        (found,) = [each for each in self.products.values() if each["sku"] == sku]
        return found

    def variant(self, sku: str) -> dict[str, Any]:
        (found,) = [each for each in self.variants.values() if each["sku"] == sku]
        return found

    # Products

    def make_product(self, fields: dict[str, Any]) -> dict[str, Any]:
        self._require_free(fields, 0)
        images = fields.pop("images", [])
        item = {**PRODUCT, "images": [], "options": [], **fields, "id": next(self.ids)}
        self.products[item["id"]] = item
        for image in images:
            self.add_image(item["id"], image)
        return item

    def change_products(self, many: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(many) > 10:
            raise Problem(422, "Batch of products is too large")
        for fields in many:
            self.known(fields["id"])
            self._require_free(fields, fields["id"])
        return [self.change_product(fields["id"], fields) for fields in many]

    def change_product(self, number: int, fields: dict[str, Any]) -> dict[str, Any]:
        item = self.known(number)
        self._require_free(fields, number)
        item.update({name: each for name, each in fields.items() if name != "id"})
        return item

    def known(self, number: int) -> dict[str, Any]:
        if number not in self.products:
            raise Problem(404, f"The product with the id {number} could not be found.")
        return self.products[number]

    def delete_product(self, number: int) -> dict[str, Any]:
        self.known(number)
        for key in [k for k, each in self.variants.items() if each["product_id"] == number]:
            del self.variants[key]
        return self.products.pop(number)

    def _require_free(self, fields: dict[str, Any], own: int) -> None:
        if fields.get("sku") in self.refused:
            raise Problem(422, "Invalid field(s): sku", errors={"sku": "an app does not want it"})
        for other in self.products.values():
            if other["id"] == own:
                continue
            if "name" in fields and other["name"] == fields["name"]:
                raise Problem(409, "The product name is a duplicate")
            if "sku" in fields and other["sku"] == fields["sku"]:
                raise Problem(409, "The product sku is a duplicate")
        if any(each["sku"] == fields.get("sku") for each in self.variants.values()):
            raise Problem(409, "The product sku is a duplicate")

    def add_image(self, number: int, image: dict[str, Any]) -> dict[str, Any]:
        """Fetched, and stored under a name of the store's own making."""
        stem, _, end = image["image_url"].rpartition("/")[2].rpartition(".")
        if "missing" in stem:
            raise Problem(422, "The image could not be fetched", errors={"image_url": "404"})
        self.fetched += 1
        key = next(self.ids)
        found = {**image, "id": key, "image_file": f"a/{number}/{stem}__{key:05}.{end}"}
        self.known(number)["images"].append(found)
        return found

    # Variants

    def add_option(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        values = [{**each, "id": next(self.ids)} for each in body["option_values"]]
        option = {**body, "id": next(self.ids), "option_values": values}
        self.known(number)["options"].append(option)
        return option

    def add_value(self, number: int, option: int, body: dict[str, Any]) -> dict[str, Any]:
        (found,) = [each for each in self.known(number)["options"] if each["id"] == option]
        value = {**body, "id": next(self.ids)}
        found["option_values"].append(value)
        return value

    def put_variants(self, many: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(many) > 50:
            raise Problem(413, "Batch of variants is too large")
        for fields in many:
            self._require_sound(fields)
        return [self._put_variant(fields) for fields in many]

    def _require_sound(self, fields: dict[str, Any]) -> None:
        number = fields.get("id", 0)
        told = {"title": "variant", "errors": {"sku": "is not unique, or its ids unknown"}}
        problem = [told]
        if number and number not in self.variants:
            raise Problem(422, "Variants refused", batch_errors=problem)
        skus = [(v["id"], v["sku"]) for v in (*self.variants.values(), *self.products.values())]
        sku = fields.get("sku", "")
        if sku in self.refused or any(sku == taken and other != number for other, taken in skus):
            raise Problem(422, "Variants refused", batch_errors=problem)
        if not number:
            known = {
                (option["id"], value["id"])
                for option in self.known(fields["product_id"])["options"]
                for value in option["option_values"]
            }
            for each in fields["option_values"]:
                if (each["option_id"], each["id"]) not in known:
                    raise Problem(422, "Variants refused", batch_errors=problem)

    def _put_variant(self, fields: dict[str, Any]) -> dict[str, Any]:
        number = fields.get("id") or next(self.ids)
        item = {"price": None, **self.variants.get(number, {}), **fields, "id": number}
        self.variants[number] = item
        return item

    # Stock and price lists

    def adjust(self, body: dict[str, Any]) -> dict[str, Any]:
        if len(body["items"]) > 2000:
            raise Problem(413, "Too many items")
        for item in body["items"]:
            if not self._tracked(item["sku"]):
                errors = {"items": f"{item['sku']} has another tracking mode or is not there"}
                raise Problem(422, "Incorrect entity", errors=errors)
        for item in body["items"]:
            self.stock[item["location_id"], item["sku"]] = item["quantity"]
        return {"transaction_id": "t-1"}

    def _tracked(self, sku: str) -> bool:
        for each in self.variants.values():
            if each["sku"] == sku:
                return bool(self.products[each["product_id"]]["inventory_tracking"] == "variant")
        return any(
            each["sku"] == sku and each.get("inventory_tracking") == "product"
            for each in self.products.values()
        )

    def put_records(self, number: int, many: list[dict[str, Any]]) -> dict[str, Any]:
        there = {e["sku"] for e in (*self.products.values(), *self.variants.values())}
        wrong = [each for each in many if each["sku"] not in there]
        if wrong:
            errors = [{"data": each, "field_errors": {"sku": "not found"}} for each in wrong]
            raise Problem(422, "Records refused", batch_errors=errors)
        for each in many:
            self.records[number, each["sku"], each["currency"]] = each
        return {}

    # Categories

    def make_categories(self, many: list[dict[str, Any]]) -> list[dict[str, Any]]:
        made = []
        for fields in many:
            for other in self.categories.values():
                if other["url"]["path"] == fields["url"]["path"]:
                    raise Problem(422, "url is already in use", errors={"url": "in use"})
            item = {**fields, "category_id": next(self.ids)}
            self.categories[item["category_id"]] = item
            made.append(item)
        return made

    def change_categories(self, many: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for fields in many:
            if fields["category_id"] not in self.categories:
                raise Problem(404, "Category not found")
        for fields in many:
            self.categories[fields["category_id"]] |= fields
        return []

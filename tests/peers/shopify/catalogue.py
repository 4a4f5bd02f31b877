"""Products, variants and collections of the stand-in, and what may be done to them."""

from __future__ import annotations

from typing import Any

from tests.peers.shopify.shop import Record, Refusal, Shop, View, connection, error, marked, matches

DEFAULT = [("Title", "Default Title")]


class Catalogue:
    """The part of a shop that shows goods."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    # -- views

    def product(self, record: Record) -> View:
        variants = self.variants(record)
        only_default = len(variants) == 1 and variants[0]["options"] == DEFAULT
        return {
            **marked(record),
            "hasOnlyDefaultVariant": only_default,
            "featuredMedia": (
                {"__typename": "MediaImage", "id": record["media"][0]} if record["media"] else None
            ),
            "options": lambda _, **__: [{"id": name, "name": name} for name in record["options"]],
            "variants": connection(variants, self.variant),
            "collections": connection(
                [self.shop.get(each) for each in record["collections"]], marked
            ),
        }

    def variant(self, record: Record) -> View:
        return {
            **marked(record),
            "product": lambda _: self.product(self.shop.get(record["product"])),
            "inventoryItem": {
                "id": record["item"],
                "measurement": {"id": "x", "weight": record["weight"]},
            },
            "selectedOptions": [{"name": n, "value": v} for n, v in record["options"]],
        }

    def variants(self, product: Record) -> list[Record]:
        return [v for v in map(self.shop.records.get, product["variants"]) if v]

    # -- questions

    def variants_found(self, first: int, query: str, after: str | None = None, **_: Any) -> View:
        found = [
            each for each in self.shop.all("ProductVariant") if matches(query, "sku", each["sku"])
        ]
        page: View = connection(found, self.variant)(None, first=first, after=after)
        return page

    # -- mutations

    def product_set(self, input: Record, synchronous: bool = True) -> View:  # noqa: A002
        """Creates; lists replace, which nobody of ours asks for on a product that is there."""
        del synchronous
        if "id" in input:
            raise AssertionError("the adapter never replaces the lists of a product")
        self.shop.require_wanted(input["title"], "input.title")
        record = self.shop.add(
            "Product", variants=[], collections=[], media=[], options=[], **_product(input)
        )
        try:
            self.shop.mark(record, input.get("metafields"), "input.metafields")
            for collection in input.get("collections") or ():
                self.shop.get(collection, "input.collections")
                record["collections"].append(collection)
            record["media"] = [each["originalSource"] for each in input.get("files") or ()]
            record["options"] = [each["name"] for each in input["productOptions"]]
            for place, given in enumerate(input["variants"]):
                self._add_variant(record, given, f"input.variants.{place}")
        except Refusal:
            self._discard(record)
            raise
        return {"product": self.product(record)}

    def product_update(self, product: Record, media: list[Record] | None = None) -> View:
        record = self.shop.get(product["id"], "product.id")
        self.shop.require_wanted(product.get("title", ""), "product.title")
        self.shop.mark(record, product.get("metafields"), "product.metafields")
        record.update(_product(product))
        for each in product.get("collectionsToJoin") or ():
            if each not in record["collections"]:
                record["collections"].append(each)
        for each in product.get("collectionsToLeave") or ():
            record["collections"].remove(each)
        record["media"] += [each["originalSource"] for each in media or ()]
        return {"product": self.product(record)}

    def product_delete(self, input: Record, **_: Any) -> View:  # noqa: A002
        record = self.shop.get(input["id"])
        self._discard(record)
        return {"deletedProductId": record["id"]}

    def options_create(
        self,
        productId: str,  # noqa: N803
        options: list[Record],
        variantStrategy: str,  # noqa: N803
    ) -> View:
        assert variantStrategy == "LEAVE_AS_IS"
        record = self.shop.get(productId, "productId")
        record["options"] = [each["name"] for each in options]
        for variant in self.variants(record):
            variant["options"] = [(o["name"], o["values"][0]["name"]) for o in options]
        return {"product": self.product(record)}

    def variants_create(
        self,
        productId: str,  # noqa: N803
        variants: list[Record],
        strategy: str,
        media: list[Record] | None = None,
    ) -> View:
        record = self.shop.get(productId, "productId")
        before = self.variants(record)
        removed = before if strategy == "REMOVE_STANDALONE_VARIANT" and len(before) == 1 else []
        record["variants"] = [v["id"] for v in before if v not in removed]
        made: list[Record] = []
        errors = []
        for place, given in enumerate(variants):
            try:
                made.append(self._add_variant(record, given, f"variants.{place}"))
            except Refusal as refusal:
                errors += refusal.errors
        if errors:
            for each in made:
                self.shop.remove(each)
            record["variants"] = [v["id"] for v in before]
            return {"productVariants": None, "userErrors": errors}
        for each in removed:
            self.shop.remove(each)
        record["media"] += [each["originalSource"] for each in media or ()]
        return {"productVariants": [self.variant(each) for each in made]}

    def variants_update(
        self,
        productId: str,  # noqa: N803
        variants: list[Record],
        media: list[Record] | None = None,
        allowPartialUpdates: bool = False,  # noqa: N803
    ) -> View:
        assert allowPartialUpdates
        record = self.shop.get(productId, "productId")
        errors = []
        for place, given in enumerate(variants):
            try:
                self._change_variant(record, given, f"variants.{place}")
            except Refusal as refusal:
                errors += refusal.errors
        record["media"] += [each["originalSource"] for each in media or ()]
        return {"product": self.product(record), "userErrors": errors}

    def variants_delete(self, productId: str, variantsIds: list[str]) -> View:  # noqa: N803
        record = self.shop.get(productId, "productId")
        for each in variantsIds:
            if each not in record["variants"]:
                raise Refusal("variantsIds", "is not of this product", "NOT_FOUND")
            self.shop.remove(self.shop.get(each))
            record["variants"].remove(each)
        return {"product": self.product(record)}

    def collection_create(self, collection: Record) -> View:
        self.shop.require_wanted(collection["title"], "collection.title")
        record = self.shop.add("Collection", title=collection["title"])
        try:
            self.shop.mark(record, collection.get("metafields"), "collection.metafields")
        except Refusal:
            self.shop.remove(record)
            raise
        return {"collection": marked(record)}

    def collection_update(self, collection: Record) -> View:
        record = self.shop.get(collection["id"])
        record["title"] = collection["title"]
        self.shop.mark(record, collection.get("metafields"), "collection.metafields")
        return {"collection": marked(record)}

    def collection_delete(self, input: Record) -> View:  # noqa: A002
        self.shop.remove(self.shop.get(input["id"]))
        for product in self.shop.all("Product"):
            if input["id"] in product["collections"]:
                product["collections"].remove(input["id"])
        return {"deletedCollectionId": input["id"]}

    def _discard(self, product: Record) -> None:
        for each in self.variants(product):
            self.shop.remove(each)
        self.shop.remove(product)

    def _add_variant(self, product: Record, given: Record, path: str) -> Record:
        options = _options(given["optionValues"])
        unknown = [name for name, _ in options if name not in product["options"]]
        if unknown or len(options) != len(product["options"]):
            raise Refusal(f"{path}.optionValues", "Option does not exist", "OPTION_DOES_NOT_EXIST")
        if any(each["options"] == options for each in self.variants(product)):
            raise Refusal(path, "The variant already exists.", "VARIANT_ALREADY_EXISTS")
        item = self.shop.add("InventoryItem", tracked=True, levels={})
        variant = self.shop.add(
            "ProductVariant",
            product=product["id"],
            item=item["id"],
            options=options,
            price="0.00",
            compareAtPrice=None,
            barcode=None,
            sku=None,
            weight=None,
        )
        try:
            self._change_variant(product, {**given, "id": variant["id"]}, path, new=True)
        except Refusal:
            self.shop.remove(variant)
            raise
        product["variants"].append(variant["id"])
        return variant

    def _change_variant(
        self, product: Record, given: Record, path: str, *, new: bool = False
    ) -> None:
        variant = self.shop.get(given["id"], f"{path}.id")
        if not new and variant["id"] not in product["variants"]:
            raise Refusal(f"{path}.id", "is not of this product", "MUST_BE_FOR_THIS_PRODUCT")
        item = given.get("inventoryItem") or {}
        self.shop.require_wanted(item.get("sku") or "", f"{path}.inventoryItem.sku")
        if float(given.get("price") or 0) < 0:
            raise Refusal(f"{path}.price", "must be positive", "NEGATIVE_PRICE_VALUE")
        self.shop.mark(variant, given.get("metafields"), f"{path}.metafields")
        if "sku" in item:
            variant["sku"] = item["sku"]
        if "measurement" in item:
            variant["weight"] = item["measurement"]["weight"]
        if given.get("optionValues"):
            variant["options"] = _options(given["optionValues"])
        for name in ("price", "compareAtPrice", "barcode"):
            if name in given:
                variant[name] = given[name]


def _product(given: Record) -> Record:
    names = ("title", "descriptionHtml", "vendor", "status", "tags")
    defaults: dict[str, Any] = {}
    if "id" not in given:
        defaults = {"descriptionHtml": "", "vendor": "", "status": "ACTIVE", "tags": []}
    return {**defaults, **{name: given[name] for name in names if name in given}}


def _options(values: list[Record]) -> list[tuple[str, str]]:
    return [(each["optionName"], each["name"]) for each in values]


__all__ = ["DEFAULT", "Catalogue", "error"]

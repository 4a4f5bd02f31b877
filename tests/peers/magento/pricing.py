"""Prices: what is not taken stands in an answer of 200."""

from __future__ import annotations

from typing import Any

from tests.peers.magento.catalogue import Catalogue, at_most
from tests.peers.magento.problem import Problem

Item = dict[str, Any]
DAYS = ("price_from", "price_to")


class Pricing:
    """Base prices stand in the products, all others here."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.groups = {"ALL GROUPS", "General", "Wholesale"}
        self.tiers: list[Item] = []
        self.special: list[Item] = []
        self.without_parameters = False

    def base(self, body: Item) -> list[Item]:
        problems = []
        for row in at_most(body["prices"], "Catalog\\Api\\Data\\BasePriceInterface"):
            if problem := self._unknown(row):
                problems.append(problem)
            elif row["sku"] in self._catalogue.refused:
                words = "Invalid attribute Price = %price. Row ID: SKU = %SKU, Store ID: %storeId."
                told = [row["price"], row["sku"], row["store_id"]]
                problems.append({"message": words, "parameters": told})
            else:
                self._catalogue.known(row["sku"])["price"] = row["price"]
        return problems

    def base_of(self, body: Item) -> list[Item]:
        self._require_all(body)
        known = [self._catalogue.known(sku) for sku in body["skus"]]
        return [{"sku": each["sku"], "price": each["price"], "store_id": 0} for each in known]

    def put_tiers(self, body: Item) -> list[Item]:
        problems = []
        for row in at_most(body["prices"], "Catalog\\Api\\Data\\TierPriceInterface"):
            if row["customer_group"] not in self.groups:
                words = "No such entity with Customer Group = %customerGroup. SKU = %SKU."
                told = [row["customer_group"], row["sku"]]
                problems.append({"message": words, "parameters": told})
            else:
                self.drop_tiers({"prices": [row]})
                self.tiers.append(row)
        return problems

    def drop_tiers(self, body: Item) -> list[Item]:
        gone = [_step(row) for row in at_most(body["prices"], "TierPriceInterface")]
        self.tiers = [row for row in self.tiers if _step(row) not in gone]
        return []

    def tiers_of(self, body: Item) -> list[Item]:
        self._require_all(body)
        return [row for row in self.tiers if row["sku"] in body["skus"]]

    def put_special(self, body: Item) -> list[Item]:
        for row in at_most(body["prices"], "Catalog\\Api\\Data\\SpecialPriceInterface"):
            days = [row[name] for name in DAYS]
            self.special = [
                each
                for each in self.special
                if each["sku"] != row["sku"] or [each[name] for name in DAYS] != days
            ]
            self.special.append(row)
        return []

    def drop_special(self, body: Item) -> list[Item]:
        for row in body["prices"]:
            self.special.remove(row)
        return []

    def special_of(self, body: Item) -> list[Item]:
        self._require_all(body)
        return [row for row in self.special if row["sku"] in body["skus"]]

    def _unknown(self, row: Item) -> Item | None:
        if row["sku"].casefold() in self._catalogue.products:
            return None
        words = "Requested product doesn't exist. Row ID: SKU = %1, Store ID: %2."
        told = {} if self.without_parameters else {"parameters": [row["sku"], row["store_id"]]}
        return {"message": words, **told}

    def _require_all(self, body: Item) -> None:
        unknown = [sku for sku in body["skus"] if sku.casefold() not in self._catalogue.products]
        if unknown:
            raise Problem(404, "Requested products don't exist: %sku", parameters={"sku": unknown})


def _step(row: Item) -> tuple[Any, ...]:
    return row["sku"], row["customer_group"], float(row["quantity"]), row["website_id"]

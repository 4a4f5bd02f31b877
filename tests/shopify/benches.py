"""Shops for the contract of platforms: the stand-in, and a development store of Shopify's."""

from __future__ import annotations

import os
import time
from decimal import Decimal
from typing import Any

import pytest

from agent.contract import Kind
from connectors._canonical import plain
from connectors.shopify import KIND
from connectors.shopify.admin import Admin, Session
from connectors.shopify.documents import LOCATIONS, PRODUCT_DELETE, SHOP
from connectors.shopify.finding import listed, quoted
from connectors.shopify.options import ShopifyOptions
from tests.peers.engine import OpenGate
from tests.peers.shopify.server import ShopServer
from tests.peers.shopify.shop import Record

REAL = "SYNCAGENT_TEST_SHOPIFY"
OPTIONS = {"deleted": "delete", "unknown_categories": "ignore"}
HELD = """\
query($query: String!) {
  productVariants(first: 10, query: $query) {
    nodes {
      id sku price product { id title }
      inventoryItem { id }
      inventoryQuantity
    }
  }
}"""


class StandIn:
    """The shop written for the tests."""

    kind: Kind = KIND
    price: dict[str, Any] = {"price_list": "BASE", "currency": "EUR"}  # noqa: RUF012 - the protocol
    stock: dict[str, Any] = {"warehouse": "MI"}  # noqa: RUF012 - the same

    def __init__(self, server: ShopServer) -> None:
        self.server = server
        self.options = {**OPTIONS, "warehouses": {"MI": "Milano"}}
        self.connection = {"url": server.url, "token": "env:TEST_SHOPIFY_TOKEN"}

    def held(self, sku: str) -> list[dict[str, Any]]:
        variants = [v for v in self.server.shop.all("ProductVariant") if v["sku"] == sku]
        return [self._told(each) for each in variants]

    def _told(self, variant: Record) -> dict[str, Any]:
        shop = self.server.shop
        product = shop.get(variant["product"])
        levels = shop.get(variant["item"])["levels"]
        ids = (product["id"], variant["id"], variant["item"])
        return {
            "id": "/".join(each.rpartition("/")[2] for each in ids),
            "name": product["title"],
            "price": plain(Decimal(variant["price"])),
            "stock": sum(levels.values()),
        }

    def remove(self, sku: str) -> None:
        (variant,) = [v for v in self.server.shop.all("ProductVariant") if v["sku"] == sku]
        self.server.catalogue.product_delete({"id": variant["product"]})

    def refuse(self, sku: str) -> None:
        self.server.shop.refused[sku] = "is not wanted"

    def fail_next(self, **headers: str) -> None:
        self.server.fail_next(429 if headers else 503, **headers)

    def lose_answer(self, request: int = 1) -> None:
        for _ in range(request - 1):
            self.server.pass_next()
        self.server.lose_next_answer()


class RealShop:
    """A development store; what cannot be had of it skips the test."""

    kind: Kind = KIND

    def __init__(self) -> None:
        self.connection = {"url": os.environ[f"{REAL}_URL"], "token": f"env:{REAL}_TOKEN"}
        self.admin = Admin(ShopifyOptions.model_validate(self.connection))
        session = self._session()
        location = next(iter(listed(session, LOCATIONS, first=1)))["name"]
        self.options = {**OPTIONS, "warehouses": {"MI": location}}
        currency = session.one(SHOP()).value["currencyCode"]
        self.price = {"price_list": "BASE", "currency": currency}
        self.stock = {"warehouse": "MI"}

    def held(self, sku: str) -> list[dict[str, Any]]:
        time.sleep(5)  # the search of a real shop lags behind
        found = self._session().document(HELD, {"query": f"sku:{quoted(sku)}"})
        return [
            {
                "id": "/".join(
                    each["id"].rpartition("/")[2]
                    for each in (variant["product"], variant, variant["inventoryItem"])
                ),
                "name": variant["product"]["title"],
                "price": plain(Decimal(variant["price"])),
                "stock": variant["inventoryQuantity"],
            }
            for variant in found["productVariants"]["nodes"]
            if variant["sku"] == sku
        ]

    def remove(self, sku: str) -> None:
        (found,) = self.held(sku)
        identifier = f"gid://shopify/Product/{found['id'].partition('/')[0]}"
        self._session().one(PRODUCT_DELETE(input={"id": identifier}))

    def refuse(self, sku: str) -> None:
        pytest.skip(f"a real shop cannot be told to refuse {sku}")

    def fail_next(self, **headers: str) -> None:
        pytest.skip(f"a real shop fails when it likes: {headers}")

    def lose_answer(self, request: int = 1) -> None:
        pytest.skip(f"answer {request} of a real shop is not ours to lose")

    def close(self) -> None:
        self.admin.close()

    def _session(self) -> Session:
        return Session(self.admin, OpenGate())

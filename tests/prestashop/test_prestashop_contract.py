"""PrestaShop keeps the contract of a platform, with PUT alone and with PATCH."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.responses import Response

from agent.contract import Kind
from connectors.prestashop import KIND
from tests.contract.platform_suite import PlatformSuite
from tests.peers.http_server import Peer, answering
from tests.peers.prestashop import PrestaShop


class StandIn:
    kind: Kind = KIND

    def __init__(self, shop: PrestaShop, peer: Peer) -> None:
        self.shop = shop
        self.connection = {"url": peer.url, "key": "env:SYNC_TEST_KEY"}
        self.price = {"price_list": "BASE", "currency": "EUR"}
        self.stock = {"warehouse": "M"}
        self.options = {"root_category": shop.root, "deleted": "delete"}

    def held(self, sku: str) -> list[dict[str, Any]]:
        shop = self.shop
        found = [
            {
                "id": f"{each['id']}/",
                "name": each["name"][1],
                "price": f"{float(each['price']):g}",
                "stock": self._stock(each["id"], "0"),
            }
            for each in shop.all("products")
            if each["reference"] == sku
        ]
        for each in shop.all("combinations"):
            if each["reference"] == sku:
                product = shop.records["products"][int(each["id_product"])]
                price = float(product["price"]) + float(each["price"])
                stock = self._stock(each["id_product"], each["id"])
                place = f"{each['id_product']}/{each['id']}"
                found.append({"id": place, "price": f"{price:g}", "stock": stock})
        return found

    def _stock(self, product: str, combination: str) -> int:
        return next(
            int(each["quantity"])
            for each in self.shop.all("stock_availables")
            if (each["id_product"], each["id_product_attribute"]) == (product, combination)
        )

    def remove(self, sku: str) -> None:
        for id_, each in list(self.shop.records["products"].items()):
            if each["reference"] == sku:
                del self.shop.records["products"][id_]

    def refuse(self, sku: str) -> None:
        self.shop.refused = {sku}

    def fail_next(self, **headers: str) -> None:
        self.shop.fails.append(Response(status_code=429 if headers else 503, headers=headers))

    def lose_answer(self, request: int = 1) -> None:
        self.shop.loses = [number == request for number in range(1, request + 1)]


class TestPrestaShop(PlatformSuite):
    @pytest.fixture(params=["1.7.8.11", "8.1.6"])
    def bench(
        self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[StandIn]:
        monkeypatch.setenv("SYNC_TEST_KEY", "RIGHTKEY")
        shop = PrestaShop()
        shop.version = request.param
        shop.put("currencies", name="Euro", iso_code="EUR", active="1")
        with answering(shop) as peer:
            yield StandIn(shop, peer)

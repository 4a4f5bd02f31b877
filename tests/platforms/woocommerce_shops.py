"""Shops of WooCommerce to deliver to: the stand-in, or a real one named by the environment."""

from __future__ import annotations

import os
from typing import Any

import pytest

from agent.contract import Kind
from connectors.woocommerce import KIND
from connectors.woocommerce.calls import Calls
from tests.peers.http_server import Peer
from tests.peers.woocommerce import KEY, WooShop
from tests.peers.woocommerce.shop import unavailable

VARIABLE = "SYNC_TEST_WOO_SECRET"
REAL = "SYNCAGENT_TEST_WOOCOMMERCE"


class StandIn:
    """The shop written for the tests."""

    kind: Kind = KIND
    options: dict[str, Any] = {"deleted": "delete"}  # noqa: RUF012 - the shape of the protocol
    price: dict[str, Any] = {"price_list": "BASE", "currency": "EUR"}  # noqa: RUF012 - the same
    stock: dict[str, Any] = {"warehouse": "MAIN"}  # noqa: RUF012 - the same

    def __init__(self, shop: WooShop, peer: Peer) -> None:
        self.shop, self._peer = shop, peer

    @property
    def connection(self) -> dict[str, Any]:
        return {
            "url": self._peer.url,
            "consumer_key": KEY,
            "consumer_secret": f"env:{VARIABLE}",
        }

    def held(self, sku: str) -> list[dict[str, Any]]:
        return [
            {
                "id": f"{each['parent_id']}/{each['id']}" if each["parent_id"] else str(each["id"]),
                "name": each["name"],
                "price": each["regular_price"],
                "stock": each["stock_quantity"],
            }
            for each in self.shop.products.items.values()
            if each["sku"] == sku
        ]

    def remove(self, sku: str) -> None:
        products = self.shop.products
        products.delete(products.by_sku(sku)["id"])

    def refuse(self, sku: str) -> None:
        self.shop.products.refused.add(sku)

    def fail_next(self, **headers: str) -> None:
        self.shop.faults.append(unavailable(429 if headers else 503, **headers))

    def lose_answer(self, request: int = 1) -> None:
        self.shop.lost.append(request)


class RealShop:
    """A staging shop; what cannot be had of it skips the test. Products of tests stay there."""

    kind: Kind = KIND
    options: dict[str, Any] = {"deleted": "delete"}  # noqa: RUF012 - the shape of the protocol
    stock: dict[str, Any] = {"warehouse": "MAIN"}  # noqa: RUF012 - the same

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        currency = calls.get("data/currencies/current").json(dict[str, Any])["code"]
        self.price = {"price_list": "BASE", "currency": currency}

    @property
    def connection(self) -> dict[str, Any]:
        return real_connection()

    def held(self, sku: str) -> list[dict[str, Any]]:
        return [
            {
                "id": f"{each['parent_id']}/{each['id']}" if each["parent_id"] else str(each["id"]),
                "name": each["name"],
                "price": each["regular_price"],
                "stock": each["stock_quantity"],
            }
            for each in self._calls.by_skus([sku], "")
        ]

    def remove(self, sku: str) -> None:
        (found,) = self.held(sku)
        self._calls.batch("products", delete=[int(found["id"])])

    def refuse(self, sku: str) -> None:
        pytest.skip(f"a real shop cannot be told to refuse {sku}")

    def fail_next(self, **headers: str) -> None:
        pytest.skip(f"a real shop fails when it likes: {headers}")

    def lose_answer(self, request: int = 1) -> None:
        pytest.skip(f"answer {request} of a real shop is not ours to lose")


def real_connection() -> dict[str, Any]:
    return {
        "url": os.environ[f"{REAL}_URL"],
        "consumer_key": os.environ[f"{REAL}_KEY"],
        "consumer_secret": f"env:{REAL}_SECRET",
    }

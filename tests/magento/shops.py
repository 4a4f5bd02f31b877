"""Shops of Magento to deliver to: the stand-in, or a real one named by the environment."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

import pytest

from agent.contract import Kind
from connectors._canonical import plain
from connectors.magento import KIND
from connectors.magento.calls import Calls, folded, segment
from tests.peers.http_server import Peer
from tests.peers.magento import MagentoShop
from tests.peers.magento.shop import unavailable

VARIABLE = "SYNC_TEST_MAGENTO_TOKEN"
REAL = "SYNCAGENT_TEST_MAGENTO"


def _held(item: dict[str, Any], quantity: float | None) -> dict[str, Any]:
    return {
        "id": str(item["id"]),
        "name": item["name"],
        "price": plain(Decimal(str(item["price"]))),
        "stock": None if quantity is None else int(quantity),
    }


class StandIn:
    """The shop written for the tests."""

    kind: Kind = KIND
    options: dict[str, Any] = {"deleted": "delete"}  # noqa: RUF012 - the shape of the protocol
    price: dict[str, Any] = {"price_list": "BASE", "currency": "EUR"}  # noqa: RUF012 - the same
    stock: dict[str, Any] = {"warehouse": "MAIN"}  # noqa: RUF012 - the same

    def __init__(self, shop: MagentoShop, peer: Peer) -> None:
        self.shop, self._peer = shop, peer

    @property
    def connection(self) -> dict[str, Any]:
        return {"url": self._peer.url, "token": f"env:{VARIABLE}", "version": "2.4.8"}

    def held(self, sku: str) -> list[dict[str, Any]]:
        item = self.shop.catalogue.products.get(folded(sku))
        stock = self.shop.catalogue.stock.get(("default", sku))
        return [_held(item, stock["quantity"] if stock else None)] if item else []

    def remove(self, sku: str) -> None:
        del self.shop.catalogue.products[folded(sku)]

    def refuse(self, sku: str) -> None:
        self.shop.catalogue.refused.add(sku)

    def fail_next(self, **headers: str) -> None:
        self.shop.faults.append(unavailable(429 if headers else 503, **headers))

    def lose_answer(self, request: int = 1) -> None:
        self.shop.lost.append(request)


class RealShop:
    """A staging shop; what cannot be had of it skips the test. Products of tests stay there.

    It has the attributes `colore` and `taglia`: drop-downs of global scope in the default set.
    """

    kind: Kind = KIND
    options: dict[str, Any] = {"deleted": "delete"}  # noqa: RUF012 - the shape of the protocol
    price: dict[str, Any] = {"price_list": "BASE", "currency": "EUR"}  # noqa: RUF012 - the same
    stock: dict[str, Any] = {"warehouse": "MAIN"}  # noqa: RUF012 - the same

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    @property
    def connection(self) -> dict[str, Any]:
        return real_connection()

    def held(self, sku: str) -> list[dict[str, Any]]:
        item = next(iter(self._calls.products([sku], "id,name,price").values()), None)
        if item is None:
            return []
        stock = list(self._calls.search("inventory/source-items", ("sku", "eq", sku)))
        return [_held(item, stock[0]["quantity"] if stock else None)]

    def remove(self, sku: str) -> None:
        self._calls.delete(f"products/{segment(sku)}").require()

    def refuse(self, sku: str) -> None:
        pytest.skip(f"a real shop cannot be told to refuse {sku}")

    def fail_next(self, **headers: str) -> None:
        pytest.skip(f"a real shop fails when it likes: {headers}")

    def lose_answer(self, request: int = 1) -> None:
        pytest.skip(f"answer {request} of a real shop is not ours to lose")


def real_connection() -> dict[str, Any]:
    return {"url": os.environ[f"{REAL}_URL"], "token": f"env:{REAL}_TOKEN"}

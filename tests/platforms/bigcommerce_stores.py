"""Stores of BigCommerce to deliver to: the stand-in, or a real one named by the environment."""

from __future__ import annotations

import os
from typing import Any

import pytest

from agent.contract import Kind
from connectors.bigcommerce import KIND
from connectors.bigcommerce.calls import Calls
from connectors.bigcommerce.places import by_sku
from tests.peers.bigcommerce import STORE, BigStore
from tests.peers.bigcommerce.store import unavailable
from tests.peers.http_server import Peer

VARIABLE = "SYNC_TEST_BIG_TOKEN"
REAL = "SYNCAGENT_TEST_BIGCOMMERCE"


class StandIn:
    """The store written for the tests."""

    kind: Kind = KIND
    options: dict[str, Any] = {"deleted": "delete"}  # noqa: RUF012 - the shape of the protocol
    price: dict[str, Any] = {"price_list": "BASE", "currency": "EUR"}  # noqa: RUF012 - the same
    stock: dict[str, Any] = {"warehouse": "MAIN"}  # noqa: RUF012 - the same

    def __init__(self, store: BigStore, peer: Peer) -> None:
        self.store, self._peer = store, peer

    @property
    def connection(self) -> dict[str, Any]:
        return {"url": self._peer.url, "store": STORE, "access_token": f"env:{VARIABLE}"}

    def held(self, sku: str) -> list[dict[str, Any]]:
        catalogue = self.store.catalogue
        found = [(str(e["id"]), e) for e in catalogue.products.values()]
        found += [(f"{e['product_id']}/{e['id']}", e) for e in catalogue.variants.values()]
        stock = catalogue.stock.get((1, sku))
        return [_shown(key, each, stock) for key, each in found if each["sku"] == sku]

    def remove(self, sku: str) -> None:
        self.store.catalogue.delete_product(self.store.catalogue.product(sku)["id"])

    def refuse(self, sku: str) -> None:
        self.store.catalogue.refused.add(sku)

    def fail_next(self, **headers: str) -> None:
        self.store.faults.append(unavailable(429 if headers else 503, **headers))

    def lose_answer(self, request: int = 1) -> None:
        self.store.lost.append(request)


class RealStore:
    """A sandbox store; what cannot be had of it skips the test. Products of tests stay there."""

    kind: Kind = KIND
    stock: dict[str, Any] = {"warehouse": "MAIN"}  # noqa: RUF012 - the shape of the protocol

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        currency = calls.get("/v2/store").value["currency"]
        self.price = {"price_list": "BASE", "currency": currency}
        self.options = {"deleted": "delete", "currency": currency}

    @property
    def connection(self) -> dict[str, Any]:
        return real_connection()

    def held(self, sku: str) -> list[dict[str, Any]]:
        places = by_sku(self._calls, [sku])
        if sku not in places:
            return []
        place = places[sku]
        path = f"/v3/catalog/products/{place.product}"
        path += f"/variants/{place.variant}" if place.variant else ""
        item = self._calls.get(path).data
        items = list(self._calls.pages("/v3/inventory/items", **{"sku:in": sku}))
        stock = items[0]["locations"][0]["total_inventory_onhand"] if items else None
        return [_shown(str(place), item, stock)]

    def remove(self, sku: str) -> None:
        place = by_sku(self._calls, [sku])[sku]
        self._calls.delete(f"/v3/catalog/products/{place.product}")

    def refuse(self, sku: str) -> None:
        pytest.skip(f"a real store cannot be told to refuse {sku}")

    def fail_next(self, **headers: str) -> None:
        pytest.skip(f"a real store fails when it likes: {headers}")

    def lose_answer(self, request: int = 1) -> None:
        pytest.skip(f"answer {request} of a real store is not ours to lose")


def _shown(key: str, item: dict[str, Any], stock: int | None) -> dict[str, Any]:
    price = item.get("price")
    return {
        "id": key,
        "name": item.get("name", ""),
        "price": None if price is None else f"{price:g}",
        "stock": stock,
    }


def real_connection() -> dict[str, Any]:
    return {"store": os.environ[f"{REAL}_STORE"], "access_token": f"env:{REAL}_TOKEN"}

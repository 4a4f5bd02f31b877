"""Odoo keeps the contract of a platform, over both protocols."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.responses import Response

from agent.contract import Kind
from connectors.odoo import KIND
from tests.contract.platform_suite import PlatformBench, PlatformSuite, Sender
from tests.peers.engine import Engine, taken
from tests.peers.http_server import Peer, answering
from tests.peers.odoo import OdooServer


class StandIn:
    kind: Kind = KIND

    def __init__(self, server: OdooServer, peer: Peer, protocol: str) -> None:
        self.server = server
        self.connection = {
            "url": peer.url,
            "database": "rossi",
            "protocol": protocol,
            "api_key": "env:SYNC_TEST_KEY",
        } | ({"user": "sync@rossi.example"} if protocol == "xmlrpc" else {})
        self.options = {"deleted": "delete"}
        self.price = {"price_list": "BASE", "currency": "EUR"}
        self.stock = {"warehouse": "WH"}

    def held(self, sku: str) -> list[dict[str, Any]]:
        database = self.server.database
        found = []
        for each in database.all("product.product"):
            if each["default_code"] == sku:
                template = database.records["product.template"][each["product_tmpl_id"]]
                quants = [
                    quant["quantity"]
                    for quant in database.all("stock.quant")
                    if quant["product_id"] == each["id"]
                ]
                found.append(
                    {
                        "id": f"{template['id']}/{each['id']}",
                        "name": template["name"],
                        "price": f"{template['list_price']:g}",
                        "stock": int(sum(quants)),
                    }
                )
        return found

    def remove(self, sku: str) -> None:
        database = self.server.database
        ids = [
            e["product_tmpl_id"]
            for e in database.all("product.product")
            if e["default_code"] == sku
        ]
        database.call("product.template", "unlink", ids, {})

    def refuse(self, sku: str) -> None:
        self.server.database.refuses = lambda _, values: (
            "Not this one" if values.get("default_code") == sku else ""
        )

    def fail_next(self, **headers: str) -> None:
        self.server.fails.append(Response(status_code=429 if headers else 503, headers=headers))

    def lose_answer(self, request: int = 1) -> None:
        self.server.loses = [number == request for number in range(1, request + 1)]


class TestOdoo(PlatformSuite):
    @pytest.fixture(params=["json2", "xmlrpc"])
    def bench(
        self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[StandIn]:
        monkeypatch.setenv("SYNC_TEST_KEY", "right")
        server = OdooServer()
        server.database.put("res.currency", name="EUR")
        place = server.database.put("stock.location", name="WH/Stock")
        server.database.put("stock.warehouse", name="Milano", code="WH", lot_stock_id=place)
        with answering(server) as peer:
            yield StandIn(server, peer, request.param)

    def test_price_and_stock_reach_the_product(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        """Odoo keeps fractions of a piece: a length, a weight."""
        engine.send(sender.product("1"))
        assert taken(engine.send(sender.price(bench, "1", "12.50")))
        assert taken(engine.send(sender.stock(bench, "1", "7")))
        engine.bound.clear()
        engine.send(sender.price(bench, "1", "13"))
        (held,) = bench.held(sender.sku("1"))
        assert (held["price"], held["stock"]) == ("13", 7)

    def test_variants_are_sold_under_their_product(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        """Odoo keeps one sales price for all of them: that of the product above."""
        receipts = engine.send(
            sender.product("shirt", "Maglia"),
            sender.variant("red", "shirt", Colore="Rosso", Taglia="M"),
            sender.variant("blue", "shirt", Colore="Blu", Taglia="M"),
        )
        assert len(taken(receipts)) == 3
        engine.send(sender.stock(bench, "red", "4"), sender.stock(bench, "blue", "5"))
        assert bench.held(sender.sku("red"))[0]["stock"] == 4
        assert bench.held(sender.sku("blue"))[0]["stock"] == 5
        assert not taken(engine.send(sender.price(bench, "red", "20")))
        assert taken(engine.send(sender.price(bench, "shirt", "20")))
        assert taken(engine.send(sender.price(bench, "red", "20")))
        assert bench.held(sender.sku("blue"))[0]["price"] == "20"

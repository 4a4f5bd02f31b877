"""What the tests of Odoo put into a database."""

from __future__ import annotations

from typing import Any

from connectors.odoo import KIND
from tests.peers.engine import Engine
from tests.peers.http_server import Peer

ADDRESS = {
    "street": "Via Roma 1",
    "city": "Roma",
    "postal_code": "00184",
    "province": "RM",
    "country": "IT",
}


def engine_of(peer: Peer, protocol: str, **options: Any) -> Engine:
    user = {"user": "sync@rossi.example"} if protocol == "xmlrpc" else {}
    connection = KIND.connection.model_validate(
        {
            "url": peer.url,
            "database": "rossi",
            "protocol": protocol,
            "api_key": "env:SYNC_TEST_KEY",
            **user,
        }
    )
    assert KIND.target
    return Engine(KIND.target(connection, KIND.target_options.model_validate(options)))


def put_product(engine: Engine, sku: str, **further: Any) -> Any:
    return engine.put("product", sku, sku=sku, name=f"Vite {sku}", **further)


def put_variant(engine: Engine, sku: str, **options: str) -> Any:
    chosen = [{"name": name, "value": value} for name, value in options.items()]
    return put_product(engine, sku, parent="P", options=chosen)


def a_price(sku: str, **further: Any) -> dict[str, Any]:
    record = {"sku": sku, "price_list": "Rivenditori", "price": "9.90", "currency": "EUR"}
    return {**record, **further}


def put_price(engine: Engine, **further: Any) -> Any:
    return engine.put("price", "A1|L", **a_price("A1", **further))


def put_stock(engine: Engine, quantity: str, sku: str = "A1", warehouse: str = "MILANO") -> Any:
    return engine.put("stock", f"{sku}|M", sku=sku, warehouse=warehouse, quantity=quantity)


def put_customer(engine: Engine, key: str = "C1", **further: Any) -> Any:
    return engine.put("customer", key, code=key, name="Rossi S.r.l.", **further)


def an_order(number: str = "W1", customer: str = "C1", **further: Any) -> dict[str, Any]:
    return {
        "number": number,
        "customer": customer,
        "placed_at": "2026-03-01T10:00:00+01:00",
        "lines": [
            {"line": 1, "sku": "A1", "quantity": "3", "price": "9.90", "discount": "10"},
            {"line": 2, "sku": "A1", "quantity": "1", "price": "1.00", "description": "Campione"},
        ],
        **further,
    }


def put_order(engine: Engine, number: str = "W1", **further: Any) -> Any:
    return engine.put("order", number, **an_order(number, **further))

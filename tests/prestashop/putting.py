"""What the tests of PrestaShop put into a shop."""

from __future__ import annotations

from typing import Any

from connectors.prestashop import KIND
from tests.peers.engine import Engine
from tests.peers.http_server import Peer
from tests.peers.prestashop import PrestaShop

ADDRESS = {
    "street": "Via Roma 1",
    "city": "Roma",
    "postal_code": "00184",
    "province": "RM",
    "country": "IT",
}


def engine_of(peer: Peer, shop: PrestaShop, **options: Any) -> Engine:
    connection = KIND.connection.model_validate({"url": peer.url, "key": "env:SYNC_TEST_KEY"})
    given = {"root_category": shop.root, "tax_rules": {"22": "7"}, **options}
    assert KIND.target
    return Engine(KIND.target(connection, KIND.target_options.model_validate(given)))


def state_named(shop: PrestaShop, name: str) -> str:
    return next(str(each["id"]) for each in shop.all("order_states") if each["name"][1] == name)


def put_product(engine: Engine, sku: str, **further: Any) -> Any:
    return engine.put("product", sku, sku=sku, **{"name": f"Vite {sku}", **further})


def put_variant(engine: Engine, sku: str, **options: str) -> Any:
    chosen = [{"name": name, "value": value} for name, value in options.items()]
    return put_product(engine, sku, parent="P", options=chosen)


def put_stock(engine: Engine, quantity: str, sku: str = "A1") -> Any:
    return engine.put("stock", f"{sku}|M", sku=sku, warehouse="M", quantity=quantity)


def put_price(engine: Engine, key: str = "A1|L", **further: Any) -> Any:
    record = {"sku": "A1", "price_list": "Rivenditori", "price": "9.90", "currency": "EUR"}
    return engine.put("price", key, **{**record, **further})


def put_customer(engine: Engine, **further: Any) -> Any:
    record = {"code": "C1", "name": "Rossi & Figli S.r.l. 2000", "email": "info@rossi.example"}
    return engine.put("customer", "C1", **{**record, **further})


def an_order(shop: PrestaShop, **further: Any) -> str:
    return shop.put(
        "orders",
        **{
            "reference": "XKBKNABJK",
            "current_state": state_named(shop, "Pagato"),
            "id_customer": "77",
            "payment": "Bonifico",
            "date_add": "2026-03-01 10:00:00",
            "date_upd": "2026-03-01 10:00:00",
            "total_paid_tax_incl": "36.234000",
            "total_paid_tax_excl": "29.700000",
            "total_shipping_tax_excl": "5.000000",
            **further,
        },
    )

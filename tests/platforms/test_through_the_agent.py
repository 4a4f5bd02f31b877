"""A whole agent between a database and a platform: catalogue out, order in, its state back."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.daemon import Agent
from connectors.memory import RECEIVERS, Receiver
from tests.faults.site import live
from tests.peers.bigcommerce import BigStore
from tests.peers.woocommerce import WooShop
from tests.platforms.test_bigcommerce_people import an_order as order_of_bigcommerce
from tests.platforms.test_woocommerce_source import an_order as order_of_woocommerce

TABLES = """\
CREATE TABLE groups (code TEXT PRIMARY KEY, name TEXT, parent TEXT);
CREATE TABLE articles (sku TEXT PRIMARY KEY, name TEXT, category TEXT, parent TEXT, colour TEXT);
CREATE TABLE prices (sku TEXT PRIMARY KEY, price TEXT);
CREATE TABLE stock (sku TEXT PRIMARY KEY, quantity TEXT);
CREATE TABLE states (id TEXT PRIMARY KEY, state TEXT);
INSERT INTO groups VALUES ('ABB', 'Abbigliamento', ''), ('MAG', 'Maglie', 'ABB');
INSERT INTO articles VALUES
    ('T', 'Maglia T', 'MAG', '', ''), ('T-R', 'Maglia rossa', '', 'T', 'Rosso'),
    ('T-B', 'Maglia blu', '', 'T', 'Blu'), ('C', 'Cintura C', 'ABB', '', '');
INSERT INTO prices VALUES ('T-R', '20.00'), ('T-B', '21.00'), ('C', '9.90');
INSERT INTO stock VALUES ('T-R', '4'), ('T-B', '5'), ('C', '12');
"""
FLOWS = {
    "stock": (
        "stock",
        "stock",
        {"sku": "sku", "quantity": "quantity", "warehouse": {"value": "M"}},
    ),
    "prices": (
        "prices",
        "price",
        {
            "sku": "sku",
            "price": "price",
            "price_list": {"value": "BASE"},
            "currency": {"value": "EUR"},
        },
    ),
    "products": (
        "articles",
        "product",
        {
            "sku": "sku",
            "name": "name",
            "category": "category",
            "parent": "parent",
            "options": {
                "expression": "[{'name': 'Colore', 'value': row.colour}] if row.colour else []"
            },
        },
    ),
    "categories": ("groups", "category", {"code": "code", "name": "name", "parent": "parent"}),
    "states": ("states", "order_status", {"number": "id", "status": "state"}),
}


class Company:
    """A database, an agent's configuration, and what came in."""

    def __init__(self, root: Path, kind: str, connection: dict[str, Any]) -> None:
        self.database, self.config = root / "erp.db", root / "config.yaml"
        self.receiver = RECEIVERS.setdefault(str(root), Receiver())
        with closing(sqlite3.connect(self.database)) as database:
            database.executescript(TABLES)
        quick = {"backoff_base": "10ms", "backoff_cap": "20ms", "senders": 2}
        keys = {"categories": "code", "states": "id"}
        flows: dict[str, Any] = {
            name: {
                "source": {"connection": "erp", "table": table, "key": [keys.get(name, "sku")]},
                "target": {"connection": "shop"},
                "entity": entity,
                "mapping": mapping,
            }
            for name, (table, entity, mapping) in FLOWS.items()
        }
        flows["orders"] = {
            "source": {"connection": "shop"},
            "preset": "orders",
            "target": {"connection": "inbox", "receiver": str(root)},
        }
        said = {
            "connections": {
                "erp": {"kind": "sqlite", "file": str(self.database)},
                "shop": {"kind": kind, **connection, "delivery": quick},
                "inbox": {"kind": "memory"},
            },
            "store": {"path": "syncagent.db", "disk_low": "1MB", "backup": "off"},
            "flows": flows,
        }
        self.config.write_text(json.dumps(said), encoding="utf-8")

    def say(self, statement: str) -> None:
        with closing(sqlite3.connect(self.database)) as database:
            database.execute(statement)
            database.commit()

    def live(self) -> None:
        """Read every flow, and deliver until nothing waits for anything else any more."""
        live(self.config)
        for _ in range(
            4
        ):  # a price waits for its variant, that for its product, that for its group
            with closing(Agent.open(self.config)) as agent:
                agent.store.decisions.retry(target="shop")
                for delivery in agent.deliveries.values():
                    delivery.run_until_idle()

    def left(self) -> list[tuple[str, str, str]]:
        with closing(Agent.open(self.config)) as agent:
            rows = agent.store.messages.list(limit=100)
            return [
                (row.key, row.code, row.reason)
                for row in rows
                if row.state in {"pending", "parked"}
            ]


def test_woocommerce_gets_the_catalogue_gives_an_order_and_hears_of_it(
    woo: WooShop, woo_connection: dict[str, Any], tmp_path: Path
) -> None:
    woo.orders.items[501] = order_of_woocommerce(501)
    company = Company(tmp_path, "woocommerce", woo_connection)
    company.live()
    assert company.left() == []
    products = woo.products
    assert sorted(products.created) == ["C", "T", "T-B", "T-R"]
    assert products.by_sku("T")["type"] == "variable"
    assert products.by_sku("T-R")["regular_price"] == "20"
    assert products.by_sku("T-B")["stock_quantity"] == 5
    order = company.receiver.record("order", "501")
    assert [line["sku"] for line in order["lines"]] == ["A1"]
    woo.calls.clear()
    company.say("UPDATE stock SET quantity = '3' WHERE sku = 'C'")
    company.say("INSERT INTO states VALUES ('501', 'completed')")
    company.live()
    assert company.left() == []
    assert products.by_sku("C")["stock_quantity"] == 3
    assert woo.orders.items[501]["status"] == "completed"
    assert [call for call in woo.calls if call.startswith("POST")] == [
        "POST /products/batch",
        "POST /orders/batch",
    ]


def test_bigcommerce_gets_the_catalogue_gives_an_order_and_hears_of_it(
    big: BigStore, big_connection: dict[str, Any], tmp_path: Path
) -> None:
    big.left = 100_000
    big.people.orders[501] = order_of_bigcommerce(501)
    company = Company(tmp_path, "bigcommerce", big_connection)
    company.live()
    assert company.left() == []
    catalogue = big.catalogue
    assert sorted(each["sku"] for each in catalogue.products.values()) == ["C", "T"]
    assert catalogue.variant("T-R")["price"] == 20
    assert catalogue.product("T")["availability"] == "available"
    assert catalogue.stock == {(1, "T-R"): 4, (1, "T-B"): 5, (1, "C"): 12}
    order = company.receiver.record("order", "501")
    assert [line["sku"] for line in order["lines"]] == ["A1", "PDF"]
    company.say("UPDATE stock SET quantity = '3' WHERE sku = 'C'")
    company.say("INSERT INTO states VALUES ('501', 'Completed')")
    company.live()
    assert company.left() == []
    assert catalogue.stock[1, "C"] == 3
    assert big.people.orders[501]["status_id"] == 10


@pytest.fixture(autouse=True)
def _no_receiver_stays(tmp_path: Path) -> Any:
    yield
    RECEIVERS.pop(str(tmp_path), None)

"""Taking an order over wakes the flow of stock: the shop learns at once what may still be sold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.daemon import Agent
from agent.model import State
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.waiting import until

CONFIG = """
connections:
  shop: {kind: memory}
  erp: {kind: memory}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  orders:
    source: {connection: shop, table: NAME-orders, key: [NUMBER]}
    target: {connection: erp, receiver: NAME-erp}
    entity: order
    mapping:
      number: NUMBER
      customer: {value: C1}
      placed_at: {value: "2026-11-22T10:00:00Z"}
      lines: {each: LINES, fields: {line: LINE, sku: SKU, quantity: QUANTITY}}
  stock:
    source: {connection: erp, table: NAME-stock, key: [GIART]}
    lookups:
      web: {orders: orders, by: [GIART]}
    target: {connection: shop, receiver: NAME-shop}
    entity: stock
    mapping:
      sku: GIART
      warehouse: {value: "01"}
      quantity: {expression: "(row.GIESI | decimal) - (row['web.quantity'] | default(0, true))"}
"""
LINES = [{"LINE": 1, "SKU": "VIT-1", "QUANTITY": "3"}]


@pytest.fixture
def name(tmp_path: Path) -> Iterator[str]:
    name = str(tmp_path)
    TABLES[f"{name}-orders"] = Table(("NUMBER", "LINES"), [])
    TABLES[f"{name}-stock"] = Table(("GIART", "GIESI"), [("VIT-1", "10"), ("DADO-2", "5")])
    RECEIVERS[f"{name}-erp"], RECEIVERS[f"{name}-shop"] = Receiver(), Receiver()
    yield name
    for known in (TABLES, RECEIVERS):
        for each in [each for each in known if each.startswith(name)]:
            del known[each]


@pytest.fixture
def agent(tmp_path: Path, name: str) -> Iterator[Agent]:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG.replace("NAME", name))
    agent = Agent.open(path)
    agent.start()
    yield agent
    agent.stop()
    agent.close()


def shown(name: str) -> dict[str, str]:
    """What the shop shows."""
    holds = RECEIVERS[f"{name}-shop"].holds
    return {key: json.loads(body)["quantity"] for (_, key), body in holds.items()}


def test_the_number_follows_an_order_until_the_erp_has_it(name: str, agent: Agent) -> None:
    until(lambda: shown(name) == {"VIT-1": "10", "DADO-2": "5"})
    erp, orders = RECEIVERS[f"{name}-erp"], TABLES[f"{name}-orders"]
    erp.refuses["W-1"] = "customer is blocked"
    orders.rows.append(("W-1", LINES))
    orders.wake()
    until(lambda: shown(name) == {"VIT-1": "7", "DADO-2": "5"})
    until(lambda: agent.store.messages.list(flow="orders", state=State.PARKED))
    erp.refuses.clear()
    agent.store.decisions.retry(flow="orders")
    agent.deliveries["erp"].wake()
    # This ERP does not lower its stock by itself, so that the end of the reservation is seen.
    until(lambda: shown(name) == {"VIT-1": "10", "DADO-2": "5"})
    assert list(erp.holds) == [("order", "W-1")]

"""The engine's own store, door and bindings around a shop."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agent.delivery import Delivery, DeliverySettings
from agent.model import Change, Op, State
from agent.store import Store
from connectors.shopify.options import ShopifyOptions, ShopifyTargetOptions
from connectors.shopify.target import ShopifyTarget
from tests.delivery.world import ManualClock
from tests.peers.shopify.costs import Bucket
from tests.peers.shopify.server import ShopServer


class Agent:
    """A store and a delivery to the shop; its clock is also that of the shop's allowance."""

    def __init__(self, server: ShopServer, path: Path, **options: Any) -> None:
        self.server, self.clock = server, ManualClock()
        self.store = Store.open(path / "state.db", self.clock)
        connection = {"url": server.url, "token": "env:TEST_SHOPIFY_TOKEN"}

        def target() -> ShopifyTarget:
            return ShopifyTarget(
                ShopifyOptions.model_validate(connection),
                ShopifyTargetOptions.model_validate(options),
            )

        self.delivery = Delivery(
            name="shop",
            store=self.store,
            makers={"": target},
            settings=DeliverySettings(senders=1, batch_size=10_000),
            clock=self.clock,
            random=Random(1),
        )

    def append(self, flow: str, entity: str, records: dict[str, dict[str, Any]]) -> None:
        changes = [
            Change(Op.UPSERT, entity, key, json.dumps(data).encode(), bytes(16), None)
            for key, data in records.items()
        ]
        self.store.messages.append(flow, "shop", 1, 1, changes, held=False, coalesce=True)

    def states(self) -> dict[State, int]:
        totals: dict[State, int] = {}
        for counts in self.store.messages.counts().values():
            for state, count in counts.items():
                totals[state] = totals.get(state, 0) + count
        return {state: count for state, count in totals.items() if count}

    def work(self, seconds: float = 20.0, rounds: int = 200) -> None:
        """Deliver until nothing is left to send, time going by in between."""
        for _ in range(rounds):
            self.delivery.run_until_idle()
            if State.PENDING not in self.states():
                return
            self.clock.advance(seconds)
            self.server.bucket.pass_time(seconds)
        raise AssertionError(f"never done: {self.states()}")

    def close(self) -> None:
        self.delivery.drain(5.0)
        self.store.close()


@pytest.fixture
def agent(server: ShopServer, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Agent]:
    agent = Agent(server, tmp_path, **getattr(request, "param", {}))
    yield agent
    agent.close()


def articles(count: int) -> dict[str, dict[str, Any]]:
    return {f"A-{n}": {"sku": f"A-{n}", "name": f"Vite {n}"} for n in range(count)}


def test_stock_that_comes_first_follows_its_product(agent: Agent) -> None:
    quantity = {"sku": "A-0", "warehouse": "Milano", "quantity": "7"}
    agent.append("stock", "stock", {"A-0|Milano": quantity})
    agent.delivery.run_until_idle()
    assert agent.states() == {State.PENDING: 1}
    agent.append("products", "product", articles(1))
    agent.work()
    assert agent.states() == {State.DELIVERED: 2}
    (item,) = agent.server.shop.all("InventoryItem")
    assert list(item["levels"].values()) == [7]


def test_shop_with_a_small_allowance_gets_everything_once(agent: Agent) -> None:
    agent.server.bucket = Bucket(size=1000, available=1000, restored=100)
    agent.append("products", "product", articles(200))
    agent.work()
    assert agent.states() == {State.DELIVERED: 200}
    assert len(agent.server.shop.all("Product")) == 200


@pytest.mark.parametrize(
    "agent", [{"batch_size": 10_000, "bulk_from": 100, "adopt": False}], indirect=True
)
def test_first_load_in_bulk_through_lost_answers(agent: Agent) -> None:
    agent.server.bulk.looks = 2
    agent.server.shop.refused["A-7"] = "is not a SKU"
    agent.append("products", "product", articles(120))
    agent.server.pass_next()
    agent.server.lose_next_answer()  # to the start of the operation
    agent.work()
    assert agent.states() == {State.DELIVERED: 119, State.PARKED: 1}
    assert len(agent.server.shop.all("Product")) == 119
    assert len(agent.server.shop.all("BulkOperation")) == 1

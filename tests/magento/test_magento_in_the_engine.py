"""The engine's own store, door and bindings around a shop whose queue moves now and then."""

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
from connectors.magento.options import MagentoOptions, MagentoTargetOptions
from connectors.magento.target import MagentoTarget
from tests.delivery.world import ManualClock
from tests.peers.magento import MagentoShop


class Agent:
    """A store and a delivery to the shop."""

    def __init__(self, connection: dict[str, Any], path: Path, **options: Any) -> None:
        self.clock = ManualClock()
        self.store = Store.open(path / "state.db", self.clock)

        def target() -> MagentoTarget:
            return MagentoTarget(
                MagentoOptions.model_validate(connection),
                MagentoTargetOptions.model_validate(options),
            )

        self.delivery = Delivery(
            name="shop",
            store=self.store,
            makers={"": target},
            settings=DeliverySettings(senders=1),
            clock=self.clock,
            random=Random(1),
        )

    def append(self, entity: str, records: dict[str, dict[str, Any]]) -> None:
        changes = [
            Change(Op.UPSERT, entity, key, json.dumps(data).encode(), bytes(16), None)
            for key, data in records.items()
        ]
        self.store.messages.append(entity, "shop", 1, 1, changes, held=False, coalesce=True)

    def states(self) -> dict[State, int]:
        totals: dict[State, int] = {}
        for counts in self.store.messages.counts().values():
            for state, count in counts.items():
                totals[state] = totals.get(state, 0) + count
        return {state: count for state, count in totals.items() if count}

    def work(self) -> None:
        """Deliver what is due, and let time go by."""
        self.delivery.run_until_idle()
        self.clock.advance(60.0)

    def close(self) -> None:
        self.delivery.drain(5.0)
        self.store.close()


@pytest.fixture
def agent(connection: dict[str, Any], tmp_path: Path, shop: MagentoShop) -> Iterator[Agent]:
    del shop
    agent = Agent(connection, tmp_path, batch_size=500, bulk_from=50, bulk_look=0)
    yield agent
    agent.close()


def articles(count: int, **more: Any) -> dict[str, dict[str, Any]]:
    return {f"A{n}": {"sku": f"A{n}", "name": f"Vite {n}", **more} for n in range(count)}


def test_first_load_goes_through_the_queue_in_one_call_and_is_done_when_it_has_moved(
    agent: Agent, shop: MagentoShop
) -> None:
    shop.catalogue.refused.add("A200")
    agent.append("product", articles(300))
    agent.work()
    agent.work()
    # A delivery feels its way with a few messages; all others go at once.
    assert agent.states()[State.PENDING] >= 250
    assert len(shop.bulks) == 1
    shop.consume()
    for _ in range(10):
        agent.work()
    assert agent.states() == {State.DELIVERED: 299, State.PARKED: 1}
    assert len(shop.catalogue.products) == 299
    assert len(shop.bulks) == 1


def test_stock_and_price_that_come_first_follow_their_product(
    agent: Agent, shop: MagentoShop
) -> None:
    money = {"price_list": "BASE", "currency": "EUR"}
    agent.append("stock", {"A0": {"sku": "A0", "warehouse": "MAIN", "quantity": "7"}})
    agent.append("price", {"A0": {"sku": "A0", "price": "12.5", **money}})
    agent.work()
    assert agent.states() == {State.PENDING: 2}
    agent.append("product", articles(1))
    for _ in range(5):
        agent.work()
    assert agent.states() == {State.DELIVERED: 3}
    assert shop.catalogue.products["a0"]["price"] == 12.5
    assert shop.catalogue.stock["default", "A0"]["quantity"] == 7


def test_changes_that_overtake_a_slow_queue_leave_the_newest_in_the_shop(
    agent: Agent, shop: MagentoShop
) -> None:
    agent.append("product", articles(60))
    agent.work()
    agent.append("product", articles(60, description="neu"))
    agent.work()
    shop.consume()
    for _ in range(10):
        agent.work()
        shop.consume()
    assert set(agent.states()) <= {State.DELIVERED, State.SUPERSEDED}
    described = {
        each["value"]
        for item in shop.catalogue.products.values()
        for each in item["custom_attributes"]
        if each["attribute_code"] == "description"
    }
    assert described == {"neu"}

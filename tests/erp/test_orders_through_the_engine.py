"""The whole way out: kept messages, doubt, what waits, what is bound; and one document an order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agent.contract import AnyTarget
from agent.delivery import Delivery, DeliverySettings
from agent.model import Change, Op, State
from agent.store import Store
from connectors.business_one.options import ServiceLayerOptions, WritingOptions
from connectors.business_one.target import BusinessOneTarget
from tests.delivery.world import ManualClock
from tests.erp.service_layer_writing import WritableServiceLayer
from tests.peers.http_server import answering


@dataclass
class Shop:
    """A shop that sends orders and customers through the engine into Business One."""

    folder: Path
    layer: WritableServiceLayer
    url: str
    options: dict[str, Any] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=ManualClock)
    store: Store = field(init=False)
    delivery: Delivery = field(init=False)

    def begin(self) -> None:
        """As the process does when it starts."""
        self.store = Store.open(self.folder / "state.db", self.clock)
        self.delivery = Delivery(
            name="erp",
            store=self.store,
            makers={"": self.target},
            settings=DeliverySettings(senders=1),
            clock=self.clock,
            random=Random(7),
        )

    def target(self) -> AnyTarget:
        connection = {"company": "SBO_ROSSI", "user": "sync", "password": "env:SYNC_TEST_PASSWORD"}
        return BusinessOneTarget(
            ServiceLayerOptions.model_validate({**connection, "url": f"{self.url}/b1s/v2"}),
            WritingOptions.model_validate(self.options),
        )

    def take_over(
        self, entity: str, key: str, data: dict[str, Any], *, again: bool = False
    ) -> None:
        body, previous = json.dumps(data).encode(), bytes(16) if again else None
        change = Change(Op.UPSERT, entity, key, body, bytes(16), previous)
        append = self.store.messages.append
        append(f"{entity}s", "erp", 1, 0, [change], held=False, coalesce=False)

    def order(self, number: str, *, again: bool = False, **further: Any) -> None:
        data = {
            "number": number,
            "customer": "C1",
            "placed_at": "2026-03-01T10:00:00Z",
            "lines": [{"line": 1, "sku": "A001", "quantity": "2"}],
        }
        self.take_over("order", number, data | further, again=again)

    def send(self) -> None:
        """Everything that is due by now."""
        self.clock.advance(700)
        self.delivery.run_until_idle()

    def die(self) -> None:
        """The process ends, and another one begins."""
        self.close()
        self.begin()

    def close(self) -> None:
        self.delivery.drain(0)
        self.store.close()

    def states(self) -> dict[str, dict[State, int]]:
        return {
            flow: {state: count for state, count in counts.items() if count}
            for flow, counts in self.store.messages.counts().items()
        }

    @property
    def written(self) -> list[str]:
        return [each["NumAtCard"] for each in self.layer.sets["Orders"]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("SYNC_TEST_PASSWORD", "right")
    layer = WritableServiceLayer()
    layer.sets["Items"] = [{"ItemCode": "A001"}]
    layer.sets["BusinessPartners"] = [
        {"CardCode": "C1", "CardName": "Rossi", "CardType": "cCustomer", "EmailAddress": None}
        | {"FederalTaxID": None, "AdditionalID": None}
    ]
    with answering(layer) as peer:
        shop = Shop(tmp_path, layer, peer.url)
        shop.begin()
        yield shop
        shop.close()


def test_lost_answers_and_outages_in_any_order_make_one_document_each(shop: Shop) -> None:
    dice = Random(11)
    shop.layer.faults.extend(dice.choice(["lost", "down", "locked", ""]) for _ in range(30))
    numbers = [f"W{number:03}" for number in range(12)]
    for number in numbers:
        shop.order(number)
    for _ in range(20):
        shop.send()
    assert sorted(shop.written) == numbers
    assert shop.states() == {"orders": {State.DELIVERED: 12}}
    references = shop.store.bindings.references("erp", "order", numbers)
    assert len(set(references.values())) == 12


def test_agent_that_died_after_the_erp_had_written_writes_nothing_twice(shop: Shop) -> None:
    for number in ("W1", "W2"):
        shop.order(number)
    now = shop.clock.now_ms()
    claimed = shop.store.messages.claim("erp", 10, now=now, lease_ms=600_000)
    target = shop.target()
    next(
        iter(target.deliver(claimed.messages))
    )  # the first is written, and nobody keeps its receipt
    target.close()
    shop.die()
    shop.send()
    assert shop.written == ["W1", "W2"]
    assert shop.states() == {"orders": {State.DELIVERED: 2}}


def test_order_follows_its_customer_by_itself(shop: Shop) -> None:
    shop.options = {"match": ["vat_number"], "reference": "N{{ key }}"}
    shop.order("W1", customer="42")
    shop.send()
    assert shop.states() == {"orders": {State.PENDING: 1}}
    shop.take_over("customer", "42", {"code": "42", "name": "Bianchi"})
    for _ in range(3):
        shop.send()
    assert [(each["CardCode"], each["NumAtCard"]) for each in shop.layer.sets["Orders"]] == [
        ("N42", "NW1")
    ]


def test_order_that_changed_after_it_was_written_waits_for_a_person(shop: Shop) -> None:
    shop.order("W1")
    shop.send()
    shop.order("W1", again=True, note="two more")
    shop.send()
    (row,) = shop.store.messages.list(state=State.PARKED)
    assert (row.key, row.code) == ("W1", "SA-5351")
    assert "1070" in row.reason
    assert shop.written == ["W1"]

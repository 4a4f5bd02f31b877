"""The engine's own store and delivery around a shop that is empty at the beginning."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from agent.contract import AnyTarget
from agent.delivery import Delivery, DeliverySettings
from agent.model import Change, Op, State
from agent.store import Store
from tests.delivery.world import ManualClock

CATEGORY = "VITI"
A_COMMIT = 5_000
"""Changes that are put on their way in one transaction, as intake does."""
A_NAP = 10.0
"""Seconds that go by while nothing can be sent."""
PATIENCE = 1_000
"""Naps after which a load is never done."""


class Load:
    """New products on their way to a shop."""

    def __init__(self, store: Store, delivery: Delivery, clock: ManualClock) -> None:
        self._store, self._delivery, self._clock = store, delivery, clock

    def begin(self) -> None:
        """Deliver the one category: from then on the agent knows that the shop answers.

        The first batch of an agent is a small one that finds this out, whatever it carries.
        """
        data = {"code": CATEGORY, "name": "Viteria"}
        self._append("categories", [_change("category", CATEGORY, data)])
        self._delivery.run_until_idle()
        assert self.states("categories") == {State.DELIVERED: 1}

    def append(self, count: int) -> None:
        """Take over so many new products."""
        for start in range(0, count, A_COMMIT):
            numbers = range(start, min(count, start + A_COMMIT))
            self._append("products", [_change("product", sku(n), _article(n)) for n in numbers])

    def deliver(self, passes: Callable[[float], None]) -> dict[State, int]:
        """Deliver until nothing waits; `passes` is told the time that goes by. What became of it.

        Nobody waits: the clock is set forward, that of the agent and that of the shop.
        """
        for _ in range(PATIENCE):
            self._delivery.run_until_idle()
            if State.PENDING not in self.states():
                return self.states()
            self._clock.advance(A_NAP)
            passes(A_NAP)
        raise AssertionError(f"never done: {self.states()}")

    def states(self, flow: str = "products") -> dict[State, int]:
        """How many messages are in which state."""
        counts = self._store.messages.counts()[flow]
        return {state: count for state, count in counts.items() if count}

    def _append(self, flow: str, changes: Sequence[Change]) -> None:
        self._store.messages.append(flow, "shop", 1, 1, changes, held=False, coalesce=True)


@contextmanager
def loading(
    folder: Path, make: Callable[[], AnyTarget], settings: DeliverySettings
) -> Iterator[Load]:
    """A store in this folder, and a delivery from it to the target that `make` makes."""
    clock = ManualClock()
    store = Store.open(folder / "state.db", clock)
    delivery = Delivery(
        name="shop",
        store=store,
        makers={"": make},
        settings=settings,
        clock=clock,
        random=Random(1),
    )
    try:
        yield Load(store, delivery, clock)
    finally:
        delivery.drain(5.0)
        store.close()


def sku(number: int) -> str:
    """The article's code, as long as they are."""
    return f"ART-{number:06}"


def _article(number: int) -> dict[str, Any]:
    return {
        "sku": sku(number),
        "name": f"Vite a testa esagonale M{number % 20 + 3}",
        "description": f"<p>Acciaio zincato, classe 8.8, confezione da {number % 9 + 1}</p>",
        "category": CATEGORY,
        "brand": "Rossi",
        "ean": f"80{number:011}",
        "weight": "0.125",
    }


def _change(entity: str, key: str, data: dict[str, Any]) -> Change:
    return Change(Op.UPSERT, entity, key, json.dumps(data).encode(), bytes(16), None)

"""Two senders, an engine that retries, and a wire that breaks again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from agent.delivery import Delivery, DeliverySettings
from agent.model import Change, Op, State
from agent.store import Store
from connectors._sql_keeping import close_waiting
from tests.connectors.databases import Database
from tests.connectors.sql_erp import ORDERS, order
from tests.connectors.test_sql_target import on_database
from tests.delivery.world import ManualClock
from tests.peers.cutting import Cut, Wire, wire

ROUNDS = 30
WORDS = (b"COMMIT", b"INSERT", b"SELECT numdoc")
MESSAGES_OF_TWO_ORDERS = 10


@pytest.fixture
def line(postgresql: Database) -> Iterator[Wire]:
    with wire(int(postgresql.connection["port"])) as opened:
        yield opened
        close_waiting()


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("seed", range(3))
def test_orders_through_a_storm_are_documents_once_each(
    seed: int, postgresql: Database, line: Wire, tmp_path: Path
) -> None:
    erp = on_database(postgresql, "postgresql").make_orders().through(line.port)
    random, clock = Random(seed), ManualClock()
    kind = erp.kind
    assert kind.target
    target, login = kind.target, kind.connection.model_validate(erp.connection)
    options = kind.target_options.model_validate(ORDERS)
    keys = []
    with closing(Store.open(tmp_path / "state.db", clock)) as store:
        delivery = Delivery(
            name="erp",
            store=store,
            makers={"": lambda: target(login, options)},
            settings=DeliverySettings(senders=2, breaker_failures=1000),
            clock=clock,
            random=random,
        )
        for number in range(ROUNDS):
            two = [f"W-{number}-{each}" for each in "ab"]
            keys += two
            changes = [
                Change(Op.UPSERT, "order", key, order(key).body, bytes([number] * 16), None)
                for key in two
            ]
            store.messages.append("orders", "erp", 1, 1, changes, held=False, coalesce=False)
            plan = random.choice([Cut.LOSE_ANSWER, Cut.LOSE_MESSAGE])
            line.cut(_after(random.randrange(MESSAGES_OF_TWO_ORDERS)), plan)
            delivery.run_until_idle()
            clock.advance(1000)
        for _ in range(5):
            delivery.run_until_idle()
            clock.advance(1000)
        delivery.drain(10)
        states = [row.state for row in store.messages.list(flow="orders", limit=1000)]
    assert line.cuts > ROUNDS // 2
    assert states == [State.DELIVERED] * len(keys)
    assert sorted(erp.documents) == sorted((key, 2) for key in keys)


def _after(count: int) -> Callable[[bytes], bool]:
    """True for the message behind so many that hold one of the words."""
    left = iter(range(count, -1, -1))
    return lambda sent: any(word in sent for word in WORDS) and not next(left, 0)

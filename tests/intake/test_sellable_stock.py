"""A rush of orders: what the shop may sell is what the ERP has, less what it does not show yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from agent.assembly import flow_plans
from agent.clock import SystemClock
from agent.config import Config, load
from agent.contract import AnyTarget, Batch
from agent.delivery import Delivery, DeliverySettings
from agent.intake import Intake, IntakeLimits, Task
from agent.model import State
from agent.store import ReservedOrder, Store
from connectors.memory import RECEIVERS, TABLES, MemorySource, Receiver, Table

CONFIG = """
connections:
  shop: {kind: memory}
  erp: {kind: memory}
store: {path: store.db}
flows:
  orders:
    source: {connection: shop, table: NAME-orders, key: [NUMBER]}
    target: {connection: erp, receiver: NAME-erp}
    entity: order
    guard: "off"
    delete_when: row.CANCELLED
    mapping:
      number: NUMBER
      customer: {value: C1}
      placed_at: {value: "2026-11-22T10:00:00Z"}
      lines: {each: LINES, fields: {line: LINE, sku: SKU, quantity: QUANTITY, warehouse: FROM}}
  statuses:
    source: {connection: erp, table: NAME-statuses, key: [NUMBER]}
    target: {connection: shop, receiver: NAME-told}
    entity: order_status
    guard: "off"
    mapping: {number: NUMBER, status: STATUS}
  stock:
    source: {connection: erp, table: NAME-stock, key: [GIART, GIMAG]CURSOR}
    lookups:
      web: LOOKUP
    target: {connection: shop, receiver: NAME-shop}
    entity: stock
    guard: "off"
    mapping:
      sku: GIART
      warehouse: GIMAG
      quantity: {expression: "SELLS"}
"""
SELLABLE = "[0, (row.GIESI | decimal) - (row['web.quantity'] | default(0, true)) - BUFFER] | max"
PLAIN = "[0, (row.GIESI | decimal) - BUFFER] | max"
BY_ARTICLE = "{orders: orders, by: [GIART]}"
BY_WAREHOUSE = '{orders: orders, by: [GIART, GIMAG], warehouse: "01"}'
UNTIL = "{orders: orders, by: [GIART], until: {flow: statuses, status: [shipped, cancelled]}}"
ARTICLES = ("VIT-1", "DADO-2")


@dataclass
class Trade:
    """A shop that sells what it believes to have, an ERP that learns of it late, and the agent."""

    name: str
    config: Config
    store: Store
    stock: dict[tuple[str, str], int]
    lowers_when: str = "written"
    believed: dict[tuple[str, str], int] = field(default_factory=dict)
    sold: dict[tuple[str, str], int] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)
    placed: int = 0
    heard: int = 0

    def sell(self, sku: str, quantity: int, warehouse: str = "01", **line: str) -> str:
        """A customer orders; the shop takes it off the number that it shows."""
        self.placed += 1
        number = f"W{self.placed:05}"
        lines = [{"LINE": 1, "SKU": sku, "QUANTITY": str(quantity), "FROM": None, **line}]
        TABLES[f"{self.name}-orders"].rows.append((number, lines, False))
        place = sku, warehouse
        self.believed[place] = self.believed.get(place, 0) - quantity
        self.sold[place] = self.sold.get(place, 0) + quantity
        return number

    def run(self, flow: str, between: Callable[[], None] | None = None) -> None:
        """Do one job of a flow; `between` happens after the look at orders, before its rows."""
        plan = flow_plans(self.config, SystemClock(), store=self.store)[flow]
        if between is not None:
            happens, make = between, plan.make_source

            class Interrupted(MemorySource):
                def read(self, cursor: str) -> Iterator[Batch]:
                    happens()
                    yield from super().read(cursor)

            def interrupted() -> Interrupted:
                source = make()
                return Interrupted(source.connection, source.options)

            plan = replace(plan, make_source=interrupted)
        intake = Intake(self.store, SystemClock(), LIMITS, lambda _: None, Event())
        now = SystemClock().now_ms()
        job = self.store.jobs.request(
            flow, "differential", (), asked_by="person", priority=0, now=now
        )
        run = self.store.runs.start(job, flow, "differential", "person", now)
        self.store.jobs.start(job, run)
        result = intake.run(plan, Task(), lambda: run, lambda *_: None)
        self.store.runs.finish(run, result.outcome, result.counts, result.code, result.reason, now)
        self.store.jobs.done(job)
        assert result.outcome == "ok", result

    def deliver(self, connection: str) -> None:
        """Send what waits for a connection."""
        Delivery(
            name=connection,
            store=self.store,
            makers={
                flow.name: _maker(self.config, flow.name)
                for flow in self.config.targets()[connection]
            },
            settings=DeliverySettings(senders=1),
            clock=SystemClock(),
            random=Random(7),
        ).run_until_idle()

    def write(self) -> None:
        """The orders that were taken over reach the ERP."""
        self.deliver("erp")
        for (_, number), body in RECEIVERS[f"{self.name}-erp"].holds.items():
            if number not in self.entered:
                self.entered.add(number)
                if self.lowers_when == "written":
                    self._lower(json.loads(body))

    def ship(self, number: str) -> None:
        """The goods leave: now the ERP has less, and says so."""
        body = RECEIVERS[f"{self.name}-erp"].holds["order", number]
        if self.lowers_when == "shipped":
            self._lower(json.loads(body))
        TABLES[f"{self.name}-statuses"].rows.append((number, "shipped"))

    def _lower(self, order: dict[str, Any]) -> None:
        for line in order["lines"]:
            self.stock[line["sku"], line.get("warehouse") or "01"] -= int(line["quantity"])

    def read_stock(self, between: Callable[[], None] = lambda: None) -> None:
        """The agent looks at the orders, then at the ERP; messages are on their way."""

        def as_it_is_now() -> None:
            between()
            TABLES[f"{self.name}-stock"].rows[:] = [
                (sku, warehouse, str(quantity), place)
                for place, ((sku, warehouse), quantity) in enumerate(self.stock.items())
            ]

        self.run("stock", as_it_is_now)

    def push(self) -> None:
        """The stock numbers reach the shop, which believes them."""
        self.deliver("shop")
        receiver = RECEIVERS[f"{self.name}-shop"]
        for told in receiver.effects[self.heard :]:
            record = receiver.record("stock", told.key)
            self.believed[record["sku"], record["warehouse"]] = int(record["quantity"])
        self.heard = len(receiver.effects)

    def shown(self) -> dict[tuple[str, str], int]:
        """Read, deliver, and what the shop then shows."""
        self.read_stock()
        self.push()
        return dict(self.believed)


LIMITS = IntakeLimits(disk_low=0, patience=0.2)


def _maker(config: Config, flow: str) -> Callable[[], AnyTarget]:
    return lambda: config.build_target(flow)


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Any]:
    stores: list[Store] = []

    def begin(
        stock: dict[tuple[str, str], int],
        *,
        quantity: str = SELLABLE,
        lookup: str = BY_ARTICLE,
        buffer: int = 0,
        lowers_when: str = "written",
        cursor: str = "",
    ) -> Trade:
        name = f"{tmp_path}-{len(stores)}"
        for table, columns in (
            ("orders", ("NUMBER", "LINES", "CANCELLED")),
            ("statuses", ("NUMBER", "STATUS")),
            ("stock", ("GIART", "GIMAG", "GIESI", "SEQUENCE")),
        ):
            TABLES[f"{name}-{table}"] = Table(columns, [])
        for receiver in ("erp", "shop", "told"):
            RECEIVERS[f"{name}-{receiver}"] = Receiver()
        path = tmp_path / f"config-{len(stores)}.yaml"
        text = CONFIG.replace("LOOKUP", lookup).replace("CURSOR", cursor).replace("NAME", name)
        path.write_text(text.replace("SELLS", quantity).replace("BUFFER", str(buffer)))
        store = Store.open(tmp_path / f"store-{len(stores)}.db", SystemClock())
        stores.append(store)
        return Trade(name, load(path), store, dict(stock), lowers_when)

    yield begin
    for store in stores:
        store.close()
    for known in (TABLES, RECEIVERS):
        for name in [name for name in known if name.startswith(str(tmp_path))]:
            del known[name]


Begin = Callable[..., Trade]
SCREW, NUT = ("VIT-1", "01"), ("DADO-2", "01")


def test_an_order_counts_from_its_takeover_until_the_erp_shows_it(trade: Begin) -> None:
    day = trade({SCREW: 10, NUT: 5})
    assert day.shown() == {SCREW: 10, NUT: 5}
    day.sell("VIT-1", 3)
    assert day.shown()[SCREW] == 7, "the shop itself took it off"
    day.run("orders")
    assert day.shown() == {SCREW: 7, NUT: 5}
    day.write()
    assert day.stock[SCREW] == 7
    assert day.shown() == {SCREW: 7, NUT: 5}
    told = RECEIVERS[f"{day.name}-shop"].effects
    assert [each.key for each in told] == ["VIT-1|01", "DADO-2|01", "VIT-1|01"]


def test_what_is_written_while_stock_is_read_counts_twice_and_never_not_at_all(
    trade: Begin,
) -> None:
    day = trade({SCREW: 10})
    day.shown()
    day.sell("VIT-1", 3)
    day.run("orders")
    day.read_stock(between=day.write)
    day.push()
    assert day.believed[SCREW] == 4, "3 in the ERP's number, 3 in ours"
    assert day.shown()[SCREW] == 7, "the next look sets it right"


def test_an_order_taken_over_while_stock_is_read_is_seen_by_the_next_look(trade: Begin) -> None:
    day = trade({SCREW: 10})
    day.shown()
    day.sell("VIT-1", 3)
    day.read_stock(between=lambda: day.run("orders"))
    day.push()
    assert day.shown()[SCREW] == 7


def test_an_order_that_waits_for_a_person_counts_and_one_set_aside_does_not(trade: Begin) -> None:
    day = trade({SCREW: 10})
    day.shown()
    RECEIVERS[f"{day.name}-erp"].refuses["W00001"] = "customer is blocked"
    day.sell("VIT-1", 3)
    day.run("orders")
    day.write()
    assert day.shown()[SCREW] == 7
    (order,) = day.store.messages.list(flow="orders")
    day.store.decisions.ignore([order.id], "called off by phone", "anna")
    assert day.shown()[SCREW] == 10


def test_a_changed_order_counts_as_it_is_now(trade: Begin) -> None:
    day = trade({SCREW: 10})
    day.shown()
    number = day.sell("VIT-1", 3)
    day.run("orders")
    assert day.shown()[SCREW] == 7
    lines = [{"LINE": 1, "SKU": "VIT-1", "QUANTITY": "5", "FROM": None}]
    TABLES[f"{day.name}-orders"].rows[:] = [(number, lines, False)]
    day.run("orders")
    assert day.shown()[SCREW] == 5


def test_an_order_called_off_in_the_shop_counts_until_the_erp_knows(trade: Begin) -> None:
    day = trade({SCREW: 10})
    day.shown()
    number = day.sell("VIT-1", 3)
    day.run("orders")
    TABLES[f"{day.name}-orders"].rows[:] = [(number, [], True)]
    day.run("orders")
    assert day.shown()[SCREW] == 7
    day.deliver("erp")
    assert day.shown()[SCREW] == 10


def test_orders_on_their_way_before_anybody_asked_count_too(trade: Begin) -> None:
    day = trade({SCREW: 10})
    day.sell("VIT-1", 3)
    day.run("orders")
    with day.store.transaction():
        day.store.reservations.take("orders", [_nothing("W00001")], outlasts=False)
    assert day.shown()[SCREW] == 7


def _nothing(key: str) -> ReservedOrder:
    return ReservedOrder(key, key, [], known=False)


def test_each_warehouse_has_sums_of_its_own(trade: Begin) -> None:
    other = ("VIT-1", "02")
    day = trade({SCREW: 10, other: 10}, lookup=BY_WAREHOUSE)
    day.shown()
    day.sell("VIT-1", 3, "02", FROM="02")
    day.sell("VIT-1", 1, "01")
    day.run("orders")
    assert day.shown() == {SCREW: 9, other: 7}


def test_without_warehouses_an_order_counts_in_each(trade: Begin) -> None:
    other = ("VIT-1", "02")
    day = trade({SCREW: 10, other: 10})
    day.shown()
    day.sell("VIT-1", 3)
    day.run("orders")
    assert day.shown() == {SCREW: 7, other: 7}


def test_where_goods_leave_later_an_order_counts_until_its_status_says_so(trade: Begin) -> None:
    day = trade({SCREW: 10}, lookup=UNTIL, lowers_when="shipped")
    day.shown()
    first, second = day.sell("VIT-1", 3), day.sell("VIT-1", 2)
    day.run("orders")
    day.write()
    assert day.shown()[SCREW] == 5, "written, and still on the shelf"
    day.ship(first)
    TABLES[f"{day.name}-statuses"].rows.append((second, "cancelled"))
    assert day.shown()[SCREW] == 2, "shipped, and the status is not read yet: twice"
    day.run("statuses")
    assert day.shown()[SCREW] == 7


def test_an_ended_order_stays_ended_when_something_is_changed_in_it(trade: Begin) -> None:
    day = trade({SCREW: 10}, lookup=UNTIL, lowers_when="shipped")
    day.shown()
    number = day.sell("VIT-1", 3)
    day.run("orders")
    day.write()
    day.ship(number)
    day.run("statuses")
    lines = [{"LINE": 2, "SKU": "VIT-1", "QUANTITY": "3", "FROM": None}]
    TABLES[f"{day.name}-orders"].rows[:] = [(number, lines, False)]
    day.run("orders")
    assert day.shown()[SCREW] == 7


def test_where_stock_is_read_from_a_copy_an_order_counts_on_for_a_while(trade: Begin) -> None:
    day = trade({SCREW: 10}, lookup="{orders: orders, by: [GIART], lag: 1h}")
    day.shown()
    day.sell("VIT-1", 3)
    day.run("orders")
    day.write()
    day.stock[SCREW] = 10  # the copy does not show it yet
    assert day.shown()[SCREW] == 7


def test_an_order_that_never_was_written_waits_for_no_status(trade: Begin) -> None:
    day = trade({SCREW: 10}, lookup=UNTIL, lowers_when="shipped")
    day.shown()
    RECEIVERS[f"{day.name}-erp"].refuses["W00001"] = "customer is blocked"
    day.sell("VIT-1", 3)
    day.sell("VIT-1", 2)
    day.run("orders")
    day.write()
    assert day.shown()[SCREW] == 5
    (parked,) = day.store.messages.list(flow="orders", state=State.PARKED)
    day.store.decisions.ignore([parked.id], "called off by phone", "anna")
    assert day.shown()[SCREW] == 8, "the other one is written, and on the shelf"


def test_only_the_rows_of_articles_whose_sums_changed_are_read_again(trade: Begin) -> None:
    stock = {(sku, place): 10 for sku in ("A", "A|", "A-1", "B") for place in ("01", "02")}
    day = trade(stock, cursor=", cursor: SEQUENCE")
    day.shown()
    day.sell("A|", 3)
    day.run("orders")
    shown = day.shown()
    assert [place for place, quantity in shown.items() if quantity == 7] == [
        ("A|", "01"),
        ("A|", "02"),
    ]
    run = day.store.runs.list("stock", 1)[0]
    assert run.counts["rows"] == 3, "the newest by the cursor, and two of the article"


def test_a_quiet_look_writes_nothing(trade: Begin) -> None:
    day = trade({SCREW: 10})
    day.shown()
    day.sell("VIT-1", 3)
    day.run("orders")
    day.shown()
    plan = flow_plans(day.config, SystemClock(), store=day.store)["stock"].lookups[0]
    cursor = day.store.looked_up.state("stock", "web").cursor
    assert list(plan.make_source().read(cursor)) == []


def test_whoever_listens_is_told_of_what_concerns_it_and_of_nothing_else(trade: Begin) -> None:
    day = trade({SCREW: 10})
    plan = flow_plans(day.config, SystemClock(), store=day.store)["stock"].lookups[0]
    woken: list[int] = []
    watch = plan.make_source().watch(lambda: woken.append(1))

    def told() -> int:
        day.store.reservations.tell()
        return len(woken)

    assert told() == 0
    day.sell("VIT-1", 3)
    day.run("orders")
    assert (told(), told()) == (1, 1)
    day.write()
    assert (told(), told()) == (2, 2)
    watch.close()
    day.sell("VIT-1", 1)
    day.run("orders")
    assert told() == 2


def rush(day: Trade, random: Random, most_unseen: int) -> dict[tuple[str, str], int]:
    """Customers buy what is shown; looks, writes and pushes happen whenever they happen.

    Goods arrive now and then. Returns all that there ever was to sell.

    Between the moment at which orders were last taken over for a stock number and the moment at
    which that number arrives, at most so many units of an article are sold: the buffer is for them.
    """
    taken: dict[tuple[str, str], int] = {}
    had = dict(day.stock)
    on_its_way: dict[tuple[str, str], int] | None = None
    day.shown()
    for _ in range(90):
        step = random.choice(("sell", "sell", "sell", "orders", "arrive", "write", "read", "push"))
        if step == "sell":
            place = random.choice(list(day.stock))
            seen = min(each.get(place, 0) for each in (taken, on_its_way or taken))
            room = most_unseen - (day.sold.get(place, 0) - seen)
            quantity = min(random.randint(1, 3), room, day.believed.get(place, 0))
            if quantity > 0:
                day.sell(place[0], quantity)
        elif step == "orders":
            day.run("orders")
            taken = dict(day.sold)
        elif step == "arrive":
            place = random.choice(list(day.stock))
            day.stock[place] += 1
            had[place] += 1
        elif step == "write" and random.random() < 0.1:
            day.write()
        elif step == "read":
            on_its_way = on_its_way or dict(taken)
            day.read_stock(between=day.write if random.random() < 0.1 else lambda: None)
        elif step == "push":
            day.push()
            on_its_way = None
    return had


@pytest.mark.parametrize("seed", [0, 2, 8, 10, 12, 13])
def test_a_rush_oversells_the_plain_quantity_and_never_what_is_sellable(
    trade: Begin, seed: int
) -> None:
    oversold = {}
    for quantity in (PLAIN, SELLABLE):
        day = trade({SCREW: 9, NUT: 7}, quantity=quantity, buffer=3)
        had = rush(day, Random(seed), most_unseen=3)
        oversold[quantity] = [place for place in had if day.sold.get(place, 0) > had[place]]
        assert sum(day.sold.values()) > 10, f"seed {seed}: nothing was sold, nothing is proved"
    assert oversold[PLAIN], f"seed {seed}: the plain quantity would have done"
    assert not oversold[SELLABLE], f"seed {seed}"

"""Two systems with records of their own, two flows between them, and what can go wrong there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from agent.contract import NoOptions, Options, Target
from agent.delivery import Delivery, DeliverySettings
from agent.errors import Unavailable
from agent.intake import FlowPlan, Intake, IntakeLimits, Task
from agent.mapping import MappingSpec, compile_mapping
from agent.model import Message, Op, Receipt
from agent.store import Store
from agent.two_way import Pair, PairPlan, Policy, TwoWayTarget
from connectors.memory import TABLES, MemorySource, SourceOptions, Table
from tests.delivery.world import ManualClock

FIELDS = ("name", "email", "phone", "vat_number")
COLUMNS = ("ID", "NAME", "EMAIL", "PHONE", "VAT", "CHANGED")
MAPPING = {
    "code": "ID",
    "name": "NAME",
    "email": "EMAIL",
    "phone": "PHONE",
    "vat_number": "VAT",
    "updated_at": "CHANGED",
}


class System:
    """One side: numbered records, changed by its users and written by the agent."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.records: dict[str, dict[str, Any]] = {}
        self.moments: dict[str, str] = {}
        self.writes = 0
        self.numbers = 0
        self.longest = 1_000
        self.fault = ""
        self.after_write: Callable[[], None] = lambda: None
        """What its users do right after the agent has written a record."""

    def create(self, moment: str, **data: Any) -> str:
        self.numbers += 1
        own_key = f"{self.prefix}{self.numbers}"
        self.records[own_key] = dict.fromkeys(FIELDS) | data
        self.moments[own_key] = moment
        return own_key

    def edit(self, own_key: str, moment: str, **data: Any) -> None:
        self.records[own_key].update(data)
        self.moments[own_key] = moment

    def write(self, own_key: str, moment: str, data: dict[str, Any]) -> str:
        """The agent writes; texts are cut as this system's columns want it."""
        self.writes += 1
        cut = {name: value and value[: self.longest] for name, value in data.items()}
        if own_key in self.records:
            self.edit(own_key, moment, **cut)
        else:
            own_key = self.create(moment, **cut)
        self.after_write()
        return own_key

    def rows(self) -> list[tuple[Any, ...]]:
        return [
            (own_key, *(data[name] for name in FIELDS), self.moments[own_key])
            for own_key, data in self.records.items()
        ]


class SystemTarget(Target[Options, Options]):
    """Writes into a `System`; what it wrote before it knows by the ids that were told."""

    batch_size = 3

    def __init__(self, system: System, world: World) -> None:
        super().__init__(NoOptions(), NoOptions())
        self.system = system
        self.world = world

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        fault, self.system.fault = self.system.fault, ""
        if fault == "away":
            raise Unavailable("SA-5901", "not reached", untouched=True)
        receipts = [self._write(message) for message in messages]
        if fault == "silent":
            raise Unavailable("SA-5902", "the answer was lost")
        if fault == "killed":
            raise Killed
        yield from receipts

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """By the mark that each record carries: its key in messages."""
        for message in messages:
            if self.bindings.find("customer", [message.key]):
                continue  # a change of it can be written again
            own_key = self.world.marks.get((self.system.prefix, message.key))
            if own_key in self.system.records and message.op is Op.UPSERT:
                yield Receipt(message.id, accepted=True, reference=own_key or "")

    def _write(self, message: Message) -> Receipt:
        bound = self.bindings.find("customer", [message.key]).get(message.key)
        own_key = bound or self.world.marks.get((self.system.prefix, message.key), "")
        if message.op is Op.DELETE:
            self.system.records.pop(own_key, None)
            return Receipt(message.id, accepted=True)
        data = {name: json.loads(message.body).get(name) for name in FIELDS}
        own_key = self.system.write(own_key, self.world.moment(), data)
        self.world.marks[self.system.prefix, message.key] = own_key
        return Receipt(message.id, accepted=True, reference=own_key)


class Killed(BaseException):
    """The agent's process ends here."""


class Looking:
    """Reads the side that is written to."""

    def __init__(self, world: World, side: int) -> None:
        self.world = world
        self.side = side

    @contextmanager
    def alone(self) -> Iterator[None]:
        yield

    def read(self, own_keys: Sequence[str]) -> None:
        self.world.read(self.side, "keys", own_keys)


class World:
    """ERP and shop, the flows `to_shop` and `to_erp`, and the agent's store between them."""

    flows = ("to_shop", "to_erp")

    def __init__(self, folder: Path, policy: Policy) -> None:
        self.folder = folder
        self.clock = ManualClock()
        self.policy = policy
        self.systems = (System("E"), System("S"))
        self.marks: dict[tuple[str, str], str] = {}
        self.tables = [f"{folder}/{side}" for side in (0, 1)]
        for name in self.tables:
            TABLES[name] = Table(COLUMNS)
        self.open()

    def open(self) -> None:
        self.store = Store.open(self.folder / "store.db", self.clock)
        plan = PairPlan(
            name="to_erp",
            flows=self.flows,
            targets=("shop", "erp"),
            entity="customer",
            policy=self.policy,
            changed_at="updated_at",
            apart=("code",),
            common=frozenset(FIELDS),
            match=("vat_number",),
        )
        self.pair = Pair(plan, self.store, self.clock.now_ms)
        self.deliveries = [self._delivery(flow) for flow in (0, 1)]

    def restart(self) -> None:
        self.store.close()
        self.open()

    def close(self) -> None:
        self.store.close()
        for name in self.tables:
            del TABLES[name]

    def moment(self) -> str:
        self.clock.advance(0.001)
        return datetime.fromtimestamp(self.clock.now_ms() / 1000, UTC).isoformat()

    # The agent at work

    def _plan(self, side: int) -> FlowPlan:
        return FlowPlan(
            name=self.flows[side],
            entity="customer",
            target=("shop", "erp")[side],
            make_source=lambda: MemorySource(
                NoOptions(), SourceOptions(table=self.tables[side], key=("ID",), batch_size=4)
            ),
            mapping=compile_mapping(MappingSpec.model_validate(MAPPING), entity="customer"),
            pair=self.pair,
            side=side,
        )

    def read(self, side: int, scope: str = "differential", keys: Sequence[str] = ()) -> None:
        TABLES[self.tables[side]].rows = list(self.systems[side].rows())
        limits = IntakeLimits(disk_low=0, patience=0.2)
        intake = Intake(self.store, self.clock, limits, lambda _: None, threading.Event())
        job = self.store.jobs.request(
            self.flows[side], scope, tuple(keys), asked_by="event", priority=0, now=0
        )
        run = self.store.runs.start(job, self.flows[side], scope, "event", 0)
        task = Task(scope, tuple(keys), send_equal=False)
        result = intake.run(self._plan(side), task, lambda: run, lambda *_: None)
        assert result.outcome in {"ok", "partial"}, result
        self.store.runs.finish(run, result.outcome, result.counts, "", "", 0)
        self.store.jobs.done(job)

    def _delivery(self, flow: int) -> Delivery:
        there = 1 - flow
        plain = SystemTarget(self.systems[there], self)

        return Delivery(
            name=("shop", "erp")[flow],
            store=self.store,
            makers={self.flows[flow]: lambda: plain},
            wrappers={
                self.flows[flow]: lambda target: TwoWayTarget(
                    target, self.pair, there, Looking(self, there)
                )
            },
            settings=DeliverySettings(
                senders=1, backoff_base=0.01, backoff_cap=0.02, breaker_failures=1000
            ),
            clock=self.clock,
            random=Random(1),
        )

    def deliver(self, flow: int) -> None:
        """Send what is due; a process that is killed is started again."""
        self.clock.advance(1)
        try:
            self.deliveries[flow].run_until_idle()
        except Killed:
            self.restart()

    def settle(self) -> None:
        """Let everything come to rest."""
        for _ in range(12):
            writes = [system.writes for system in self.systems]
            for side in (0, 1):
                self.read(side)
            for flow in (0, 1):
                self.deliver(flow)
            self.clock.advance(5)
            if writes == [system.writes for system in self.systems] and not self._pending():
                return
        raise AssertionError("it does not come to rest")

    def _pending(self) -> int:
        return sum(
            number
            for flow in self.store.messages.counts().values()
            for state, number in flow.items()
            if state in {"pending", "held"}
        )

    def matched(self) -> list[tuple[str, str | None, str | None]]:
        """Each record's key, and the records of both sides that are the same one."""
        own = [self._own_keys(side) for side in (0, 1)]
        keys = own[0].keys() | own[1].keys()
        return [(key, own[0].get(key), own[1].get(key)) for key in sorted(keys)]

    def _own_keys(self, side: int) -> dict[str, str]:
        names = self.store.agreements.keys_of("to_erp", side, list(self.systems[side].records))
        return {key: own_key for own_key, key in names.items()}

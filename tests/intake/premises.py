"""A table, a flow over it and a receiver, all in this process: the whole way of the data."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from agent.clock import SystemClock
from agent.contract import NoOptions
from agent.delivery import Delivery, DeliverySettings
from agent.detect import GuardLimits
from agent.intake import FlowPlan, Intake, IntakeLimits, RunResult, Task
from agent.mapping import MappingSpec, compile_mapping
from agent.store import Store
from connectors.memory import (
    RECEIVERS,
    TABLES,
    MemorySource,
    MemoryTarget,
    Receiver,
    SourceOptions,
    Table,
    TargetOptions,
)

COLUMNS = ("CODE", "NAME", "PRICE")
MAPPING = {
    "sku": "CODE",
    "name": "NAME",
    "attributes": {"expression": "{'price': row.PRICE}", "type": "json"},
}
LIMITS = IntakeLimits(disk_low=0, patience=0.2)


class Premises:
    """One flow `products` from table to receiver; `sync` does one job and delivers."""

    def __init__(self, store: Store, name: str, **plan: Any) -> None:
        self.store = store
        self.name = name
        self.table = TABLES[name] = Table(COLUMNS)
        self.receiver = RECEIVERS[name] = Receiver()
        self.cursor = ""
        self.batch_size = 7
        self.stop = threading.Event()
        self.limits = LIMITS
        self.plan_options = plan
        self.mapping: dict[str, Any] = dict(MAPPING)
        self.kind: type[MemorySource] = MemorySource

    def plan(self) -> FlowPlan:
        spec = MappingSpec.model_validate(self.mapping)
        options: dict[str, Any] = {"commit_rows": 10, **self.plan_options}
        where = options.pop("where", "")
        return FlowPlan(
            name="products",
            entity="product",
            target="shop",
            make_source=lambda: self.kind(
                NoOptions(),
                SourceOptions(
                    table=self.name,
                    key=("CODE",),
                    cursor=self.cursor,
                    batch_size=self.batch_size,
                ),
            ),
            mapping=compile_mapping(spec, entity="product", where=where),
            **options,
        )

    def run_unrecorded(self) -> RunResult:
        """Look once, as a quiet poll does: without a run, until one is asked for."""
        return self._intake().run(self.plan(), Task(), self._no_run, lambda *_: None)

    def _no_run(self) -> int:
        raise AssertionError("there is something to write down")

    def _intake(self) -> Intake:
        return Intake(self.store, SystemClock(), self.limits, lambda _: None, self.stop)

    def run(self, scope: str = "differential", *keys: str) -> RunResult:
        intake = self._intake()
        now = SystemClock().now_ms()
        job = self.store.jobs.request(
            "products", scope, keys, asked_by="person", priority=0, now=now
        )
        run_id = self.store.runs.start(job, "products", scope, "person", now)
        self.store.jobs.start(job, run_id)
        self.run_id = run_id
        result = intake.run(self.plan(), Task(scope, keys), lambda: run_id, lambda *_: None)
        self.store.runs.finish(
            run_id, result.outcome, result.counts, result.code, result.reason, now
        )
        self.store.jobs.done(job)
        return result

    def deliver(self) -> None:
        Delivery(
            name="shop",
            store=self.store,
            makers={"": lambda: MemoryTarget(NoOptions(), TargetOptions(receiver=self.name))},
            settings=DeliverySettings(senders=1, backoff_base=0.001, backoff_cap=0.01),
            clock=SystemClock(),
            random=Random(7),
        ).run_until_idle()

    def sync(self, scope: str = "differential", *keys: str) -> RunResult:
        result = self.run(scope, *keys)
        self.deliver()
        return result

    def shown(self) -> dict[str, dict[str, Any]]:
        """What the other side holds: key → record."""
        return {key: json.loads(body) for (_, key), body in self.receiver.holds.items()}

    def expected(self) -> dict[str, dict[str, Any]]:
        """What it should hold, computed from the table by itself."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.table.rows:
            assert isinstance(row, tuple)
            code, name, price = row
            found.setdefault(code, {"sku": code, "name": name, "attributes": {"price": price}})
        return found


@contextmanager
def premises(path: Path, name: str, **plan: Any) -> Iterator[Premises]:
    store = Store.open(path / "store.db", SystemClock())
    try:
        yield Premises(store, name, **plan)
    finally:
        store.close()
        TABLES.pop(name, None)
        RECEIVERS.pop(name, None)


def rows(count: int, *, price: str = "9.50", first: int = 0) -> list[tuple[str, str, str]]:
    return [(f"A{i:04}", f"Vite {i}", price) for i in range(first, first + count)]


GUARD = GuardLimits(delete_count=3, change_count=5, jump_factor=Decimal(3))

"""A whole agent between a table and a receiver in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.api.operations import OPERATIONS
from agent.daemon import Agent
from connectors.memory import RECEIVERS, TABLES, Receiver, Table

CONFIG = """
site: {{time_zone: Europe/Rome}}
connections:
  erp: {{kind: memory}}
  shop: {{kind: memory, delivery: {{backoff_base: 20ms, backoff_cap: 50ms, breaker_failures: 2}}}}
store: {{path: store.db, disk_low: 1B, backup: off}}
flows:
  products:
    entity: product
    source: {{connection: erp, table: "{name}", key: [sku]}}
    where: row.STATO != 'X'
    delete_when: row.STATO == 'D'
    mapping:
      sku: sku
      name: name
      weight: {{from: weight, scale: 2}}
    guard: {{delete_count: 1, delete_share: 1%}}
    watch: no
    target: {{connection: shop, receiver: "{name}"}}
"""
COLUMNS = ("sku", "name", "weight", "STATO")


class Premises:
    """The agent, what it reads and whom it delivers to. Nothing runs but what a test asks for."""

    def __init__(self, folder: Path, config: str) -> None:
        name = str(folder)
        self.table = TABLES[name] = Table(COLUMNS)
        self.receiver = RECEIVERS[name] = Receiver()
        (folder / "config.yaml").write_text(config.format(name=name), encoding="utf-8")
        self.agent = Agent.open(folder / "config.yaml")

    def holds(self, *rows: tuple[str, str, str, str]) -> None:
        """All that the source holds from now on."""
        self.table.rows = list(rows)

    def ask(self, operation: str, **arguments: Any) -> dict[str, Any]:
        return OPERATIONS[operation].call(self.agent, arguments)

    def explain(self, key: str, **arguments: Any) -> dict[str, Any]:
        return self.ask("explain", flow="products", key=key, **arguments)

    def run(self, scope: str = "differential", patience: float = 20) -> dict[str, Any]:
        """Do a job and wait until it is over; its run."""
        job = self.ask("request", flow="products", scope=scope)["job"]
        self.wait(lambda: self.ask("progress", job=job)["state"] == "done", patience)
        return self.ask("progress", job=job)

    def sync(self, patience: float = 20) -> None:
        """Look for changes, and wait until everything is delivered."""
        self.run(patience=patience)
        self.wait(lambda: self.counts().get("pending", 0) == 0, patience)

    def counts(self) -> dict[Any, int]:
        return self.agent.store.messages.counts().get("products", {})

    def wait(self, happened: Callable[[], bool], patience: float = 20) -> None:
        deadline = time.monotonic() + patience
        while not happened():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.005)

    def keep(self, key: str, name: str) -> None:
        """Somebody changes a record at the other side."""
        self.receiver.holds["product", key] = f'{{"sku":"{key}","name":"{name}"}}'.encode()


@contextmanager
def premises(folder: Path, config: str = CONFIG, *, running: bool = True) -> Iterator[Premises]:
    """An agent, running as a daemon does or at rest."""
    found = Premises(folder, config)
    if running:
        found.agent.start()
    try:
        yield found
    finally:
        if running:
            found.agent.stop()
        found.agent.close()
        del TABLES[str(folder)], RECEIVERS[str(folder)]

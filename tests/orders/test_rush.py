"""Each order is offered three times, by two ways at once; the agent is killed again and again."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agent.api.client import connect
from agent.demo.agent_process import AgentProcess
from agent.demo.shop import ShopProcess

SEED = 20261122
PORTIONS = 8
"""In so many portions each way offers its orders."""

AT_ONCE = 500
"""Orders that the shop is given in one request."""

CONFIG = """
connections:
  shop: {{kind: shop, url: "{url}", token: env:SHOP_TOKEN}}
  relay: {{kind: json, folder: relay, settle: 0s}}
  erp: {{kind: sqlite, file: erp.db}}
store: {{path: store.db, disk_low: 1B, backup: off}}
flows:
  orders:
    source: {{connection: shop, feed: orders}}
    entity: order
    mapping: &as_it_is
      number: number
      customer: customer
      placed_at: placed_at
      lines: {{each: lines, fields: {{line: line, sku: sku, quantity: quantity}}}}
    schedule: {{every: 1s}}
    target: &erp
      connection: erp
      values: {{rif: "{{{{ key }}}}"}}
      look_up: [{{sql: SELECT numero FROM ordini WHERE rif = :rif}}]
      write:
        - sql: INSERT INTO ordini (rif, cliente) VALUES (:rif, :cliente) RETURNING numero
          values: {{cliente: "{{{{ record.customer }}}}"}}
          returns: numero
        - sql: INSERT INTO righe (numero, riga, articolo) VALUES (:numero, :riga, :articolo)
          each: "{{{{ record.lines }}}}"
          values:
            numero: "{{{{ reply.numero | integer }}}}"
            riga: "{{{{ item.line }}}}"
            articolo: "{{{{ item.sku }}}}"
  relayed:
    joins: orders
    source:
      connection: relay
      files: "*.json"
      contents: delta
      key: [number]
      columns: [number, customer, placed_at]
      children: {{lines: [line, sku, quantity]}}
    entity: order
    mapping: *as_it_is
    target: *erp
"""
TABLES = """
CREATE TABLE ordini (numero INTEGER PRIMARY KEY, rif TEXT, cliente TEXT);
CREATE TABLE righe (numero INTEGER, riga INTEGER, articolo TEXT);
"""


def order(number: int) -> dict[str, Any]:
    return {
        "number": f"W{number:06}",
        "customer": f"C{number % 97}",
        "placed_at": "2026-11-22T10:00:00Z",
        "lines": [
            {"line": line, "sku": f"A{(number * line) % 500}", "quantity": "1"} for line in (1, 2)
        ],
    }


class Rush:
    """A shop, a relay, an ERP that would take an order twice, and an agent that is killed."""

    def __init__(self, folder: Path, shop: ShopProcess, number: int) -> None:
        self.folder = folder
        self.shop = shop
        self.number = number
        self.random = Random(SEED)
        (folder / "relay").mkdir()
        with closing(sqlite3.connect(folder / "erp.db")) as erp:
            erp.execute("PRAGMA journal_mode=WAL")
            erp.executescript(TABLES)
        config = folder / "config.yaml"
        config.write_text(CONFIG.format(url=shop.url))
        self.agent = AgentProcess(config, folder, folder / "agent.log", {"SHOP_TOKEN": "t"})

    def start(self) -> None:
        """After a kill the store is checked before anything else: a large one takes its time."""
        self.agent.launch()
        self.agent.until(lambda: connect(self.folder), "the agent answers", 300)

    def offers(self) -> Iterator[tuple[str, list[int]]]:
        """Way and orders, portion by portion: the feed, the feed once more, and the relay."""
        found: list[tuple[str, list[int]]] = []
        size = -(-self.number // PORTIONS)
        for way in ("feed", "feed", "relay"):
            numbers = list(range(self.number))
            self.random.shuffle(numbers)
            found += [(way, numbers[i : i + size]) for i in range(0, self.number, size)]
        self.random.shuffle(found)
        yield from found

    def offer(self, way: str, numbers: Sequence[int]) -> None:
        orders = [order(number) for number in numbers]
        if way == "feed":
            for start in range(0, len(orders), AT_ONCE):
                part = {each["number"]: each for each in orders[start : start + AT_ONCE]}
                self.shop.put_records("orders", **part)
            return
        name = f"{self.random.getrandbits(64):016x}"
        written = self.folder / "relay" / f"{name}.tmp"
        written.write_text(json.dumps(orders))
        written.rename(written.with_suffix(".json"))

    def documents(self) -> int:
        return int(self.asked("SELECT count(*) FROM ordini")[0][0])

    def parked(self) -> list[dict[str, Any]]:
        client = connect(self.folder)
        assert client is not None
        found: list[dict[str, Any]] = client.ask("messages", state="parked")["messages"]
        return found

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "erp.db", timeout=30)) as erp:
            return erp.execute(question).fetchall()


@pytest.fixture
def rush(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Rush]:
    secrets = {"SHOP_TOKEN": "t"}
    with ShopProcess(tmp_path / "shop.db", None, secrets=secrets, faults=True) as shop:
        found = Rush(tmp_path, shop, request.config.getoption("--orders"))
        yield found
        found.agent.kill()


def test_every_order_becomes_one_document(rush: Rush) -> None:
    rush.start()
    for way, numbers in rush.offers():
        rush.offer(way, numbers)
        if rush.random.random() < 0.5:
            time.sleep(rush.random.random() * 0.3)
            rush.agent.kill()
            rush.start()
    patience = 60 + rush.number / 50
    rush.agent.until(lambda: rush.documents() >= rush.number, "all orders are written", patience)
    assert rush.parked() == []
    rush.agent.stop()
    assert rush.asked("SELECT rif FROM ordini GROUP BY rif HAVING count(*) > 1") == []
    assert rush.documents() == rush.number
    assert rush.asked("SELECT count(*), count(DISTINCT numero) FROM righe") == [
        (2 * rush.number, rush.number)
    ]

"""How long an order takes into the ERP, and a call on the premises into the shop."""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles

from agent.demo.agent_process import AgentProcess
from agent.demo.certificates import create_certificates
from agent.demo.shop import ShopProcess
from agent.demo.shop.database import ShopDatabase
from tests.bench.course import Course, Step
from tests.bench.measuring import Measured
from tests.bench.site import wait_for

TOKEN = "bench"
CONFIG = """
connections:
  shop: {{kind: shop, url: "{url}", token: env:SHOP_TOKEN, ca_file: {authority}}}
  erp: {{kind: sqlite, file: erp.db}}
  mes: {{kind: webhook, port: {port}, path: /stock, token: env:SHOP_TOKEN, id_path: id}}
store: {{path: store.db, disk_low: 50MB, backup: off}}
flows:
  orders:
    source: {{connection: shop}}
    preset: orders
    target:
      connection: erp
      values: {{rif: "{{{{ key }}}}"}}
      look_up: [{{sql: SELECT numero FROM ordini WHERE rif = :rif}}]
      write:
        - sql: >
            INSERT INTO ordini (rif, scritto)
            VALUES (:rif, (julianday('now') - 2440587.5) * 86400) RETURNING numero
          returns: numero
        - sql: INSERT INTO righe (numero, riga) VALUES (:numero, :riga)
          each: "{{{{ record.lines }}}}"
          values: {{numero: "{{{{ reply.numero | integer }}}}", riga: "{{{{ item.line }}}}"}}
  stock:
    source: {{connection: mes, key: [sku], columns: [quantity]}}
    entity: product
    mapping: {{sku: sku, name: quantity}}
    target: {{connection: shop}}
"""
TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE ordini (numero INTEGER PRIMARY KEY, rif TEXT, scritto REAL);
CREATE TABLE righe (numero INTEGER, riga INTEGER);
"""


def orders(course: Course) -> Iterator[Step]:
    """From placing an order to the ERP's row, and from a call on the premises to the shop's."""
    folder = course.folder / "orders"
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "erp.db")) as erp:
        erp.executescript(TABLES)
    certificates = create_certificates(folder / "certificates")
    secrets = {"SHOP_TOKEN": TOKEN}
    port = _free_port()
    with ShopProcess(folder / "shop.db", certificates, secrets=secrets, faults=True) as shop:
        config = folder / "config.yaml"
        config.write_text(CONFIG.format(url=shop.url, authority=certificates.authority, port=port))
        agent = AgentProcess(config, folder, folder / "agent.log", secrets)
        agent.start()
        try:
            rounds = 8 if course.quick else 40
            waits = [_ordered(shop, folder, number) for number in range(rounds)]
            yield "latency: order placed → row in the ERP", _spread(waits[3:])
            with ShopDatabase(folder / "shop.db", readonly=True) as seen:
                waits = [_called(seen, port, number) for number in range(rounds)]
            yield "latency: call on the premises → shop", _spread(waits[3:])
        finally:
            agent.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ordered(shop: ShopProcess, folder: Path, number: int) -> float:
    key = f"W{number:04}"
    lines = [{"line": 1, "sku": "A", "quantity": "1"}, {"line": 2, "sku": "B", "quantity": "2"}]
    order = {"number": key, "customer": "C1", "placed_at": "2026-11-22T10:00:00Z", "lines": lines}
    placed = time.time()
    shop.put_records("orders", **{key: order})
    with closing(sqlite3.connect(folder / "erp.db", timeout=30)) as erp:
        written = "SELECT scritto FROM ordini WHERE rif = ?"
        row = wait_for(lambda: erp.execute(written, (key,)).fetchone(), "the ERP")
    time.sleep(0.1)
    return float(row[0]) - placed


def _called(shop: ShopDatabase, port: int, number: int) -> float:
    event = {"id": f"e{number}", "sku": f"S{number}", "quantity": str(number)}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    called = time.time()
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    connection.request("POST", "/stock", json.dumps(event), headers)
    assert connection.getresponse().status == 204
    connection.close()
    effect = wait_for(lambda: next(iter(shop.effects(number)), None), "the shop")
    time.sleep(0.1)
    return float(effect.at) / 1000 - called


def _spread(waits: list[float]) -> Measured:
    p95 = quantiles(waits, n=20)[-1]
    return Measured(median(waits), more={"p50_ms": median(waits) * 1000, "p95_ms": p95 * 1000})

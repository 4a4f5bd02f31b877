"""Refunds of a shop become documents of the ERP, once each, through a whole agent."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from tests.faults.site import live
from tests.peers.woocommerce import WooShop
from tests.platforms.test_woocommerce_source import LATE, a_refund, an_order

TABLES = """\
CREATE TABLE resi (numero INTEGER PRIMARY KEY, rif TEXT, ordine TEXT, cliente TEXT);
CREATE TABLE righe_resi (numero INTEGER, riga INTEGER, articolo TEXT, qta TEXT, importo TEXT);
"""
TARGET = """\
connection: erp
values: {rif: "{{ key }}"}
look_up: [{sql: SELECT numero FROM resi WHERE rif = :rif}]
write:
  - sql: INSERT INTO resi (rif, ordine, cliente) VALUES (:rif, :ordine, :cliente) RETURNING numero
    values: {ordine: "{{ record.order }}", cliente: "{{ record.customer }}"}
    returns: numero
  - sql: INSERT INTO righe_resi VALUES (:numero, :riga, :articolo, :qta, :importo)
    each: "{{ record.lines }}"
    values:
      numero: "{{ reply.numero | integer }}"
      riga: "{{ item.line }}"
      articolo: "{{ item.sku }}"
      qta: "{{ item.quantity }}"
      importo: "{{ item.amount }}"
"""


def test_refunds_become_documents_once(
    woo: WooShop, woo_connection: dict[str, Any], tmp_path: Path
) -> None:
    erp = tmp_path / "erp.db"
    with closing(sqlite3.connect(erp)) as database:
        database.executescript(TABLES)
    said = {
        "connections": {
            "shop": {"kind": "woocommerce", **woo_connection},
            "erp": {"kind": "sqlite", "file": str(erp)},
        },
        "store": {"path": "syncagent.db", "disk_low": "1B", "backup": "off"},
        "flows": {
            "returns": {
                "source": {"connection": "shop"},
                "preset": "returns",
                "target": yaml.safe_load(TARGET),
            }
        },
    }
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump(said), encoding="utf-8")

    def asked(question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(erp)) as database:
            return database.execute(question).fetchall()

    woo.orders.items[501] = an_order(501, status="refunded")
    woo.refunds.items[701] = a_refund(701)
    for _ in range(2):
        live(config)
    assert asked("SELECT rif, ordine, cliente FROM resi") == [("701", "501", "7")]
    assert asked("SELECT riga, articolo, qta, importo FROM righe_resi") == [
        (5010, "A1", "2", "20.00")
    ]
    woo.refunds.items[702] = a_refund(702, date_created_gmt=LATE)
    live(config)
    assert asked("SELECT rif FROM resi ORDER BY numero") == [("701",), ("702",)]

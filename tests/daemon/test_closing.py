"""An agent that ends leaves nothing open."""

from __future__ import annotations

import gc
from pathlib import Path

from starlette.responses import JSONResponse, Response

from agent.daemon import Agent
from agent.model import State
from connectors.memory import TABLES, Table
from tests.peers.http_server import Asked, answering

CONFIG = """
connections:
  erp: {kind: memory}
  web: {kind: rest, url: URL}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  products:
    source: {connection: erp, table: NAME, key: [SKU]}
    entity: product
    mapping: {sku: SKU, name: SKU}
    target:
      connection: web
      create: {path: /articles, body: '{"sku": "{{ key }}"}'}
"""


def test_target_that_a_command_delivered_to_is_closed(tmp_path: Path) -> None:
    """A connection left open would be found by the garbage collector, which fails this test."""
    TABLES[str(tmp_path)] = Table(("SKU",), [("A",)])

    def answer(_asked: Asked) -> Response:
        return JSONResponse({"id": 1}, 201)

    with answering(answer) as peer:
        path = tmp_path / "config.yaml"
        path.write_text(CONFIG.replace("URL", peer.url).replace("NAME", str(tmp_path)))
        first = Agent.open(path)
        first.deliveries["web"].drain(0)
        first.run_here(first.request("products", "differential"), lambda *_: None)
        first.close()
        second = Agent.open(path)
        second.deliveries["web"].run_until_idle()
        counts = second.store.messages.counts()["products"]
        second.close()
    assert counts == {State.DELIVERED: 1}
    del TABLES[str(tmp_path)], first, second
    gc.collect()

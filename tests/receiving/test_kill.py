"""The daemon dies between the acknowledgement of an event and everything that follows."""

from __future__ import annotations

import json
import time
from contextlib import closing
from pathlib import Path
from random import Random

import httpx
import pytest

from agent.demo.shop import ShopDatabase
from connectors._http import sign
from tests.faults.site import Site, assert_nothing_doubled
from tests.receiving.conftest import KEY, SECRET, free_port

KILLS = 5
MES = """\
  mes:
    kind: webhook
    port: PORT
    path: /stock
    signing_secret: env:MES_SECRET
    requests_per_minute: 100000
  shop:
"""
FLOW = """\
flows:
  stock:
    source: {connection: mes, key: [sku], columns: [quantity]}
    target: {connection: shop}
    entity: stock
    guard: off
    mapping: {sku: sku, warehouse: {value: MAIN}, quantity: quantity}
"""


def tell(client: httpx.Client, event: str, sku: str, quantity: int) -> bool:
    """Whether the event was acknowledged."""
    body = json.dumps({"sku": sku, "quantity": quantity}).encode()
    headers = sign(body, message_id=event, timestamp=int(time.time()), keys=[KEY])
    try:
        found = client.post(
            "/stock", content=body, headers=[("content-type", "application/json"), *headers]
        )
    except httpx.TransportError:
        return False
    return found.status_code == 204


def test_acknowledged_events_survive_any_death(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MES_SECRET", SECRET)
    random = Random(7)
    port = free_port()
    said = {"S1": 0}
    with (
        Site(tmp_path) as site,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        site.configure({"  shop:\n": MES.replace("PORT", str(port)), "flows:\n": FLOW})
        for life in range(KILLS):
            site.agent.start()
            site.until(lambda: tell(client, "0-0", "S1", 0), "the door is open")
            for number in range(1, random.randint(2, 30)):
                event = f"{life}-{number}", f"S{random.randint(1, 9)}", life * 1000 + number
                while not tell(client, *event):
                    assert site.agent.lives()
                _, sku, said[sku] = event
                if random.random() < 0.2:
                    tell(client, *event)
            site.agent.kill()
        site.agent.start()
        site.until(lambda: stock(site) == said, "the shop has what was acknowledged")
        site.agent.stop()
        assert_nothing_doubled(site.shop.database)


def stock(site: Site) -> dict[str, int]:
    """SKU → quantity, as the shop has them."""
    with closing(ShopDatabase(site.shop.database, readonly=True)) as shop:
        return {
            data["sku"]: int(float(data["quantity"])) for data in shop.records("stock").values()
        }

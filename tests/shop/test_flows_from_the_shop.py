"""Whole flows over the shop's feeds: what is placed in the shop arrives on the other side once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.daemon import Agent
from agent.demo.shop import ShopDatabase, ShopProcess
from connectors.memory import RECEIVERS, Receiver
from tests.shop.conftest import TOKEN, StartShop
from tests.shop.test_feeds import order
from tests.waiting import until


@pytest.fixture
def shop(start_shop: StartShop) -> ShopProcess:
    return start_shop(secrets={"SHOP_TOKEN": TOKEN})


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    RECEIVERS[str(tmp_path)] = Receiver()
    yield RECEIVERS[str(tmp_path)]
    del RECEIVERS[str(tmp_path)]


def written(folder: Path, shop: ShopProcess, *presets: str, **flow: Any) -> Path:
    """A configuration with one flow a preset, which says nothing else unless told to."""
    assert shop.certificates
    path = folder / "config.yaml"
    connection = {
        "kind": "shop",
        "url": shop.url,
        "token": "env:SHOP_TEST_TOKEN",
        "ca_file": str(shop.certificates.authority),
    }
    target = {"connection": "erp", "receiver": str(folder)}
    flows = {
        preset: {"source": {"connection": "shop"}, "preset": preset, "target": target, **flow}
        for preset in presets
    }
    said = {
        "connections": {"shop": connection, "erp": {"kind": "memory"}},
        "store": {"path": "store.db", "disk_low": "1B", "backup": "off"},
        "flows": flows,
    }
    path.write_text(yaml.safe_dump(said))
    return path


@contextmanager
def running(path: Path) -> Iterator[Agent]:
    agent = Agent.open(path)
    agent.start()
    try:
        yield agent
    finally:
        assert agent.stop()
        agent.close()


def test_order_wakes_its_flow_and_arrives_once_however_often_it_is_offered(
    tmp_path: Path, shop: ShopProcess, receiver: Receiver
) -> None:
    placed = order("W1") | {
        "shipping_address": {"street": "Via 1", "city": "Roma", "country": "IT"}
    }
    with running(written(tmp_path, shop, "orders")) as agent:
        shop.put_records("orders", W1=placed)
        until(lambda: receiver.record("order", "W1"))
        shop.put_records("orders", W1=placed, W2=order("W2"))
        until(lambda: receiver.record("order", "W2"))
        run = agent.request("orders", "full")
        until(lambda: agent.store.jobs.get(run) is None)
    assert [(each.key, each.op.value) for each in receiver.effects] == [
        ("W1", "upsert"),
        ("W2", "upsert"),
    ]
    record = receiver.record("order", "W1")
    assert record["lines"][0]["quantity"] == "3"
    assert record["shipping_address"]["city"] == "Roma"


def test_order_that_changed_follows_as_a_change_of_the_same_order(
    tmp_path: Path, shop: ShopProcess, receiver: Receiver
) -> None:
    shop.put_records("orders", W1=order("W1"))
    with running(written(tmp_path, shop, "orders")):
        until(lambda: receiver.record("order", "W1"))
        shop.put_records("orders", W1=order("W1", "express"))
        until(lambda: receiver.record("order", "W1")["note"] == "express")
    assert [each.key for each in receiver.effects] == ["W1", "W1"]


def test_everything_taken_over_is_acknowledged(
    tmp_path: Path, shop: ShopProcess, receiver: Receiver
) -> None:
    shop.put_records("returns", R1=return_of("W1"))
    with (
        running(written(tmp_path, shop, "returns")),
        ShopDatabase(shop.database, readonly=True) as (database),
    ):
        until(lambda: database.feeds.is_acknowledged("returns", "R1"))
    assert receiver.record("return", "R1")["order"] == "W1"


def return_of(number: str) -> dict[str, Any]:
    return {
        "number": f"R-{number}",
        "order": number,
        "customer": "000412",
        "requested_at": "2026-11-22T09:00:00Z",
        "lines": [{"line": 1, "sku": "00123", "quantity": "1", "reason": "broken"}],
    }


def test_reading_everything_anew_deletes_nothing_that_the_shop_has_forgotten(
    tmp_path: Path, shop: ShopProcess, receiver: Receiver
) -> None:
    shop.put_records("orders", W1=order("W1"), W2=order("W2"))
    with running(written(tmp_path, shop, "orders")) as agent:
        until(lambda: receiver.record("order", "W2"))
        shop.stop()
        with ShopDatabase(shop.database) as database:
            database.feeds.forget("orders")
        shop.start()
        shop.put_records("orders", W3=order("W3"))
        job = agent.request("orders", "full")
        until(lambda: agent.store.jobs.get(job) is None)
        until(lambda: receiver.record("order", "W3"))
    assert {each.op.value for each in receiver.effects} == {"upsert"}


def test_who_registers_becomes_a_customer_under_the_shops_own_id(
    tmp_path: Path, shop: ShopProcess, receiver: Receiver
) -> None:
    shop.put_records("registrations", new17={"code": "", "name": "Rossi Srl", "email": "r@r.it"})
    with running(written(tmp_path, shop, "registrations")):
        until(lambda: receiver.record("customer", "new17"))
    assert receiver.record("customer", "new17")["code"] == "new17"


def test_customer_that_is_gone_in_the_shop_is_deleted(
    tmp_path: Path, shop: ShopProcess, receiver: Receiver
) -> None:
    shop.put_records("customers", K1={"code": "K1", "name": "Rossi"})
    with running(written(tmp_path, shop, "customers")):
        until(lambda: receiver.record("customer", "K1"))
        shop.put_records("customers", K1=None)
        until(lambda: receiver.record("customer", "K1") is None)
    assert [each.op.value for each in receiver.effects] == ["upsert", "delete"]


def test_single_order_is_fetched_by_its_key(
    tmp_path: Path, shop: ShopProcess, receiver: Receiver
) -> None:
    shop.put_records("orders", W1=order("W1"), W2=order("W2"))
    with running(written(tmp_path, shop, "orders", watch=False)) as agent:
        job = agent.request("orders", "keys", ["W2"])
        until(lambda: agent.store.jobs.get(job) is None)
        until(lambda: receiver.effects)
    assert [each.key for each in receiver.effects] == ["W2"]

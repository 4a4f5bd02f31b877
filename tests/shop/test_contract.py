"""The shop connector keeps the contract of a target, against the real reference shop."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from agent.contract import Kind
from agent.demo.shop import ShopDatabase, ShopProcess
from agent.model import Op
from connectors.shop import KIND
from tests.contract.target_suite import TargetSuite


class ShopBench:
    kind: Kind = KIND

    def __init__(self, shop: ShopProcess) -> None:
        self.shop = shop
        assert shop.certificates
        self.connection: dict[str, Any] = {
            "url": shop.url,
            "token": "env:SHOP_TEST_TOKEN",
            "ca_file": str(shop.certificates.authority),
        }
        self.options: dict[str, Any] = {}

    def effects(self, key: str) -> list[tuple[Op, int]]:
        with ShopDatabase(self.shop.database, readonly=True) as database:
            return [(Op(each.op), each.version) for each in database.effects() if each.key == key]

    def held(self, key: str) -> Any:
        with ShopDatabase(self.shop.database, readonly=True) as database:
            return database.records("product").get(key)

    def refuse(self, keys: Sequence[str]) -> None:
        self.shop.plan_fault("refuse_keys", keys=list(keys))

    def fail_next(self) -> None:
        self.shop.plan_fault("status", status=503)

    def lose_next_answer(self) -> None:
        self.shop.plan_fault("lose_answer")


class TestShopTarget(TargetSuite):
    @pytest.fixture
    def bench(self, shop: ShopProcess) -> Iterator[ShopBench]:
        bench = ShopBench(shop)
        yield bench
        bench.refuse([])

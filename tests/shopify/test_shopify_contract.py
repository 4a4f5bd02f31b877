"""Shopify keeps the contract of a platform: the stand-in, and a real store where one is named.

SYNCAGENT_TEST_SHOPIFY_URL and …_TOKEN name a development store and a token that may write.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.contract.platform_suite import PlatformSuite
from tests.peers.shopify.server import ShopServer
from tests.shopify.benches import REAL, RealShop, StandIn


class TestStandIn(PlatformSuite):
    @pytest.fixture
    def bench(self, server: ShopServer) -> StandIn:
        return StandIn(server)


@pytest.mark.skipif(f"{REAL}_URL" not in os.environ, reason=f"{REAL}_URL names no shop")
class TestRealShop(PlatformSuite):
    @pytest.fixture
    def bench(self) -> Iterator[RealShop]:
        bench = RealShop()
        yield bench
        bench.close()

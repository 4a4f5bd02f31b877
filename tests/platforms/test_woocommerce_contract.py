"""WooCommerce keeps the contract of a platform: the stand-in, and a real shop where one is named.

SYNCAGENT_TEST_WOOCOMMERCE_URL, …_KEY and …_SECRET name a staging shop and a key that may write.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from connectors._http.client import Client
from connectors._verdicts import Requests
from connectors.woocommerce.calls import Calls
from connectors.woocommerce.options import WooCommerceOptions
from tests.contract.platform_suite import PlatformSuite
from tests.peers.engine import NothingBound, OpenGate
from tests.peers.http_server import answering
from tests.peers.woocommerce import SECRET, WooShop
from tests.platforms.woocommerce_shops import REAL, VARIABLE, RealShop, StandIn, real_connection


class TestStandIn(PlatformSuite):
    @pytest.fixture
    def bench(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
        monkeypatch.setenv(VARIABLE, SECRET)
        shop = WooShop()
        with answering(shop) as peer:
            yield StandIn(shop, peer)
        assert shop.violations == []


@pytest.mark.skipif(f"{REAL}_URL" not in os.environ, reason=f"{REAL}_URL names no shop")
class TestRealShop(PlatformSuite):
    @pytest.fixture
    def bench(self) -> Iterator[RealShop]:
        options = WooCommerceOptions.model_validate(real_connection())
        client = Client(options, options.authorization())
        calls = Calls(Requests(client.ask, OpenGate()), NothingBound(), options.url)
        try:
            yield RealShop(calls)
        finally:
            client.close()

"""Magento keeps the contract of a platform: the stand-in, and a real shop where one is named.

SYNCAGENT_TEST_MAGENTO_URL and …_TOKEN name a staging shop and an integration that may write.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from connectors._http.client import Client
from connectors._verdicts import Requests
from connectors.magento.calls import Calls
from connectors.magento.options import MagentoOptions
from tests.contract.platform_suite import PlatformSuite
from tests.magento.shops import REAL, RealShop, StandIn, real_connection
from tests.peers.engine import NothingBound, OpenGate
from tests.peers.http_server import Peer
from tests.peers.magento import MagentoShop


class TestStandIn(PlatformSuite):
    @pytest.fixture
    def bench(self, shop: MagentoShop, peer: Peer) -> StandIn:
        return StandIn(shop, peer)


@pytest.mark.skipif(f"{REAL}_URL" not in os.environ, reason=f"{REAL}_URL names no shop")
class TestRealShop(PlatformSuite):
    @pytest.fixture
    def bench(self) -> Iterator[RealShop]:
        options = MagentoOptions.model_validate(real_connection())
        client = Client(options, options.authorization())
        requests = Requests(client.ask, OpenGate())
        try:
            yield RealShop(Calls(requests, NothingBound(), options.url, options.store))
        finally:
            client.close()

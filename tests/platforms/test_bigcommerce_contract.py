"""BigCommerce keeps the contract of a platform: the stand-in, and a real store where one is named.

SYNCAGENT_TEST_BIGCOMMERCE_STORE and …_TOKEN name a sandbox store and a token that may write.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from connectors._http.client import Client
from connectors._verdicts import Requests
from connectors.bigcommerce.calls import Calls
from connectors.bigcommerce.options import BigCommerceOptions
from tests.contract.platform_suite import PlatformSuite
from tests.peers.bigcommerce import TOKEN, BigStore
from tests.peers.engine import NothingBound, OpenGate
from tests.peers.http_server import answering
from tests.platforms.bigcommerce_stores import REAL, VARIABLE, RealStore, StandIn, real_connection


class TestStandIn(PlatformSuite):
    @pytest.fixture
    def bench(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
        monkeypatch.setenv(VARIABLE, TOKEN)
        store = BigStore()
        store.left = 100_000
        with answering(store) as peer:
            yield StandIn(store, peer)
        assert store.violations == []


@pytest.mark.skipif(f"{REAL}_STORE" not in os.environ, reason=f"{REAL}_STORE names no store")
class TestRealStore(PlatformSuite):
    @pytest.fixture
    def bench(self) -> Iterator[RealStore]:
        options = BigCommerceOptions.model_validate(real_connection()).at_the_store()
        client = Client(options, options.authorization())
        gate = OpenGate()
        calls = Calls(Requests(client.ask, gate), NothingBound(), gate, options.url, 0)
        try:
            yield RealStore(calls)
        finally:
            client.close()

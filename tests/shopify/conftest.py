"""A shop of the test's own, and what a test says to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers.shopify.server import TOKEN, Door, ShopServer, running
from tests.shopify.sending import Sending


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    with running() as door:
        yield door


@pytest.fixture
def server(door: Door, monkeypatch: pytest.MonkeyPatch) -> ShopServer:
    monkeypatch.setenv("TEST_SHOPIFY_TOKEN", TOKEN)
    return door.open()


@pytest.fixture
def sending(server: ShopServer) -> Iterator[Sending]:
    sending = Sending(server)
    yield sending
    sending.close()

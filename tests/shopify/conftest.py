"""A shop of the test's own, and what a test says to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers.shopify.server import TOKEN, ShopServer, running
from tests.shopify.sending import Sending


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopServer]:
    monkeypatch.setenv("TEST_SHOPIFY_TOKEN", TOKEN)
    with running() as shop:
        yield shop


@pytest.fixture
def sending(server: ShopServer) -> Iterator[Sending]:
    sending = Sending(server)
    yield sending
    sending.close()

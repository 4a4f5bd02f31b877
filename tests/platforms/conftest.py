"""A shop of WooCommerce and targets that write into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from connectors.woocommerce import KIND
from tests.contract.platform_suite import Engine
from tests.peers.http_server import Peer, answering
from tests.peers.woocommerce import KEY, SECRET, WooShop
from tests.platforms.woocommerce_shops import VARIABLE


class OpenWoo(Protocol):
    """Opens a target with these options; the engine around it is asked to send."""

    def __call__(self, connection: dict[str, Any] | None = None, **options: Any) -> Engine: ...


@pytest.fixture
def woo(monkeypatch: pytest.MonkeyPatch) -> Iterator[WooShop]:
    monkeypatch.setenv(VARIABLE, SECRET)
    shop = WooShop()
    yield shop
    assert shop.violations == []


@pytest.fixture
def woo_peer(woo: WooShop) -> Iterator[Peer]:
    with answering(woo) as peer:
        yield peer


@pytest.fixture
def woo_connection(woo_peer: Peer) -> dict[str, Any]:
    return {"url": woo_peer.url, "consumer_key": KEY, "consumer_secret": f"env:{VARIABLE}"}


@pytest.fixture
def open_woo(woo_connection: dict[str, Any]) -> Iterator[OpenWoo]:
    with ExitStack() as opened:

        def open_one(connection: dict[str, Any] | None = None, **options: Any) -> Engine:
            assert KIND.target
            target = KIND.target(
                KIND.connection.model_validate(woo_connection | (connection or {})),
                KIND.target_options.model_validate(options),
            )
            opened.callback(target.close)
            return Engine(target)

        yield open_one

"""A shop of WooCommerce, a store of BigCommerce, and targets that write into them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

import pytest

from agent.contract import Kind
from connectors.bigcommerce import KIND as BIGCOMMERCE
from connectors.woocommerce import KIND as WOOCOMMERCE
from tests.peers.bigcommerce import STORE, TOKEN, BigStore
from tests.peers.engine import Engine
from tests.peers.http_server import Peer, answering
from tests.peers.woocommerce import KEY, SECRET, WooShop
from tests.platforms.bigcommerce_stores import VARIABLE as BIG_VARIABLE
from tests.platforms.woocommerce_shops import VARIABLE


class OpenTarget(Protocol):
    """Opens a target with these options; the engine around it is asked to send."""

    def __call__(self, **options: Any) -> Engine: ...


@contextmanager
def opening(kind: Kind, connection: dict[str, Any]) -> Iterator[OpenTarget]:
    """Opens targets of a kind; all are closed at the end."""
    with ExitStack() as opened:

        def open_one(**options: Any) -> Engine:
            assert kind.target
            target = kind.target(
                kind.connection.model_validate(connection),
                kind.target_options.model_validate(options),
            )
            opened.callback(target.close)
            return Engine(target)

        yield open_one


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
def open_woo(woo_connection: dict[str, Any]) -> Iterator[OpenTarget]:
    with opening(WOOCOMMERCE, woo_connection) as open_one:
        yield open_one


@pytest.fixture
def big(monkeypatch: pytest.MonkeyPatch) -> Iterator[BigStore]:
    monkeypatch.setenv(BIG_VARIABLE, TOKEN)
    store = BigStore()
    yield store
    assert store.violations == []


@pytest.fixture
def big_peer(big: BigStore) -> Iterator[Peer]:
    with answering(big) as peer:
        yield peer


@pytest.fixture
def big_connection(big_peer: Peer) -> dict[str, Any]:
    return {"url": big_peer.url, "store": STORE, "access_token": f"env:{BIG_VARIABLE}"}


@pytest.fixture
def open_big(big_connection: dict[str, Any]) -> Iterator[OpenTarget]:
    with opening(BIGCOMMERCE, big_connection) as open_one:
        yield open_one

"""A shop of Magento, and targets that write into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from connectors.magento import KIND
from tests.magento.shops import VARIABLE
from tests.peers.engine import Engine
from tests.peers.http_server import Peer, answering
from tests.peers.magento import TOKEN, MagentoShop


class OpenTarget(Protocol):
    """Opens a target with these options; the engine around it is asked to send."""

    def __call__(self, **options: Any) -> Engine: ...


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[MagentoShop]:
    monkeypatch.setenv(VARIABLE, TOKEN)
    found = MagentoShop()
    yield found
    assert found.violations == []


@pytest.fixture
def peer(shop: MagentoShop) -> Iterator[Peer]:
    with answering(shop) as found:
        yield found


@pytest.fixture
def connection(peer: Peer) -> dict[str, Any]:
    return {"url": peer.url, "token": f"env:{VARIABLE}", "version": "2.4.8"}


@pytest.fixture
def open_target(connection: dict[str, Any]) -> Iterator[OpenTarget]:
    """Opens targets; all are closed at the end."""
    with ExitStack() as opened:

        def open_one(**options: Any) -> Engine:
            assert KIND.target
            target = KIND.target(
                KIND.connection.model_validate(connection),
                KIND.target_options.model_validate(options),
            )
            opened.callback(target.close)
            return Engine(target)

        yield open_one

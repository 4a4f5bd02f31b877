"""A shop of PrestaShop that validates and traps like the real one, and a target for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.peers.engine import Engine
from tests.peers.http_server import Peer, answering
from tests.peers.prestashop import PrestaShop
from tests.prestashop.putting import (
    engine_of,
    state_named,
)


@pytest.fixture
def shop() -> PrestaShop:
    shop = PrestaShop()
    shop.put("currencies", name="Euro", iso_code="EUR", active="1")
    italy = shop.put("countries", iso_code="IT", active="1", name="Italia")
    shop.put("states", id_country=italy, iso_code="RM", name="Roma", active="1")
    shop.put("groups", price_display_method="1", name="Rivenditori")
    shop.put("order_states", name="Pagato")
    shop.put("order_states", name="Spedito")
    return shop


@pytest.fixture
def peer(shop: PrestaShop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_KEY", "RIGHTKEY")
    with answering(shop) as peer:
        yield peer


@pytest.fixture(params=["1.7.8.11", "8.1.6"])
def engine(peer: Peer, shop: PrestaShop, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A version that knows PUT alone, and one that knows PATCH."""
    shop.version = request.param
    states = {"paid": state_named(shop, "Pagato"), "shipped": state_named(shop, "Spedito")}
    engine = engine_of(peer, shop, statuses=states)
    with closing(engine.target):
        yield engine

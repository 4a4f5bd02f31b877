"""A stand-in that keeps Odoo's ways, over both protocols, and a target that writes into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.odoo.putting import (
    engine_of,
    put_customer,
    put_product,
)
from tests.peers.engine import Engine
from tests.peers.http_server import Peer, answering
from tests.peers.odoo import Database, OdooServer


@pytest.fixture
def server() -> OdooServer:
    server = OdooServer()
    put = server.database.put
    euro = put("res.currency", name="EUR")
    put("res.currency", name="USD")
    italy = put("res.country", name="Italia", code="IT")
    put("res.country.state", name="Roma", code="RM", country_id=italy)
    put("res.lang", name="Italiano", code="it_IT")
    put("account.payment.term", name="30 giorni")
    put("product.pricelist", name="Rivenditori", currency_id=euro)
    place = put("stock.location", name="WH/Stock")
    put("stock.warehouse", name="Milano", code="WH", lot_stock_id=place)
    return server


@pytest.fixture
def database(server: OdooServer) -> Database:
    return server.database


@pytest.fixture(params=["json2", "xmlrpc"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def peer(server: OdooServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_KEY", "right")
    with answering(server) as peer:
        yield peer


@pytest.fixture
def engine(peer: Peer, protocol: str) -> Iterator[Engine]:
    engine = engine_of(peer, protocol, warehouses={"MILANO": "WH"})
    with closing(engine.target):
        yield engine


@pytest.fixture
def stocked(engine: Engine) -> Engine:
    put_product(engine, "A1")
    put_customer(engine)
    return engine

"""An OData service of either version keeps the contract of a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from agent.contract import Kind
from connectors.odata import KIND
from tests.contract.source_suite import Row, SourceSuite
from tests.odata.server import Items
from tests.peers.http_server import Peer

WAYS: dict[str, dict[str, Any]] = {
    "4 as it is": {},
    "4 skip": {"pages": "skip", "order": "sku", "page_size": 60},
    "4 declared": {"key": ["sku"], "columns": ["sku", "name", "price"], "page_size": 50},
    "4 delta": {"delta": True},
    "2 as it is": {},
    "2 declared": {"key": ["sku"], "columns": ["name", "price"]},
}


@dataclass
class ODataBench:
    peer: Peer
    service: Items
    way: str
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"url": self.peer.url, "version": self.service.version}

    @property
    def options(self) -> dict[str, Any]:
        return {"entity_set": "Items", **WAYS[self.way]}

    def put(self, rows: Sequence[Row]) -> None:
        known = {each["sku"]: each for each in self.service.records}
        self.service.records = [
            {"sku": sku, "name": name, "price": str(price), "changed": "2026-01-01T10:00:00Z"}
            for sku, name, price in rows
        ]
        self.service.changes += [
            each for each in self.service.records if known.get(each["sku"], each) != each
        ]
        present = {each["sku"] for each in self.service.records}
        self.service.expired = bool(known.keys() - present)


@pytest.mark.parametrize("way", WAYS)
class TestODataSource(SourceSuite):
    @pytest.fixture
    def bench(self, peer: Peer, service: Items, way: str) -> ODataBench:
        service.version = way[0]
        return ODataBench(peer, service, way)

"""A web API keeps the contract of a source, however it gives out its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from agent.contract import Kind
from connectors.rest import KIND
from tests.contract.source_suite import KEY, Row, SourceSuite
from tests.peers.http_server import Peer
from tests.rest.articles import Articles

WAYS: dict[str, dict[str, Any]] = {
    "pages": {
        "records": "data.items",
        "paging": {"kind": "page", "size_parameter": "size", "size": 50, "total": "meta.total"},
    },
    "offset": {
        "records": "data.items",
        "paging": {"kind": "offset", "size_parameter": "size", "total": "header:X-Total-Count"},
    },
    "cursor": {
        "records": "data.items",
        "paging": {"kind": "cursor", "next": "data.cursor", "size_parameter": "size"},
    },
    "link": {"paging": {"kind": "link", "size_parameter": "size"}},
    "next": {
        "records": "results",
        "paging": {"kind": "next", "next": "next", "size_parameter": "size"},
    },
}


@dataclass
class RestBench:
    peer: Peer
    shelf: Articles
    way: str
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"url": self.peer.url}

    @property
    def options(self) -> dict[str, Any]:
        return {
            "path": f"/{self.way}",
            "key": list(KEY),
            "columns": ["name", "price"],
            "item": "/item/{key}",
            "item_record": "article",
            **WAYS[self.way],
        }

    def put(self, rows: Sequence[Row]) -> None:
        self.shelf.records = [
            {"sku": sku, "name": name, "price": str(price), "changed": "2026-01-01T00:00:00Z"}
            for sku, name, price in rows
        ]


@pytest.mark.parametrize("way", WAYS)
class TestRestSource(SourceSuite):
    @pytest.fixture
    def bench(self, peer: Peer, shelf: Articles, way: str) -> RestBench:
        return RestBench(peer, shelf, way)

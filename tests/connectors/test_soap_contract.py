"""A SOAP service keeps the contract of a source, however its pages are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Kind
from connectors.soap import KIND
from tests.contract.source_suite import KEY, Row, SourceSuite
from tests.peers.soap import SoapServer

pytestmark = pytest.mark.xdist_group("soap")

PAGINGS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "page": ({"page": "{page}"}, {"kind": "page", "total": "total"}),
    "offset": ({"offset": "{offset}"}, {"kind": "offset", "total": "total", "more": "more"}),
    "token": ({"token": "{token}"}, {"kind": "token", "token": "next"}),
}


@dataclass
class SoapBench:
    server: SoapServer
    wsdl: Path
    paging: str
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"url": self.server.url, "wsdl": str(self.wsdl)}

    @property
    def options(self) -> dict[str, Any]:
        parameters, paging = PAGINGS[self.paging]
        return {
            "operation": "ListArticles",
            "parameters": {"size": "{size}", **parameters},
            "records": "articles.Article",
            "key": list(KEY),
            "columns": ["name", "price"],
            "paging": {"size": 60, **paging},
            "keys": {
                "operation": "GetArticle",
                "parameters": {"sku": "{key}"},
                "gone_faults": ["NotFound"],
            },
        }

    def put(self, rows: Sequence[Row]) -> None:
        self.server.hold(
            [{"sku": sku, "name": name, "price": str(price)} for sku, name, price in rows]
        )


class TestSoap(SourceSuite):
    @pytest.fixture(params=PAGINGS)
    def bench(
        self, request: pytest.FixtureRequest, soap_server: SoapServer, tmp_path: Path
    ) -> SoapBench:
        soap_server.hold([])
        return SoapBench(soap_server, soap_server.save_wsdl(tmp_path), request.param)

"""A SOAP target keeps the contract, before a service that knows records by our keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Kind
from agent.model import Op
from connectors.soap import KIND
from tests.contract.target_suite import TargetSuite
from tests.peers.soap import SoapServer

pytestmark = pytest.mark.xdist_group("soap")

PUT: dict[str, Any] = {"key": "{{ key }}", "version": "{{ version }}"}


@dataclass
class SoapBench:
    server: SoapServer
    wsdl: Path
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"url": f"{self.server.url}/orders", "wsdl": str(self.wsdl)}

    @property
    def options(self) -> dict[str, Any]:
        fields = "{{ record.sku }}", "{{ record.name }}", "{{ record.weight }}"
        data = "\x1f".join((*fields, "{{ record.categories | join('\x1e') }}"))
        return {
            "operation": "PutRecord",
            "parameters": PUT | {"data": data.replace("\x1f", "␟").replace("\x1e", "␞")},
            "delete": {"operation": "PutRecord", "parameters": PUT | {"gone": "true"}},
            "repeatable": True,
        }

    def effects(self, key: str) -> list[tuple[Op, int]]:
        effects = self.server.books()["effects"]
        return [(Op(op), version) for each, op, version in effects if each == key]

    def held(self, key: str) -> Any:
        data = self.server.books()["records"].get(key, {"data": None})["data"]
        if data is None:
            return None
        sku, name, weight, categories = data.split("␟")
        return {"sku": sku, "name": name, "weight": weight, "categories": categories.split("␞")}

    def refuse(self, keys: Sequence[str]) -> None:
        self.server.refuse(list(keys))

    def fail_next(self) -> None:
        self.server.answer("not now", status=503, content_type="text/plain")

    def lose_next_answer(self) -> None:
        self.server.lose_answers(1)


class TestSoapTarget(TargetSuite):
    @pytest.fixture
    def bench(self, soap_server: SoapServer, tmp_path: Path) -> SoapBench:
        soap_server.empty_books()
        return SoapBench(soap_server, soap_server.save_wsdl(tmp_path, "/orders"))

"""An agent in this process that another system calls, and that system's client."""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.daemon import Agent
from connectors._http import sign
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.waiting import until

KEY = b"a key of twenty-four byte"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
CONFIG = """\
connections:
  erp:
    kind: webhook
    port: PORT
    path: /erp
    signing_secret: env:ERP_SECRET
    largest_body: 20KB
    EXTRA
  shop: {kind: memory}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  products:
    source:
      connection: erp
      record_path: data
      key: [sku]
      columns: [name, gone]
      optional: [name, gone]
    target: {connection: shop, receiver: FOLDER}
    entity: product
    guard: off
    delete_when: "row.gone | default(false, true)"
    mapping: {sku: sku, name: {from: name, default: "-"}}
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Premises:
    """A folder with a configuration, the agent on it, and the system that calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.name = str(folder)
        self.receiver = RECEIVERS[self.name] = Receiver()
        self.table = TABLES[self.name] = Table(("CODE", "NAME"))
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False)
        self.configure()

    def configure(self, extra: str = "", text: str = CONFIG) -> None:
        text = text.replace("PORT", str(self.port)).replace("FOLDER", self.name)
        (self.folder / "config.yaml").write_text(text.replace("EXTRA", extra or "tolerance: 300s"))

    @contextmanager
    def running(self) -> Iterator[Agent]:
        agent = Agent.open(self.folder / "config.yaml")
        agent.start()
        try:
            yield agent
        finally:
            assert agent.stop()
            agent.close()

    def call(
        self, event: str, body: Any, *, key: bytes = KEY, age: float = 0, path: str = "/erp"
    ) -> httpx.Response:
        """One signed request."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = sign(content, message_id=event, timestamp=int(time.time() - age), keys=[key])
        return self.http.post(
            path, content=content, headers=[("content-type", "application/json"), *headers]
        )

    def shown(self) -> dict[str, Any]:
        """SKU → name, as the shop has them."""
        return {
            key: json.loads(body)["name"] for (_, key), body in dict(self.receiver.holds).items()
        }

    def until_shown(self, **names: str) -> None:
        until(lambda: self.shown() == names, f"the shop shows {names}")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Premises]:
    monkeypatch.setenv("ERP_SECRET", SECRET)
    premises = Premises(tmp_path)
    yield premises
    premises.http.close()
    del RECEIVERS[premises.name], TABLES[premises.name]

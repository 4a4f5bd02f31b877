"""Starts and stops the reference shop as a process of its own."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx

from agent.demo.certificates import Certificates

STOP_SECONDS = 10.0


class ShopProcess:
    """A running shop. It ends with us, even when we are killed: its standard input closes then.

    `secrets` are the environment variables named in `agent.demo.shop.__main__`. After `kill` or
    `stop`, `start` brings it back at the same address.
    """

    def __init__(
        self,
        database: Path,
        certificates: Certificates | None,
        *,
        secrets: Mapping[str, str] | None = None,
        needs_certificate: bool = False,
        token_lifetime: float = 3600.0,
        faults: bool = False,
    ) -> None:
        self.database = database
        self.certificates = certificates
        self.url = ""
        self._secrets = dict(secrets or {})
        self._arguments = ["--database", str(database), "--token-lifetime", str(token_lifetime)]
        if certificates:
            self._arguments += ["--cert", str(certificates.server)]
            self._arguments += ["--key", str(certificates.server_key)]
        if certificates and needs_certificate:
            self._arguments += ["--client-ca", str(certificates.authority)]
        if faults:
            self._arguments.append("--faults")
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process's number; 0 while it is down."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        port = urlsplit(self.url).port or 0
        command = [sys.executable, "-m", "agent.demo.shop", "--until-stdin-closes"]
        with self.database.with_suffix(".log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*command, "--port", str(port), *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._environment(),
            )
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe, see above
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            self.stop()
            raise RuntimeError(f"the shop did not start, see {log.name}")

    def stop(self) -> None:
        """End it in order."""
        if self._process:
            self._process.terminate()
            self._reap()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process:
            self._process.kill()
            self._reap()

    def plan_fault(self, kind: str, **details: object) -> None:
        """Let a fault befall the next requests; see `agent.demo.shop.faults`."""
        self.request("POST", "/_faults", json={"kind": kind, **details}).raise_for_status()

    def put_records(self, feed: str, **records: object) -> None:
        """Key → what a record of the shop's own now is; None for one that is gone."""
        self.request("POST", f"/_feeds/{feed}", json=records).raise_for_status()

    def ask_agent(self, kind: str, **details: object) -> str:
        """Put a command for the agent; its id."""
        answer = self.request("POST", "/_commands", json={"kind": kind, **details})
        return str(answer.raise_for_status().json()["id"])

    def place_order(self, customer: str, quantities: Mapping[str, int]) -> str:
        """Order as a person would, in a browser; the path of the order's page."""
        with self._browser() as browser:
            for sku, quantity in quantities.items():
                browser.post("/cart", data={"sku": sku, "quantity": str(quantity)})
            placed = browser.post("/orders", data={"customer": customer})
            return "/" + str(placed.headers["location"])

    def request(self, method: str, path: str, json: object = None) -> httpx.Response:
        """Ask the shop as a browser would."""
        with self._browser() as browser:
            return browser.request(method, path, json=json)

    def _browser(self) -> httpx.Client:
        context = ssl.create_default_context(
            cafile=str(self.certificates.authority) if self.certificates else None
        )
        return httpx.Client(base_url=self.url, verify=context, trust_env=False)

    def _environment(self) -> dict[str, str]:
        """Ours without any other shop's secrets, and with those of this one."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("SHOP_")}
        return ours | self._secrets

    def _reap(self) -> None:
        process, self._process = self._process, None
        if process:
            process.communicate(timeout=STOP_SECONDS)

"""A real SOAP server (spyne) in a process of its own: an ERP's articles, and its orders.

Tests speak to it over `/control`: what it holds, whom it lets in, what it answers next.
"""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "geheim"
FAULT = """<?xml version="1.0"?>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>
<faultcode>{code}</faultcode><faultstring>{text}</faultstring></e:Fault></e:Body></e:Envelope>"""


@dataclass
class SoapServer:
    """The running server, as a test sees it."""

    url: str
    http: httpx.Client

    def hold(self, articles: list[dict[str, Any]]) -> None:
        """Have just these articles."""
        self._control(articles=articles)

    def require(self, *, basic: str = "", bearer: str = "", token: str = "") -> None:
        """Let in only who shows this; `token` is text or digest of WS-Security."""
        self._control(require={"basic": basic, "bearer": bearer, "token": token})

    def answer(
        self, body: str | bytes, *, status: int = 200, content_type: str = "text/xml"
    ) -> None:
        """Answer the next call like this, whatever it is."""
        content = body.encode() if isinstance(body, str) else body
        answer = {"body": base64.b64encode(content).decode(), "type": content_type}
        self._control(answer={**answer, "status": status})

    def fault(self, code: str, text: str) -> None:
        """Answer the next call with a fault."""
        self.answer(FAULT.format(code=code, text=text), status=500)

    def asked(self) -> list[str]:
        """The bodies of all calls since the last `hold`."""
        found: list[str] = self.http.get("/control").json()["asked"]
        return found

    def empty_books(self, *, unique: bool = False) -> None:
        """The service `/orders` holds nothing; `unique` refuses a second one of a reference."""
        self._control(books={"unique": unique})

    def books(self) -> dict[str, Any]:
        """What it holds: `documents`, `records`, `effects`."""
        found: dict[str, Any] = self.http.get("/control").json()["books"]
        return found

    def refuse(self, keys: list[str]) -> None:
        """Refuse these keys of `PutRecord` from now on, and no others."""
        self._control(refused=keys)

    def lose_answers(self, count: int) -> None:
        """Do what the next calls ask, and let their answers get lost."""
        self._control(lose=count)

    def save_wsdl(self, folder: Path, service: str = "/") -> Path:
        """The WSDL as the server gives it: `/orders`, or `/soap12` that speaks SOAP 1.2."""
        path = folder / "articles.wsdl"
        path.write_bytes(self.http.get(f"{service}?wsdl").content)
        return path

    def _control(self, **changes: Any) -> None:
        self.http.post("/control", json=changes).raise_for_status()


@contextmanager
def running() -> Iterator[SoapServer]:
    """The server, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.peers.soap.server"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
    )
    try:
        assert process.stdout
        port = process.stdout.readline().strip()
        assert port, "the SOAP server did not start"
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, trust_env=False) as client:
            yield SoapServer(url, client)
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()

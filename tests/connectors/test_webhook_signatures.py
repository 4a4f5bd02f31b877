"""Whom a webhook believes: signatures in the ways of other systems."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from connectors._http import sign
from connectors.webhook.genuine import doubt
from connectors.webhook.options import WebhookConnection

NOW = 1_800_000_000
BODY = b'{"sku": "A"}'
OLD, NEW = b"the old key, twenty-four", b"the new key, twenty-four"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAIN", "Jefe")
    for name, key in (("OLD", OLD), ("NEW", NEW)):
        monkeypatch.setenv(name, "whsec_" + base64.b64encode(key).decode())


def connection(**options: Any) -> WebhookConnection:
    return WebhookConnection.model_validate({"port": 8443, "path": "/"} | options)


def believed(options: WebhookConnection, headers: dict[str, str], body: bytes = BODY) -> bool:
    return not doubt(options, headers, body, NOW)


def test_body_signed_in_hex_with_a_prefix() -> None:
    """As GitHub and many ERP systems do; the digest is that of RFC 4231, test case 2."""
    options = connection(
        hmac={"secret": "env:PLAIN", "header": "X-Hub-Signature-256", "prefix": "sha256="}
    )
    body = b"what do ya want for nothing?"
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert believed(options, {"x-hub-signature-256": "sha256=" + digest}, body)
    assert believed(options, {"x-hub-signature-256": "sha256=" + digest.upper()}, body)
    assert not believed(options, {"x-hub-signature-256": digest}, body)
    assert not believed(options, {"x-hub-signature-256": "sha256=" + digest}, body + b" ")
    assert not believed(options, {}, body)


def test_body_signed_in_base64_with_time_and_id() -> None:
    options = connection(
        id_header="X-Id",
        hmac={
            "secret": "env:PLAIN",
            "header": "X-Sign",
            "algorithm": "sha512",
            "encoding": "base64",
            "signed": "{timestamp}:{id}:{body}",
            "timestamp_header": "X-Time",
        },
    )

    def headers(stamp: object, event: str = "e1") -> dict[str, str]:
        text = f"{stamp}:e1:".encode() + BODY
        signature = base64.b64encode(hmac.digest(b"Jefe", text, hashlib.sha512)).decode()
        return {"x-sign": signature, "x-time": str(stamp), "x-id": event}

    assert believed(options, headers(NOW))
    assert believed(options, headers(NOW * 1000)), "milliseconds"
    assert believed(options, headers(NOW - 299))
    assert not believed(options, headers(NOW - 301))
    assert not believed(options, headers(NOW + 301))
    assert not believed(options, headers(NOW, "e2")), "the id is signed too"
    for strange in ("", "-1", "1e9", "٣", "9" * 30, "soon"):
        assert not believed(options, headers(strange))


def test_secret_can_be_replaced_without_a_gap() -> None:
    options = connection(signing_secret="env:OLD", next_signing_secret="env:NEW")
    for keys in ([OLD], [NEW], [NEW, OLD]):
        signed = dict(sign(BODY, message_id="e1", timestamp=NOW, keys=keys))
        assert believed(options, signed)
    other = dict(sign(BODY, message_id="e1", timestamp=NOW, keys=[b"another"]))
    assert not believed(options, other)
    assert not believed(options, other | {"webhook-signature": ""})


def test_token_is_compared_as_a_whole() -> None:
    options = connection(token="env:PLAIN")
    assert believed(options, {"authorization": "Bearer Jefe"})
    for wrong in ("", "Bearer", "Bearer jefe", "Bearer Jefe ", "Basic Jefe", "Bearer Jefè"):
        assert not believed(options, {"authorization": wrong})

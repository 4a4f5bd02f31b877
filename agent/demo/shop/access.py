"""Who may speak to the shop: bearer tokens, OAuth2 client credentials, signatures, certificates."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote_plus

from agent.demo.shop.problem import Problem

TOLERANCE = 300
"""Seconds by which the clocks of signer and verifier may differ."""


@dataclass(slots=True)
class Access:
    """The rules; every one that is set must be kept."""

    token: str = ""
    client_id: str = ""
    client_secret: str = ""
    signing_secrets: Sequence[str] = ()
    needs_certificate: bool = False
    token_lifetime: float = 3600.0
    now: Callable[[], float] = time.time
    _issued: dict[str, float] = field(default_factory=dict)

    def admit(self, headers: Mapping[str, str], *, certified: bool) -> None:
        """Raise 401 for a stranger."""
        if self.needs_certificate and not certified:
            raise Problem(401, "certificate_required", "a client certificate is required")
        if not (self.token or self.client_id):
            return
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not self._is_known(shown):
            raise Problem(401, "unknown_token", "the bearer token is missing, unknown or too old")

    def _is_known(self, shown: str) -> bool:
        if self.token and _equal(shown, self.token):
            return True
        return self._issued.get(shown, 0.0) > self.now()

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raise 401 where a body is not signed by somebody who knows one of the secrets."""
        if not self.signing_secrets:
            return
        message_id = headers.get("webhook-id", "")
        timestamp = headers.get("webhook-timestamp", "")
        if not timestamp.isdigit() or abs(self.now() - int(timestamp)) > TOLERANCE:
            raise Problem(401, "bad_timestamp", "webhook-timestamp is missing or not of now")
        signed = b"%b.%b.%b" % (message_id.encode(), timestamp.encode(), body)
        shown = headers.get("webhook-signature", "").split()
        for secret in self.signing_secrets:
            key = base64.b64decode(secret.removeprefix("whsec_"))
            digest = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
            if any(_equal(each, f"v1,{digest}") for each in shown):
                return
        raise Problem(401, "bad_signature", "no signature fits the body")

    def issue(self, headers: Mapping[str, str], form: bytes) -> dict[str, str | int]:
        """An access token for a client that knows its secret (RFC 6749, section 4.4)."""
        fields = {name: values[0] for name, values in parse_qs(form.decode()).items()}
        client_id, client_secret = _basic(headers.get("authorization", "")) or (
            fields.get("client_id", ""),
            fields.get("client_secret", ""),
        )
        if fields.get("grant_type") != "client_credentials":
            raise Problem(400, "unsupported_grant_type", "only client_credentials")
        known = _equal(client_id, self.client_id) and _equal(client_secret, self.client_secret)
        if not self.client_id or not known:
            raise Problem(401, "invalid_client", "client_id or client_secret is wrong")
        token = secrets.token_urlsafe(24)
        self._issued[token] = self.now() + self.token_lifetime
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(self.token_lifetime),
        }

    def revoke_all(self) -> None:
        """End every access token now."""
        self._issued.clear()


def _equal(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote_plus(name), unquote_plus(secret)

"""An access token for a signed assertion (RFC 7523): a key in place of a secret."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from agent.errors import Misconfigured
from agent.secrets import Secret
from connectors._http.authorization import FORM, AccessToken, Request

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

KIND_OF_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIVES = 300
"""Seconds for which an assertion is good: enough for clocks that differ, useless soon after."""
CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


@dataclass(frozen=True, slots=True)
class Assertion:
    """Who asserts what to whom, and with which key."""

    token_url: str
    client_id: str
    certificate_id: str
    private_key: Secret
    scope: tuple[str, ...]


class SignedAssertion(AccessToken):
    """A token for what our private key has signed; the other side has its certificate."""

    refused_hint = "check the ids of integration and certificate, its mapping and this clock"

    def __init__(
        self,
        assertion: Assertion,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(monotonic)
        self._assertion, self._now = assertion, now

    def request(self) -> Request:
        """An assertion that no other request carries."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": KIND_OF_ASSERTION,
            "client_assertion": self._signed(),
        }
        body = urlencode(form).encode()
        return Request("POST", self._assertion.token_url, [("content-type", FORM)], body)

    def _signed(self) -> str:
        said, key = self._assertion, self._key()
        now = int(self._now())
        algorithm, sign = _signer(key)
        header = {"typ": "JWT", "alg": algorithm, "kid": said.certificate_id}
        claims = {
            "iss": said.client_id,
            "scope": said.scope,
            "aud": said.token_url,
            "iat": now,
            "exp": now + LIVES,
            "jti": str(uuid.uuid4()),
        }
        text = f"{_part(msgspec.json.encode(header))}.{_part(msgspec.json.encode(claims))}"
        return f"{text}.{_part(sign(text.encode()))}"

    def _key(self) -> RSAPrivateKey | EllipticCurvePrivateKey:
        from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

        secret = self._assertion.private_key
        try:
            key = load_pem_private_key(secret.reveal().encode(), password=None)
        except (ValueError, TypeError):
            key = None
        if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in CURVES:
            return key
        if isinstance(key, rsa.RSAPrivateKey):
            return key
        raise Misconfigured(
            "SA-5371",
            f"{secret.reference} holds no private key that can sign a log-in",
            hint="it must be an RSA or EC key in PEM, without a password",
        )


def _signer(
    key: RSAPrivateKey | EllipticCurvePrivateKey,
) -> tuple[str, Callable[[bytes], bytes]]:
    """The algorithm's name, and what signs with it (RFC 7518, sections 3.4 and 3.5)."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils  # noqa: PLC0415

    if isinstance(key, rsa.RSAPrivateKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
        return "PS256", lambda text: key.sign(text, pss, hashes.SHA256())
    size = (key.key_size + 7) // 8
    name = CURVES[key.curve.name]
    digest = {"ES256": hashes.SHA256(), "ES384": hashes.SHA384(), "ES512": hashes.SHA512()}[name]

    def sign(text: bytes) -> bytes:
        numbers = utils.decode_dss_signature(key.sign(text, ec.ECDSA(digest)))
        return b"".join(number.to_bytes(size, "big") for number in numbers)

    return name, sign


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

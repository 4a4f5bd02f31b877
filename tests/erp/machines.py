"""NetSuite's token endpoint for machines: assertions are really verified, by `cryptography`."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from starlette.responses import JSONResponse, Response

from tests.peers.http_server import Asked

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
CURVES: dict[str, tuple[int, hashes.HashAlgorithm]] = {
    "ES256": (32, hashes.SHA256()),
    "ES384": (48, hashes.SHA384()),
    "ES512": (66, hashes.SHA512()),
}


@dataclass
class Machines:
    """The certificates that an account knows, and the tokens that it gave out."""

    address: str
    known: dict[str, rsa.RSAPublicKey | ec.EllipticCurvePublicKey] = field(default_factory=dict)
    algorithms: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __call__(self, asked: Asked) -> Response:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        sound = form.get("grant_type") == "client_credentials"
        sound = sound and form.get("client_assertion_type") == kind
        if not (sound and self._verified(form["client_assertion"])):
            return JSONResponse({"error": "invalid_client"}, 401)
        token = f"machine-{len(self.algorithms)}"
        return JSONResponse({"access_token": token, "expires_in": "3600", "token_type": "Bearer"})

    def lets_in(self, header: str) -> bool:
        return header == f"Bearer machine-{len(self.algorithms)}"

    def _verified(self, assertion: str) -> bool:
        text, _, signature = assertion.rpartition(".")
        header, claims = (json.loads(_bytes(part)) for part in text.split("."))
        key = self.known.get(header["kid"])
        if key is None or not self._claims(claims):
            return False
        try:
            _verify(key, header["alg"], _bytes(signature), text.encode())
        except InvalidSignature:
            return False
        self.algorithms.append(header["alg"])
        return True

    def _claims(self, claims: dict[str, Any]) -> bool:
        fresh = claims["jti"] not in self.seen
        self.seen.add(claims["jti"])
        return (
            fresh
            and claims["iss"] == "6a1f"
            and claims["aud"] == self.address + TOKEN_PATH
            and claims["scope"] == ["rest_webservices"]
            and claims["iat"] <= time.time() < claims["exp"] <= claims["iat"] + 3600
        )


def _verify(
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, name: str, signature: bytes, text: bytes
) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        assert name == "PS256"
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        key.verify(signature, text, pss, hashes.SHA256())
        return
    size, digest = CURVES[name]
    assert len(signature) == 2 * size
    numbers = (int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
    key.verify(utils.encode_dss_signature(*numbers), text, ec.ECDSA(digest))


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

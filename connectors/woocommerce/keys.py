"""How a request shows the consumer key: as user and password, in the address, or signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from urllib.parse import urlencode, urlsplit

from agent.errors import Misconfigured
from agent.secrets import Secret
from connectors._http import Request
from connectors._http.authorization import Ask, sendable, wrong_secret
from connectors._http.credentials import Basic, signed_text


class KeyInHeader(Basic):
    """User and password, over https."""


class KeyInQuery:
    """In the address, over https."""

    def __init__(self, key: str, secret: Secret) -> None:
        self._key, self._secret = key, secret

    def sign(self, request: Request, ask: Ask) -> str:  # noqa: ARG002 - the protocol's shape
        """Put what shows who we are into the address."""
        request.url += "&" if urlsplit(request.url).query else "?"
        request.url += urlencode(self._parameters(request))
        return "key"

    def accepted(self, credential: str) -> None:
        """Nothing to remember."""

    def refused(self, credential: str) -> Misconfigured:  # noqa: ARG002 - the protocol's shape
        """A wrong one; never tried again by itself."""
        return wrong_secret("key with the secret", self._secret)

    def _parameters(self, request: Request) -> dict[str, str]:
        del request
        return {"consumer_key": self._key, "consumer_secret": sendable(self._secret)}


class SignedQuery(KeyInQuery):
    """A signature of OAuth 1.0a without a token: over http the secret must not travel."""

    def _parameters(self, request: Request) -> dict[str, str]:
        oauth = {
            "oauth_consumer_key": self._key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(time.time())),
        }
        text = signed_text(request.method, request.url, oauth)
        key = f"{sendable(self._secret)}&"
        digest = hmac.digest(key.encode(), text.encode(), hashlib.sha256)
        return {**oauth, "oauth_signature": base64.b64encode(digest).decode()}

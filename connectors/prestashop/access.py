"""The key of a web service stands in the place of a user, without a password."""

from __future__ import annotations

import base64

from agent.errors import Misconfigured
from agent.secrets import Secret
from connectors._http.authorization import Ask, Request, sendable, wrong_secret


class KeyAsUser:
    """Basic authentication with the key as user (RFC 7617)."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def sign(self, request: Request, ask: Ask) -> str:  # noqa: ARG002 - the protocol's shape
        """Send the key as it is now."""
        header = "Basic " + base64.b64encode(f"{sendable(self._key)}:".encode()).decode()
        request.headers.append(("authorization", header))
        return "key"

    def accepted(self, credential: str) -> None:
        """Nothing to remember."""

    def refused(self, credential: str) -> Misconfigured:  # noqa: ARG002 - the protocol's shape
        """A wrong key, or one that is switched off; never tried again by itself."""
        return wrong_secret("key", self._key)

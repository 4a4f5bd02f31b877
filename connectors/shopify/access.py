"""Who we are at Shopify: a token in a header, fixed or fetched for a day."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import msgspec

from agent.errors import Misconfigured, SyncError, Unavailable
from agent.secrets import Secret
from connectors._http import Request
from connectors._http.authorization import Ask

TOKEN_HEADER = "x-shopify-access-token"  # noqa: S105 - the name of a header
MARGIN = 300.0
"""Seconds before its end from which on a token is no longer used."""


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float = 86_399


class ShopToken:
    """The client credentials grant of apps of the Dev Dashboard; a token lives 24 hours.

    https://shopify.dev/docs/apps/build/dev-dashboard/get-api-access-tokens
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        secret: Secret,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url, self._client_id, self._secret = url, client_id, secret
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token, self._ends, self._worked = "", 0.0, ""

    def sign(self, request: Request, ask: Ask) -> str:
        """Send a token that still lives; fetched first where there is none."""
        with self._lock:
            if not self._token or self._monotonic() >= self._ends:
                self._renew(ask)
            token = self._token
        request.headers.append((TOKEN_HEADER, token))
        return token

    def accepted(self, credential: str) -> None:
        """This token is known to be good."""
        self._worked = credential

    def refused(self, credential: str) -> SyncError:
        """A token that had worked was ended early: wait for a new one. Else a person must act."""
        with self._lock:
            if self._token == credential:
                self._token = ""
        if credential == self._worked:
            return Unavailable(
                "SA-5214", "Shopify ended our access token early; a new one is fetched"
            )
        return Misconfigured(
            "SA-5220",
            "Shopify refuses the access token that it has just issued",
            hint="check that the app is installed in this very shop",
        )

    def _renew(self, ask: Ask) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._secret.reveal(),
        }
        headers = [("content-type", "application/x-www-form-urlencoded")]
        url = self._url + "/admin/oauth/access_token"
        answer = ask(Request("POST", url, headers, urlencode(form).encode()))
        if answer.status in {400, 401, 403, 404}:
            said = answer.told() or answer.status
            raise Misconfigured(
                "SA-5224",
                f"{urlsplit(url).netloc} gives us no access token ({said})",
                hint="check client_id and client_secret, and that the app is installed in the shop",
            )
        answer.require_success()
        try:
            token = msgspec.json.decode(answer.body, type=_Token)
        except msgspec.DecodeError:
            raise Unavailable("SA-5207", f"{url} answered something that is no token") from None
        self._token = token.access_token
        self._ends = self._monotonic() + max(0.0, token.expires_in - MARGIN)

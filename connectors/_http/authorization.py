"""Who we are: nobody, a bearer token, or OAuth2 client credentials with one refresher."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote_plus, urlencode

import msgspec
from pydantic import Field

from agent.contract import Options
from agent.errors import Misconfigured, SyncError, Unavailable
from agent.secrets import Secret
from connectors._http.options import Url


class OAuth2Options(Options):
    """Client credentials (RFC 6749, section 4.4)."""

    token_url: Url = Field(description="Address of the token endpoint.")
    client_id: str = Field(description="Our name at the token endpoint.")
    client_secret: Secret = Field(description="Our secret there.")
    scope: str = Field(default="", description="What to ask for, names parted by blanks.")


class Authorization(Protocol):
    """What a request says about who sends it."""

    def header(self) -> str:
        """The `Authorization` header's value, "" for none."""
        ...

    def accepted(self, header: str) -> None:
        """The other side took it."""
        ...

    def refused(self, header: str) -> SyncError:
        """The other side answered 401: the error to raise."""
        ...


class Anonymous:
    """Nobody, or somebody known by the client certificate alone."""

    def header(self) -> str:
        """None."""
        return ""

    def accepted(self, header: str) -> None:
        """Nothing to remember."""

    def refused(self, header: str) -> SyncError:  # noqa: ARG002 - the protocol's shape
        """A log-in is missing."""
        return Misconfigured(
            "SA-5220",
            "the shop wants to know who we are",
            hint="set token, oauth2 or client_certificate",
        )


class Bearer:
    """A fixed token."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def header(self) -> str:
        """The token as it is now."""
        token = self._token.reveal()
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise Misconfigured(
                "SA-5237",
                f"the token {self._token.reference} has characters that no header can carry",
                hint="store it again, without line breaks or blanks",
            )
        return f"Bearer {token}"

    def accepted(self, header: str) -> None:
        """Nothing to remember."""

    def refused(self, header: str) -> SyncError:  # noqa: ARG002 - the protocol's shape
        """A wrong token; never tried again by itself."""
        return Misconfigured(
            "SA-5220",
            f"the shop refuses our token {self._token.reference}",
            hint="store the right one, then resume the flow",
        )


class _Token(msgspec.Struct):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the type's name
    expires_in: float = 3600.0


FetchToken = Callable[[str, bytes, str], bytes]
"""POSTs a form: (url, body, authorization header) → the answer's JSON bytes."""


class ClientCredentials:
    """An access token, fetched by one thread for all and renewed a little before it ends."""

    def __init__(
        self,
        options: OAuth2Options,
        fetch: FetchToken,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options = options
        self._fetch = fetch
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._header = ""
        self._ends = 0.0
        self._worked = ""

    def header(self) -> str:
        """A token that still lives; fetched first where there is none."""
        with self._lock:
            if not self._header or self._monotonic() >= self._ends:
                self._renew()
            return self._header

    def accepted(self, header: str) -> None:
        """This token is known to be good."""
        self._worked = header

    def refused(self, header: str) -> SyncError:
        """A token that had worked was ended early: wait for a new one. Else a person must act."""
        with self._lock:
            if self._header == header:
                self._header = ""
        if header == self._worked or self._header:
            return Unavailable(
                "SA-5214", "the shop ended our access token early; a new one is fetched"
            )
        return Misconfigured(
            "SA-5220",
            "the shop refuses the access token that its token endpoint has just issued",
            hint="check scope, and whether token_url belongs to this shop",
        )

    def _renew(self) -> None:
        form = {"grant_type": "client_credentials"}
        if self._options.scope:
            form["scope"] = self._options.scope
        # RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
        parts = (self._options.client_id, self._options.client_secret.reveal())
        pair = ":".join(quote_plus(part) for part in parts)
        basic = "Basic " + base64.b64encode(pair.encode()).decode()
        answer = self._fetch(self._options.token_url, urlencode(form).encode(), basic)
        try:
            token = msgspec.json.decode(answer, type=_Token)
        except msgspec.DecodeError:
            raise Unavailable(
                "SA-5207", f"{self._options.token_url} answered something that is no token"
            ) from None
        margin = min(60.0, token.expires_in / 10)
        self._header = f"Bearer {token.access_token}"
        self._ends = self._monotonic() + token.expires_in - margin

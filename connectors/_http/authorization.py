"""Who we are: nobody, a bearer token, or OAuth2 client credentials with one refresher.

A way to show who we are is one class that keeps the protocol `Authorization`: what stands in a
header, in the address or in a cookie is its own affair. It holds no connection of its own, so that
one object, with its token or its session, can serve every client of a server (`shared`).
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias
from urllib.parse import quote_plus, urlencode, urlsplit

import msgspec
from pydantic import Field

from agent.contract import Options
from agent.errors import Misconfigured, SyncError, Unavailable
from agent.secrets import Secret
from connectors._http.options import Url


@dataclass(slots=True)
class Request:
    """What is about to be sent; an `Authorization` may change any of it."""

    method: str
    url: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None
    pieces: Iterable[bytes] | None = None
    """In place of `body`: bytes that are never wholly in memory, gone through once an attempt. The
    headers must say `content-length`."""
    seconds: float = 0.0
    """Longest time for this request, where it is another than that of the connection."""


class Reply(Protocol):
    """What an answer tells to who has to log in."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; names in any case."""
        ...

    @property
    def body(self) -> bytes:
        """The body, read to its end."""
        ...

    def told(self) -> str:
        """What the other side says about a failure, in one line."""
        ...

    def require_success(self) -> None:
        """Raise one of the three errors unless the status is 2xx."""
        ...


Ask: TypeAlias = Callable[[Request], Reply]
"""Sends a request as it is, unsigned, over the client that is about to send another."""


class Authorization(Protocol):
    """How a request says who sends it. Used by several threads at once."""

    def sign(self, request: Request, ask: Ask) -> str:
        """Make the request say who we are; which credential it now carries ("" for none).

        Where a token or a session must be had first, `ask` gets it.
        """
        ...

    def accepted(self, credential: str) -> None:
        """The other side took it."""
        ...

    def refused(self, credential: str) -> SyncError | None:
        """The other side answered 401: the error to raise, or None to sign and send once more."""
        ...


class Anonymous:
    """Nobody, or somebody known by the client certificate alone."""

    def sign(self, request: Request, ask: Ask) -> str:  # noqa: ARG002 - the protocol's shape
        """Nothing to say."""
        return ""

    def accepted(self, credential: str) -> None:
        """Nothing to remember."""

    def refused(self, credential: str) -> SyncError:  # noqa: ARG002 - the protocol's shape
        """A log-in is missing."""
        return Misconfigured(
            "SA-5220",
            "the server wants to know who we are",
            hint="set token, oauth2, client_certificate or what else the kind offers",
        )


class Bearer:
    """A fixed token."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def sign(self, request: Request, ask: Ask) -> str:  # noqa: ARG002 - the protocol's shape
        """Send the token as it is now."""
        header = "Bearer " + sendable(self._token)
        request.headers.append(("authorization", header))
        return header

    def accepted(self, credential: str) -> None:
        """Nothing to remember."""

    def refused(self, credential: str) -> SyncError:  # noqa: ARG002 - the protocol's shape
        """A wrong token; never tried again by itself."""
        return wrong_secret("token", self._token)


def sendable(secret: Secret) -> str:
    """The secret's value as a header can carry it. Raises `Misconfigured` where none can."""
    value = secret.reveal()
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise Misconfigured(
            "SA-5237",
            f"the token {secret.reference} has characters that no header can carry",
            hint="store it again, without line breaks or blanks",
        )
    return value


def wrong_secret(what: str, secret: Secret) -> Misconfigured:
    """A fixed secret that the other side does not take."""
    return Misconfigured(
        "SA-5220",
        f"the server refuses our {what} {secret.reference}",
        hint="store the right secret, then `syncagent resume`",
    )


FORM = "application/x-www-form-urlencoded"


class OAuth2Options(Options):
    """Client credentials (RFC 6749, section 4.4)."""

    token_url: Url = Field(description="Address of the token endpoint.")
    client_id: str = Field(description="Our name at the token endpoint.")
    client_secret: Secret = Field(description="Our secret there.")
    scope: str = Field(default="", description="What to ask for, names parted by blanks.")


class _Token(msgspec.Struct):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the type's name
    expires_in: float = 3600.0


class AccessToken:
    """An access token, fetched by one thread for all and renewed a little before it ends."""

    refused_hint = "check client_id, client_secret and scope"

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._header = ""
        self._ends = 0.0
        self._worked = ""

    def request(self) -> Request:
        """The request to the token endpoint, made anew each time."""
        raise NotImplementedError

    def sign(self, request: Request, ask: Ask) -> str:
        """Send a token that still lives; fetched first where there is none."""
        with self._lock:
            if not self._header or self._monotonic() >= self._ends:
                self._renew(ask)
            header = self._header
        request.headers.append(("authorization", header))
        return header

    def accepted(self, credential: str) -> None:
        """This token is known to be good."""
        self._worked = credential

    def refused(self, credential: str) -> SyncError:
        """A token that had worked was ended early: wait for a new one. Else a person must act."""
        with self._lock:
            if self._header == credential:
                self._header = ""
        if credential == self._worked or self._header:
            return Unavailable(
                "SA-5214", "the server ended our access token early; a new one is fetched"
            )
        return Misconfigured(
            "SA-5220",
            "the server refuses the access token that its token endpoint has just issued",
            hint="check scope, and whether token_url belongs to this server",
        )

    def _renew(self, ask: Ask) -> None:
        request = self.request()
        answer = ask(request)
        if answer.status in {400, 401, 403}:
            said = answer.told() or answer.status
            raise Misconfigured(
                "SA-5224",
                f"{urlsplit(request.url).netloc} gives us no access token ({said})",
                hint=self.refused_hint,
            )
        answer.require_success()
        try:
            token = msgspec.json.decode(answer.body, type=_Token, strict=False)
        except msgspec.DecodeError:
            raise Unavailable(
                "SA-5207", f"{request.url} answered something that is no token"
            ) from None
        margin = min(60.0, token.expires_in / 10)
        self._header = f"Bearer {token.access_token}"
        self._ends = self._monotonic() + token.expires_in - margin


class ClientCredentials(AccessToken):
    """A token for an id and a secret."""

    def __init__(
        self, options: OAuth2Options, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(monotonic)
        self._options = options

    def request(self) -> Request:
        """Both in the header (RFC 6749, section 2.3.1)."""
        form = {"grant_type": "client_credentials"}
        if self._options.scope:
            form["scope"] = self._options.scope
        # Both parts are form-encoded before they are joined.
        parts = (self._options.client_id, self._options.client_secret.reveal())
        pair = ":".join(quote_plus(part) for part in parts)
        basic = "Basic " + base64.b64encode(pair.encode()).decode()
        headers = [("content-type", FORM), ("authorization", basic)]
        return Request("POST", self._options.token_url, headers, urlencode(form).encode())


_shared: dict[Hashable, Authorization] = {}
_sharing = threading.Lock()
KEPT = 256
"""Authorizations kept at once: more than anyone has servers; reloads leave old ones behind."""


def shared(options: Hashable, make: Callable[[], Authorization]) -> Authorization:
    """The one authorization for these options: every run and every thread shares its token.

    Without it a flow that looks every 30 seconds would log in every 30 seconds.
    """
    with _sharing:
        found = _shared.pop(options, None) or make()
        _shared[options] = found
        if len(_shared) > KEPT:
            del _shared[next(iter(_shared))]
        return found


def forget_shared() -> None:
    """Let the next request of everybody log in anew."""
    with _sharing:
        _shared.clear()

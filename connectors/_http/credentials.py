"""Further ways to show who we are: user and password, a key, a signature of OAuth 1.0a."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import Field, model_validator

from agent.contract import Options
from agent.errors import Misconfigured
from agent.secrets import Secret
from connectors._http.authorization import Ask, Request, sendable, wrong_secret


class ApiKeyOptions(Options):
    """A key in a header or in the address."""

    value: Secret = Field(description="The key.")
    header: str = Field(default="", description="Header that carries it, such as `X-Api-Key`.")
    scheme: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9_-]*$",
        description="Word before it in the header: `Token`, for `Authorization: Token …`.",
    )
    parameter: str = Field(
        default="",
        description="Parameter of the address that carries it, in place of a header. It then "
        "stands in the server's log.",
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.header) == bool(self.parameter):
            raise ValueError("give either header or parameter")
        if self.scheme and not self.header:
            raise ValueError("scheme needs header")
        return self


class OAuth1Options(Options):
    """A token-based log-in as NetSuite has it (OAuth 1.0a, RFC 5849, HMAC-SHA256)."""

    consumer_key: str = Field(description="Key of the integration.")
    consumer_secret: Secret = Field(description="Its secret.")
    token_id: str = Field(description="Identifier of the access token.")
    token_secret: Secret = Field(description="Its secret.")
    realm: str = Field(default="", description="The account, as NetSuite wants it: `1234567_SB1`.")


class _Fixed:
    """What never changes by itself: a refusal is a person's affair."""

    def __init__(self, what: str, secret: Secret) -> None:
        self._what, self._secret = what, secret

    def accepted(self, credential: str) -> None:
        """Nothing to remember."""

    def refused(self, credential: str) -> Misconfigured:  # noqa: ARG002 - the protocol's shape
        """A wrong one; never tried again by itself."""
        return wrong_secret(self._what, self._secret)


class Basic(_Fixed):
    """User and password (RFC 7617)."""

    def __init__(self, user: str, password: Secret) -> None:
        super().__init__(f"password of {user},", password)
        self._user, self._password = user, password

    def sign(self, request: Request, ask: Ask) -> str:  # noqa: ARG002 - the protocol's shape
        """Send both, in UTF-8."""
        pair = f"{self._user}:{self._password.reveal()}".encode()
        header = "Basic " + base64.b64encode(pair).decode()
        request.headers.append(("authorization", header))
        return header


class ApiKey(_Fixed):
    """A key in a header or in the address."""

    def __init__(self, options: ApiKeyOptions) -> None:
        super().__init__("key", options.value)
        self._options = options

    def sign(self, request: Request, ask: Ask) -> str:  # noqa: ARG002 - the protocol's shape
        """Put the key where it belongs."""
        key = sendable(self._options.value)
        if self._options.header:
            value = f"{self._options.scheme} {key}".lstrip()
            request.headers.append((self._options.header, value))
        else:
            request.url += "&" if urlsplit(request.url).query else "?"
            request.url += urlencode({self._options.parameter: key})
        return "key"


class OAuth1(_Fixed):
    """A signature over method, address and parameters, with a nonce of its own for each request."""

    def __init__(
        self,
        options: OAuth1Options,
        now: Callable[[], float] = time.time,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        super().__init__("token signed with", options.token_secret)
        self._options, self._now, self._nonce = options, now, nonce

    def sign(self, request: Request, ask: Ask) -> str:  # noqa: ARG002 - the protocol's shape
        """Sign the request as it stands."""
        options = self._options
        oauth = {
            "oauth_consumer_key": options.consumer_key,
            "oauth_token": options.token_id,
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(self._now())),
            "oauth_nonce": self._nonce(),
            "oauth_version": "1.0",
        }
        key = "&".join(
            _escaped(secret.reveal()) for secret in (options.consumer_secret, options.token_secret)
        )
        text = signed_text(request.method, request.url, oauth)
        digest = hmac.digest(key.encode(), text.encode(), hashlib.sha256)
        oauth["oauth_signature"] = base64.b64encode(digest).decode()
        if options.realm:
            oauth = {"realm": options.realm, **oauth}
        header = "OAuth " + ", ".join(f'{name}="{_escaped(oauth[name])}"' for name in oauth)
        request.headers.append(("authorization", header))
        return oauth["oauth_signature"]


def signed_text(method: str, url: str, oauth: dict[str, str]) -> str:
    """The text that OAuth 1.0a signs (RFC 5849, section 3.4.1); bodies of forms are not ours."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    if parts.port not in {None, {"http": 80, "https": 443}.get(parts.scheme)}:
        host += f":{parts.port}"
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *oauth.items()]
    escaped = sorted((_escaped(name), _escaped(value)) for name, value in pairs)
    parameters = "&".join(f"{name}={value}" for name, value in escaped)
    address = f"{parts.scheme}://{host}{parts.path or '/'}"
    return "&".join((method.upper(), _escaped(address), _escaped(parameters)))


def _escaped(text: str) -> str:
    """Percent-encoded but for the unreserved characters (RFC 3986)."""
    return quote(text, safe="-._~")

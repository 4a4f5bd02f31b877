"""Requests to one shop in our name: packed where that is worth it, signed, sent."""

from __future__ import annotations

import gzip
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

import msgspec

from agent.contract import Finding
from agent.errors import Misconfigured
from connectors._http import (
    Anonymous,
    Authorization,
    Bearer,
    ClientCredentials,
    Request,
    shared,
    sign,
    signing_key,
)
from connectors.shop.options import ShopOptions

if TYPE_CHECKING:
    from connectors._http.client import Answer

PROTOCOL = 1
GZIP_LEVEL = 1  # a quarter of the bytes for the least time
CURSOR_GONE = 410
"""The status for a cursor that the shop does not know any more."""
LONGEST_WAIT = 25
"""Seconds; less than the half minute after which many a proxy gives up."""
WORTH_PACKING = 1_000
"""Bytes below which gzip costs more than it saves."""


class Capabilities(msgspec.Struct):
    """What a shop can do. Fields that a later protocol adds are passed over."""

    protocol: int
    entities: list[str]
    max_batch_items: int
    max_batch_bytes: int
    features: list[str] = []
    feeds: list[str] = []


class Greeting(NamedTuple):
    """What a shop can do, and what `check` tells of any end that speaks to it."""

    capabilities: Capabilities
    findings: list[Finding]


class ShopApi:
    """One shop, asked by as many threads as like to."""

    def __init__(self, connection: ShopOptions) -> None:
        from connectors._http.client import Client  # noqa: PLC0415 - 100 ms for who sends

        self._connection = connection
        self._client = Client(connection, _authorization(connection))
        self._signing_keys = [
            signing_key(secret.reveal())
            for secret in (connection.signing_secret, connection.next_signing_secret)
            if secret
        ]

    def greet(self) -> Greeting:
        """What the shop says of itself. Raises `Misconfigured` for a protocol we do not speak."""
        answer = self._client.get("/v1/")
        capabilities = answer.json(Capabilities)
        if capabilities.protocol != PROTOCOL:
            raise Misconfigured(
                "SA-5230",
                f"the shop speaks version {capabilities.protocol} of the shop protocol, "
                f"we speak {PROTOCOL}",
                hint="update whichever side is older",
            )
        findings = [Finding("protocol", f"version {capabilities.protocol}")]
        return Greeting(capabilities, findings)

    def question(self, path: str, **query: object) -> Answer:
        """GET a path, whatever the status of its answer. What of a query is empty stays out."""
        given = urlencode({name: value for name, value in query.items() if value != ""})
        return self._client.ask(Request("GET", f"{self._connection.url}{path}?{given}"))

    @property
    def longest_wait(self) -> int:
        """Seconds that a question may wait for news, well within the connection's patience."""
        patience = min(self._connection.read_timeout, self._connection.total_timeout)
        return max(1, min(LONGEST_WAIT, int(patience) - 5))

    def post(self, path: str, body: bytes, purpose: str, name: str = "") -> Answer:
        """POST JSON, and require success. `purpose` and `name` make the id of its signature."""
        answer = self.tell(path, body, purpose, name)
        answer.require_success()
        return answer

    def tell(self, path: str, body: bytes, purpose: str, name: str = "") -> Answer:
        """The same, whatever the status of the answer."""
        headers = [("content-type", "application/json")]
        if self._connection.packs and len(body) >= WORTH_PACKING:
            body = gzip.compress(body, GZIP_LEVEL, mtime=0)
            headers.append(("content-encoding", "gzip"))
        # Over the bytes that travel, so that the shop need not unpack what nobody signed.
        headers += self.sign(body, f"{purpose}-{name or time.time_ns()}")
        return self._client.ask(Request("POST", self._connection.url + path, headers, body))

    def ask(self, request: Request) -> Answer:
        """Send a request in our name; the answer, whatever its status but 401."""
        return self._client.ask(request)

    def sign(self, signed: bytes, webhook_id: str) -> list[tuple[str, str]]:
        """The headers of a signature; none where nothing is to be signed."""
        if not self._signing_keys:
            return []
        now = int(time.time())
        return sign(signed, message_id=webhook_id, timestamp=now, keys=self._signing_keys)

    def abort(self) -> None:
        """End what is under way in other threads; nothing can be asked any more."""
        self._client.abort()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


def _authorization(connection: ShopOptions) -> Authorization:
    oauth2 = connection.oauth2
    if connection.token:
        return Bearer(connection.token)
    if oauth2:
        return shared((connection.url, oauth2), lambda: ClientCredentials(oauth2))
    return Anonymous()

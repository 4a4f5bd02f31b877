"""A cloud shop that speaks the shop protocol (`docs/shop-protocol/`)."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec
from pydantic import Field, model_validator

from agent.contract import Finding, Kind, NoOptions, Size, Target
from agent.errors import Misconfigured
from agent.model import Message, Op, Receipt, Record
from agent.secrets import Secret
from connectors._http import (
    Anonymous,
    Authorization,
    Bearer,
    ClientCredentials,
    HttpOptions,
    OAuth2Options,
    is_loopback,
    sign,
    signing_key,
)

if TYPE_CHECKING:
    from connectors._http.client import Answer

PROTOCOL = 1
GZIP_LEVEL = 1  # a quarter of the bytes for the least time
WORTH_PACKING = 1_000
"""Bytes below which gzip costs more than it saves."""
ENCODE = msgspec.json.Encoder().encode


class Gzip(StrEnum):
    """When request bodies are packed."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class ShopOptions(HttpOptions):
    """Where the shop is and who we are there."""

    token: Secret | None = Field(default=None, description="Bearer token.")
    oauth2: OAuth2Options | None = Field(
        default=None, description="OAuth2 client credentials, in place of a token."
    )
    signing_secret: Secret | None = Field(
        default=None,
        description="Secret (whsec_…) for Standard Webhooks signatures on what we send.",
    )
    next_signing_secret: Secret | None = Field(
        default=None, description="Signs as well while signing_secret is being replaced."
    )
    gzip: Gzip = Field(
        default=Gzip.AUTO,
        description="When request bodies are packed: always, never, or auto (not on this machine).",
    )
    batch_size: int = Field(
        default=500, ge=1, le=10_000, description="How many records a request carries at most."
    )
    largest_request: Size = Field(
        default=8_000_000, ge=1, description="How many bytes a request carries at most, unpacked."
    )

    @model_validator(mode="after")
    def _one_authorization(self) -> ShopOptions:
        if self.token and self.oauth2:
            raise ValueError("token and oauth2 exclude each other")
        if self.next_signing_secret and not self.signing_secret:
            raise ValueError("next_signing_secret needs signing_secret")
        return self

    @property
    def packs(self) -> bool:
        """Whether request bodies of some size are packed."""
        if self.gzip is Gzip.AUTO:
            return not is_loopback(self.url)
        return self.gzip is Gzip.ALWAYS


_OPS = {op: ENCODE(op.value) for op in Op}


class _Status(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    STALE = "stale"


class _Verdict(msgspec.Struct):
    """One item's verdict. Fields that a later protocol adds are passed over."""

    id: str
    status: _Status
    reference: str = ""
    code: str = ""
    reason: str = ""


class _Verdicts(msgspec.Struct):
    items: list[_Verdict]


class _Stored(msgspec.Struct):
    key: str
    data: dict[str, Any]


class _StoredItems(msgspec.Struct):
    items: list[_Stored]


class _Capabilities(msgspec.Struct):
    protocol: int
    entities: list[str]
    max_batch_items: int
    max_batch_bytes: int
    features: list[str] = []


class ShopTarget(Target[ShopOptions, NoOptions]):
    """Delivers to the shop; one item, one verdict."""

    def __init__(self, connection: ShopOptions, options: NoOptions) -> None:
        from connectors._http.client import Client  # noqa: PLC0415 - 100 ms for who sends

        super().__init__(connection, options)
        self.batch_size = connection.batch_size
        self._client = Client(connection, _authorization(connection))
        self._signing_keys = [
            signing_key(secret.reveal())
            for secret in (connection.signing_secret, connection.next_signing_secret)
            if secret
        ]

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send these once, in one request or, where they are large, a few."""
        for batch in _portions(messages, self.connection.largest_request):
            yield from self._deliver(batch)

    def _deliver(self, batch: Sequence[tuple[str, bytes]]) -> Iterator[Receipt]:
        waiting = {message_id for message_id, _ in batch}
        body = b'{"items":[' + b",".join(item for _, item in batch) + b"]}"
        answer = self._post("/v1/batches", body, webhook_id=f"batch-{batch[0][0]}")
        for verdict in answer.json(_Verdicts).items:
            # A verdict on something else, or a second one, is not ours to believe.
            if verdict.id in waiting:
                waiting.remove(verdict.id)
                yield Receipt(
                    verdict.id,
                    accepted=verdict.status is not _Status.REJECTED,
                    reference=verdict.reference,
                    code=verdict.code,
                    reason=verdict.reason,
                )

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the shop holds for these keys."""
        for start in range(0, len(keys), self.batch_size):
            body = ENCODE({"entity": entity, "keys": keys[start : start + self.batch_size]})
            answer = self._post("/v1/records/read", body, webhook_id=f"read-{time.time_ns()}")
            for stored in answer.json(_StoredItems).items:
                yield Record(entity, stored.key, stored.data)

    def heartbeat(self, status: dict[str, Any]) -> None:
        """Tell the shop that the agent lives and how it does."""
        self._post("/v1/heartbeat", ENCODE(status), webhook_id=f"heartbeat-{time.time_ns()}")

    def check(self) -> Iterator[Finding]:
        """Reach the shop, log in, compare what it can with what we want."""
        answer = self._client.get("/v1/")
        if ends := answer.certificate_ends():
            days = (ends - datetime.now(UTC)).days
            yield Finding("certificate", f"valid until {ends:%Y-%m-%d}, {days} days")
        capabilities = answer.json(_Capabilities)
        if capabilities.protocol != PROTOCOL:
            raise Misconfigured(
                "SA-5230",
                f"the shop speaks version {capabilities.protocol} of the shop protocol, "
                f"we speak {PROTOCOL}",
                hint="update whichever side is older",
            )
        if self.batch_size > capabilities.max_batch_items:
            raise Misconfigured(
                "SA-5236",
                f"batch_size is {self.batch_size}, the shop takes {capabilities.max_batch_items}",
                hint=f"set batch_size: {capabilities.max_batch_items}",
            )
        yield Finding("protocol", f"version {capabilities.protocol}")
        yield Finding("entities", ", ".join(capabilities.entities))
        yield Finding(
            "limits",
            f"{capabilities.max_batch_items} records or {capabilities.max_batch_bytes} bytes "
            "a request",
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _post(self, path: str, body: bytes, *, webhook_id: str) -> Answer:
        headers: list[tuple[str, str]] = []
        if self.connection.packs and len(body) >= WORTH_PACKING:
            body = gzip.compress(body, GZIP_LEVEL, mtime=0)
            headers.append(("content-encoding", "gzip"))
        if self._signing_keys:
            # Over the bytes that travel, so that the shop need not unpack what nobody signed.
            headers += sign(
                body, message_id=webhook_id, timestamp=int(time.time()), keys=self._signing_keys
            )
        return self._client.post(path, body, headers)


def _authorization(connection: ShopOptions) -> Authorization:
    if connection.token:
        return Bearer(connection.token)
    if connection.oauth2:
        return ClientCredentials(connection.oauth2)
    return Anonymous()


def _item(message: Message) -> bytes:
    """The message as the protocol writes it; its body goes in byte for byte."""
    head = b'{"id":%b,"version":%d,"op":%b,"entity":%b,"key":%b' % (
        ENCODE(message.id),
        message.version,
        _OPS[message.op],
        ENCODE(message.entity),
        ENCODE(message.key),
    )
    return head + (b"}" if message.op is Op.DELETE else b',"data":%b}' % message.body)


def _portions(
    messages: Sequence[Message], largest_request: int
) -> Iterator[list[tuple[str, bytes]]]:
    """Ids and items in order, cut where a request would grow too large."""
    portion: list[tuple[str, bytes]] = []
    size = 0
    for message in messages:
        item = _item(message)
        if portion and size + len(item) > largest_request:
            yield portion
            portion, size = [], 0
        portion.append((message.id, item))
        size += len(item) + 1
    if portion:
        yield portion


KIND = Kind(
    name="shop",
    summary="A cloud shop that speaks the open shop protocol.",
    connection=ShopOptions,
    target=ShopTarget,
)

"""Sends records to the shop; one item, one verdict."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

import msgspec

from agent.contract import BlockDigest, Finding, KeyDigest, NoOptions, Target
from agent.errors import Misconfigured, Rejected, SyncError
from agent.model import Message, Op, Receipt, Record, content_digest
from connectors._contents import NamedContent, named_content
from connectors.shop.api import ShopApi
from connectors.shop.contents import Contents
from connectors.shop.options import ShopOptions

CONTACT = "contact"
"""The entity that goes both ways: one that began in the shop keeps the shop's key there."""
BUCKETS_AT_ONCE = 100
"""Buckets whose keys are listed in one answer."""
ENCODE = msgspec.json.Encoder().encode
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


class _Bucket(msgspec.Struct):
    bucket: int
    digest: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    records: int


class _Buckets(msgspec.Struct):
    buckets: list[_Bucket]


class _Held(msgspec.Struct):
    key: str
    digest: str = ""


class _HeldItems(msgspec.Struct):
    items: list[_Held]


class _Letter(NamedTuple):
    """A message as it may leave this machine, and the content that has to be there before it."""

    message: Message
    key: str
    body: bytes
    content: NamedContent | None


class ShopTarget(Target[ShopOptions, NoOptions]):
    """Delivers to the shop; one item, one verdict."""

    def __init__(self, connection: ShopOptions, options: NoOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = connection.batch_size
        self._api = ShopApi(connection)
        self._contents = Contents(
            connection.contents,
            post=lambda path, body: self._api.post(path, body, "check"),
            send=self._api.ask,
            sign=lambda signed: self._api.sign(signed, f"content-{time.time_ns()}"),
            url=connection.url,
            patience=connection.total_timeout,
        )

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send these once, in one request or, where they are large, a few; their contents first."""
        own = self._own_keys([each.key for each in messages if each.entity == CONTACT])
        letters = [
            _letter(each, own.get(each.key, "") if each.entity == CONTACT else "")
            for each in messages
        ]
        failed = self._contents.provide(each.content for each in letters if each.content)
        ready: list[_Letter] = []
        postponed: SyncError | None = None
        for letter in letters:
            failure = failed.get(letter.content.sha256) if letter.content else None
            if failure is None:
                ready.append(letter)
            elif isinstance(failure, Rejected):
                yield Receipt(
                    letter.message.id, accepted=False, code=failure.code, reason=failure.reason
                )
            else:
                postponed = failure
        for batch in _portions(ready, self.connection.largest_request):
            yield from self._deliver(batch)
        if postponed:
            raise postponed

    def _deliver(self, batch: Sequence[tuple[str, bytes]]) -> Iterator[Receipt]:
        waiting = {message_id for message_id, _ in batch}
        body = b'{"items":[' + b",".join(item for _, item in batch) + b"]}"
        answer = self._api.post("/v1/batches", body, "batch", batch[0][0])
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
        own = self._own_keys(keys) if entity == CONTACT else {}
        names = {own.get(key, key): key for key in keys}
        asked = list(names)
        for start in range(0, len(asked), self.batch_size):
            body = ENCODE({"entity": entity, "keys": asked[start : start + self.batch_size]})
            answer = self._api.post("/v1/records/read", body, "read")
            for stored in answer.json(_StoredItems).items:
                yield Record(entity, names[stored.key], stored.data)

    def _own_keys(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Key of a contact → its key in the shop, where the shop has told it."""
        return self.bindings.find(CONTACT, keys) if keys else {}

    def bucket_digests(self, entity: str, buckets: int) -> Iterator[BlockDigest]:
        """What the shop makes of the digests that came with its records."""
        body = ENCODE({"entity": entity, "buckets": buckets})
        answer = self._api.post("/v1/digests", body, "digests")
        for each in answer.json(_Buckets).buckets:
            yield BlockDigest(each.bucket, bytes.fromhex(each.digest), each.records)

    def bucket_keys(self, entity: str, buckets: int, numbers: Sequence[int]) -> Iterator[KeyDigest]:
        """The keys of some buckets, with the digests that came with their records."""
        for start in range(0, len(numbers), BUCKETS_AT_ONCE):
            some = list(numbers[start : start + BUCKETS_AT_ONCE])
            body = ENCODE({"entity": entity, "buckets": buckets, "numbers": some})
            answer = self._api.post("/v1/digests/keys", body, "digests")
            for each in answer.json(_HeldItems).items:
                yield KeyDigest(each.key, each.digest)

    def heartbeat(self, status: dict[str, Any]) -> None:
        """Tell the shop that the agent lives and how it does."""
        self._api.post("/v1/heartbeat", ENCODE(status), "heartbeat")

    def check(self) -> Iterator[Finding]:
        """Reach the shop, log in, compare what it can with what we want."""
        capabilities, findings = self._api.greet()
        yield from findings
        if self.batch_size > capabilities.max_batch_items:
            raise Misconfigured(
                "SA-5236",
                f"batch_size is {self.batch_size}, the shop takes {capabilities.max_batch_items}",
                hint=f"set batch_size: {capabilities.max_batch_items}",
            )
        if self.connection.contents and "contents" not in capabilities.features:
            raise Misconfigured(
                "SA-5238",
                "the shop takes no contents, and `contents` names folders for it",
                hint="have the shop updated, or take `contents` out",
            )
        yield Finding("entities", ", ".join(capabilities.entities))
        yield Finding(
            "limits",
            f"{capabilities.max_batch_items} records or {capabilities.max_batch_bytes} bytes "
            "a request",
        )

    def close(self) -> None:
        """Close every connection."""
        self._api.close()


def _letter(message: Message, own_key: str) -> _Letter:
    content, body = named_content(message.body)
    return _Letter(message, own_key or message.key, body, content)


def _item(letter: _Letter) -> bytes:
    """The message as the protocol writes it; its body goes in byte for byte."""
    message = letter.message
    head = b'{"id":%b,"version":%d,"op":%b,"entity":%b,"key":%b' % (
        ENCODE(message.id),
        message.version,
        _OPS[message.op],
        ENCODE(message.entity),
        ENCODE(letter.key),
    )
    if message.op is Op.DELETE:
        return head + b"}"
    digest = content_digest(message.body).hex().encode()
    return head + b',"digest":"%b","data":%b}' % (digest, letter.body)


def _portions(
    letters: Iterable[_Letter], largest_request: int
) -> Iterator[list[tuple[str, bytes]]]:
    """Ids and items in order, cut where a request would grow too large."""
    portion: list[tuple[str, bytes]] = []
    size = 0
    for letter in letters:
        item = _item(letter)
        if portion and size + len(item) > largest_request:
            yield portion
            portion, size = [], 0
        portion.append((letter.message.id, item))
        size += len(item) + 1
    if portion:
        yield portion

"""The shop protocol's requests and answers as types, and each entity's fields as a decoder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from agent.entities import ENTITIES, EntityField

VERSION = 1
MAX_BATCH_ITEMS = 1_000
MAX_BATCH_BYTES = 16_000_000
MAX_FEED_ITEMS = 1_000
LONGEST_WAIT = 30.0
"""Seconds that a question may wait for something to happen."""
FEATURES = ["commands", "contents", "digests", "feeds", "gzip", "heartbeat", "read"]
FEEDS = {
    "orders": "order",
    "customers": "customer",
    "returns": "return",
    "registrations": "customer",
    "contacts": "contact",
    "events": "event",
}
"""Feed → the entity of its records."""
SHARED = {"contact": "contacts"}
"""Entities that the company writes and the shop changes as well: their records, under one key, and
the feed that shows every change."""
NO_DATA = msgspec.Raw(b"")

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Item(msgspec.Struct, gc=False):
    """One message: what to do with one key."""

    id: Name
    version: Annotated[int, msgspec.Meta(ge=1)]
    op: Literal["upsert", "delete"]
    entity: Name
    key: Key
    data: msgspec.Raw = NO_DATA
    digest: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Items(msgspec.Struct):
    """A batch."""

    items: list[Item]


class Verdict(msgspec.Struct, omit_defaults=True, gc=False):
    """What became of one item."""

    id: str
    status: Literal["accepted", "rejected", "stale"]
    reference: str = ""
    code: str = ""
    reason: str = ""


class Verdicts(msgspec.Struct):
    """What became of a batch."""

    items: list[Verdict]


class Keys(msgspec.Struct):
    """A question for some records."""

    entity: Name
    keys: Annotated[list[Key], msgspec.Meta(max_length=MAX_BATCH_ITEMS)]


class Stored(msgspec.Struct):
    """A record as the shop holds it."""

    key: str
    version: int
    data: msgspec.Raw


class StoredItems(msgspec.Struct):
    """Those of the records asked for that exist."""

    items: list[Stored]


class ContentAsked(msgspec.Struct):
    """A content that somebody is about to send."""

    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, msgspec.Meta(ge=0)]
    media_type: Name


class ContentsAsked(msgspec.Struct):
    """A question which contents are there."""

    contents: Annotated[list[ContentAsked], msgspec.Meta(max_length=MAX_BATCH_ITEMS)]


class ContentVerdict(msgspec.Struct, omit_defaults=True):
    """Whether a content is there, and if not, whether it would be taken."""

    sha256: str
    status: Literal["held", "missing", "refused"]
    code: str = ""
    reason: str = ""


class ContentVerdicts(msgspec.Struct):
    """The answer to such a question."""

    contents: list[ContentVerdict]


class FeedItem(msgspec.Struct, omit_defaults=True):
    """The newest state of one of the shop's own records."""

    id: str
    key: str
    version: int
    at: str
    op: Literal["upsert", "delete"] = "upsert"
    data: msgspec.Raw = NO_DATA


class FeedPage(msgspec.Struct):
    """A part of a feed, and where to go on."""

    items: list[FeedItem]
    cursor: str
    more: bool


class FeedItems(msgspec.Struct):
    """Those of the records asked for that the feed has."""

    items: list[FeedItem]


class FeedKeys(msgspec.Struct):
    """A question for some records of a feed."""

    keys: Annotated[list[Key], msgspec.Meta(max_length=MAX_FEED_ITEMS)]


class Acknowledgement(msgspec.Struct):
    """Everything up to this cursor is safe in the company."""

    cursor: Annotated[str, msgspec.Meta(min_length=1)]


Buckets = Annotated[int, msgspec.Meta(ge=1, le=65_536)]


class DigestsAsked(msgspec.Struct):
    """A question for one digest a bucket."""

    entity: Name
    buckets: Buckets


class BucketDigest(msgspec.Struct):
    """One bucket that holds something."""

    bucket: int
    digest: str
    records: int


class BucketDigests(msgspec.Struct):
    """All buckets that hold something."""

    buckets: list[BucketDigest]


class BucketKeysAsked(msgspec.Struct):
    """A question for what is in some buckets."""

    entity: Name
    buckets: Buckets
    numbers: Annotated[list[int], msgspec.Meta(max_length=MAX_BATCH_ITEMS)]


class HeldKey(msgspec.Struct):
    """A key that the shop holds, and what its record was sent with."""

    key: str
    version: int
    digest: str


class HeldKeys(msgspec.Struct):
    """What is in some buckets."""

    items: list[HeldKey]


class CommandItem(msgspec.Struct, omit_defaults=True):
    """Something that the agent is asked for."""

    id: str
    kind: str
    flow: str = ""
    keys: list[str] = []


class CommandsWaiting(msgspec.Struct):
    """What is asked for, and where to go on."""

    items: list[CommandItem]
    cursor: str


class CommandResult(msgspec.Struct):
    """What became of a command; it may say more."""

    status: Literal["done", "failed", "refused", "unknown"]


class Capabilities(msgspec.Struct):
    """What this shop can do."""

    protocol: int = VERSION
    entities: list[str] = msgspec.field(default_factory=lambda: list(ENTITIES))
    max_batch_items: int = MAX_BATCH_ITEMS
    max_batch_bytes: int = MAX_BATCH_BYTES
    features: list[str] = msgspec.field(default_factory=lambda: list(FEATURES))
    feeds: list[str] = msgspec.field(default_factory=lambda: list(FEEDS))


_TEXT = Annotated[str, msgspec.Meta(min_length=1)]
_DECIMAL = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
_TYPES: Mapping[str, Any] = {
    "text": str,
    "integer": int,
    "decimal": _DECIMAL,
    "boolean": bool,
    "date": str,
    "datetime": str,
    "time": str,
    "json": Any,
    "list": list[str],
    "object": dict[str, Any],
}


def _shape(name: str, fields: Mapping[str, EntityField]) -> type[msgspec.Struct]:
    """A type that takes exactly the records which have these fields; others pass unread."""
    parts: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for field_name, each in fields.items():
        kind: Any = _TYPES[each.type]
        if each.fields:
            inner = _shape(f"{name}_{field_name}", each.fields)
            kind = list[inner] if each.type == "list" else inner  # type: ignore[valid-type]  # built at run time
        if each.required:
            parts.append((field_name, _TEXT if each.type == "text" else kind))
        else:
            parts.append((field_name, kind | None, None))
    return msgspec.defstruct(name, parts, kw_only=True)


CHECKS = {
    name: msgspec.json.Decoder(_shape(name, entity.fields)) for name, entity in ENTITIES.items()
}
"""Entity → a decoder that refuses data without the required fields, or of another type."""

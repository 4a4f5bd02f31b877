"""The shapes of a shop's answers. Fields that are not named here are passed over."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1)]
Count = Annotated[int, Meta(ge=1)]


class Capabilities(Struct):
    """`GET /v1/`."""

    protocol: Literal[1]
    entities: list[Text]
    max_batch_items: Count
    max_batch_bytes: Count
    features: list[Text]
    feeds: list[Text] = []


class Verdict(Struct):
    """What became of an item."""

    id: Text
    status: Literal["accepted", "rejected", "stale"]
    reference: str = ""
    code: str = ""
    reason: str = ""


class Verdicts(Struct):
    """What became of a batch."""

    items: list[Verdict]


class Stored(Struct):
    """A record as the shop holds it."""

    key: Text
    version: Count
    data: dict[str, Any]


class StoredItems(Struct):
    """Records as the shop holds them."""

    items: list[Stored]


class FeedItem(Struct):
    """The newest state of one of the shop's own records."""

    id: Text
    key: Text
    version: Count
    at: Text
    op: Literal["upsert", "delete"] = "upsert"
    data: dict[str, Any] | None = None


class FeedPage(Struct):
    """A part of a feed."""

    items: list[FeedItem]
    cursor: Text
    more: bool


class FeedItems(Struct):
    """Records of a feed that were asked for by their keys."""

    items: list[FeedItem]


class Command(Struct):
    """Something that the shop asks for."""

    id: Text
    kind: Text
    flow: str = ""
    keys: list[str] = []


class Commands(Struct):
    """What the shop asks for."""

    items: list[Command]
    cursor: Text


class Bucket(Struct):
    """One bucket that holds something."""

    bucket: Annotated[int, Meta(ge=0)]
    digest: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    records: Count


class Buckets(Struct):
    """All buckets that hold something."""

    buckets: list[Bucket]


class HeldKey(Struct):
    """A key, and what its record was sent with."""

    key: Text
    version: Count
    digest: str


class HeldKeys(Struct):
    """What is in some buckets."""

    items: list[HeldKey]


class ContentVerdict(Struct):
    """Whether a content is there."""

    sha256: Text
    status: Literal["held", "missing", "refused"]
    code: str = ""
    reason: str = ""


class ContentVerdicts(Struct):
    """Which contents are there."""

    contents: list[ContentVerdict]

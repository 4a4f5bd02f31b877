"""Digests: both sides compute the same of the same records."""

from __future__ import annotations

from agent.buckets import bucket_of, key_mark
from agent.conformance.shapes import Bucket, Buckets, HeldKey, HeldKeys
from agent.conformance.visitor import Failed, Item, Visitor

BUCKETS = 256


def bucket_holds_the_mark_of_a_record(shop: Visitor) -> None:
    """A record's mark joins the digest of its bucket, and no other's."""
    _start(shop)
    _require_change(shop, shop.item("digest", digest="first"), None, "first")


def newer_record_brings_its_own_digest(shop: Visitor) -> None:
    """A newer upsert replaces the digest; one without leaves none."""
    _start(shop)
    shop.accept(shop.item("digest", digest="first"))
    _require_change(shop, shop.item("digest", "Dado", digest="second"), "first", "second")
    _require_change(shop, shop.item("digest", "Rondella"), "second", "")


def deleted_record_does_not_count(shop: Visitor) -> None:
    """A deleted record leaves its bucket as if it had never been there."""
    _start(shop)
    before = _buckets(shop)
    shop.accept(shop.item("digest", digest="first"))
    shop.accept(shop.item("digest", op="delete"))
    if _buckets(shop) != before:
        raise Failed("the buckets are not what they were before")


def bucket_lists_its_keys(shop: Visitor) -> None:
    """A bucket lists its keys with their digests, and no key of another."""
    _start(shop)
    shop.accept(shop.item("digest", digest="first"))
    bucket = bucket_of(shop.key("digest"), BUCKETS)
    found = _listed(shop, bucket)
    if [held.digest for held in found if held.key == shop.key("digest")] != ["first"]:
        raise Failed("the record is not listed with the digest that it was sent with")
    strange = [held.key for held in found if bucket_of(held.key, BUCKETS) != bucket]
    if strange:
        raise Failed(f"{strange[0]} belongs to another bucket")


def odd_number_of_buckets_is_refused(shop: Visitor) -> None:
    """A number of buckets that is no power of two is answered 400 or 422."""
    shop.require_feature("digests")
    shop.post("/v1/digests", {"entity": shop.entity, "buckets": 3}).require(400, 422)


CHECKS = (
    bucket_holds_the_mark_of_a_record,
    newer_record_brings_its_own_digest,
    deleted_record_does_not_count,
    bucket_lists_its_keys,
    odd_number_of_buckets_is_refused,
)


def _start(shop: Visitor) -> None:
    shop.require_feature("digests")
    shop.accept(shop.item("digest", op="delete"))


def _require_change(shop: Visitor, item: Item, before: str | None, now: str) -> None:
    """The item replaces a record's digest (None: there was no record) by another, and no more."""
    key = item["key"]
    bucket = bucket_of(key, BUCKETS)
    expected = _buckets(shop)
    old = expected.get(bucket, Bucket(bucket, f"{0:032x}", 0))
    marks = [key_mark(key, each) for each in (before, now) if each is not None]
    joined = int(old.digest, 16)
    for mark in marks:
        joined ^= int.from_bytes(mark, "big")
    expected[bucket] = Bucket(bucket, f"{joined:032x}", old.records + (before is None))
    shop.accept(item)
    found = _buckets(shop)
    for number in found.keys() | expected.keys():
        if found.get(number) != expected.get(number):
            raise Failed(f"bucket {number} is {found.get(number)}, {expected.get(number)} expected")


def _buckets(shop: Visitor) -> dict[int, Bucket]:
    asked = {"entity": shop.entity, "buckets": BUCKETS}
    found = shop.post("/v1/digests", asked).of(Buckets).buckets
    return {bucket.bucket: bucket for bucket in found}


def _listed(shop: Visitor, bucket: int) -> list[HeldKey]:
    asked = {"entity": shop.entity, "buckets": BUCKETS, "numbers": [bucket]}
    return shop.post("/v1/digests/keys", asked).of(HeldKeys).items

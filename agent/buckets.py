"""Keys dealt into buckets, and one digest a bucket: two sides compare a million records in step.

Both sides compute this, in whatever language; docs/shop-protocol/README.md says how.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from agent.contract import BlockDigest

MOST_BUCKETS = 65_536
MARK_SIZE = 16


def bucket_of(key: str, buckets: int) -> int:
    """The bucket of a key: the first bits of the key's SHA-256. `buckets` is a power of two."""
    first = int.from_bytes(sha256(key.encode()).digest()[:4], "big")
    return first * buckets >> 32


def key_mark(key: str, digest: str) -> bytes:
    """What a key adds to its bucket: 16 bytes that stand for the key and its record."""
    return sha256(f"{key}\0{digest}".encode()).digest()[:MARK_SIZE]


def bucket_digests(held: Iterable[tuple[str, str]], buckets: int) -> dict[int, BlockDigest]:
    """Bucket → its digest, for those that hold something; of keys with their records' digests.

    Marks are joined by exclusive or, so that their order does not matter and a key can be taken
    out as it was put in.
    """
    if not (0 < buckets <= MOST_BUCKETS and buckets & (buckets - 1) == 0):
        raise ValueError(f"{buckets} is no power of two up to {MOST_BUCKETS}")
    sums: dict[int, tuple[int, int]] = {}
    for key, digest in held:
        bucket = bucket_of(key, buckets)
        joined, count = sums.get(bucket, (0, 0))
        mark = int.from_bytes(key_mark(key, digest), "big")
        sums[bucket] = joined ^ mark, count + 1
    return {
        bucket: BlockDigest(bucket, joined.to_bytes(MARK_SIZE, "big"), count)
        for bucket, (joined, count) in sums.items()
    }

"""One digest for each bucket of keys, over the digests that came with the records.

Written from the protocol's own words, as a vendor would: nothing of the agent is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

import apsw

from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import BucketDigest, HeldKey


class Digests:
    """What the shop holds, in buckets."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def buckets(self, entity: str, buckets: int) -> list[BucketDigest]:
        """The buckets of an entity that hold something, in order."""
        _require_power_of_two(buckets)
        joined = [0] * buckets
        records = [0] * buckets
        for held in self._held(entity):
            bucket = _bucket(held.key, buckets)
            mark = sha256(held.key.encode() + b"\0" + held.digest.encode()).digest()[:16]
            joined[bucket] ^= int.from_bytes(mark, "big")
            records[bucket] += 1
        return [
            BucketDigest(bucket, f"{joined[bucket]:032x}", records[bucket])
            for bucket in range(buckets)
            if records[bucket]
        ]

    def keys(self, entity: str, buckets: int, numbers: Sequence[int]) -> list[HeldKey]:
        """What is in some buckets."""
        _require_power_of_two(buckets)
        wanted = set(numbers)
        return [held for held in self._held(entity) if _bucket(held.key, buckets) in wanted]

    def _held(self, entity: str) -> Iterator[HeldKey]:
        rows = self._connection.execute(
            "SELECT key, version, digest FROM records WHERE entity = ? AND data IS NOT NULL",
            (entity,),
        )
        return (HeldKey(str(key), int(version), str(digest)) for key, version, digest in rows)


def _bucket(key: str, buckets: int) -> int:
    """The first bits of the key's SHA-256."""
    first_four = sha256(key.encode()).digest()[:4]
    return int.from_bytes(first_four, "big") * buckets // 2**32


def _require_power_of_two(buckets: int) -> None:
    if buckets.bit_count() != 1:
        raise Problem(422, "wrong_buckets", "buckets is a power of two")

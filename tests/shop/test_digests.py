"""Both sides compute the same digest of a bucket, and it tells what differs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.buckets import bucket_digests, bucket_of, key_mark
from agent.contract import BlockDigest
from agent.demo.shop import ShopProcess
from agent.model import Message, Op, content_digest
from connectors.shop import ShopTarget
from tests.shop.caller import Caller
from tests.shop.conftest import TOKEN, StartShop

BUCKETS = 64
PAGE = Path(__file__).parents[2] / "docs/shop-protocol/README.md"


@pytest.fixture
def shop(start_shop: StartShop) -> ShopProcess:
    return start_shop(secrets={"SHOP_TOKEN": TOKEN})


def message(version: int, name: str = "Vite", op: Op = Op.UPSERT, key: str = "") -> Message:
    key = key or f"{version:05d}"
    body = b"" if op is Op.DELETE else f'{{"sku":"{key}","name":"{name}"}}'.encode()
    return Message(f"m-{version}", version, "f", "product", key, op, body)


def ours(*messages: Message) -> dict[int, BlockDigest]:
    """What the agent makes of what it sent."""
    held = ((each.key, content_digest(each.body).hex()) for each in messages)
    return bucket_digests(held, BUCKETS)


def theirs(target: ShopTarget) -> dict[int, BlockDigest]:
    return {each.block: each for each in target.bucket_digests("product", BUCKETS)}


def test_both_sides_agree_on_what_was_delivered(target: ShopTarget) -> None:
    messages = [message(number) for number in range(1, 301)]
    assert all(receipt.accepted for receipt in target.deliver(messages))
    assert theirs(target) == ours(*messages)
    assert sum(each.rows for each in theirs(target).values()) == 300


def test_record_that_differs_shows_in_its_bucket_and_in_no_other(target: ShopTarget) -> None:
    messages = [message(number) for number in range(1, 101)]
    list(target.deliver(messages))
    list(target.deliver([message(500, "Dado", key="00007")]))
    before, now = ours(*messages), theirs(target)
    differing = [bucket for bucket in before if before[bucket] != now[bucket]]
    assert differing == [bucket_of("00007", BUCKETS)]
    listed = {each.key: each.digest for each in target.bucket_keys("product", BUCKETS, differing)}
    known = {each.key: content_digest(each.body).hex() for each in messages}
    assert {key for key in listed if known[key] != listed[key]} == {"00007"}
    assert set(listed) == {key for key in known if bucket_of(key, BUCKETS) == differing[0]}


def test_deleted_key_does_not_count(target: ShopTarget) -> None:
    list(target.deliver([message(1), message(2), message(3, op=Op.DELETE, key="00001")]))
    assert theirs(target) == ours(message(2))


def test_record_that_came_without_a_digest_counts_with_an_empty_one(
    caller: Caller, target: ShopTarget
) -> None:
    item = {"id": "x-1", "version": 1, "op": "upsert", "entity": "product", "key": "1"}
    caller.post("/v1/batches", {"items": [{**item, "data": {"sku": "1", "name": "Vite"}}]})
    assert theirs(target) == bucket_digests([("1", "")], BUCKETS)
    asked = {"entity": "product", "buckets": 1, "numbers": [0]}
    assert caller.post("/v1/digests/keys", asked).json() == {
        "items": [{"key": "1", "version": 1, "digest": ""}]
    }


def test_more_buckets_than_one_answer_lists_are_asked_for_in_portions(target: ShopTarget) -> None:
    messages = [message(number) for number in range(1, 50)]
    list(target.deliver(messages))
    listed = list(target.bucket_keys("product", 512, range(512)))
    assert sorted(each.key for each in listed) == [each.key for each in messages]


@pytest.mark.parametrize("buckets", [0, 3, 65_537])
def test_number_of_buckets_is_a_power_of_two(caller: Caller, buckets: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        bucket_digests([], buckets)
    answer = caller.post_unchecked(
        "/v1/digests", f'{{"entity":"product","buckets":{buckets}}}'.encode()
    )
    assert answer.status_code == 422


def test_example_of_the_page_is_right() -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(
        r"key `(.+?)` with the digest `(.+?)` falls into the bucket (\d+) .*? mark `(\w+)`", text
    )
    assert found
    key, digest, bucket, mark = found.groups()
    assert bucket_of(key, 4096) == int(bucket)
    assert key_mark(key, digest).hex() == mark


def test_million_records_are_compared_in_less_than_half_a_megabyte(caller: Caller) -> None:
    """A million fill 4,096 buckets; here it is measured how long a bucket is in an answer."""
    asked = {"entity": "product", "buckets": 4096}
    items = [
        {
            "id": f"s-{number}",
            "version": number,
            "op": "upsert",
            "entity": "product",
            "key": str(number),
            "data": {"sku": "1", "name": "Vite"},
        }
        for number in range(1, 1001)
    ]
    caller.post("/v1/batches", {"items": items})
    answer = caller.post("/v1/digests", asked)
    a_bucket = len(answer.content) / len(answer.json()["buckets"])
    assert 4096 * (a_bucket + 6) < 500_000

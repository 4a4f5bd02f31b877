"""Orders, customers and returns come from the shop: once each, and nothing is lost on the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.contract import AnySource, Batch, Kind
from agent.demo.certificates import Certificates
from agent.demo.shop import ShopDatabase, ShopProcess
from agent.errors import Misconfigured, Rejected, Unavailable
from connectors.shop import KIND, FeedOptions, ShopOptions, ShopSource
from tests.contract.source_suite import ARTICLES, Row, SourceSuite, take
from tests.shop.conftest import TOKEN, StartShop
from tests.shop.servers import answering
from tests.shop.test_feeds import order

OpenSource = Callable[..., ShopSource]


@pytest.fixture
def shop(start_shop: StartShop) -> ShopProcess:
    return start_shop(secrets={"SHOP_TOKEN": TOKEN})


@pytest.fixture
def open_source(certificates: Certificates) -> Iterator[OpenSource]:
    """Opens sources; all are closed with the test."""
    with ExitStack() as sources:

        def open_one(url: str, feed: str = "orders", **options: Any) -> ShopSource:
            connection = {"url": url, "ca_file": str(certificates.authority)}
            source = ShopSource(
                ShopOptions.model_validate({"token": "env:SHOP_TEST_TOKEN", **connection}),
                FeedOptions.model_validate({"feed": feed, **options}),
            )
            sources.callback(source.close)
            return source

        yield open_one


class Articles(ShopSource):
    """The customers of a shop under the names of the suite's columns."""

    def read(self, cursor: str) -> Iterator[Batch]:
        return map(self._renamed, super().read(cursor))

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        return map(self._renamed, super().read_keys(keys))

    def _renamed(self, batch: Batch) -> Batch:
        names = ["price" if name == "discount" else name for name in batch.columns]
        return replace(batch, columns=tuple(names))


class FeedBench:
    kind: Kind = replace(KIND, source=Articles)

    def __init__(self, shop: ShopProcess) -> None:
        self.shop = shop
        assert shop.certificates
        self.connection: dict[str, Any] = {
            "url": shop.url,
            "token": "env:SHOP_TEST_TOKEN",
            "ca_file": str(shop.certificates.authority),
        }
        self.options: dict[str, Any] = {"feed": "customers", "page_size": 60}
        self._put: dict[str, Any] = {}

    def put(self, rows: Sequence[Row]) -> None:
        """Tell what differs from before, as a shop does."""
        now = {
            sku: {"code": sku, "name": name, "discount": str(price)} for sku, name, price in rows
        }
        gone = dict.fromkeys(self._put.keys() - now.keys())
        told = {key: data for key, data in now.items() if self._put.get(key) != data}
        self.shop.put_records("customers", **told, **gone)
        self._put = now


class TestShopFeed(SourceSuite):
    @pytest.fixture
    def bench(self, shop: ShopProcess) -> FeedBench:
        return FeedBench(shop)

    def test_pass_is_complete_at_its_last_batch_only(self, bench: Any, source: AnySource) -> None:
        """A feed is never complete: what it does not name stays as it is, also at a whole read."""
        bench.put(ARTICLES)
        batches = take(source, source.read("")).batches
        assert len(batches) > 1
        assert not any(batch.complete or batch.whole for batch in batches)

    def test_deleted_row_is_absent_from_the_next_whole_pass(
        self, bench: Any, opened: list[AnySource]
    ) -> None:
        """What is gone is named, and nothing else is gone."""
        bench.put(ARTICLES)
        source = self.open(bench, opened)
        cursor = take(source, source.read("")).cursor
        bench.put(ARTICLES[1:])
        (batch,) = source.read(cursor)
        assert (list(batch.gone), len(batch.rows)) == ([ARTICLES[0][0]], 0)

    def test_interrupted_pass_was_never_complete_and_starts_over(
        self, bench: Any, opened: list[AnySource]
    ) -> None:
        bench.put(ARTICLES)
        reading = self.open(bench, opened).read("")
        first = next(reading)
        assert first.cursor == ""
        source = self.open(bench, opened)
        assert len(take(source, source.read(first.cursor)).keys) == len(ARTICLES)

    def test_cursor_goes_on_where_the_last_pass_ended(
        self, bench: Any, opened: list[AnySource]
    ) -> None:
        bench.put(ARTICLES)
        first = self.open(bench, opened)
        cursor = take(first, first.read("")).cursor
        bench.put([(*ARTICLES[0][:2], Decimal("99.5")), *ARTICLES[1:]])
        second = self.open(bench, opened)
        seen = take(second, second.read(cursor))
        price = seen.batches[0].columns.index("price")
        assert {key: row[price] for key, row in seen.rows.items()} == {ARTICLES[0][0]: "99.5"}


def test_row_holds_the_entity_and_what_the_feed_says_of_it(
    shop: ShopProcess, open_source: OpenSource
) -> None:
    shop.put_records("orders", W1=order("W1"))
    (batch,) = open_source(shop.url).read("")
    row = dict(zip(batch.columns, batch.rows[0], strict=True))
    assert (row["@key"], row["@version"], row["number"]) == ("W1", 1, "W1")
    assert row["lines"][0]["quantity"] == "3"
    assert row["@at"].startswith("20")
    assert batch.where
    assert batch.where(0) == "W1 version 1"


def test_fields_that_no_entity_names_are_passed_over(
    shop: ShopProcess, open_source: OpenSource
) -> None:
    new = order("W1") | {"gift": True}
    new["lines"][0]["engraving"] = "Rossi"
    shop.put_records("orders", W1=new)
    (batch,) = open_source(shop.url).read("")
    row = dict(zip(batch.columns, batch.rows[0], strict=True))
    assert "gift" not in row
    assert "engraving" not in row["lines"][0]


def test_number_with_a_fraction_never_becomes_a_float(
    shop: ShopProcess, open_source: OpenSource
) -> None:
    shop.put_records("orders", W1=order("W1") | {"total": 0.1})
    (batch,) = open_source(shop.url).read("")
    assert batch.rows[0][batch.columns.index("total")] == Decimal("0.1")


def test_item_that_is_no_object_is_refused_alone(
    shop: ShopProcess, open_source: OpenSource
) -> None:
    shop.put_records("orders", W1="nonsense", W2=order("W2"))
    (batch,) = open_source(shop.url).read("")
    with pytest.raises(Rejected) as caught:
        batch.rows[0]
    assert caught.value.code == "SA-2803"
    assert batch.rows[1][0] == "W2"


def test_nothing_is_acknowledged_before_it_is_settled(
    shop: ShopProcess, open_source: OpenSource
) -> None:
    shop.put_records("orders", W1=order("W1"))
    source = open_source(shop.url)
    (batch,) = source.read("")
    with ShopDatabase(shop.database, readonly=True) as database:
        assert not database.feeds.is_acknowledged("orders", "W1")
        source.settle(batch)
        assert database.feeds.is_acknowledged("orders", "W1")


def test_flow_that_reads_beside_another_acknowledges_nothing(
    shop: ShopProcess, open_source: OpenSource
) -> None:
    shop.put_records("orders", W1=order("W1"))
    source = open_source(shop.url, acknowledge="no")
    take(source, source.read(""))
    with ShopDatabase(shop.database, readonly=True) as database:
        assert not database.feeds.is_acknowledged("orders", "W1")


def test_order_that_changes_while_it_is_read_comes_once_now_and_once_later(
    shop: ShopProcess, open_source: OpenSource
) -> None:
    shop.put_records("orders", **{f"W{number}": order(f"W{number}") for number in range(4)})
    source = open_source(shop.url, page_size=2)
    reading = source.read("")
    batches = [next(reading)]
    shop.put_records("orders", W0=order("W0", "express"))
    batches += reading
    keys = [row[0] for batch in batches for row in batch.rows]
    assert len(keys) == len(set(keys))
    later = [row for batch in source.read(batches[-1].cursor) for row in batch.rows]
    assert "W0" in keys
    assert [row[0] for row in later][-1] == "W0"
    assert {*keys, *(row[0] for row in later)} == {"W0", "W1", "W2", "W3"}


def test_shop_that_lost_its_memory_is_read_from_the_beginning(
    shop: ShopProcess, open_source: OpenSource
) -> None:
    shop.put_records("orders", W1=order("W1"))
    (batch,) = open_source(shop.url).read("999999")
    assert [row[0] for row in batch.rows] == ["W1"]
    assert "read again" in batch.note
    assert batch.cursor == "1"


def test_shop_without_the_feed_is_misconfigured(
    certificates: Certificates, open_source: OpenSource
) -> None:
    told = {
        "protocol": 1,
        "entities": [],
        "max_batch_items": 9,
        "max_batch_bytes": 9,
        "features": ["feeds"],
        "feeds": ["customers"],
    }
    answer = json.dumps(told).encode()
    with (
        answering(certificates, "application/json", answer, []) as url,
        pytest.raises(Misconfigured) as caught,
    ):
        list(open_source(url).check())
    assert caught.value.code == "SA-2801"
    assert "customers" in caught.value.reason


def test_feed_that_stands_still_ends_the_read(
    certificates: Certificates, open_source: OpenSource
) -> None:
    told = b'{"items": [], "cursor": "7", "more": true}'
    with (
        answering(certificates, "application/json", told, []) as url,
        pytest.raises(Unavailable) as caught,
    ):
        list(open_source(url).read(""))
    assert caught.value.code == "SA-2802"


def test_watch_wakes_when_an_order_is_placed(shop: ShopProcess, open_source: OpenSource) -> None:
    woken = threading.Semaphore(0)
    watch = open_source(shop.url).watch(woken.release)
    try:
        assert woken.acquire(timeout=20), "it wakes once when it begins"
        shop.put_records("orders", W1=order("W1"))
        assert woken.acquire(timeout=20)
    finally:
        watch.close()


def test_watch_outlives_the_shop(shop: ShopProcess, open_source: OpenSource) -> None:
    woken = threading.Semaphore(0)
    watch = open_source(shop.url).watch(woken.release)
    try:
        assert woken.acquire(timeout=20)
        shop.kill()
        shop.start()
        shop.put_records("orders", W1=order("W1"))
        assert woken.acquire(timeout=20)
    finally:
        watch.close()


def test_watch_that_waits_ends_at_once_when_it_is_closed(
    shop: ShopProcess, open_source: OpenSource
) -> None:
    woken = threading.Event()
    watch = open_source(shop.url).watch(woken.set)
    assert woken.wait(20)
    closing = threading.Thread(target=watch.close, daemon=True)
    closing.start()
    closing.join(10)  # the question would wait for 25 seconds
    assert not closing.is_alive()

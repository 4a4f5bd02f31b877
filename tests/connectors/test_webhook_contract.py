"""Events keep what of the contract of a source applies to a list of changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.contract import AnySource, Kind
from agent.receiving import Mailbox
from agent.store import Store
from connectors.webhook import KIND
from tests.contract.source_suite import ARTICLES, KEY, Row, SourceSuite, take


@dataclass
class WebhookBench:
    store: Store
    kind: Kind = KIND

    def __post_init__(self) -> None:
        self._events = count(1)

    @property
    def connection(self) -> dict[str, Any]:
        return {"port": 8443, "path": "/erp", "token": "env:TOKEN"}

    @property
    def options(self) -> dict[str, Any]:
        return {"key": list(KEY), "columns": ["name", "price"], "page_size": 60}

    def put(self, rows: Sequence[Row]) -> None:
        for sku, name, price in rows:
            text = f'{{"sku": "{sku}", "name": {json.dumps(name)}, "price": {price}}}'
            now = SystemClock().now_ms()
            self.store.events.add("erp", f"e{next(self._events)}", text.encode(), now)


class TestWebhook(SourceSuite):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[WebhookBench]:
        with Store.open(tmp_path / "store.db", SystemClock()) as store:
            store.events.set_readers({"products": "erp"})
            yield WebhookBench(store)

    def open(self, bench: Any, opened: list[AnySource]) -> AnySource:
        source = super().open(bench, opened)
        source.attend(Mailbox(bench.store.events, "erp", "products"))
        return source

    def test_pass_is_complete_at_its_last_batch_only(self, bench: Any, source: AnySource) -> None:
        """A list of changes is never complete: what no event names stays as it is."""
        bench.put(ARTICLES)
        batches = take(source, source.read("")).batches
        assert len(batches) > 1
        assert not any(batch.complete or batch.whole for batch in batches)

    def test_deleted_row_is_absent_from_the_next_whole_pass(
        self, bench: Any, opened: list[AnySource]
    ) -> None:
        """Events of a moment ago are no news."""
        bench.put(ARTICLES)
        source = self.open(bench, opened)
        cursor = take(source, source.read("")).cursor
        assert take(source, source.read(cursor)).batches == []

    def test_interrupted_pass_was_never_complete_and_starts_over(
        self, bench: Any, opened: list[AnySource]
    ) -> None:
        bench.put(ARTICLES)
        reading = self.open(bench, opened).read("")
        first = next(reading)
        assert first.cursor == ""
        reading.close()  # type: ignore[attr-defined]  # every `read` is a generator
        source = self.open(bench, opened)
        assert len(take(source, source.read(first.cursor)).keys) == len(ARTICLES)

    def test_only_the_last_batch_tells_that_events_are_taken(
        self, bench: WebhookBench, source: AnySource
    ) -> None:
        bench.put(ARTICLES)
        batches = list(source.read(""))
        for batch in batches[:-1]:
            source.settle(batch)
        assert bench.store.events.waiting("erp", 999) == len(ARTICLES)
        source.settle(batches[-1])
        assert bench.store.events.waiting("erp", 999) == 0

    def test_columns_tell_of_the_event_around_the_record(
        self, bench: WebhookBench, opened: list[AnySource]
    ) -> None:
        body = b'{"type": "price", "data": [{"sku": "A", "price": {"net": 0.10}}]}'
        bench.store.events.add("erp", "e1", body, 1_800_000_000_000)
        options = {
            "key": ["@event.id", "sku"],
            "columns": ["price.net", "@event.body.type", "@event.received_at"],
            "record_path": "data",
        }
        source = KIND.source(  # type: ignore[misc]  # it has one
            KIND.connection.model_validate(bench.connection),
            KIND.source_options.model_validate(options),
        )
        opened.append(source)
        source.attend(Mailbox(bench.store.events, "erp", "products"))
        (batch,) = source.read("")
        ((event, sku, price, kind, received),) = batch.rows
        assert (event, sku, str(price), kind) == ("e1", "A", "0.10", "price")
        assert received.isoformat() == "2027-01-15T08:00:00+00:00"

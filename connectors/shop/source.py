"""Reads a feed of the shop: a list of changes, page by page, acknowledged once it is taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import msgspec
from pydantic import Field

from agent.contract import Batch, Closing, Finding, LazyRows, Options, Source
from agent.errors import Misconfigured, Unavailable
from connectors.shop.api import CURSOR_GONE, ShopApi
from connectors.shop.feeds import KEY, Feed, Item, Items, Page, Rows, newest
from connectors.shop.options import ShopOptions
from connectors.shop.watching import FeedWatch

ENCODE = msgspec.json.Encoder().encode


class FeedOptions(Options):
    """Which of the shop's own records a flow reads."""

    feed: Feed = Field(
        description="What is read: orders, customers, returns, registrations, contacts or events."
    )
    page_size: int = Field(default=500, ge=1, le=10_000, description="Records asked for at once.")
    acknowledge: bool = Field(
        default=True,
        description="Whether the shop is told what was taken over, and may forget it then. Where "
        "several flows read one feed, only the slowest of them should.",
    )


class ShopSource(Source[ShopOptions, FeedOptions]):
    """A feed from a cursor on: a list of changes, also where it is read from its beginning."""

    def __init__(self, connection: ShopOptions, options: FeedOptions) -> None:
        super().__init__(connection, options)
        self._api = ShopApi(connection)
        self._path = f"/v1/feeds/{options.feed}"
        self._rows = Rows(options.feed)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The record's key in the shop."""
        return (KEY,)

    def check(self) -> Iterator[Finding]:
        """Reach the shop, log in, see whether it has the feed."""
        capabilities, findings = self._api.greet()
        yield from findings
        feeds = capabilities.feeds if "feeds" in capabilities.features else []
        if self.options.feed not in feeds:
            raise self._no_such_feed(f"it has: {', '.join(feeds) or 'none'}")
        self._page("", limit=0)
        yield Finding("feed", str(self.options.feed))

    def read(self, cursor: str) -> Iterator[Batch]:
        """What came behind the cursor; with none, everything that the shop still has.

        Each key is shown once: where a page holds one that was shown already, it has changed
        meanwhile, and the next read goes on there.
        """
        met: set[str] = set()
        held: Batch | None = None
        note, reached = "", cursor
        page = self._page(reached)
        if page is None:
            note, reached = "the shop no longer knows the cursor: everything is read again", ""
            page = self._page(reached)
        while page is not None:
            items = newest(page.items)
            if not met.isdisjoint(items):
                break
            met.update(items)
            if items:
                if held:
                    yield held
                held, note = self._batch(items.values(), cursor, note), ""
            if page.more and page.cursor == reached:
                raise Unavailable("SA-2802", f"{self._feed} has more, and its cursor stands still")
            reached = page.cursor
            page = self._page(reached) if page.more else None
        if held:
            yield replace(held, cursor=reached)

    def settle(self, batch: Batch) -> None:
        """Tell the shop how far the company has it."""
        if batch.cursor and self.options.acknowledge:
            body = ENCODE({"cursor": batch.cursor})
            answer = self._api.tell(f"{self._path}/acknowledgements", body, "acknowledge")
            if answer.status != CURSOR_GONE:  # else the next read begins at the beginning
                answer.require_success()

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these records."""
        for start in range(0, len(keys), self.options.page_size):
            body = ENCODE({"keys": keys[start : start + self.options.page_size]})
            answer = self._api.post(f"{self._path}/read", body, "feed")
            yield self._batch(answer.json(Items).items, "", "")

    def watch(self, wake: Callable[[], None]) -> Closing:
        """Ask the shop to tell at once when something comes."""
        return FeedWatch(self.connection, self._path, wake)

    def close(self) -> None:
        """Close every connection."""
        self._api.close()

    def _batch(self, items: Iterable[Item], cursor: str, note: str) -> Batch:
        present = [item for item in items if item.op != "delete"]
        return Batch(
            self._rows.columns,
            LazyRows(present, self._rows.row),
            cursor,
            gone=[item.key for item in items if item.op == "delete"],
            note=note,
            where=partial(_where, present),
        )

    def _page(self, cursor: str, limit: int | None = None) -> Page | None:
        """What stands behind a cursor; None where the shop does not know it any more."""
        size = self.options.page_size if limit is None else limit
        answer = self._api.question(self._path, after=cursor, limit=size)
        if answer.status == CURSOR_GONE and cursor:
            return None
        if answer.status == 404:
            raise self._no_such_feed(answer.told() or "it answered 404")
        answer.require_success()
        return answer.json(Page)

    @property
    def _feed(self) -> str:
        return f'the feed "{self.options.feed}" of {urlsplit(self.connection.url).netloc}'

    def _no_such_feed(self, told: str) -> Misconfigured:
        return Misconfigured(
            "SA-2801",
            f'the shop has no feed "{self.options.feed}" ({told})',
            hint="have the shop updated, or correct feed",
        )


def _where(items: Sequence[Item], index: int) -> str:
    return f"{items[index].key} version {items[index].version}"

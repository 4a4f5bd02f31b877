"""Feeds and commands: what the shop has for the agent."""

from __future__ import annotations

import time

from agent.conformance.shapes import Commands, FeedItem, FeedItems, FeedPage
from agent.conformance.visitor import Failed, NotOffered, Visitor

LOOKED_AT = 20
"""Items of a feed that are looked at one by one."""
WAIT, PATIENCE = 2, 10.0
"""Seconds that a question may wait, and after which its answer is too late."""
NO_CURSOR = "conformance-no-such-cursor"


def feeds_are_read(shop: Visitor) -> None:
    """Every feed that is listed can be read."""
    for feed in _feeds(shop):
        for item in _page(shop, feed).items:
            if item.op == "upsert" and item.data is None:
                raise Failed(f"{feed}: the item {item.key} has no data")


def pages_follow_each_other(shop: Visitor) -> None:
    """Pages of one item give what a page of many gives: each key once, in the same order."""
    feed = _feed_with_items(shop)
    whole = _ids(_page(shop, feed, limit=LOOKED_AT).items)
    single: list[tuple[str, int]] = []
    cursor, more = "", True
    while more and len(single) < len(whole):
        page = _page(shop, feed, cursor, limit=1)
        if len(page.items) != 1:
            raise Failed(f"{feed}: a page of one item has {len(page.items)}")
        single += _ids(page.items)
        cursor, more = page.cursor, page.more
    if single != whole or len({key for key, _ in whole}) != len(whole):
        raise Failed(f"{feed}: one by one {single}, at once {whole}")


def limit_of_nought_tells_the_end(shop: Visitor) -> None:
    """limit=0 gives no items and the cursor of the end, behind which there is nothing."""
    for feed in _feeds(shop):
        end = _page(shop, feed, limit=0)
        if end.items:
            raise Failed(f"{feed}: limit=0 gave items")
        behind = _page(shop, feed, end.cursor)
        if behind.items or behind.more:
            raise Failed(f"{feed}: something stands behind the end")


def waiting_ends(shop: Visitor) -> None:
    """A question that finds nothing is answered when its time is over."""
    feed = _feeds(shop)[0]
    end = _page(shop, feed, limit=0).cursor
    _in_time(shop, f"/v1/feeds/{feed}", after=end, limit=0, wait=WAIT)


def forgotten_cursor_is_gone(shop: Visitor) -> None:
    """A cursor that the shop does not know is answered 410."""
    feed = _feeds(shop)[0]
    shop.get(f"/v1/feeds/{feed}", {"after": NO_CURSOR}).require(410)


def unknown_feed_is_not_found(shop: Visitor) -> None:
    """A feed that is not there is answered 404."""
    _feeds(shop)
    shop.get("/v1/feeds/conformance_unicorns").require(404)


def single_records_are_read(shop: Visitor) -> None:
    """Reading keys of a feed answers those that exist."""
    for feed in _feeds(shop):
        found = _read(shop, feed, shop.key("nowhere"))
        if found:
            raise Failed(f"{feed}: it answers a key that does not exist")
    feed = _feed_with_items(shop)
    for item in _page(shop, feed, limit=LOOKED_AT).items:
        if item.op == "upsert" and item.key not in _read(shop, feed, item.key):
            raise Failed(f"{feed}: {item.key} stands in the feed and is not found by its key")


def acknowledgement_is_heard(shop: Visitor) -> None:
    """An acknowledgement is answered 204, and so is the same again."""
    for feed in _feeds(shop):
        if not _page(shop, feed).items:
            end = _page(shop, feed, limit=0).cursor
            for _ in range(2):
                shop.post(f"/v1/feeds/{feed}/acknowledgements", {"cursor": end}).require(204)
            return
    raise NotOffered("every feed holds something, which the shop might then forget")


def commands_are_listed(shop: Visitor) -> None:
    """Commands without a result are listed."""
    shop.require_feature("commands")
    shop.get("/v1/commands").of(Commands)


def waiting_for_commands_ends(shop: Visitor) -> None:
    """A question for commands that finds none is answered when its time is over."""
    shop.require_feature("commands")
    cursor = shop.get("/v1/commands").of(Commands).cursor
    _in_time(shop, "/v1/commands", after=cursor, wait=WAIT)


def result_of_no_command_is_not_found(shop: Visitor) -> None:
    """A result for a command that was never given is answered 404."""
    shop.require_feature("commands")
    shop.post(f"/v1/commands/{shop.prefix}/result", {"status": "done"}).require(404)


CHECKS = (
    feeds_are_read,
    pages_follow_each_other,
    limit_of_nought_tells_the_end,
    waiting_ends,
    forgotten_cursor_is_gone,
    unknown_feed_is_not_found,
    single_records_are_read,
    acknowledgement_is_heard,
)
COMMAND_CHECKS = (
    commands_are_listed,
    waiting_for_commands_ends,
    result_of_no_command_is_not_found,
)


def _feeds(shop: Visitor) -> list[str]:
    shop.require_feature("feeds")
    if not shop.capabilities.feeds:
        raise Failed("the feature `feeds` is named, and no feed")
    return shop.capabilities.feeds


def _feed_with_items(shop: Visitor) -> str:
    for feed in _feeds(shop):
        if len(_page(shop, feed).items) > 1:
            return feed
    raise NotOffered("no feed has two items: place two orders and try again")


def _page(shop: Visitor, feed: str, after: str = "", limit: int = 100) -> FeedPage:
    mark = {"after": after} if after else {}
    page = shop.get(f"/v1/feeds/{feed}", {"limit": limit, **mark}).of(FeedPage)
    if len(page.items) > limit:
        raise Failed(f"{feed}: {len(page.items)} items, the limit was {limit}")
    return page


def _read(shop: Visitor, feed: str, key: str) -> list[str]:
    answer = shop.post(f"/v1/feeds/{feed}/read", {"keys": [key]}).of(FeedItems)
    return [item.key for item in answer.items]


def _ids(items: list[FeedItem]) -> list[tuple[str, int]]:
    return [(item.key, item.version) for item in items]


def _in_time(shop: Visitor, path: str, **query: object) -> None:
    started = time.monotonic()
    shop.get(path, query).require(200)
    if time.monotonic() - started > PATIENCE:
        raise Failed(f"asked to wait {WAIT} seconds, it waited longer than {PATIENCE:.0f}")

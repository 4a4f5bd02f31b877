"""The endpoints by which the agent fetches what the shop has for it, and compares."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.demo.shop.database import ShopDatabase
from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import (
    FEEDS,
    MAX_FEED_ITEMS,
    Acknowledgement,
    BucketDigests,
    BucketKeysAsked,
    CommandResult,
    DigestsAsked,
    FeedItems,
    FeedKeys,
    HeldKeys,
)
from agent.demo.shop.reception import Reception, answer
from agent.demo.shop.waiting import Bell


class Exchange:
    """Feeds, commands and digests. `bell` rings when there is something new in one of them."""

    def __init__(self, database: ShopDatabase, reception: Reception, bell: Bell) -> None:
        self._feeds = database.feeds
        self._commands = database.commands
        self._digests = database.digests
        self._reception = reception
        self._bell = bell

    def routes(self) -> list[Route]:
        """Where they stand."""
        return [
            Route("/v1/feeds/{feed}", self.read_feed),
            Route("/v1/feeds/{feed}/read", self.read_keys, methods=["POST"]),
            Route("/v1/feeds/{feed}/acknowledgements", self.acknowledge, methods=["POST"]),
            Route("/v1/digests", self.digest_buckets, methods=["POST"]),
            Route("/v1/digests/keys", self.list_buckets, methods=["POST"]),
            Route("/v1/commands", self.waiting_commands),
            Route("/v1/commands/{command}/result", self.conclude_command, methods=["POST"]),
        ]

    async def read_feed(self, request: Request) -> Response:
        """What stands behind a cursor; where that is nothing, it may be waited for."""
        self._reception.admit(request)
        feed, after = _feed(request), request.query_params.get("after", "")
        limit, place = _limit(request), self._feeds.place(feed, after)
        await self._bell.until(lambda: self._feeds.end(feed) > place, request)
        return answer(self._feeds.page(feed, after, limit))

    async def read_keys(self, request: Request) -> Response:
        """Some records of a feed."""
        asked = await self._reception.read(request, FeedKeys)
        return answer(FeedItems(self._feeds.read(_feed(request), asked.keys)))

    async def acknowledge(self, request: Request) -> Response:
        """The agent has taken over everything up to a cursor."""
        asked = await self._reception.read(request, Acknowledgement)
        self._feeds.acknowledge(_feed(request), asked.cursor)
        return Response(status_code=204)

    async def digest_buckets(self, request: Request) -> Response:
        """One digest a bucket."""
        asked = await self._reception.read(request, DigestsAsked)
        return answer(BucketDigests(self._digests.buckets(asked.entity, asked.buckets)))

    async def list_buckets(self, request: Request) -> Response:
        """What is in some buckets."""
        asked = await self._reception.read(request, BucketKeysAsked)
        return answer(HeldKeys(self._digests.keys(asked.entity, asked.buckets, asked.numbers)))

    async def waiting_commands(self, request: Request) -> Response:
        """What the agent is asked for; where that is nothing, it may be waited for."""
        self._reception.admit(request)
        after = request.query_params.get("after", "")
        self._commands.place(after)
        await self._bell.until(lambda: bool(self._commands.waiting(after).items), request)
        return answer(self._commands.waiting(after))

    async def conclude_command(self, request: Request) -> Response:
        """What became of a command."""
        result = await self._reception.read(request, dict[str, Any])
        try:
            msgspec.convert(result, CommandResult)
        except msgspec.ValidationError as error:
            raise Problem(422, "wrong_shape", str(error)) from None
        self._commands.conclude(str(request.path_params["command"]), result)
        return Response(status_code=204)


def _feed(request: Request) -> str:
    feed = str(request.path_params["feed"])
    if feed not in FEEDS:
        raise Problem(404, "unknown_feed", f"this shop has no feed {feed}")
    return feed


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "100")
    if not (text.isascii() and text.isdigit()):
        raise Problem(422, "wrong_limit", "limit is a number of items")
    return min(int(text[:9]), MAX_FEED_ITEMS)

"""The reference shop as an ASGI application: protocol, token endpoint, storefront."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from agent.demo.shop.access import Access
from agent.demo.shop.contents import refusal
from agent.demo.shop.counter import Counter
from agent.demo.shop.database import ShopDatabase
from agent.demo.shop.exchange import Exchange
from agent.demo.shop.faults import Faults
from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import (
    MAX_BATCH_ITEMS,
    Capabilities,
    ContentAsked,
    ContentsAsked,
    ContentVerdict,
    ContentVerdicts,
    Items,
    Keys,
    StoredItems,
    Verdicts,
)
from agent.demo.shop.reception import Reception, answer
from agent.demo.shop.waiting import Bell


class Shop:
    """The endpoints, on one database. SQLite answers in milliseconds, so no thread is used."""

    def __init__(self, database: ShopDatabase, access: Access, faults: Faults | None) -> None:
        self._database = database
        self._access = access
        self._reception = Reception(access)
        self._bell = Bell()
        self._faults = faults

    def application(self) -> ASGIApp:
        """What uvicorn runs."""
        routes = [
            *Counter(self._database, self._bell).routes(),
            Route("/v1/", self.capabilities),
            Route("/v1/batches", self.take_batch, methods=["POST"]),
            Route("/v1/records/read", self.read_records, methods=["POST"]),
            Route("/v1/records/{entity}/{key:path}", self.read_record),
            Route("/v1/contents/check", self.check_contents, methods=["POST"]),
            Route("/v1/contents/{sha256}", self.take_content, methods=["PUT"]),
            Route("/media/{sha256}", self.published_content),
            Route("/v1/heartbeat", self.take_heartbeat, methods=["POST"]),
            Route("/oauth/token", self.issue_token, methods=["POST"]),
            *Exchange(self._database, self._reception, self._bell).routes(),
        ]
        if self._faults:
            routes += [
                Route("/_faults", self._faults.plan, methods=["POST"]),
                Route("/_feeds/{feed}", self.put_records, methods=["POST"]),
                Route("/_commands", self.ask_agent, methods=["POST"]),
                Route("/_tokens", self.revoke_tokens, methods=["DELETE"]),
            ]
        application = Starlette(routes=routes, exception_handlers={Problem: _answer_problem})
        return self._faults.around(application) if self._faults else application

    async def capabilities(self, request: Request) -> Response:
        """What this shop can do."""
        self._reception.admit(request)
        return answer(Capabilities())

    async def take_batch(self, request: Request) -> Response:
        """Do what a batch says and answer item by item."""
        items = (await self._reception.read(request, Items)).items
        if len(items) > MAX_BATCH_ITEMS:
            raise Problem(413, "too_many_items", f"at most {MAX_BATCH_ITEMS} items a batch")
        refused_keys = self._faults.refused_keys if self._faults else frozenset()
        return answer(Verdicts(self._database.apply(items, refused_keys)))

    async def read_records(self, request: Request) -> Response:
        """Some records of an entity."""
        asked = await self._reception.read(request, Keys)
        return answer(StoredItems(self._database.read(asked.entity, asked.keys)))

    async def read_record(self, request: Request) -> Response:
        """One record."""
        self._reception.admit(request)
        entity, key = request.path_params["entity"], request.path_params["key"]
        for stored in self._database.read(entity, [key]):
            return answer(stored)
        raise Problem(404, "unknown_key", f"there is no {entity} {key}")

    async def check_contents(self, request: Request) -> Response:
        """Which contents are there, and which would be taken."""
        asked = (await self._reception.read(request, ContentsAsked)).contents
        return answer(ContentVerdicts([self._judge_content(each) for each in asked]))

    def _judge_content(self, asked: ContentAsked) -> ContentVerdict:
        if self._database.contents.holds(asked.sha256):
            return ContentVerdict(asked.sha256, "held")
        if refused := refusal(asked.size, asked.media_type):
            return ContentVerdict(asked.sha256, "refused", *refused)
        return ContentVerdict(asked.sha256, "missing")

    async def take_content(self, request: Request) -> Response:
        """Keep the bytes of a content; they pass in pieces."""
        self._reception.admit(request)
        sha256 = request.path_params["sha256"]
        self._reception.verify(request, sha256.encode())
        length = request.headers.get("content-length", "")
        if not length.isdigit():
            raise Problem(411, "no_length", "send content-length")
        if refused := refusal(int(length), request.headers.get("content-type", "")):
            raise Problem(413 if refused[0] == "too_large" else 415, *refused)
        try:
            with self._database.contents.incoming(sha256, int(length)) as incoming:
                async for piece in request.stream():
                    incoming.write(piece)
        except ClientDisconnect:
            raise Problem(400, "cut_off", "the content was not sent to its end") from None
        return Response(status_code=204)

    async def published_content(self, request: Request) -> Response:
        """A picture or document of an article, for everybody; nobody else's."""
        sha256 = request.path_params["sha256"]
        media_type = self._database.published(sha256)
        if media_type is None or not self._database.contents.holds(sha256):
            raise Problem(404, "unknown_content", "no article shows this content")
        headers = {
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox",
            "cache-control": "public, max-age=31536000, immutable",
        }
        return FileResponse(
            self._database.contents.path(sha256), media_type=media_type, headers=headers
        )

    async def take_heartbeat(self, request: Request) -> Response:
        """Remember that the agent lives."""
        status = await self._reception.read(request, dict[str, Any])
        self._database.keep_heartbeat(msgspec.json.encode(status))
        return Response(status_code=204)

    async def issue_token(self, request: Request) -> Response:
        """OAuth2 client credentials. Errors have the form of RFC 6749, section 5.2."""
        try:
            return answer(self._access.issue(request.headers, await request.body()))
        except Problem as problem:
            return answer({"error": problem.code}, problem.status)

    async def revoke_tokens(self, request: Request) -> Response:  # noqa: ARG002 - a route's shape
        """For tests: end every access token early."""
        self._access.revoke_all()
        return Response(status_code=204)

    async def put_records(self, request: Request) -> Response:
        """For tests: records of a feed that are new or changed; null for one that is gone."""
        for key, data in msgspec.json.decode(await request.body()).items():
            self._database.put(request.path_params["feed"], key, data)
        self._bell.ring()
        return Response(status_code=204)

    async def ask_agent(self, request: Request) -> Response:
        """For tests: a command for the agent."""
        asked = msgspec.json.decode(await request.body(), type=dict[str, Any])
        command = self._database.commands.ask(
            asked["kind"], asked.get("flow", ""), asked.get("keys", [])
        )
        self._bell.ring()
        return answer({"id": command})


async def _answer_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - Starlette's signature is wider than its use
    headers = {"www-authenticate": "Bearer"} if error.status == 401 else None
    return error.response(headers)

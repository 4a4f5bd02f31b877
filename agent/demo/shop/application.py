"""The reference shop as an ASGI application: protocol, token endpoint, storefront."""

from __future__ import annotations

import zlib
from typing import Any, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from agent.demo.shop.access import Access
from agent.demo.shop.contents import refusal
from agent.demo.shop.database import ShopDatabase
from agent.demo.shop.faults import Faults
from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import (
    MAX_BATCH_BYTES,
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
from agent.demo.shop.storefront import storefront_page

T = TypeVar("T")
SHOWN_PRODUCTS = 100


class Shop:
    """The endpoints, on one database. SQLite answers in milliseconds, so no thread is used."""

    def __init__(self, database: ShopDatabase, access: Access, faults: Faults | None) -> None:
        self._database = database
        self._access = access
        self._faults = faults

    def application(self) -> ASGIApp:
        """What uvicorn runs."""
        routes = [
            Route("/", self.storefront),
            Route("/v1/", self.capabilities),
            Route("/v1/batches", self.take_batch, methods=["POST"]),
            Route("/v1/records/read", self.read_records, methods=["POST"]),
            Route("/v1/records/{entity}/{key:path}", self.read_record),
            Route("/v1/contents/check", self.check_contents, methods=["POST"]),
            Route("/v1/contents/{sha256}", self.take_content, methods=["PUT"]),
            Route("/media/{sha256}", self.published_content),
            Route("/v1/heartbeat", self.take_heartbeat, methods=["POST"]),
            Route("/oauth/token", self.issue_token, methods=["POST"]),
        ]
        if self._faults:
            routes += [
                Route("/_faults", self._faults.plan, methods=["POST"]),
                Route("/_tokens", self.revoke_tokens, methods=["DELETE"]),
            ]
        application = Starlette(routes=routes, exception_handlers={Problem: _answer_problem})
        return self._faults.around(application) if self._faults else application

    async def capabilities(self, request: Request) -> Response:
        """What this shop can do."""
        self._admit(request)
        return _json(Capabilities())

    async def take_batch(self, request: Request) -> Response:
        """Do what a batch says and answer item by item."""
        items = _decode(await self._body(request), Items).items
        if len(items) > MAX_BATCH_ITEMS:
            raise Problem(413, "too_many_items", f"at most {MAX_BATCH_ITEMS} items a batch")
        refused_keys = self._faults.refused_keys if self._faults else frozenset()
        return _json(Verdicts(self._database.apply(items, refused_keys)))

    async def read_records(self, request: Request) -> Response:
        """Some records of an entity."""
        asked = _decode(await self._body(request), Keys)
        return _json(StoredItems(self._database.read(asked.entity, asked.keys)))

    async def read_record(self, request: Request) -> Response:
        """One record."""
        self._admit(request)
        entity, key = request.path_params["entity"], request.path_params["key"]
        for stored in self._database.read(entity, [key]):
            return _json(stored)
        raise Problem(404, "unknown_key", f"there is no {entity} {key}")

    async def check_contents(self, request: Request) -> Response:
        """Which contents are there, and which would be taken."""
        asked = _decode(await self._body(request), ContentsAsked).contents
        return _json(ContentVerdicts([self._judge_content(each) for each in asked]))

    def _judge_content(self, asked: ContentAsked) -> ContentVerdict:
        if self._database.contents.holds(asked.sha256):
            return ContentVerdict(asked.sha256, "held")
        if refused := refusal(asked.size, asked.media_type):
            return ContentVerdict(asked.sha256, "refused", *refused)
        return ContentVerdict(asked.sha256, "missing")

    async def take_content(self, request: Request) -> Response:
        """Keep the bytes of a content; they pass in pieces."""
        self._admit(request)
        sha256 = request.path_params["sha256"]
        self._access.verify(request.headers, sha256.encode())
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
        body = await self._body(request)
        _decode(body, dict[str, Any])
        self._database.keep_heartbeat(body)
        return Response(status_code=204)

    async def issue_token(self, request: Request) -> Response:
        """OAuth2 client credentials. Errors have the form of RFC 6749, section 5.2."""
        try:
            return _json(self._access.issue(request.headers, await request.body()))
        except Problem as problem:
            return _json({"error": problem.code}, problem.status)

    async def revoke_tokens(self, request: Request) -> Response:  # noqa: ARG002 - a route's shape
        """For tests: end every access token early."""
        self._access.revoke_all()
        return Response(status_code=204)

    async def storefront(self, request: Request) -> Response:
        """The page for people."""
        search = request.query_params.get("q", "")
        page = storefront_page(
            products=self._database.products(search, SHOWN_PRODUCTS),
            counts=self._database.counts(),
            heartbeat=self._database.heartbeat(),
            search=search,
        )
        return Response(page, media_type="text/html")

    def _admit(self, request: Request) -> None:
        self._access.admit(request.headers, certified="client_certificate" in request.scope)

    async def _body(self, request: Request) -> bytes:
        """The body of somebody who may send it, verified as it travelled, then unpacked."""
        self._admit(request)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise Problem(415, "not_json", "send application/json")
        received = bytearray()
        async for portion in request.stream():
            received += portion
            if len(received) > MAX_BATCH_BYTES:
                raise Problem(413, "too_large", f"at most {MAX_BATCH_BYTES} bytes")
        body = bytes(received)
        self._access.verify(request.headers, body)
        packing = request.headers.get("content-encoding", "identity")
        if packing == "gzip":
            return _unpack(body)
        if packing != "identity":
            raise Problem(415, "unknown_encoding", "pack with gzip or not at all")
        return body


def _unpack(body: bytes) -> bytes:
    """Gzip, but never more than a batch may have."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacking.decompress(body, MAX_BATCH_BYTES)
    except zlib.error:
        raise Problem(400, "bad_gzip", "the body is not gzip") from None
    if unpacking.unconsumed_tail:
        raise Problem(413, "too_large", f"at most {MAX_BATCH_BYTES} bytes unpacked")
    if not unpacking.eof:
        raise Problem(400, "bad_gzip", "the body ends too early")
    return unpacked


def _decode(body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise Problem(422, "wrong_shape", str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "not_json", str(error)) from None


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")


async def _answer_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - Starlette's signature is wider than its use
    headers = {"www-authenticate": "Bearer"} if error.status == 401 else None
    return error.response(headers)

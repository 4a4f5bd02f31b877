"""Requests on their way in: who sends them, their bodies verified, unpacked and read; answers."""

from __future__ import annotations

import zlib
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from agent.demo.shop.access import Access
from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import MAX_BATCH_BYTES

T = TypeVar("T")


class Reception:
    """Lets those in who may, and reads what they send."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def admit(self, request: Request) -> None:
        """Raise 401 for a stranger."""
        self._access.admit(request.headers, certified="client_certificate" in request.scope)

    def verify(self, request: Request, signed: bytes) -> None:
        """Raise 401 where this is not signed as it should be."""
        self._access.verify(request.headers, signed)

    async def read(self, request: Request, shape: type[T]) -> T:
        """The body of somebody who may send it, verified as it travelled, then unpacked."""
        return _decode(await self.body(request), shape)

    async def body(self, request: Request) -> bytes:
        """The same, as bytes of JSON."""
        self.admit(request)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise Problem(415, "not_json", "send application/json")
        received = bytearray()
        async for portion in request.stream():
            received += portion
            if len(received) > MAX_BATCH_BYTES:
                raise Problem(413, "too_large", f"at most {MAX_BATCH_BYTES} bytes")
        body = bytes(received)
        self.verify(request, body)
        packing = request.headers.get("content-encoding", "identity")
        if packing == "gzip":
            return _unpack(body)
        if packing != "identity":
            raise Problem(415, "unknown_encoding", "pack with gzip or not at all")
        return body


def answer(value: object, status: int = 200) -> Response:
    """A value as JSON."""
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")


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

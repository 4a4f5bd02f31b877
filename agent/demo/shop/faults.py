"""Faults on demand, for tests: what servers, networks and portals really do.

`POST /_faults` plans one: `{"kind": "lose_answer", "times": 2}`. It then befalls that many of the
next requests to the protocol.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import Verdict, Verdicts

DRIP_PAUSE = 0.05


class Fault(msgspec.Struct):
    """One planned fault."""

    kind: Literal[
        "status",  # answers `status` with a problem, and Retry-After where given; nothing is done
        "drop",  # ends the connection before anything is done
        "lose_answer",  # does the work, then ends the connection
        "delay",  # waits `seconds`, then works as usual
        "drip",  # does the work and answers one byte at a time
        "html",  # answers a portal's page with 200; nothing is done
        "redirect",  # answers `status` with a Location; nothing is done
        "missing_item",  # does the work, leaves out the first verdict
        "odd_items",  # does the work, turns the order around and adds strange verdicts
        "wrong_type",  # does the work, calls its JSON text/plain
        "wrong_shape",  # answers JSON of another kind
        "too_long",  # answers without end
        "refuse_keys",  # rejects `keys` item by item, until planned anew
    ]
    times: int = 1
    status: int = 503
    retry_after: str = ""
    seconds: float = 0.0
    keys: list[str] = []


class Faults:
    """What is planned, and the application around which it happens."""

    def __init__(self) -> None:
        self.refused_keys: frozenset[str] = frozenset()
        self._planned: deque[Fault] = deque()

    async def plan(self, request: Request) -> Response:
        """`POST /_faults`."""
        fault = msgspec.json.decode(await request.body(), type=Fault)
        if fault.kind == "refuse_keys":
            self.refused_keys = frozenset(fault.keys)
        else:
            self._planned.extend([fault] * fault.times)
        return Response(status_code=204)

    def around(self, application: ASGIApp) -> ASGIApp:
        """The application with the planned faults."""

        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            if not (scope.get("path", "").startswith("/v1/") and self._planned):
                await application(scope, receive, send)
                return
            fault = self._planned.popleft()
            if instead := _instead(fault):
                await _drain(receive)
                await instead(scope, receive, send)
                return
            await _befall(fault, application, scope, receive, send)

        return faulty


def _instead(fault: Fault) -> Response | None:
    """The answer that a fault gives in the application's place."""
    match fault.kind:
        case "status":
            headers = {"retry-after": fault.retry_after} if fault.retry_after else None
            return Problem(fault.status, "planned", "this fault was planned").response(headers)
        case "html":
            return HTMLResponse("<!doctype html><title>Portal</title><p>Please log in")
        case "redirect":
            return RedirectResponse("https://elsewhere.example/", fault.status)
        case "wrong_shape":
            return Response(b'{"items":"none"}', media_type="application/json")
        case "too_long":
            return Response(b" " * 20_000_000, media_type="application/json")
    return None


async def _befall(
    fault: Fault, application: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    """Let the application work, but not answer as it meant to."""
    if fault.kind == "drop":
        scope["transport"].abort()
        return
    await asyncio.sleep(fault.seconds)
    answer: list[Message] = []

    async def hold(message: Message) -> None:
        answer.append(message)

    await application(scope, receive, hold)
    start, body = answer[0], b"".join(each.get("body", b"") for each in answer[1:])
    if fault.kind == "lose_answer":
        scope["transport"].abort()
        return
    if distort := _DISTORTIONS.get(fault.kind):
        body = distort(body)
    content_type = "text/plain" if fault.kind == "wrong_type" else "application/json"
    start["headers"] = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send(start)
    step = 1 if fault.kind == "drip" else max(len(body), 1)
    for place in range(0, len(body), step):
        if scope["transport"].is_closing():
            return
        await send(
            {"type": "http.response.body", "body": body[place : place + step], "more_body": True}
        )
        await asyncio.sleep(DRIP_PAUSE if fault.kind == "drip" else 0)
    await send({"type": "http.response.body", "body": b""})


async def _drain(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass


def _without_first(body: bytes) -> bytes:
    return msgspec.json.encode(Verdicts(_verdicts(body)[1:]))


def _oddly(body: bytes) -> bytes:
    verdicts = _verdicts(body)
    strange = Verdict("never-sent", "rejected", code="strange")
    second = Verdict(verdicts[-1].id, "rejected", code="second_opinion")
    return msgspec.json.encode(Verdicts([strange, *reversed(verdicts), second]))


def _verdicts(body: bytes) -> list[Verdict]:
    return msgspec.json.decode(body, type=Verdicts).items


_DISTORTIONS: dict[str, Callable[[bytes], bytes]] = {
    "missing_item": _without_first,
    "odd_items": _oddly,
}

"""Servers that break one rule each: what passes between a visitor and a sound shop is distorted."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import httpx

from tests.shop.conftest import TOKEN

Send = Callable[[httpx.Request], httpx.Response]
Distortion = Callable[[httpx.Request, Send], httpx.Response]


class Distorted(httpx.BaseTransport):
    """A sound shop behind a distortion."""

    def __init__(self, distortion: Distortion) -> None:
        self._transport = httpx.HTTPTransport()
        self._distortion = distortion

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._distortion(request, self._whole)

    def _whole(self, request: httpx.Request) -> httpx.Response:
        """The real answer, read to its end."""
        answer = self._transport.handle_request(request)
        answer.read()
        return answer

    def close(self) -> None:
        self._transport.close()


def answers(status: int, path: str, value: Any = None, *, only: str = "") -> Distortion:
    """Gives this answer on a path (`only` where the request holds a text), and does nothing."""

    def distort(request: httpx.Request, send: Send) -> httpx.Response:
        told = (
            f"{request.method} {request.url} {request.headers} {request.content.decode('latin-1')}"
        )
        if request.url.path.startswith(path) and only in told:
            return httpx.Response(status, json=value if value is not None else {"detail": "no"})
        return send(request)

    return distort


def edits(path: str, edit: Callable[[Any], Any]) -> Distortion:
    """Answers of a path are edited on their way."""

    def distort(request: httpx.Request, send: Send) -> httpx.Response:
        answer = send(request)
        if not request.url.path.startswith(path) or answer.status_code != 200:
            return answer
        return httpx.Response(200, json=edit(answer.json()))

    return distort


def misreads(edit: Callable[[list[dict[str, Any]]], Any]) -> Distortion:
    """The items of a batch are taken for others."""

    def distort(request: httpx.Request, send: Send) -> httpx.Response:
        if request.url.path != "/v1/batches":
            return send(request)
        try:
            value = json.loads(request.content)
            edit(value["items"])
        except (ValueError, KeyError, TypeError):
            return send(request)
        return send(_with(request, json.dumps(value).encode()))

    return distort


def lets_everybody_in(request: httpx.Request, send: Send) -> httpx.Response:
    """Nobody has to log in."""
    request.headers["authorization"] = f"Bearer {TOKEN}"
    return send(request)


def calls_failures(content_type: str, status: int | None = None) -> Distortion:
    """Failures have another type, or another status."""

    def distort(request: httpx.Request, send: Send) -> httpx.Response:
        answer = send(request)
        if answer.status_code < 400:
            return answer
        headers = {"content-type": content_type}
        return httpx.Response(status or answer.status_code, content=answer.content, headers=headers)

    return distort


def forgets_ids() -> Distortion:
    """Every item is taken for a new one."""
    numbers = count()

    def distort(request: httpx.Request, send: Send) -> httpx.Response:
        if request.url.path != "/v1/batches":
            return send(request)
        value = json.loads(request.content)
        own = {}
        for item in value["items"]:
            own[new := f"{item['id']}-{next(numbers)}"] = item["id"]
            item["id"] = new
        answer = send(_with(request, json.dumps(value).encode())).json()
        for verdict in answer["items"]:
            verdict["id"] = own[verdict["id"]]
        return httpx.Response(200, json=answer)

    return distort


def verdicts(old: str, new: str) -> Distortion:
    """Says something else than it does."""

    def edit(answer: Any) -> Any:
        for verdict in answer["items"]:
            if verdict["status"] == old:
                verdict |= {"status": new, "code": "other", "reason": "other"}
        return answer

    return edits("/v1/batches", edit)


def all_or_nothing(answer: Any) -> Any:
    """One bad item spoils the batch."""
    if any(verdict["status"] == "rejected" for verdict in answer["items"]):
        for verdict in answer["items"]:
            verdict |= {"status": "rejected", "code": "other", "reason": "another one is bad"}
    return answer


def each(name: str, change: Callable[[dict[str, Any]], object]) -> Callable[[Any], Any]:
    """An edit of every element of a list in an answer."""

    def edit(answer: Any) -> Any:
        for element in answer[name]:
            change(element)
        return answer

    return edit


def ignores_the_limit(request: httpx.Request, send: Send) -> httpx.Response:
    """Every page is full."""
    if "limit" in request.url.params:
        request.url = request.url.copy_set_param("limit", "100")
    return send(request)


def counts_wrong() -> Callable[[Any], Any]:
    """Never the same number of records."""
    numbers = count(1)
    return each("buckets", lambda bucket: bucket.update(records=next(numbers)))


def _with(request: httpx.Request, body: bytes) -> httpx.Request:
    """The same request with another body, which nobody signed."""
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in {"content-length", "transfer-encoding"}
    }
    return httpx.Request(request.method, request.url, headers=headers, content=body)

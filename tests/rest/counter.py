"""Servers that are written to: one knows records by our keys, one gives ids of its own."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.responses import JSONResponse, Response

from agent.model import Op
from tests.peers.http_server import Asked
from tests.peers.losing import Lost

Behaviour = Callable[[Callable[[], Response]], Response]
"""What befalls a request: it may be done or not, and be answered or not."""


def not_now(done: Callable[[], Response]) -> Response:
    """Nothing is done."""
    del done
    return Response(status_code=503)


def lost(done: Callable[[], Response]) -> Response:
    """It is done, and nobody hears of it."""
    done()
    return Lost()


def answers(status: int, body: Any = None, headers: dict[str, str] | None = None) -> Behaviour:
    """Nothing is done, and this is said."""
    return lambda _: JSONResponse(body, status, headers)


def honest(done: Callable[[], Response]) -> Response:
    """As it should be."""
    return done()


@dataclass
class Counter:
    """What both have in common: a script of what befalls the next requests but GET."""

    script: deque[Behaviour] = field(default_factory=deque)

    def __call__(self, asked: Asked) -> Response:
        if asked.request.method == "GET" or not self.script:
            return self.work(asked)
        return self.script.popleft()(lambda: self.work(asked))

    def work(self, asked: Asked) -> Response:
        raise NotImplementedError


def segments(asked: Asked) -> list[str]:
    """The path's parts, each unescaped by itself."""
    raw = asked.request.scope["raw_path"].decode()
    return [unquote(part) for part in raw.split("/")[1:]]


@dataclass
class Keyed(Counter):
    """`/records/KEY`: what is put there stays, unless it is older than what is there."""

    records: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    effects: list[tuple[str, Op, int]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def work(self, asked: Asked) -> Response:
        path = segments(asked)
        if path == [""]:
            return JSONResponse({"name": "the counter"})
        _, key = path
        if asked.request.method == "GET":
            found = self.records.get(key)
            return JSONResponse({"data": found}) if found else Response(status_code=404)
        if key in self.refused:
            return JSONResponse({"message": f"{key} is not wanted"}, 422)
        delete = asked.request.method == "DELETE"
        body = {} if delete else json.loads(asked.body)
        version = int(asked.query["version"]) if delete else body["version"]
        if version > self.versions.get(key, 0):
            self.versions[key] = version
            self.effects.append((key, Op.DELETE if delete else Op.UPSERT, version))
            if delete:
                self.records.pop(key, None)
            else:
                self.records[key] = body["data"]
        return Response(status_code=204)


@dataclass
class Ledger(Counter):
    """`/orders`: every POST is a new one with an id, however often the same code comes."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    """What came, byte for byte."""
    unique: bool = False
    articles: dict[str, int] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    """What stands beside a list."""

    def work(self, asked: Asked) -> Response:
        path, method = segments(asked), asked.request.method
        if path == [""]:
            return JSONResponse({"name": "the counter"})
        if path[0] == "articles":
            number = self.articles.get(asked.query["sku"])
            return JSONResponse({"items": [{"id": number}] if number else []})
        if method != "GET":
            self.bodies.append(asked.body)
        if len(path) == 1:
            return self._list(asked) if method == "GET" else self._post(asked)
        row = self.rows.get(int(path[1]))
        if row is None:
            return JSONResponse({"message": "no such order"}, 404)
        if method == "DELETE":
            del self.rows[int(path[1])]
            return Response(status_code=204)
        if path[2:] == ["confirm"]:
            if row["state"] == "confirmed":
                return JSONResponse({"message": "confirmed before"}, 422)
            row["state"] = "confirmed"
        elif method == "PUT":
            row |= json.loads(asked.body)
        return JSONResponse(row)

    def _list(self, asked: Asked) -> Response:
        code = asked.query["code"]
        return JSONResponse(
            self.extra | {"items": [each for each in self.rows.values() if each["code"] == code]}
        )

    def _post(self, asked: Asked) -> Response:
        body = json.loads(asked.body)
        if self.unique and any(each["code"] == body["code"] for each in self.rows.values()):
            return JSONResponse({"code": ["An order of this code already exists."]}, 400)
        number = max(self.rows, default=100) + 1
        self.rows[number] = {"id": number, "state": "draft"} | body
        return JSONResponse({"order": {"id": number, "state": "draft"}}, 201)

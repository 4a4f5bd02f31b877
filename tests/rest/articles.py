"""A web API with one list of articles, in every way in which lists are given out page by page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.peers.http_server import Asked

Article = dict[str, Any]


@dataclass
class ListAsked:
    """A question for a list: its values, the records that fit it, how many to give at once."""

    request: Request
    values: dict[str, Any]
    records: list[Article]
    size: int

    @property
    def after(self) -> int:
        """How many records were given before."""
        return int(self.values.get("after", 0))


@dataclass
class Articles:
    """What the server holds, and how it answers. `between` is called before each later page.

    Prices are text here and numbers on the wire, so that no test sees a float either.
    """

    records: list[Article] = field(default_factory=list)
    deleted: list[Article] = field(default_factory=list)
    largest_page: int = 1000
    between: Callable[[], None] = lambda: None
    date: str = ""

    def __call__(self, came: Asked) -> Response:
        _, kind, *rest = came.path.split("/")
        if rest:
            return self._one(rest[0])
        if kind == "deleted":
            return self._page({"gone": self.deleted})
        asked: dict[str, Any] = came.query
        if came.body:
            asked |= json.loads(came.body).get("page", {})
        if any(asked.get(name, "1") not in {"0", "1"} for name in ("page", "offset", "cursor")):
            self.between()
        records = self.records
        if "since" in asked:
            records = [each for each in records if each["changed"] >= asked["since"]]
        ways = {"cursor": self._cursor, "link": self._link, "next": self._next, "all": self._all}
        size = min(int(asked.get("size", 20)), self.largest_page)
        return ways.get(kind, self._counted)(ListAsked(came.request, asked, records, size))

    def _one(self, sku: str) -> Response:
        found = [each for each in self.records if each["sku"] == sku]
        return self._page({"article": found[0]}) if found else Response(status_code=404)

    def _all(self, asked: ListAsked) -> Response:
        return self._page(asked.records)

    def _counted(self, asked: ListAsked) -> Response:
        start = int(asked.values.get("offset", 0))
        if "page" in asked.values:
            start = (int(asked.values["page"]) - 1) * asked.size
        page = {"items": asked.records[start : start + asked.size]}
        total = len(asked.records)
        headers = {"x-total-count": str(total)}
        return self._page({"data": page, "meta": {"total": total}}, headers)

    def _cursor(self, asked: ListAsked) -> Response:
        after = asked.values.get("cursor", "")
        rest = [each for each in sorted(asked.records, key=_sku) if each["sku"] > after]
        following = rest[asked.size - 1]["sku"] if len(rest) > asked.size else None
        return self._page({"data": {"items": rest[: asked.size], "cursor": following}})

    def _link(self, asked: ListAsked) -> Response:
        end, headers = asked.after + asked.size, {}
        if end < len(asked.records):
            following = f"</link?size={asked.size}&after={end}>"
            headers["link"] = f'</link>; rel="first", {following}; title="a, b"; rel="next last"'
        return self._page(asked.records[asked.after : end], headers)

    def _next(self, asked: ListAsked) -> Response:
        end = asked.after + asked.size
        url = asked.request.url.replace(path="/next", query=f"size={asked.size}&after={end}")
        following = str(url) if end < len(asked.records) else None
        return self._page({"results": asked.records[asked.after : end], "next": following})

    def _page(self, content: Any, headers: dict[str, str] | None = None) -> Response:
        headers = headers or {}
        if self.date:
            headers["date"] = self.date
        return Response(wire(content), headers=headers, media_type="application/json")


def wire(content: Any) -> bytes:
    """JSON with prices as bare numbers, digit by digit as they were given."""
    if isinstance(content, dict):
        pairs = (
            json.dumps(name).encode() + b":" + (each.encode() if name == "price" else wire(each))
            for name, each in content.items()
        )
        return b"{" + b",".join(pairs) + b"}"
    if isinstance(content, list):
        return b"[" + b",".join(map(wire, content)) + b"]"
    return json.dumps(content).encode()


def _sku(article: Article) -> str:
    return str(article["sku"])


def articles(count: int, *, changed: str = "2026-01-01T00:00:00Z") -> list[Article]:
    """So many articles, `A001` and on."""
    return [
        {"sku": f"A{number:03}", "name": f"Vite {number}", "price": "9.50", "changed": changed}
        for number in range(1, count + 1)
    ]

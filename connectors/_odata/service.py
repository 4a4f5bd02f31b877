"""A service of either version, its answers in one shape."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.errors import Unavailable
from agent.model import Json
from connectors._http import Authorization, Request
from connectors._odata.links import EXPIRED, LinkExpired
from connectors._odata.literals import plain
from connectors._rest.access import ServerOptions
from connectors._rest.api import Api, Content, raise_for
from connectors._rest.records import unexpected


class Service(Api):
    """Asks one service. A list comes as `{"records", "next", "count", "delta"}`."""

    def __init__(self, options: ServerOptions, authorization: Authorization, version: str) -> None:
        super().__init__(options, authorization)
        self.version = version

    @property
    def headers(self) -> dict[str, str]:
        """What every question says."""
        if self.version == "2":
            return {"accept": "application/json", "maxdataserviceversion": "2.0"}
        return {"accept": "application/json", "odata-maxversion": "4.01"}

    def read(self, request: Request) -> Content:
        """One page of a list."""
        answer = self.ask(request)
        if answer.status == EXPIRED:
            raise LinkExpired("SA-2422", f"{self.server} no longer knows the link it gave us")
        content = self.content(request.url, answer)
        if content.value is None:
            return content
        return replace(content, value=self._one_shape(content.value))

    def document(self, path: str) -> bytes:
        """A document that is no JSON."""
        answer = self.ask(Request("GET", self.url + path, [("accept", "application/xml")]))
        if not 200 <= answer.status <= 299:
            raise_for(answer)
        return answer.body

    def record(self, value: Json) -> list[Json]:
        """The entity in the answer to a key."""
        if not isinstance(value, dict):
            return []
        found = value.get("d", value) if self.version == "2" else value
        return [plain(found) if self.version == "2" else found]

    def _one_shape(self, value: Json) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._unexpected(value)
        if self.version == "4":
            records = value.get("value")
            found = {
                name: _first(value, f"@odata.{said}", f"@{said}", f"odata.{said}")
                for name, said in (("next", "nextLink"), ("count", "count"), ("delta", "deltaLink"))
            }
        else:
            inner = value.get("d")
            records = inner.get("results") if isinstance(inner, dict) else inner
            outer = inner if isinstance(inner, dict) else {}
            found = {"next": outer.get("__next"), "count": outer.get("__count"), "delta": None}
            records = plain(records)
        if not isinstance(records, list):
            raise self._unexpected(value)
        shape = {name: each for name, each in found.items() if each is not None}
        return {"records": records, **shape}

    def _unexpected(self, value: Json) -> Unavailable:
        has = ", ".join(map(str, value)) if isinstance(value, dict) else type(value).__name__
        return unexpected(f"{self.server} answers no list of entities", f"the answer has: {has}")


def _first(value: dict[str, Any], *names: str) -> Json:
    return next((value[name] for name in names if value.get(name) is not None), None)

"""A question as a template: values are put into its address, its headers or its body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self
from urllib.parse import quote

import msgspec

from agent.model import Json
from connectors._http import Request

Place = Literal["query", "body"]
_encode = msgspec.json.Encoder(enc_hook=str).encode


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, before anything that changes from page to page or from run to run is in it."""

    url: str
    method: str = "GET"
    parameters: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None

    def put(self, values: Mapping[str, Json], place: Place) -> Self:
        """The same with these values: parameters of the address, or fields of the body."""
        if place == "query":
            return replace(self, parameters={**self.parameters, **values})
        body = self.body
        for path, value in values.items():
            body = _with(body, path.split("."), value)
        return replace(self, body=body)

    def filled(self, **values: str) -> Self:
        """The same with `{name}` replaced in every text of parameters and body."""
        return replace(
            self,
            parameters={name: _filled(each, values) for name, each in self.parameters.items()},
            body=_filled(self.body, values),
        )

    def request(self) -> Request:
        """The request as it is sent, unsigned."""
        url = self.url
        if self.parameters:
            url += "&" if "?" in url else "?"
            url += "&".join(
                f"{quote(name, safe='$')}={quote(str(value), safe=':')}"
                for name, value in self.parameters.items()
            )
        headers = list(self.headers.items())
        if self.body is None:
            return Request(self.method, url, headers)
        headers.append(("content-type", "application/json"))
        return Request(self.method, url, headers, _encode(self.body))

    def at(self, url: str) -> Request:
        """The same asked at an address that the server gave, with nothing added to it."""
        return replace(self, url=url, parameters={}).request()


def _with(body: Json, path: list[str], value: Json) -> Json:
    found: dict[str, Any] = dict(body) if isinstance(body, dict) else {}
    head, *rest = path
    found[head] = _with(found.get(head), rest, value) if rest else value
    return found


def _filled(value: Json, values: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        for name, text in values.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, dict):
        return {name: _filled(each, values) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, values) for each in value]
    return value

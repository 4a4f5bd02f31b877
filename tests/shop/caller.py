"""Asks a shop, and holds every request and every answer against docs/shop-protocol/openapi.yaml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import httpx
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "docs/shop-protocol/openapi.yaml").read_text("utf-8")
)
REGISTRY: Registry[Any] = Registry().with_resource(
    "urn:shop", Resource.from_contents(DOCUMENT, default_specification=DRAFT202012)
)


def follow(part: dict[str, Any]) -> dict[str, Any]:
    """The part itself, or what its `$ref` leads to."""
    if "$ref" not in part:
        return part
    place: Any = DOCUMENT
    for step in part["$ref"].split("/")[1:]:
        place = place[step]
    return cast("dict[str, Any]", place)


def require(content: dict[str, Any], media_type: str, value: Any) -> None:
    """The value has the shape that the document gives for this media type."""
    schema = content[media_type]["schema"]
    anchored = json.loads(json.dumps(schema).replace('"#/', '"urn:shop#/'))
    Draft202012Validator(anchored, registry=REGISTRY).validate(value)


class Caller:
    """Asks the shop, and holds every request and every answer against the document."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def get(self, path: str, template: str = "") -> httpx.Response:
        response = self._client.get(path)
        self._check(DOCUMENT["paths"][template or path]["get"], response)
        return response

    def post(self, path: str, value: Any, template: str = "", **details: Any) -> httpx.Response:
        operation = DOCUMENT["paths"][template or path]["post"]
        require(operation["requestBody"]["content"], "application/json", value)
        return self.post_unchecked(path, json.dumps(value).encode(), template=template, **details)

    def post_unchecked(
        self,
        path: str,
        body: bytes,
        headers: dict[str, str] | None = None,
        *,
        template: str = "",
    ) -> httpx.Response:
        """A request that breaks the document; its answer must keep it all the same."""
        sent = {"content-type": "application/json", **(headers or {})}
        response = self._client.post(path, content=body, headers=sent)
        self._check(DOCUMENT["paths"][template or path]["post"], response)
        return response

    def put_content(
        self, sha256: str, content: bytes, media_type: str = "image/jpeg"
    ) -> httpx.Response:
        response = self._client.put(
            f"/v1/contents/{sha256}", content=content, headers={"content-type": media_type}
        )
        self._check(DOCUMENT["paths"]["/v1/contents/{sha256}"]["put"], response)
        return response

    def _check(self, operation: dict[str, Any], response: httpx.Response) -> None:
        answers = operation["responses"]
        answer = follow(answers.get(str(response.status_code), answers["default"]))
        if "content" not in answer:
            assert response.content == b""
            return
        media_type = response.headers["content-type"].partition(";")[0]
        require(answer["content"], media_type, response.json())

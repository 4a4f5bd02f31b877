"""Whether a request is one that WooCommerce's own route description knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

ROUTES: dict[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("routes.json").read_text(encoding="utf-8")
)
GLOBAL = {"_fields", "consumer_key", "consumer_secret"}
"""Parameters that WordPress or the log-in takes on every route; `oauth_…` besides."""
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def violations(method: str, path: str, query: Mapping[str, str], body: Any) -> Iterator[str]:
    """What the request does that the description does not allow."""
    found = _endpoint(method, path)
    if found is None:
        yield f"{method} {path}: no such route"
        return
    arguments = found["args"]
    for name, value in query.items():
        if name in GLOBAL or name.startswith("oauth_"):
            continue
        if name not in arguments:
            yield f"{path}: no parameter {name}"
        else:
            yield from _checked(name, _from_text(value, arguments[name]), arguments[name])
    if path.endswith("/batch"):
        yield from _batch(path.removesuffix("/batch"), body)
    elif body is not None:
        yield from _object(path, body, arguments)


def _batch(path: str, body: Any) -> Iterator[str]:
    creating, updating = _endpoint("POST", path), _endpoint("PUT", f"{path}/1")
    assert creating is not None
    assert updating is not None
    for name, items in body.items():
        if name == "delete":
            yield from _checked(name, items, {"type": "array", "items": {"type": "integer"}})
        elif name in {"create", "update"}:
            for item in items:
                described = creating if name == "create" else updating
                yield from _object(f"{path} {name}", item, described["args"])
                if name == "update" and not isinstance(item.get("id"), int):
                    yield f"{path}: an update without id"
        else:
            yield f"{path}: a batch knows no {name}"


def _object(where: str, body: Any, arguments: Mapping[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        if name not in arguments:
            yield f"{where}: no field {name}"
        else:
            yield from _checked(name, value, arguments[name])
    for name, described in arguments.items():
        if described.get("required") and name not in body:
            yield f"{where}: {name} is missing"


def _checked(name: str, value: Any, described: Mapping[str, Any]) -> Iterator[str]:
    types = described.get("type", [])
    types = [types] if isinstance(types, str) else types
    allowed = [TYPES[each] for each in types]
    number = isinstance(value, bool) and "boolean" not in types
    if allowed and (number or not isinstance(value, tuple(_flat(allowed)))):
        yield f"{name}: {value!r:.60} is not {' or '.join(types)}"
        return
    if "enum" in described and isinstance(value, str) and value not in described["enum"]:
        yield f"{name}: {value!r} is not one of {described['enum'][:9]}"
    for bound, wrong in (("minimum", -1), ("maximum", 1)):
        if bound in described and (value - described[bound]) * wrong > 0:
            yield f"{name}: {value} breaks the {bound}"
    if described.get("format") == "date-time":
        datetime.fromisoformat(value)
    if isinstance(value, list) and "items" in described:
        for each in value:
            yield from _checked(f"{name}[]", each, described["items"])
    if isinstance(value, dict) and described.get("properties"):
        for key, each in value.items():
            if key not in described["properties"]:
                yield f"{name}: no field {key}"
            else:
                yield from _checked(f"{name}.{key}", each, described["properties"][key])


def _flat(types: list[type | tuple[type, ...]]) -> Iterator[type]:
    for each in types:
        yield from each if isinstance(each, tuple) else (each,)


def _from_text(value: str, described: Mapping[str, Any]) -> Any:
    """A parameter of the address as WordPress reads it."""
    kind = described.get("type")
    if kind == "integer" and value.lstrip("-").isdigit():
        return int(value)
    if kind == "boolean" and value in {"true", "false", "1", "0"}:
        return value in {"true", "1"}
    if kind == "array":
        of = described.get("items", {})
        return [_from_text(each, of) for each in value.split(",")]
    return value


def _endpoint(method: str, path: str) -> dict[str, Any] | None:
    for route, endpoints in ROUTES.items():
        if re.fullmatch(route, path):
            for each in endpoints:
                if method in each["methods"]:
                    return each
    return None

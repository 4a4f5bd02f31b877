"""Whether a request is one that BigCommerce's published documents know."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator


def _strict(schema: Any) -> Any:
    """The same, with every field that is not named forbidden."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _strict(each) for name, each in schema.items() if name != "properties"}
    if "properties" in schema:
        found["properties"] = {name: _strict(p) for name, p in schema["properties"].items()}
        found["additionalProperties"] = False
    return found


def _read(name: str) -> dict[str, Any]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


OPERATIONS = {**_read("published.json"), **_read("added.json")}
BODIES = {
    name: Draft202012Validator(_strict(each["body"]))
    for name, each in OPERATIONS.items()
    if "body" in each
}


def violations(method: str, path: str, query: Mapping[str, str], body: Any) -> Iterator[str]:
    """What the request does that the documents do not allow."""
    name = _operation(method, path)
    if name is None:
        yield f"{method} {path}: no such operation"
        return
    known = OPERATIONS[name]["query"]
    yield from (f"{name}: no parameter {each}" for each in query if each not in known)
    if name in BODIES:
        for error in BODIES[name].iter_errors(body):
            yield f"{name}: {error.json_path}: {error.message[:200]}"
    elif body is not None:
        yield f"{name}: takes no body"


def _operation(method: str, path: str) -> str | None:
    for name in OPERATIONS:
        verb, _, template = name.partition(" ")
        pattern = re.sub(r"\\\{\w+\\\}", r"\\d+", re.escape(template))
        if verb == method and re.fullmatch(pattern, path):
            return name
    return None

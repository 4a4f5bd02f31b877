"""Whether a request is one that Magento's admin API knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_read = yaml.safe_load(Path(__file__).with_name("contract.yaml").read_text(encoding="utf-8"))
TYPES: Mapping[str, Mapping[str, Any]] = _read["types"]
CALLS: Mapping[str, Mapping[str, Any]] = _read["calls"]
QUERY = re.compile(
    r"fields|searchCriteria\[(pageSize|currentPage"
    r"|sortOrders\]\[\d\]\[(field|direction)"
    r"|filterGroups\]\[\d\]\[filters\]\[\d\]\[(field|value|conditionType))\]"
)
PLAIN = {"string": str, "number": int | float, "integer": int, "boolean": bool, "any": object}


def violations(method: str, path: str, query: Mapping[str, str], body: Any) -> Iterator[str]:
    """What the request does that the schema does not allow."""
    call = _call(method, path)
    if call is None:
        yield f"{method} {path}: no such call"
        return
    yield from (f"{call}: no parameter {each}" for each in query if not QUERY.fullmatch(each))
    if method in {"POST", "PUT"}:
        yield from _fields(call, CALLS[call], body)
    elif body is not None:
        yield f"{call}: takes no body"


def _call(method: str, path: str) -> str | None:
    for call in sorted(CALLS, key=lambda each: each.count("{")):
        verb, _, template = call.partition(" ")
        if verb == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return call
    return None


def _fields(where: str, known: Mapping[str, Any], given: Any) -> Iterator[str]:
    if not isinstance(given, dict):
        yield f"{where}: {given!r:.40} is no object"
        return
    kinds = {name.removesuffix("!"): kind for name, kind in known.items()}
    for name in known:
        if name.endswith("!") and given.get(name[:-1]) is None:
            yield f"{where}: {name[:-1]} is missing"
    for name, value in given.items():
        if name not in kinds:
            yield f"{where}: no field {name}"
        else:
            yield from _value(f"{where}.{name}", kinds[name], value)


def _value(where: str, kind: Any, value: Any) -> Iterator[str]:
    if isinstance(kind, list):
        if not isinstance(value, list):
            yield f"{where}: {value!r:.40} is no list"
            return
        for each in value:
            yield from _value(where, kind[0], each)
    elif kind not in PLAIN:
        yield from _fields(where, TYPES[kind], value)
    elif not isinstance(value, PLAIN[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{where}: {value!r:.40} is no {kind}"

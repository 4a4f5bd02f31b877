"""A shop in memory: what it holds, and how it shows it to those who ask.

Records are plain dicts. What a query sees of one is a *view*: a dict whose connections and
metafields are functions of their arguments, as GraphQL wants it.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
View = dict[str, Any]
OWNERS = {
    "Product": "PRODUCT",
    "ProductVariant": "PRODUCTVARIANT",
    "Collection": "COLLECTION",
    "Customer": "CUSTOMER",
}
WORD = re.compile(r"[a-z0-9]+")


class Refusal(Exception):
    """A user error: path of the argument, words, code."""

    def __init__(self, path: str, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.errors = [error(path, message, code)]


def error(path: str, message: str, code: str | None = None) -> Record:
    return {"field": path.split(".") if path else None, "message": message, "code": code}


@dataclass
class Shop:
    """Everything that a shop holds, by id."""

    currency: str = "EUR"
    scopes: list[str] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)
    definitions: dict[tuple[str, str, str], str] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    """(kind, value) of a metafield of the type `id` → whose it is."""
    refused: dict[str, str] = field(default_factory=dict)
    """Title, SKU or the like that is refused, with the reason."""
    done: list[tuple[str, Any]] = field(default_factory=list)
    """Every mutation that had an effect, with its arguments, in order."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1001))

    def add(self, kind: str, **values: Any) -> Record:
        """A new record of a kind."""
        identifier = f"gid://shopify/{kind}/{next(self.numbers)}"
        record = {"__typename": kind, "id": identifier, "metafields": {}, **values}
        self.records[identifier] = record
        return record

    def all(self, kind: str) -> list[Record]:
        """All records of a kind."""
        return [each for each in self.records.values() if each["__typename"] == kind]

    def get(self, identifier: str, path: str = "id") -> Record:
        """One record; a refusal where it is not there."""
        found = self.records.get(identifier)
        if found is None:
            raise Refusal(path, f"{identifier} does not exist", "NOT_FOUND")
        return found

    def remove(self, record: Record) -> None:
        """Take a record out, and its unique key with it."""
        del self.records[record["id"]]
        for place in [place for place, owner in self.keys.items() if owner == record["id"]]:
            del self.keys[place]

    def mark(self, record: Record, metafields: Iterable[Record] | None, path: str) -> None:
        """Set metafields; one of the type `id` is unique among its kind."""
        for given in metafields or ():
            name = (given["namespace"], given["key"])
            if given["type"] == "id":
                self._claim(record, given["value"], name, path)
            record["metafields"][name] = given["value"]

    def _claim(self, record: Record, value: str, name: tuple[str, str], path: str) -> None:
        kind = record["__typename"]
        if self.definitions.get((OWNERS[kind], *name)) != "id":
            raise Refusal(
                path, f"no definition of {'.'.join(name)} for {kind}", "INVALID_METAFIELD"
            )
        owner = self.keys.setdefault((kind, value), record["id"])
        if owner != record["id"]:
            raise Refusal(path, "Value must be unique amongst all values", "CAPABILITY_VIOLATION")

    def require_wanted(self, text: str, path: str) -> None:
        """Refuse what the test told us to."""
        if text in self.refused:
            raise Refusal(path, self.refused[text], "INVALID")


def connection(records: list[Any], view: Callable[[Any], View]) -> Callable[..., View]:
    """A list of which pages are asked; its cursor is the id of the last one seen."""

    def page(_: Any, first: int = 250, after: str | None = None, **_rest: Any) -> View:
        if first > 250:
            raise ValueError("at most 250 at a time")
        ids = [each["id"] for each in records]
        start = ids.index(after) + 1 if after else 0
        part = records[start : start + first]
        more = start + first < len(records)
        end = part[-1]["id"] if part else None
        return {
            "nodes": [view(each) for each in part],
            "pageInfo": {"hasNextPage": more, "endCursor": end},
        }

    return page


def marked(record: Record) -> View:
    """What every view has: its scalars, and metafields by name."""

    def metafield(_: Any, key: str, namespace: str = "") -> View | None:
        value = record["metafields"].get((namespace, key))
        return None if value is None else {"value": value}

    return {**record, "metafield": metafield}


def matches(query: str, name: str, text: str | None) -> bool:
    """Whether a search like `sku:"A-1" OR sku:"B"` finds a text: by its words, whatever is between.

    That is more than was asked for: `A-1` finds `A-1-XL`, too.
    """
    wanted = re.findall(rf'{name}:"((?:[^"\\]|\\.)*)"', query)
    words = WORD.findall((text or "").lower())
    for each in wanted:
        asked = WORD.findall(each.lower())
        if asked and words[: len(asked)] == asked:
            return True
        if not asked and text == each.replace('\\"', '"').replace("\\\\", "\\"):
            return True
    return False

"""Entity sets behind the query options of OData: filters are really evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from tests.peers.http_server import Asked

Entity = dict[str, Any]
TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[()]|[^\s()]+)")
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": eq, "ne": ne, "gt": gt, "ge": ge, "lt": lt, "le": le,
}  # fmt: skip
MIDNIGHT = "T00:00:00Z"


class Filter:
    """`$filter`: comparisons of a property with a literal, `and`, `or`, parentheses."""

    def __init__(self, text: str) -> None:
        self._tokens = TOKEN.findall(text)
        self._place = 0
        self.matches = self._any()
        assert self._place == len(self._tokens), f"cannot read {text!r}"

    def _next(self) -> str:
        token: str = self._tokens[self._place]
        self._place += 1
        return token

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _any(self) -> Callable[[Entity], bool]:
        parts = [self._all()]
        while self._peek() == "or":
            self._next()
            parts.append(self._all())
        return lambda entity: any(part(entity) for part in parts)

    def _all(self) -> Callable[[Entity], bool]:
        parts = [self._one()]
        while self._peek() == "and":
            self._next()
            parts.append(self._one())
        return lambda entity: all(part(entity) for part in parts)

    def _one(self) -> Callable[[Entity], bool]:
        token = self._next()
        if token == "(":
            inner = self._any()
            assert self._next() == ")"
            return inner
        operator, wanted = OPERATORS[self._next()], _literal(self._next())

        def compared(entity: Entity) -> bool:
            value = entity[token]  # an unknown property is a fault of ours, not an empty value
            if value is None or wanted is None:
                return operator is eq and value == wanted
            if isinstance(value, str):
                value = value.removesuffix(MIDNIGHT)
            return operator(value, wanted)

        return compared


def _literal(token: str) -> Any:
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    if token in {"true", "false", "null"}:
        return {"true": True, "false": False, "null": None}[token]
    return Decimal(token) if re.fullmatch(r"-?\d+(\.\d+)?", token) else token


@dataclass
class EntitySets:
    """Sets by name, asked as OData asks."""

    sets: dict[str, list[Entity]] = field(default_factory=dict)

    def found(self, asked: Asked, name: str) -> list[Entity]:
        """The entities of a set that a question is about, in the order it wants."""
        entities = self.sets[name]
        if condition := asked.query.get("$filter"):
            matches = Filter(condition).matches
            entities = [entity for entity in entities if matches(entity)]
        if order := asked.query.get("$orderby"):
            entities = sorted(entities, key=lambda entity: str(entity[order]))
        return entities

    @staticmethod
    def chosen(asked: Asked, entity: Entity) -> Entity:
        """The properties of an entity that a question selects; all of them must be there."""
        if "$select" not in asked.query:
            return entity
        return {name: entity[name] for name in asked.query["$select"].split(",")}


def preferred_size(asked: Asked, usual: int) -> int:
    """How many entities a page is to have."""
    found = re.search(r"odata\.maxpagesize=(\d+)", asked.headers.get("prefer", ""))
    return int(found[1]) if found else usual

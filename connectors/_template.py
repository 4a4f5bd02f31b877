"""What a templated target writes: a tree of YAML whose leaves hold `{{ expressions }}`.

The expressions are those of mappings (`agent.mapping.expressions`) over other names:

- `record`: the record's data; `key`, `id`, `version`: those of the message
- `item`, `number`: inside `each`, one element of the list and its place, counted from 1
- `reply`: what the other side answered before, where a target has several steps
- `reference`: the id that the other side gave to this very record, where it has one
- `found`: what the target looked up for the record before it wrote, by name

A leaf that is one expression keeps the type of its value; `"Web {{ record.number }}"` is a text. A
mapping with the keys `each` and `make` becomes a list: `make` is rendered for every element of
`each`. `record.customer | reference('customer')` is the id that this target gave to the customer;
until it has one, the message waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from agent.contract import Bindings
from agent.errors import Rejected
from agent.mapping.expressions import Expression
from agent.mapping.problem import Invalid
from agent.mapping.refusal import Refused
from agent.model import Json, Message, Op, Receipt

NAMES = frozenset(
    {"record", "key", "id", "version", "item", "number", "reply", "reference", "found"}
)
_PARTS = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


class NotThereYet(Exception):
    """A record that the template refers to has no id on the other side so far."""

    def __init__(self, entity: str, key: str) -> None:
        super().__init__(f"{entity} {key}")
        self.entity = entity
        self.key = key

    def receipt(self, message: Message) -> Receipt:
        """Says that the message waits for it."""
        return Receipt(
            message.id,
            accepted=False,
            code="SA-5006",
            reason=f"waits for {self.entity} {self.key}, which has no number there yet",
            waits=True,
        )


class Scope:
    """What the names of a template stand for, for one message."""

    def __init__(self, message: Message, bindings: Bindings) -> None:
        self._bindings = bindings
        self._missing: list[tuple[str, str]] = []
        record = {} if message.op is Op.DELETE else msgspec.json.decode(message.body)
        self.names: dict[str, Any] = {
            "record": record,
            "key": message.key,
            "id": message.id,
            "version": message.version,
            "item": None,
            "number": 0,
            "reply": {},
            "find_reference": self._find_reference,
        }

    def _find_reference(self, entity: str, key: str) -> str | None:
        found = self._bindings.find(entity, [key]).get(key)
        if found is None:
            self._missing.append((entity, key))
        return found

    def require_references(self) -> None:
        """Raises `NotThereYet` where an id was asked for that is not known."""
        if self._missing:
            raise NotThereYet(*self._missing.pop(0))


class Template:
    """One tree, compiled. Equal trees are equal templates."""

    def __init__(self, tree: Json) -> None:
        self.tree = tree
        self._root = _compiled(tree)

    def __eq__(self, other: object) -> bool:
        """By the tree it was made of."""
        return isinstance(other, Template) and other.tree == self.tree

    def __hash__(self) -> int:
        """Hash of the tree's text."""
        return hash(repr(self.tree))

    def __deepcopy__(self, _memo: object) -> Template:
        """Itself: it never changes."""
        return self

    def __repr__(self) -> str:
        """The tree."""
        return f"Template({self.tree!r})"

    def render(self, scope: Scope, **more: Any) -> Json:
        """The tree with its values. Raises `Rejected`, and `NotThereYet` where it has to wait.

        `more` adds to the names: `item` and `number` of an element, `reply` of an earlier step.
        """
        names = scope.names | more
        try:
            value = self._root.value(names)
        except Refused as refusal:
            # What stands for a missing id goes with no operation: it is the reason, not the error.
            scope.require_references()
            raise Rejected("SA-5007", f"the template {refusal}", hint=refusal.hint) from None
        scope.require_references()
        return value

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Any tree of texts; an expression that cannot be read is an error of its own."""
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.plain_serializer_function_ser_schema(_tree_of)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A text, a list or a mapping."""
        return {"type": ["string", "array", "object"]}


def _validated(value: Any) -> Template:
    if isinstance(value, Template):
        return value
    try:
        return Template(value)
    except Invalid as invalid:
        raise PydanticCustomError("template", "{text}", {"text": invalid.text}) from None


def _tree_of(template: Template) -> Json:
    return template.tree


def _elements(value: Json) -> Sequence[Json]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Refused("SA-5007", "`each` gives no list")
    return value


class _Constant:
    def __init__(self, constant: Json) -> None:
        self._constant = constant

    def value(self, names: Mapping[str, Any]) -> Json:
        del names
        return self._constant


class _Value:
    """A leaf that is one expression."""

    def __init__(self, source: str) -> None:
        self._expression = Expression(source.strip(), names=NAMES)

    def value(self, names: Mapping[str, Any]) -> Json:
        return self._expression.evaluate(names)


class _Text:
    """A leaf in which expressions stand among text; nothing stands for null."""

    def __init__(self, leaf: str) -> None:
        parts = _PARTS.split(leaf)
        self._parts = [_Value(part) if i % 2 else _Constant(part) for i, part in enumerate(parts)]

    def value(self, names: Mapping[str, Any]) -> Json:
        return "".join(_text(part.value(names)) for part in self._parts)


class _Mapping:
    def __init__(self, tree: Mapping[str, Json]) -> None:
        self._fields = {name: _compiled(each) for name, each in tree.items()}

    def value(self, names: Mapping[str, Any]) -> Json:
        return {name: each.value(names) for name, each in self._fields.items()}


class _List:
    def __init__(self, tree: Sequence[Json]) -> None:
        self._elements = [_compiled(each) for each in tree]

    def value(self, names: Mapping[str, Any]) -> Json:
        return [each.value(names) for each in self._elements]


class _Each:
    def __init__(self, tree: Mapping[str, Json]) -> None:
        self._each, self._make = _compiled(tree["each"]), _compiled(tree["make"])

    def value(self, names: Mapping[str, Any]) -> Json:
        return [
            self._make.value({**names, "item": item, "number": number})
            for number, item in enumerate(_elements(self._each.value(names)), start=1)
        ]


_Node = _Constant | _Value | _Text | _Mapping | _List | _Each


def _compiled(tree: Json) -> _Node:
    if isinstance(tree, Mapping):
        return _Each(tree) if tree.keys() == {"each", "make"} else _Mapping(tree)
    if isinstance(tree, list | tuple):
        return _List(tree)
    if not isinstance(tree, str) or "{{" not in tree:
        return _Constant(tree)
    whole = _PARTS.fullmatch(tree.strip())
    if whole and "}}" not in whole[1]:
        return _Value(whole[1])
    return _Text(tree)


def _text(value: Json) -> str:
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def elements(template: Template, scope: Scope) -> Iterator[Mapping[str, Any]]:
    """For each element of the list that the template gives: the names it adds."""
    for number, item in enumerate(_elements(template.render(scope)), start=1):
        yield {"item": item, "number": number}

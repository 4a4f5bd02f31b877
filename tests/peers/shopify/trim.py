"""Writes `admin.graphql`: of Shopify's Admin schema what the adapter's documents use.

    npm pack @shopify/dev-mcp && tar xzf shopify-dev-mcp-*.tgz
    python -m tests.peers.shopify.trim package/dist/data/admin_2026-10.json.gz

Objects keep the fields that some document names; inputs and enumerations are kept whole, so that a
misspelt field of an input is found. Descriptions are left out.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    build_schema,
    get_named_type,
    parse,
    print_type,
    visit,
)

from tests.peers.shopify.documents import every_document

SCHEMA = Path(__file__).with_name("admin.graphql")
ALSO = {("MediaImage", "id"), ("AppCatalog", "title")}
"""What interfaces need to have somebody behind them."""
DIRECTIVE = "directive @idempotent(key: String!) on FIELD\n"


class _Fields(Visitor):
    """Collects which fields of which types a document names."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.found: set[tuple[str, str]] = set()

    def enter_field(self, *_: object) -> None:
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        if parent and field:
            name = next(n for n, each in getattr(parent, "fields", {}).items() if each is field)
            self.found.add((parent.name, name))


def used_fields(schema: GraphQLSchema) -> set[tuple[str, str]]:
    """Type and field, of all that the documents name."""
    found: set[tuple[str, str]] = set()
    for text in every_document():
        info = TypeInfo(schema)
        fields = _Fields(info)
        visit(parse(text), TypeInfoVisitor(info, fields))
        found |= fields.found
    return found | ALSO


def trimmed(schema: GraphQLSchema) -> str:
    """The schema with nothing in it that the documents do not need."""
    used = used_fields(schema)
    kept: dict[str, GraphQLNamedType] = {name: schema.type_map[name] for name, _ in used}
    for name, field in used:
        for each in _reached(schema.type_map[name].fields[field]):  # type: ignore[attr-defined]
            _keep(kept, each)
    for kind in kept.values():
        _cut(kind, used, kept)
        _silence(kind)
    head = f"schema {{ query: QueryRoot mutation: Mutation }}\n\n{DIRECTIVE}\n"
    return head + "\n\n".join(print_type(kept[name]) for name in sorted(kept)) + "\n"


def _cut(
    kind: GraphQLNamedType, used: set[tuple[str, str]], kept: Mapping[str, GraphQLNamedType]
) -> None:
    """Leave out fields, interfaces and members that nobody names; a node keeps its id."""
    if isinstance(kind, GraphQLUnionType):
        kind.types = tuple(each for each in kind.types if each.name in kept)
    elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        names = {name for each, name in used if each == kind.name}
        if kind.name == "Node" or any(each.name == "Node" for each in kind.interfaces):
            names.add("id")
        kind.fields = {name: each for name, each in kind.fields.items() if name in names}
        is_object = isinstance(kind, GraphQLObjectType)
        kind.interfaces = tuple(i for i in kind.interfaces if is_object and i.name in kept)


def _silence(kind: GraphQLNamedType) -> None:
    kind.description = None
    for each in getattr(kind, "fields", {}).values():
        each.description = None
        for argument in getattr(each, "args", {}).values():
            argument.description = None
    for value in getattr(kind, "values", {}).values():
        value.description = None


def _reached(field: GraphQLField) -> Iterator[GraphQLNamedType]:
    yield get_named_type(field.type)
    for argument in field.args.values():
        yield get_named_type(argument.type)


def _keep(kept: dict[str, GraphQLNamedType], kind: GraphQLNamedType) -> None:
    if kind.name in kept and not isinstance(kind, GraphQLInputObjectType):
        return
    fresh = kind.name not in kept
    if not kind.name.startswith("__") and kind.name not in {
        "String",
        "Int",
        "Float",
        "Boolean",
        "ID",
    }:
        kept[kind.name] = kind
    if isinstance(kind, GraphQLInputObjectType) and fresh:
        for each in kind.fields.values():
            _keep(kept, get_named_type(each.type))


def main() -> None:
    """Read the whole schema, write the small one, and see that it can be built."""
    whole = json.loads(gzip.decompress(Path(sys.argv[1]).read_bytes()))
    text = trimmed(build_client_schema(whole.get("data", whole)))
    build_schema(text)
    SCHEMA.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""A request written from templates: values stand in an address escaped, in JSON exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote, urlencode

import msgspec
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from agent.errors import Rejected
from agent.mapping.problem import Invalid
from agent.model import Json
from connectors._http import Request
from connectors._template import Scope, Template

Format = Literal["json", "form"]
_EXPRESSION = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Address:
    """A path with `{{ expressions }}`, each of whose values stays inside its place."""

    def __init__(self, text: str) -> None:
        """Raises ValueError for what is no path, `Invalid` for an expression that is none."""
        if not text.startswith("/") or text.startswith("//") or "#" in text:
            raise ValueError("write a path like /products/{{ record.sku }}")
        self.text = text
        self._parts = [
            Template(part) if number % 2 else part
            for number, part in enumerate(_EXPRESSION.split(text))
        ]

    def __eq__(self, other: object) -> bool:
        """By the text it was made of."""
        return isinstance(other, Address) and other.text == self.text

    def __hash__(self) -> int:
        """Hash of the text."""
        return hash(self.text)

    def __repr__(self) -> str:
        """The text."""
        return f"Address({self.text!r})"

    @property
    def fixed(self) -> bool:
        """Whether it is the same for every record."""
        return len(self._parts) == 1

    def render(self, scope: Scope) -> str:
        """The path with its values."""
        return "".join(
            part if isinstance(part, str) else _escaped(part.render(scope)) for part in self._parts
        )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """A text."""
        return core_schema.no_info_plain_validator_function(
            _address, serialization=core_schema.plain_serializer_function_ser_schema(_text_of)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A text."""
        return {"type": "string"}


def _address(value: Any) -> Address:
    if isinstance(value, Address):
        return value
    try:
        return Address(str(value))
    except Invalid as invalid:
        raise PydanticCustomError("template", "{text}", {"text": invalid.text}) from None


def _text_of(address: Address) -> str:
    return address.text


def _escaped(value: Json) -> str:
    text = plain(value)
    if text in {"", ".", ".."}:
        raise Rejected("SA-5337", f"the value {value!r} cannot stand in an address")
    return quote(text, safe="")


def plain(value: Json) -> str:
    """A value as addresses, headers and forms carry it; raises `Rejected` for lists and objects."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str | int):
        return str(value)
    raise Rejected("SA-5337", f"{str(value)[:80]} is no single value, as an address or form has it")


def write(
    method: str,
    url: str,
    *,
    query: Mapping[str, Json],
    headers: Mapping[str, Json],
    body: Json,
    form: Format,
) -> Request:
    """The request as it is sent, unsigned. Parameters and headers without a value are left out."""
    if pairs := list(_pairs(query)):
        url += ("&" if "?" in url else "?") + urlencode(pairs, quote_via=quote)
    written = [(name, _header(name, value)) for name, value in headers.items() if value is not None]
    if body is None:
        return Request(method, url, written)
    if form == "json":
        written.append(("content-type", "application/json"))
        return Request(method, url, written, _encode(body))
    if not isinstance(body, dict):
        raise Rejected("SA-5337", "a form is a mapping of names and values")
    written.append(("content-type", "application/x-www-form-urlencoded"))
    return Request(method, url, written, urlencode(list(_pairs(body))).encode())


def _pairs(values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Names and values; a name comes as often as its list has elements."""
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield name, plain(each)


def _header(name: str, value: Json) -> str:
    text = plain(value)
    if not (text.isascii() and text.isprintable()):
        raise Rejected("SA-5337", f"the header {name} cannot carry {text[:80]!r}")
    return text

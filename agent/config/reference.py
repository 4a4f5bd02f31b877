"""The reference page of the configuration, written from the models that check it."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import WithJsonSchema

from agent.config.alerts import AlertSettings
from agent.config.dashboard import DashboardSettings
from agent.config.kinds import available
from agent.config.settings import (
    ApiSettings,
    Credentials,
    Delivery,
    FlowSettings,
    LogSettings,
    Lookup,
    OrdersLookup,
    Reading,
    Site,
    StoreSettings,
)
from agent.config.telemetry import TelemetrySettings
from agent.contract import Kind
from agent.quantities import byte_count, seconds, share
from agent.secrets import Secret

_INTRODUCTION = """\
# Configuration reference

Generated from the models that check the file; a whole example is
[`config.example.yaml`](../../config.example.yaml).

- Every value is read as text and typed by the key that takes it: `NO` stays Novara, `00123` stays
  a code. Quotes are needed only where YAML itself needs them.
- Keys that are not listed here are refused. At the top level, keys that start with `x-` are yours,
  as a place for YAML anchors.
- Times are written like `500ms`, `30s`, `5m`, `1h30m`, `2d`; sizes like `512KB`, `64MB`, `2GB`;
  shares like `10%`.
- A secret is a reference: `env:NAME`, `file:/path` (mode 600), `keyring:NAME` or `credential:NAME`
  (systemd). Plain passwords are refused.
- Relative paths count from the folder of the configuration.
"""

_WORDS: dict[object, str] = {
    str: "text",
    date: "day",
    int: "whole number",
    float: "number",
    Decimal: "number",
    bool: "yes or no",
    Path: "path",
    Secret: "secret",
    type(None): "nothing",
}
_TIMES = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
_SIZES = ((10**9, "GB"), (10**6, "MB"), (10**3, "KB"), (2**20, "MiB"), (2**10, "KiB"))

_CONNECTIONS = """\
## connections.NAME

A system that can be reached, under a name of your choice. `kind` names the system, `delivery` says
how it is delivered to, where it is a target. The other keys, but for this one, belong to the kind:
see below.
"""
_FLOWS = """\
## Ends of a flow

`source`, `target` and each of `lookups` of a flow hold a `connection`, the name of one under
`connections`, and what its kind wants to know: see below. A lookup that names `orders` reads none.
"""

COLUMNS = ("Key", "Value", "Default", "What it is")

Section: TypeAlias = tuple[str, type[BaseModel]]
"""Heading and model."""


def configuration_markdown() -> str:
    """The whole page."""
    page = [_INTRODUCTION, *_sections(("site", Site), "##"), _CONNECTIONS]
    page += [*_table(Credentials), ""]
    page += _sections(("connections.NAME.reading", Reading), "##")
    page += _sections(("connections.NAME.delivery", Delivery), "##")
    page += _sections(("flows.NAME", FlowSettings), "##")
    page += _sections(("flows.NAME.lookups.NAME", Lookup), "##")
    page += _sections(("flows.NAME.lookups.NAME (of orders)", OrdersLookup), "##")
    page += [_FLOWS, *_sections(("store", StoreSettings), "##")]
    page += _sections(("api", ApiSettings), "##")
    page += _sections(("dashboard", DashboardSettings), "##")
    page += _sections(("alerts", AlertSettings), "##")
    page += _sections(("log", LogSettings), "##")
    page += _sections(("telemetry", TelemetrySettings), "##")
    page += ["## Kinds", ""]
    for kind in available():
        page += [f"### kind: {kind.name}", "", f"{kind.summary.rstrip('.')}.", ""]
        for section in _of_kind(kind):
            page += _sections(section, "####")
        page += _presets(kind)
    return "\n".join(page).rstrip() + "\n"


def sections_of(kind: Kind) -> Iterator[Section]:
    """Headings and models of what may stand in the configuration of a kind."""
    for section in _of_kind(kind):
        yield from _nested(section)


def _of_kind(kind: Kind) -> Iterator[Section]:
    yield f"{kind.name}: connection", kind.connection
    if kind.source:
        yield f"{kind.name}: source of a flow", kind.source_options
    if kind.target:
        yield f"{kind.name}: target of a flow", kind.target_options


def _presets(kind: Kind) -> Iterator[str]:
    """A table of the flows that a kind holds ready."""
    if not kind.presets:
        return
    yield from (f"#### {kind.name}: presets", "")
    yield "| Preset | Entity | What it reads | Fields |"
    yield "|---|---|---|---|"
    for name, preset in kind.presets.items():
        fields = ", ".join(f"`{field}`" for field in preset.flow["mapping"])
        yield f"| `{name}` | {preset.entity} | {preset.summary.rstrip('.')} | {fields} |"
    yield ""


def _nested(section: Section) -> Iterator[Section]:
    """A model, then those inside it, each once."""
    waiting, done = [section], set()
    while waiting:
        heading, model = waiting.pop(0)
        if model in done:
            continue
        done.add(model)
        yield heading, model
        separator = " → " if ": " in heading else "."
        for name, field in model.model_fields.items():
            key = f"{heading}{separator}{field.alias or name}"
            waiting += [(key, found) for found in _models(field.annotation)]


def _sections(section: Section, level: str) -> Iterator[str]:
    """A model's table, then those of the models inside it."""
    for heading, model in _nested(section):
        yield from (f"{level} {heading}", "")
        if model.model_fields:
            yield from (cleandoc(model.__doc__ or ""), "", *_table(model), "")
        else:
            yield from ("No keys of its own.", "")


def _table(model: type[BaseModel]) -> Iterator[str]:
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "|---" * len(COLUMNS) + "|"
    for line in lines_of(model):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |"


def lines_of(model: type[BaseModel]) -> Iterator[tuple[str, str, str, str]]:
    """The cells of a model's table, as Markdown, a line for each key."""
    hints = get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        yield (
            f"`{field.alias or name}`",
            _type(hints[name]),
            _default(field, hints[name]),
            (field.description or "").rstrip("."),
        )


def _type(hint: Any) -> str:
    """What a person writes for a value of this type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        examples = _examples(arguments[1:])
        return f"like {examples}" if examples else _type(arguments[0])
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in arguments if word)
    if origin in (Union, types.UnionType):
        return " or ".join(_type(part) for part in arguments if part is not type(None))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"keys with {_type(arguments[1])}"
    if origin in (tuple, list):
        return f"list of {_type(arguments[0])}"
    if isinstance(hint, type) and issubclass(hint, RootModel):
        return _type(hint.model_fields["root"].annotation)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return ", ".join(f"`{word.value}`" for word in hint)
    return _WORDS.get(hint, "section")


def _examples(metadata: tuple[object, ...]) -> str:
    schemas = (each.json_schema for each in metadata if isinstance(each, WithJsonSchema))
    return ", ".join(f"`{text}`" for schema in schemas for text in (schema or {})["examples"])


def _default(field: FieldInfo, hint: Any) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, BaseModel):
        return "its defaults"
    if value is None or value in ("", (), [], {}):
        return ""
    return f"`{_written(value, _validators(hint))}`"


def _written(value: Any, validators: set[object]) -> str:
    """A default as a person would write it in the file."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(_written(item, validators) for item in value)
    if seconds in validators:
        factor, unit = next(
            ((factor, unit) for factor, unit in _TIMES if value % factor == 0), (0.001, "ms")
        )
        return f"{value / factor:g}{unit}"
    if byte_count in validators:
        factor, unit = next((pair for pair in _SIZES if value % pair[0] == 0), (1, "B"))
        return f"{value // factor}{unit}"
    if share in validators:
        return f"{value * 100:g}%"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _validators(hint: Any) -> set[object]:
    """The functions that read a value of this type, wherever they stand inside it."""
    own = {getattr(each, "func", None) for each in getattr(hint, "__metadata__", ())}
    parts = get_args(hint) if get_origin(hint) is not Literal else ()
    return own.union(*(_validators(part) for part in parts))


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, RootModel):
        yield from _models(hint.model_fields["root"].annotation)
    elif isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    else:
        for part in get_args(hint):
            yield from _models(part)


def models_inside(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models of a model's fields."""
    for field in model.model_fields.values():
        yield from _models(field.annotation)

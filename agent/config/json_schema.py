"""The JSON Schema of the whole file, for editors: generated from the same models that check it.

Values are text in YAML and typed at the field, so wherever a number or yes/no stands, a text is
admitted too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from agent.config.alerts import AlertSettings
from agent.config.dashboard import DashboardSettings
from agent.config.kinds import available
from agent.config.presets import MERGED
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

Schema: TypeAlias = dict[str, Any]

_SECTIONS: dict[str, type[BaseModel]] = {
    "site": Site,
    "store": StoreSettings,
    "api": ApiSettings,
    "dashboard": DashboardSettings,
    "alerts": AlertSettings,
    "log": LogSettings,
    "telemetry": TelemetrySettings,
}
_TEMPLATE = "#/$defs/{model}"
_NO_PROPERTIES: Schema = {}
_VALUES = ("default", "examples", "const", "enum")
"""Keywords that hold values, not schemas."""
NAME_PATTERN = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"


def json_schema() -> Schema:
    """The schema of a configuration with every kind that this machine can load."""
    return _Writer().document()


class _Writer:
    """Puts the models' schemas together."""

    def __init__(self) -> None:
        self._kinds = available()
        models: set[type[BaseModel]] = {
            Credentials,
            Delivery,
            FlowSettings,
            Lookup,
            OrdersLookup,
            Reading,
            *_SECTIONS.values(),
        }
        for kind in self._kinds:
            models |= {kind.connection, kind.source_options, kind.target_options}
        ordered = sorted(models, key=lambda model: (model.__module__, model.__qualname__))
        references, definitions = models_json_schema(
            [(model, "validation") for model in ordered], ref_template=_TEMPLATE
        )
        self._references = {model: schema["$ref"] for (model, _), schema in references.items()}
        self._definitions: Schema = definitions["$defs"]

    def document(self) -> Schema:
        """The whole schema."""
        properties = {name: self._reference(model) for name, model in _SECTIONS.items()}
        properties["connections"] = _named(
            "Name → a system that can be reached",
            {"oneOf": [self._connection(kind.name, kind.connection) for kind in self._kinds]},
        )
        properties["flows"] = _named("Name → one line of traffic", self._flow())
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "SyncAgent configuration",
            "type": "object",
            "properties": properties,
            "patternProperties": {"^x-": {"description": "Yours: a place for YAML anchors"}},
            "required": ["connections", "flows"],
            "additionalProperties": False,
        }
        schema["$defs"] = self._used(schema)
        _admit_text(schema)
        return schema

    def _reference(self, model: type[BaseModel]) -> Schema:
        return {"$ref": self._references[model]}

    def _definition(self, model: type[BaseModel]) -> Schema:
        found: Schema = self._definitions[self._references[model].rpartition("/")[2]]
        return found

    def _own(self, model: type[BaseModel]) -> Schema:
        """The keys of a model, to stand beside those of a kind."""
        found: Schema = self._definition(model)["properties"]
        return found

    def _with(
        self, model: type[BaseModel], properties: Schema, required: tuple[str, ...]
    ) -> Schema:
        """A model's schema with further keys beside its own."""
        own = self._definition(model)
        return {
            **own,
            "properties": properties | own.get("properties", {}),
            "required": [*required, *own.get("required", ())],
        }

    def _connection(self, kind: str, model: type[BaseModel]) -> Schema:
        ours = {
            "kind": {"const": kind},
            "delivery": self._reference(Delivery),
            "reading": self._reference(Reading),
            **self._own(Credentials),
        }
        return self._with(model, ours, ("kind",))

    def _flow(self) -> Schema:
        sources = [kind.source_options for kind in self._kinds if kind.source]
        targets = [kind.target_options for kind in self._kinds if kind.target]
        ends = {
            "source": self._ends(sources),
            "target": self._ends(targets),
            "lookups": _named(
                "Tables in which values are looked up, by name", self._lookups(sources)
            ),
        }
        flow = self._with(FlowSettings, ends, ("source", "target"))
        return self._with_presets(flow) if any(kind.presets for kind in self._kinds) else flow

    def _with_presets(self, flow: Schema) -> Schema:
        """A flow that follows a preset need say nothing of what the preset says."""
        ready = [kind for kind in self._kinds if kind.presets]
        own = flow["properties"]
        names = sorted({name for kind in ready for name in kind.presets})
        field = {"anyOf": [{"$ref": _TEMPLATE.format(model="FieldSpec")}, {"type": "null"}]}
        following = {
            "source": self._ends([kind.source_options for kind in ready], following=True),
            "mapping": {"type": "object", "additionalProperties": field},
        }
        return {
            **flow,
            "properties": own | {"preset": {**own["preset"], "enum": names}, **_anything(*MERGED)},
            "required": ["source", "target"],
            "if": {"required": ["preset"]},
            "then": {"properties": following},
            "else": {
                "properties": {name: own[name] for name in MERGED},
                "required": flow["required"],
            },
        }

    def _lookups(self, sources: Sequence[type[BaseModel]]) -> Schema:
        return {
            "anyOf": [
                *self._ends(sources, self._own(Lookup))["anyOf"],
                self._reference(OrdersLookup),
            ]
        }

    def _ends(
        self,
        models: Sequence[type[BaseModel]],
        further: Schema = _NO_PROPERTIES,
        *,
        following: bool = False,
    ) -> Schema:
        """Any of the kinds: which one it is depends on the connection that is named."""
        connection = {"type": "string", "description": "Name of the connection"}
        ours = {"connection": connection, **further}
        ends = [self._with(each, ours, tuple(ours)) for each in dict.fromkeys(models)]
        if following:
            ends = [{**end, "required": list(ours)} for end in ends]
        return {"anyOf": ends}

    def _used(self, schema: Schema) -> Schema:
        """The definitions that are referred to, straight or through another one."""
        used: Schema = {}
        waiting = _references(schema)
        while waiting:
            name = waiting.pop()
            if name not in used:
                used[name] = self._definitions[name]
                waiting |= _references(used[name])
        return dict(sorted(used.items()))


def _anything(*names: str) -> Schema:
    return {name: {"type": "object"} for name in names}


def _named(description: str, each: Schema) -> Schema:
    return {
        "type": "object",
        "description": description,
        "propertyNames": {"pattern": NAME_PATTERN},
        "additionalProperties": each,
    }


def _references(schema: object) -> set[str]:
    if isinstance(schema, list):
        return {name for part in schema for name in _references(part)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["$ref"].rpartition("/")[2]} if isinstance(schema.get("$ref"), str) else set()
    return own | {name for part in schema.values() for name in _references(part)}


def _admit_text(schema: object) -> None:
    """Let `"5"` stand where 5 may stand."""
    if isinstance(schema, list):
        for part in schema:
            _admit_text(part)
    if not isinstance(schema, dict):
        return
    if schema.get("type") in ("integer", "number", "boolean"):
        schema["type"] = [schema["type"], "string"]
    for keyword, part in schema.items():
        if keyword not in _VALUES:
            _admit_text(part)

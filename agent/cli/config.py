"""`syncagent config`: is it right, what may stand in it, what is in force, how to begin."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import click
import yaml
from pydantic import BaseModel

from agent.cli.invocation import Group, Invocation, pass_invocation
from agent.config import Config, Flow, OrdersEnd, load
from agent.config.json_schema import json_schema

_EXAMPLES = (
    Path(__file__).parents[2] / "config.example.yaml",
    Path(sys.prefix) / "share/syncagent/config.example.yaml",
)
"""In a checkout, and where a package installs it."""


@click.group(cls=Group)
def config() -> None:
    """Check the configuration; its schema and an example."""


@config.command("check")
@pass_invocation
def check(invocation: Invocation) -> None:
    """Check the whole file and list every problem. Reaches no system: see `syncagent check`."""
    found = load(invocation.config_path)
    answer = {
        "path": str(found.path),
        "connections": len(found.connections),
        "flows": len(found.flows),
    }
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(
            "{path}: no problems; {connections} connections, {flows} flows".format(**answer)
        )


@config.command("schema")
@pass_invocation
def schema(invocation: Invocation) -> None:
    """Print the JSON Schema of the file, for editors that complete and check YAML."""
    invocation.terminal.line(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@config.command("show")
@pass_invocation
def show(invocation: Invocation) -> None:
    """Show the configuration with all defaults filled in. Secrets stay references."""
    found = as_shown(load(invocation.config_path))
    if invocation.terminal.as_json:
        invocation.terminal.document({"configuration": found})
    else:
        invocation.terminal.line(
            yaml.safe_dump(found, sort_keys=False, allow_unicode=True).rstrip()
        )


@config.command("example")
@pass_invocation
def example(invocation: Invocation) -> None:
    """Print an example to begin with: `syncagent config example > config.yaml`."""
    path = next(path for path in _EXAMPLES if path.exists())
    text = path.read_text(encoding="utf-8").rstrip()
    if invocation.terminal.as_json:
        invocation.terminal.document({"example": text})
    else:
        invocation.terminal.line(text)


def as_shown(found: Config) -> dict[str, Any]:
    """A configuration as the file would say it, had it left out nothing."""
    return {
        "site": _plain(found.site),
        "connections": {
            name: {
                "kind": each.kind.name,
                **_plain(each.options),
                **({"expires": str(each.expires)} if each.expires else {}),
                "reading": _plain(each.reading),
                "delivery": _plain(each.delivery),
            }
            for name, each in found.connections.items()
        },
        "flows": {name: _flow(flow) for name, flow in found.flows.items()},
        "store": _plain(found.store),
        "api": _plain(found.api),
        "dashboard": _plain(found.dashboard),
        "alerts": _plain(found.alerts),
        "log": _plain(found.log),
        "telemetry": _plain(found.telemetry),
    }


def _flow(flow: Flow) -> dict[str, Any]:
    ends = {
        side: {"connection": end.connection.name, **_plain(end.options)}
        for side, end in (("source", flow.source), ("target", flow.target))
    }
    lookups = {
        each.name: {
            "connection": each.end.connection.name,
            "by": list(each.by),
            **_plain(each.end.options),
        }
        for each in flow.lookups
    } | {each.name: _orders_lookup(each) for each in flow.reserved}
    settings = {
        field.name: _plain(getattr(flow, field.name))
        for field in dataclasses.fields(flow)
        if field.name not in {"name", "mapping", "lookups", "reserved", *ends}
    }
    # What a field of the mapping may say depends on its type, so its defaults are not spelt out.
    settings["mapping"] = flow.mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if lookups:
        ends["lookups"] = lookups
    return {**ends, **{name: value for name, value in settings.items() if value is not None}}


def _orders_lookup(end: OrdersEnd) -> dict[str, Any]:
    shown = {field.name: _plain(getattr(end, field.name)) for field in dataclasses.fields(end)}
    return {name: value for name, value in shown.items() if name != "name" and value is not None}


def _plain(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value

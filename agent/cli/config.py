"""`syncagent config`: is it right, what may stand in it, what is in force, how to begin."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import yaml
from pydantic import BaseModel

from agent.cli.invocation import Group, Invocation, pass_invocation
from agent.config import Config, End, load
from agent.config.json_schema import json_schema
from agent.contract import Kind


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
    invocation.terminal.line(example_path().read_text(encoding="utf-8").rstrip())


def as_shown(found: Config) -> dict[str, Any]:
    """A configuration as the file would say it."""
    shown: dict[str, Any] = _plain(found)
    del shown["path"], shown["digest"]
    return shown


def _plain(value: object) -> Any:
    """Models, dataclasses and containers as plain values."""
    if isinstance(value, Kind):
        return value.name
    if isinstance(value, End):
        return {"connection": value.connection.name, **_plain(value.options)}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name: _plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value

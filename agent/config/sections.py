"""A digest of each section, by which two configurations are told apart without being kept."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from agent.config.configuration import Config, Connection

OF_ITS_OWN = ("site", "store", "api", "dashboard", "alerts", "log", "telemetry")


def sections(config: Config) -> dict[str, str]:
    """Section → digest: `site`, `connections.erp`, `flows.prices` and so on.

    Secrets count by the place that they name: what they are is neither read nor digested.
    """
    found: dict[str, object] = {name: getattr(config, name) for name in OF_ITS_OWN}
    for name, connection in config.connections.items():
        found[f"connections.{name}"] = [
            connection.kind.name,
            connection.options,
            connection.delivery,
            connection.reading,
            connection.expires,
        ]
    found |= {f"flows.{name}": flow for name, flow in config.flows.items()}
    return {name: _digest(value) for name, value in found.items()}


def _digest(value: object) -> str:
    text = json.dumps(value, default=_plain, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def _plain(value: object) -> Any:
    """What JSON does not know; a connection by its name, for it is a section of its own."""
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, Connection):
        return value.name
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)

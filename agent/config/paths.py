"""Relative paths count from the folder of the configuration, wherever the agent was started."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from agent.secrets import Secret

ValueT = TypeVar("ValueT")


def absolute(value: ValueT, folder: Path) -> ValueT:
    """The same value with every path and every `file:` reference inside it made absolute."""
    return _absolute(value, folder)  # type: ignore[return-value]  # the type does not change


def _absolute(value: object, folder: Path) -> object:
    if isinstance(value, Path):
        return folder / value
    if isinstance(value, Secret):
        return value.relative_to(folder)
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        # Only what changes: a model remembers which of its fields the file gave.
        changed = _changed(fields, folder)
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, list | tuple):
        return type(value)(_absolute(item, folder) for item in value)
    if isinstance(value, Mapping):
        return {**value, **_changed(value, folder)}
    return value


def _changed(values: Mapping[str, object], folder: Path) -> dict[str, object]:
    new = {name: _absolute(value, folder) for name, value in values.items()}
    return {name: value for name, value in new.items() if value != values[name]}

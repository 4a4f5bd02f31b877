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
        return value.model_copy(
            update={name: _absolute(field, folder) for name, field in fields.items()}
        )
    if isinstance(value, list):
        return [_absolute(item, folder) for item in value]
    if isinstance(value, tuple):
        return tuple(_absolute(item, folder) for item in value)
    if isinstance(value, Mapping):
        return {key: _absolute(item, folder) for key, item in value.items()}
    return value

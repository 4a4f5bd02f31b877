"""What the configuration says to a connector."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Options of a connection, a source or a target: frozen, unknown keys forbidden.

    Every field carries a description: validation, reference docs, JSON Schema and the sample
    configuration all come from it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class NoOptions(Options):
    """For a kind that needs none."""


ConnectionT = TypeVar("ConnectionT", bound=Options)

OptionsT = TypeVar("OptionsT", bound=Options)

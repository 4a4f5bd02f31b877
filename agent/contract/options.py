"""What the configuration says to a connector."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from agent.contract.finding import Finding


class Options(BaseModel):
    """Options of a connection, a source or a target: frozen, unknown keys forbidden.

    Every field carries a description: validation, reference docs, JSON Schema and the sample
    configuration all come from it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def endings(self) -> Iterator[Finding]:
        """What ends on a day that the other side shows to anybody: its certificate.

        Reaches it without logging in. Raises the three errors.
        """
        return iter(())


class NoOptions(Options):
    """For a kind that needs none."""


ConnectionT = TypeVar("ConnectionT", bound=Options)

OptionsT = TypeVar("OptionsT", bound=Options)

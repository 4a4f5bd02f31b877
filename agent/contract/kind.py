"""What stands behind `kind:` in the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.contract.calls import Commands, Receiver
from agent.contract.connector import Connector
from agent.contract.options import NoOptions, Options
from agent.contract.source import Source
from agent.contract.target import Target

AnySource = Source[Any, Any]

AnyTarget = Target[Any, Any]

AnyReceiver = Receiver[Any]

AnyCommands = Commands[Any]


def can(connector: Connector[Any, Any], ability: str) -> bool:
    """Whether a connector overrides an optional method of its contract."""
    base: type = Source if isinstance(connector, Source) else Target
    return getattr(type(connector), ability) is not getattr(base, ability)


@dataclass(frozen=True, slots=True)
class Preset:
    """What a flow over a system need not say: plain data, as a configuration would say it.

    `flow` holds options of the source under `source`, the `entity`, the `mapping`, and whatever
    other key of a flow belongs to them. A flow that says `preset: NAME` is filled up with it;
    what the flow says itself wins.
    """

    summary: str
    flow: Mapping[str, Any]

    @property
    def entity(self) -> str:
        """What its records are."""
        return str(self.flow["entity"])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of system: what stands behind `kind:` in the configuration."""

    name: str
    summary: str
    connection: type[Options]
    source: type[AnySource] | None = None
    source_options: type[Options] = NoOptions
    target: type[AnyTarget] | None = None
    target_options: type[Options] = NoOptions
    receiver: type[AnyReceiver] | None = None
    commands: type[AnyCommands] | None = None
    presets: Mapping[str, Preset] = field(default_factory=dict)
    """Ready flows over the source, by name."""

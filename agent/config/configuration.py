"""A configuration that holds: what the rest of the engine reads, and where objects come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from agent.config.alerts import AlertSettings
from agent.config.dashboard import DashboardSettings
from agent.config.settings import (
    ApiSettings,
    Delivery,
    Guard,
    LogSettings,
    Reading,
    Schedule,
    Site,
    StoreSettings,
    TwoWay,
    Until,
)
from agent.config.telemetry import TelemetrySettings
from agent.contract import AnySource, AnyTarget, Kind, Options
from agent.mapping.spec import MappingSpec, Notation, Totals
from agent.secrets import Secret


@dataclass(frozen=True, slots=True)
class Connection:
    """A system that can be reached: its kind with its options, how it is read and delivered to."""

    name: str
    kind: Kind
    options: Options
    delivery: Delivery
    reading: Reading
    expires: date | None
    """The day on which our credentials there end, where somebody said so."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a flow: the connection and what the flow adds to it."""

    connection: Connection
    options: Options

    @property
    def kind(self) -> Kind:
        """The kind of the connection."""
        return self.connection.kind


@dataclass(frozen=True, slots=True)
class LookupEnd:
    """A table in which a flow looks values up, by columns of its row."""

    name: str
    end: End
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrdersEnd:
    """What orders take from the stock, looked up by columns of the flow's row."""

    name: str
    orders: str
    by: tuple[str, ...]
    warehouse: str
    until: Until | None
    lag: float


@dataclass(frozen=True, slots=True)
class Flow:
    """One line of traffic, with every default filled in. `schedule.time_zone` is always set."""

    name: str
    enabled: bool
    preset: str
    source: End
    target: End
    lookups: tuple[LookupEnd, ...]
    reserved: tuple[OrdersEnd, ...]
    entity: str
    mapping: MappingSpec
    where: str
    delete_when: str
    hook: Path | None
    notation: Notation
    schedule: Schedule
    watch: bool
    guard: Guard | None
    lane: int
    coalesce: bool
    batch_size: int
    joins: str
    two_way: TwoWay | None
    totals: Totals | None
    newer_by: str
    freshness: float | None

    @property
    def ledger(self) -> str:
        """Under which flow's name its records are known: that of the flow it joins, or its own."""
        return self.joins or self.name


@dataclass(frozen=True, slots=True)
class SecretUse:
    """A place in the configuration that names a secret: `connections.erp.password`."""

    where: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class Config:
    """A whole configuration, checked. `digest` is the SHA-256 of the file, in hex.

    `text` is what the file says, as people may see it: secrets are left out.
    """

    path: Path
    digest: str
    text: str = field(repr=False)
    site: Site
    connections: Mapping[str, Connection]
    flows: Mapping[str, Flow]
    store: StoreSettings
    api: ApiSettings
    dashboard: DashboardSettings
    alerts: AlertSettings
    log: LogSettings
    telemetry: TelemetrySettings

    def build_source(self, flow: str) -> AnySource:
        """A new source for one run of a flow; whoever builds it closes it."""
        return _source(self.flows[flow].source)

    def build_lookup(self, flow: str, name: str) -> AnySource:
        """A new source for a table in which the flow looks values up."""
        return next(_source(each.end) for each in self.flows[flow].lookups if each.name == name)

    def build_target(self, flow: str) -> AnyTarget:
        """A new target for the messages of a flow; whoever builds it closes it."""
        end = self.flows[flow].target
        if end.kind.target is None:
            raise AssertionError(f"{end.kind.name} has no target; loading refuses that")
        return end.kind.target(end.connection.options, end.options)

    def targets(self) -> dict[str, tuple[Flow, ...]]:
        """Name of each connection that is delivered to → the flows that do so."""
        found: dict[str, tuple[Flow, ...]] = {}
        for flow in self.flows.values():
            name = flow.target.connection.name
            found[name] = (*found.get(name, ()), flow)
        return found

    def secrets(self) -> Iterator[SecretUse]:
        """Every secret that is named, with its place, in the order of the file."""
        for where, value in self._values():
            if isinstance(value, Secret):
                yield SecretUse(where, value)

    def certificates(self) -> Iterator[tuple[str, Path]]:
        """Every file with a certificate of our own that is named, with its place."""
        for where, value in self._values():
            if isinstance(value, Path) and where.endswith("certificate"):
                yield where, value

    def _values(self) -> Iterator[tuple[str, object]]:
        for name, connection in self.connections.items():
            yield from _leaves(connection.options, f"connections.{name}")
        for name, flow in self.flows.items():
            yield from _leaves(flow.source.options, f"flows.{name}.source")
            for each in flow.lookups:
                yield from _leaves(each.end.options, f"flows.{name}.lookups.{each.name}")
            yield from _leaves(flow.target.options, f"flows.{name}.target")
        yield from _leaves(self.api, "api")
        yield from _leaves(self.dashboard, "dashboard")
        yield from _leaves(self.alerts, "alerts")
        yield from _leaves(self.telemetry, "telemetry")


def _source(end: End) -> AnySource:
    if end.kind.source is None:
        raise AssertionError(f"{end.kind.name} has no source; loading refuses that")
    return end.kind.source(end.connection.options, end.options)


def _leaves(value: object, where: str) -> Iterator[tuple[str, object]]:
    """Each single value of a section, with its place."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _leaves(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, f"{where}.{name}")
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{where}[{number}]")
    else:
        yield where, value

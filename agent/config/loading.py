"""A file becomes a `Config`, or all its problems at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import connectors
from agent.config.alerts import AlertSettings
from agent.config.configuration import Config, Connection, End, Flow, LookupEnd, OrdersEnd
from agent.config.dashboard import DashboardSettings
from agent.config.orders import problems_of_orders
from agent.config.pairs import problems_of_pair
from agent.config.paths import absolute
from agent.config.plain_secrets import EMBEDDED, SECRET_KEY, masked
from agent.config.presets import followed
from agent.config.problems import Place, Problems, did_you_mean
from agent.config.settings import (
    ApiSettings,
    Credentials,
    Delivery,
    FlowSettings,
    LogSettings,
    Lookup,
    OrdersLookup,
    Reading,
    Settings,
    Site,
    StoreSettings,
)
from agent.config.telemetry import TelemetrySettings
from agent.config.validation import REFERENCE_HINT, Named, child, follow, validate
from agent.config.yaml_text import Scalar, Section, keyed_scalars, read
from agent.contract import Kind, Options
from agent.entities import ENTITIES
from agent.mapping import check
from agent.secrets import RULE, is_reference

SettingsT = TypeVar("SettingsT", bound=Settings)

SECTIONS = (
    "site",
    "connections",
    "flows",
    "store",
    "api",
    "dashboard",
    "alerts",
    "log",
    "telemetry",
)
OF_CONNECTION = ("kind", "delivery", "reading", "expires")
"""Keys of a connection that are ours; the others belong to its kind."""
OF_FLOW = ("source", "target", "lookups")
"""Keys of a flow that hold what belongs to a kind."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def load(path: Path) -> Config:
    """Read and check a configuration; raises `ConfigurationProblems` with all that is wrong."""
    path = path.absolute()
    problems = Problems(path)
    content, root = read(path, problems)
    config = _Reader(path, root, problems).config(content)
    problems.raise_if_any()
    return config


class _Reader:
    """Goes through one file from top to bottom and notes what is wrong."""

    def __init__(self, path: Path, root: Section, problems: Problems) -> None:
        self._path = path
        self._root = root
        self._problems = problems
        self._connections: dict[str, Connection | None] = {}

    def config(self, content: bytes) -> Config:
        """What could be made of the file; only worth anything where no problem was noted."""
        self._find_secrets()
        self._find_unknown_sections()
        site = self._settings("site", Site)
        self._connections = {
            named.name: self._connection(named) for named in self._sections("connections")
        }
        flows = [self._flow(named, site) for named in self._sections("flows")]
        found = {flow.name: flow for flow in flows if flow}
        self._check_joins(found)
        self._check_pairs(found)
        self._check_orders(found)
        return Config(
            path=self._path,
            digest=hashlib.sha256(content).hexdigest(),
            text=masked(content.decode("utf-8-sig")),
            site=site,
            connections={name: found for name, found in self._connections.items() if found},
            flows={flow.name: flow for flow in flows if flow},
            store=self._settings("store", StoreSettings),
            api=self._settings("api", ApiSettings),
            dashboard=self._settings("dashboard", DashboardSettings),
            alerts=self._settings("alerts", AlertSettings),
            log=self._settings("log", LogSettings),
            telemetry=self._settings("telemetry", TelemetrySettings),
        )

    def _find_secrets(self) -> None:
        """Before anything else, so that no other message repeats one."""
        systems = child(self._root, "connections")
        for key, scalar in keyed_scalars(systems.node) if systems else ():
            if scalar.text and SECRET_KEY.search(key) and not is_reference(scalar.text):
                self._problems.seal(
                    scalar.place, scalar.text, "SA-1301", f'"{key}" {RULE}', REFERENCE_HINT
                )
        for _, scalar in keyed_scalars(self._root):
            found = EMBEDDED.search(scalar.text or "")
            if found:
                self._problems.seal(
                    scalar.place,
                    next(secret for secret in found.groups() if secret),
                    "SA-1302",
                    "a password inside a URL or a connection string",
                    "take it out and name it in a key of its own, as a reference",
                )

    def _find_unknown_sections(self) -> None:
        for name, place in self._root.key_places.items():
            if name not in SECTIONS and not name.startswith("x-"):
                hint = did_you_mean(name, SECTIONS) or f"known here: {', '.join(SECTIONS)}, x-…"
                self._problems.add(place, "SA-1007", f'unknown key "{name}"', hint)

    def _settings(self, name: str, model: type[SettingsT]) -> SettingsT:
        """A section of ours; where it is absent, empty or wrong, its defaults."""
        named = child(self._root, name)
        if named is None or named.node == Scalar(named.node.place, None):
            named = Named(Section(Place(1, 1)), name, Place(1, 1))
        return absolute(validate(model, named, self._problems) or model(), self._path.parent)

    def _sections(self, name: str) -> Iterator[Named]:
        """The named sections under `connections:` or `flows:`."""
        named = child(self._root, name)
        if named is None:
            self._problems.add(Place(1, 1), "SA-1006", f'the file needs the key "{name}"')
            return
        section = self._section(named)
        if section is None:
            return
        for each in section.nodes:
            if not _NAME.fullmatch(each):
                self._problems.add(
                    section.key_places[each],
                    "SA-1009",
                    f'"{each}" cannot be a name',
                    "use letters, digits, - and _, at most 64 of them",
                )
            elif found := child(section, each):
                yield found

    def _section(self, named: Named) -> Section | None:
        if isinstance(named.node, Section):
            return named.node
        text = f'"{named.name}" must hold keys with values'
        self._problems.add(named.key, "SA-1008", text)
        return None

    def _text(self, section: Section, key: str, owner: Named) -> tuple[str, Place] | None:
        """A key that must be one text."""
        named = child(section, key)
        if named is None:
            self._problems.add(owner.key, "SA-1006", f'"{owner.name}" needs the key "{key}"')
        elif not isinstance(named.node, Scalar) or not named.node.text:
            self._problems.add(named.key, "SA-1008", f'"{key}" must be one text')
        else:
            return named.node.text, named.value
        return None

    def _connection(self, named: Named) -> Connection | None:
        section = self._section(named)
        kind = self._kind(section, named) if section else None
        if section is None or kind is None:
            return None
        options = self._options(kind.connection, named, section.without(*OF_CONNECTION))
        delivery: Delivery | None = Delivery()
        if given := child(section, "delivery"):
            delivery = validate(Delivery, given, self._problems)
        reading: Reading | None = Reading()
        if given := child(section, "reading"):
            reading = validate(Reading, given, self._problems)
        said = section.without(*(name for name in section.nodes if name != "expires"))
        credentials = validate(Credentials, named._replace(node=said), self._problems)
        if options is None or delivery is None or reading is None or credentials is None:
            return None
        return Connection(named.name, kind, options, delivery, reading, credentials.expires)

    def _kind(self, section: Section, owner: Named) -> Kind | None:
        found = self._text(section, "kind", owner)
        if found is None:
            return None
        name, place = found
        if name not in connectors.KINDS:
            known = ", ".join(connectors.KINDS)
            hint = did_you_mean(name, connectors.KINDS) or f"known kinds: {known}"
            self._problems.add(place, "SA-1101", f'unknown kind "{name}"', hint)
            return None
        try:
            return connectors.load(name)
        except ImportError as error:
            self._problems.add(
                place,
                "SA-1102",
                f'the kind "{name}" cannot be loaded: {error}',
                "install what is missing",
            )
            return None

    def _options(self, model: type[Options], named: Named, section: Section) -> Options | None:
        found = validate(model, named._replace(node=section), self._problems)
        return absolute(found, self._path.parent) if found else None

    def _flow(self, named: Named, site: Site) -> Flow | None:
        section = self._section(named)
        if section is None:
            return None
        target = self._end(section, "target", named)
        lookups = self._lookups(section)
        section = self._filled(section, named)
        if section is None:
            return None
        source = self._end(section, "source", named)
        settings = self._flow_settings(named, section.without(*OF_FLOW))
        if source is None or target is None or lookups is None or settings is None:
            return None
        return Flow(
            **dict(settings)
            | {
                "name": named.name,
                "source": source,
                "target": target,
                "lookups": tuple(each for each in lookups if isinstance(each, LookupEnd)),
                "reserved": tuple(each for each in lookups if isinstance(each, OrdersEnd)),
                "schedule": settings.schedule_in(site.time_zone),
                "lane": settings.lane_number(),
                "coalesce": settings.supersedes(),
            }
        )

    def _check_joins(self, flows: Mapping[str, Flow]) -> None:
        """A flow joins one that stands for itself and delivers the same, in the same way."""
        for named in self._sections("flows"):
            flow = flows.get(named.name)
            if flow is None or not flow.joins:
                continue
            other = flows.get(flow.joins)
            if other is None:
                problem, hint = "there is no such flow", did_you_mean(flow.joins, flows)
            elif other.joins or other is flow:
                problem, hint = "it joins a flow itself", "join the one that stands for itself"
            elif (other.entity, other.target) != (flow.entity, flow.target):
                problem, hint = "its entity or target differs", "make both alike"
            else:
                continue
            place = follow(named, ("joins",)).value
            self._problems.add(place, "SA-1106", f'cannot join "{flow.joins}": {problem}', hint)

    def _check_pairs(self, flows: Mapping[str, Flow]) -> None:
        """Two flows that carry the same records both ways fit each other."""
        for named in self._sections("flows"):
            flow = flows.get(named.name)
            if flow is None or flow.two_way is None:
                continue
            for path, problem, hint in problems_of_pair(flow, flows):
                place = follow(named, ("two_way", *path)).value
                self._problems.add(place, "SA-1107", problem, hint)

    def _check_orders(self, flows: Mapping[str, Flow]) -> None:
        """What is looked up of orders is taken over by a flow of them."""
        for named in self._sections("flows"):
            if flow := flows.get(named.name):
                for path, problem, hint in problems_of_orders(flow, flows):
                    place = follow(named, ("lookups", *path)).value
                    self._problems.add(place, "SA-1109", problem, hint)

    def _filled(self, section: Section, owner: Named) -> Section | None:
        """The flow with what its preset says; None where there is no such preset."""
        given = child(section, "preset")
        if given is None or given.node == Scalar(given.value, ""):
            return section
        found = self._text(section, "preset", owner)
        source = child(section, "source")
        connection = self._connected("source", source) if source else None
        if source is None:
            self._end(section, "source", owner)
        if found is None or connection is None:
            return None
        (name, place), presets = found, connection.kind.presets
        if name not in presets:
            known = ", ".join(presets) or "none"
            hint = did_you_mean(name, presets) or f"presets of {connection.kind.name}: {known}"
            self._problems.add(place, "SA-1105", f'unknown preset "{name}"', hint)
            return None
        return followed(section, presets[name], place)

    def _flow_settings(self, named: Named, section: Section) -> FlowSettings | None:
        entity = child(section, "entity")
        name = entity.node.text if entity and isinstance(entity.node, Scalar) else None
        if entity and name is not None and name not in ENTITIES:
            known = ", ".join(ENTITIES)
            hint = did_you_mean(name, ENTITIES) or f"known entities: {known}"
            self._problems.add(entity.value, "SA-1201", f'unknown entity "{name}"', hint)
        flow = named._replace(node=section)
        settings = validate(FlowSettings, flow, self._problems)
        if settings is None or name not in ENTITIES:
            return None
        settings = absolute(settings, self._path.parent)
        self._check_mapping(flow, settings)
        return settings

    def _check_mapping(self, flow: Named, settings: FlowSettings) -> None:
        for path, code, text, hint in check(
            settings.mapping,
            settings.entity,
            where=settings.where,
            delete_when=settings.delete_when,
            hook=settings.hook,
            base_folder=self._path.parent,
            notation=settings.notation,
        ):
            self._problems.add(follow(flow, path).value, code, f'"{".".join(path)}": {text}', hint)
        if settings.newer_by and settings.newer_by not in settings.mapping.fields:
            place = follow(flow, ("newer_by",)).value
            text = f'"newer_by": the mapping has no field "{settings.newer_by}"'
            hint = did_you_mean(settings.newer_by, settings.mapping.fields)
            self._problems.add(place, "SA-1008", text, hint)
        if settings.totals and (settings.entity != "order" or settings.two_way):
            place = follow(flow, ("totals",)).value
            text = '"totals" can be checked of orders that go one way only'
            self._problems.add(place, "SA-1108", text, "leave it out")
        jump_field = settings.guard.jump_field if settings.guard else ""
        if settings.newer_by and jump_field:
            place = follow(flow, ("newer_by",)).value
            self._problems.add(place, "SA-1008", '"newer_by" and "jump_field" exclude each other')
        if jump_field and jump_field not in settings.mapping.fields:
            place = follow(flow, ("guard", "jump_field")).value
            hint = did_you_mean(jump_field, settings.mapping.fields)
            self._problems.add(
                place, "SA-1008", f'"jump_field": the mapping has no field "{jump_field}"', hint
            )

    def _lookups(self, section: Section) -> tuple[LookupEnd | OrdersEnd, ...] | None:
        named = child(section, "lookups")
        inner = self._section(named) if named else None
        if named is None or inner is None:
            return () if named is None else None
        found = [self._lookup(each) for name in inner.nodes if (each := child(inner, name))]
        return tuple(filter(None, found)) if None not in found else None

    def _lookup(self, named: Named) -> LookupEnd | OrdersEnd | None:
        section = self._section(named)
        if section is None:
            return None
        if not _NAME.fullmatch(named.name):
            self._problems.add(named.key, "SA-1009", f'"{named.name}" cannot be a name')
            return None
        if "orders" in section.nodes:
            asked = validate(OrdersLookup, named, self._problems)
            return OrdersEnd(named.name, **dict(asked)) if asked else None
        ours = named._replace(
            node=section.without(*(name for name in section.nodes if name != "by"))
        )
        settings = validate(Lookup, ours, self._problems)
        end = self._end_of("source", named._replace(node=section.without("by")))
        return LookupEnd(named.name, end, settings.by) if settings and end else None

    def _end(self, section: Section, side: str, owner: Named) -> End | None:
        named = child(section, side)
        if named is None:
            self._problems.add(owner.key, "SA-1006", f'"{owner.name}" needs the key "{side}"')
            return None
        return self._end_of(side, named)

    def _end_of(self, side: str, named: Named) -> End | None:
        connection = self._connected(side, named)
        if connection is None or not isinstance(named.node, Section):
            return None
        kind = connection.kind
        model = kind.source_options if side == "source" else kind.target_options
        options = self._options(model, named, named.node.without("connection"))
        return End(connection, options) if options else None

    def _connected(self, side: str, named: Named) -> Connection | None:
        """The connection that an end names, if it can be such an end."""
        inner = self._section(named)
        found = self._text(inner, "connection", named) if inner else None
        if inner is None or found is None:
            return None
        name, place = found
        if name not in self._connections:
            known = ", ".join(self._connections) or "none"
            hint = did_you_mean(name, self._connections) or f"known connections: {known}"
            self._problems.add(place, "SA-1103", f'unknown connection "{name}"', hint)
            return None
        connection = self._connections[name]
        if connection is None:  # its own problem has been noted
            return None
        kind = connection.kind
        if (kind.source if side == "source" else kind.target) is None:
            text = f'"{name}" is of the kind "{kind.name}", which cannot be a {side}'
            self._problems.add(place, "SA-1104", text)
            return None
        return connection

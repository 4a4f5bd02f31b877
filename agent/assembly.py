"""The configuration → what the engine works with: plans, timetables, delivery settings, limits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from hashlib import sha256

from agent.clock import Clock
from agent.config import Config, Flow, LookupEnd, Reading
from agent.delivery import DeliverySettings
from agent.intake import FlowPlan, IntakeLimits, LookupPlan, Pace
from agent.jobs import Rhythm, Timetable
from agent.mapping import Mapping, compile_mapping
from agent.quiet import quiet_until
from agent.store import Retention, Store


def flow_plans(config: Config, clock: Clock) -> dict[str, FlowPlan]:
    """The active flows, ready to run; those that read one connection share its pace.

    Raises `Misconfigured` where a mapping cannot be built.
    """
    paces = {name: _pace(each.reading, clock) for name, each in config.connections.items()}
    return {
        flow.name: _flow_plan(config, flow, paces[flow.source.connection.name])
        for flow in active_flows(config)
    }


def _pace(reading: Reading, clock: Clock) -> Pace | None:
    if not (reading.rows_per_second or reading.queries_per_minute):
        return None
    return Pace(
        clock,
        rows_per_second=reading.rows_per_second,
        queries_per_minute=reading.queries_per_minute,
    )


def _flow_plan(config: Config, flow: Flow, pace: Pace | None) -> FlowPlan:
    windows = flow.source.connection.reading.quiet
    mapping = compile_mapping(
        flow.mapping,
        entity=flow.entity,
        where=flow.where,
        delete_when=flow.delete_when,
        hook=flow.hook,
        base_folder=config.path.parent,
        notation=flow.notation,
    )
    return FlowPlan(
        name=flow.name,
        entity=flow.entity,
        target=flow.target.connection.name,
        make_source=partial(config.build_source, flow.name),
        mapping=mapping,
        lookups=tuple(_lookup_plan(config, flow, each, mapping) for each in flow.lookups),
        guard=flow.guard.limits() if flow.guard else None,
        lane=flow.lane,
        coalesce=flow.coalesce,
        commit_rows=flow.batch_size,
        pace=pace,
        quiet_until=partial(quiet_until, windows, time_zone=config.site.time_zone),
    )


def _lookup_plan(config: Config, flow: Flow, lookup: LookupEnd, mapping: Mapping) -> LookupPlan:
    prefix = f"{lookup.name}."
    told = [lookup.end.connection.name, lookup.by, lookup.end.options.model_dump(mode="json")]
    return LookupPlan(
        name=lookup.name,
        make_source=partial(config.build_lookup, flow.name, lookup.name),
        by=lookup.by,
        fingerprint=sha256(json.dumps(told).encode()).hexdigest()[:32],
        needed=tuple(
            name.removeprefix(prefix)
            for name in sorted(mapping.columns or ())
            if name.startswith(prefix)
        ),
    )


def active_flows(config: Config) -> Iterable[Flow]:
    """The flows that are enabled."""
    return (flow for flow in config.flows.values() if flow.enabled)


def timetables(config: Config, store: Store, now: int) -> list[Timetable]:
    """When each flow runs by itself, from now on.

    A full pass that fell due while the agent was down is due at once. Differential runs need no
    such memory: the daemon looks at every flow once when it starts.
    """
    found = []
    for flow in active_flows(config):
        zone = flow.schedule.time_zone or "UTC"
        often = Rhythm.of(flow.schedule.every or flow.schedule.cron, zone)
        if often is not None:
            found.append(Timetable(flow.name, "differential", often, often.next_after(now)))
        full = Rhythm.of(flow.schedule.full, zone)
        if full is not None:
            last = store.flows.get(flow.name).full_pass_at or now
            found.append(Timetable(flow.name, "full", full, full.next_after(last)))
    return found


def intake_limits(config: Config) -> IntakeLimits:
    """How full the outbox and the disk may get."""
    return IntakeLimits(
        open_messages=config.store.high_water_messages,
        open_bytes=config.store.high_water_bytes,
        disk_low=config.store.disk_low,
    )


def retention(config: Config) -> Retention:
    """How long finished messages are kept."""
    return Retention(days=config.store.keep_days, rows=config.store.keep_rows)


def delivery_settings(config: Config, target: str) -> DeliverySettings:
    """How a target connection is delivered to."""
    return DeliverySettings(**dict(config.connections[target].delivery))

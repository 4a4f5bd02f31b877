"""The configuration → what the engine works with: plans, timetables, delivery settings, limits."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TypeAlias

from agent.clock import Clock
from agent.config import Config, End, Flow, LookupEnd, Reading
from agent.contract import AnySource, Options
from agent.delivery import ANY_FLOW, DeliverySettings, MakeTarget, WrapTarget
from agent.errors import Misconfigured
from agent.intake import (
    FlowPlan,
    IntakeLimits,
    LookupPlan,
    Pace,
    ReservedSource,
    ReservedStock,
    Reserving,
)
from agent.jobs import Rhythm, Systems, Timetable
from agent.mapping import Mapping, compile_mapping
from agent.quiet import quiet_until
from agent.receiving import Entrance, Mailbox, attended, check_entrances
from agent.store import Events, Retention, Store
from agent.two_way import Deletes, Look, Pair, PairPlan, Policy, TwoWayTarget

Pairs: TypeAlias = dict[str, tuple[Pair, int]]
"""Flow → the pair that it is one of, and the side that it reads."""

Paces: TypeAlias = dict[str, Pace | None]
"""Connection → how fast it may be read; all who read it share its pace."""


def flow_plans(
    config: Config,
    clock: Clock,
    events: Events | None = None,
    pairs: Pairs | None = None,
    store: Store | None = None,
) -> dict[str, FlowPlan]:
    """The active flows, ready to run; those that read one connection share its pace.

    `events`: what other systems told us; without it their flows can be planned and not read. The
    same holds for `store`, and flows that look up what orders take from the stock.

    Raises `Misconfigured` where a mapping cannot be built.
    """
    paces = {name: _pace(each.reading, clock) for name, each in config.connections.items()}
    return {
        flow.name: replace(
            plan := _flow_plan(config, flow, paces, events, pairs or {}),
            lookups=(*plan.lookups, *_reserved_plans(flow, plan.mapping, store, clock)),
            reserving=_reserving(config, flow),
        )
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


def pairs(config: Config, store: Store, clock: Clock) -> Pairs:
    """Of each active flow that is one of a pair: the pair, and the side that it reads."""
    found: Pairs = {}
    for flow in active_flows(config):
        if flow.two_way is None:
            continue
        other, rule = config.flows[flow.two_way.other], flow.two_way.conflicts
        sides = {other.name: 0, flow.name: 1}
        plan = PairPlan(
            name=flow.name,
            flows=(other.name, flow.name),
            targets=(other.target.connection.name, flow.target.connection.name),
            entity=flow.entity,
            policy=Policy(
                winner=sides.get(rule),
                hold=rule == "hold",
                owners={field: sides[owner] for field, owner in flow.two_way.owners.items()},
                deletes=Deletes(flow.two_way.deletes),
                skew_ms=int(flow.two_way.skew * 1000),
            ),
            changed_at=flow.two_way.changed_at,
            apart=flow.two_way.apart,
            match=flow.two_way.match,
            common=frozenset(flow.mapping.fields.keys() & other.mapping.fields.keys())
            - {flow.two_way.changed_at, *flow.two_way.apart},
        )
        pair = Pair(plan, store, clock.now_ms)
        found |= {name: (pair, side) for name, side in sides.items()}
    return found


def _flow_plan(
    config: Config, flow: Flow, paces: Paces, events: Events | None, pairs: Pairs
) -> FlowPlan:
    read = [flow.source.connection, *(lookup.end.connection for lookup in flow.lookups)]
    pair, side = pairs.get(flow.name, (None, 0))
    windows = tuple(window for connection in read for window in connection.reading.quiet)
    mapping = compile_mapping(
        flow.mapping,
        entity=flow.entity,
        where=flow.where,
        delete_when=flow.delete_when,
        hook=flow.hook,
        base_folder=config.path.parent,
        notation=flow.notation,
        totals=flow.totals,
    )
    return FlowPlan(
        name=flow.name,
        entity=flow.entity,
        target=flow.target.connection.name,
        make_source=_source(
            partial(config.build_source, flow.name), events, flow.source, flow.name
        ),
        mapping=mapping,
        lookups=tuple(
            replace(
                _lookup_plan(config, flow, each, mapping, events),
                pace=paces[each.end.connection.name],
            )
            for each in flow.lookups
        ),
        guard=flow.guard.limits() if flow.guard else None,
        lane=flow.lane,
        coalesce=flow.coalesce,
        # The guard of a pair has to judge before anything is written.
        commit_rows=flow.batch_size if pair is None or flow.guard is None else sys.maxsize,
        pair=pair,
        side=side,
        pace=paces[flow.source.connection.name],
        ledger=flow.ledger,
        shared=len(joined(config, flow)) > 1,
        newer_by=flow.newer_by,
        quiet_until=partial(quiet_until, windows, time_zone=config.site.time_zone),
    )


def _lookup_plan(
    config: Config, flow: Flow, lookup: LookupEnd, mapping: Mapping, events: Events | None
) -> LookupPlan:
    told = [lookup.end.connection.name, lookup.by, lookup.end.options.model_dump(mode="json")]
    return LookupPlan(
        name=lookup.name,
        make_source=_source(
            partial(config.build_lookup, flow.name, lookup.name),
            events,
            lookup.end,
            _lookup_reader(flow, lookup),
        ),
        by=lookup.by,
        fingerprint=sha256(json.dumps(told).encode()).hexdigest()[:32],
        needed=_needed(lookup.name, mapping),
    )


def _reserved_plans(
    flow: Flow, mapping: Mapping, store: Store | None, clock: Clock
) -> Iterator[LookupPlan]:
    """The lookups of a flow in what orders take from the stock."""
    for end in flow.reserved:
        asked = ReservedStock(
            orders=end.orders,
            outlasts=end.until is not None,
            warehouse=end.warehouse if len(end.by) > 1 else None,
            lag=end.lag,
        )
        yield LookupPlan(
            name=end.name,
            make_source=partial(ReservedSource, store, clock, asked),
            by=end.by,
            fingerprint=sha256(repr((asked, end.by, end.until)).encode()).hexdigest()[:32],
            needed=_needed(end.name, mapping),
            may_be_empty=True,
        )


def _reserving(config: Config, flow: Flow) -> Reserving | None:
    """What the records of a flow have to do with stock that is sold."""
    ends = [end for other in active_flows(config) for end in other.reserved]
    taking = [end for end in ends if end.orders == flow.ledger]
    ending = {
        (end.orders, frozenset(end.until.status))
        for end in ends
        if end.until is not None and end.until.flow == flow.name
    }
    if not taking and not ending:
        return None
    outlasts = any(end.until is not None for end in taking)
    return Reserving(takes=bool(taking), outlasts=outlasts, ends=tuple(ending))


def _needed(name: str, mapping: Mapping) -> tuple[str, ...]:
    """The columns of a lookup that the mapping reads."""
    prefix = f"{name}."
    return tuple(
        each.removeprefix(prefix)
        for each in sorted(mapping.columns or ())
        if each.startswith(prefix)
    )


def _lookup_reader(flow: Flow, lookup: LookupEnd) -> str:
    """The name of a lookup among those who read events."""
    return f"{flow.name}.{lookup.name}"


def _source(
    make: Callable[[], AnySource], events: Events | None, end: End, reader: str
) -> Callable[[], AnySource]:
    """What makes the source, with its inbox where what it reads comes in by calls."""
    if events is None or end.kind.receiver is None:
        return make
    return partial(attended, make, Mailbox(events, end.connection.name, reader))


def entrances(config: Config) -> list[Entrance]:
    """The connections that other systems call, where somebody reads them or is woken.

    Raises `Misconfigured` where two are in each other's way, or nobody can be woken.
    """
    found = []
    for name, connection in config.connections.items():
        kind = connection.kind
        if kind.receiver is None:
            continue
        receiver = kind.receiver(connection.options)
        readers = dict(_readers(config, name))
        wakes = config.flows.get(receiver.wakes)
        if receiver.wakes and (wakes is None or readers):
            raise _wakes_nobody(name, receiver.wakes, tuple(readers))
        woken = [flow for flow in (wakes, *readers.values()) if flow and flow.enabled]
        if woken:
            flows = dict.fromkeys(flow.name for flow in woken if flow.watch)
            found.append(Entrance(name, receiver, tuple(readers), tuple(flows)))
    check_entrances(found)
    return found


def _readers(config: Config, connection: str) -> Iterator[tuple[str, Flow]]:
    for flow in active_flows(config):
        if flow.source.connection.name == connection:
            yield flow.name, flow
        for lookup in flow.lookups:
            if lookup.end.connection.name == connection:
                yield _lookup_reader(flow, lookup), flow


def _wakes_nobody(connection: str, flow: str, readers: Sequence[str]) -> Misconfigured:
    if readers:
        reason = f'"{connection}" wakes "{flow}", so "{readers[0]}" has nothing to read there'
        return Misconfigured(
            "SA-2610", reason, hint="make it two connections, each with a path of its own"
        )
    return Misconfigured(
        "SA-2610",
        f'"{connection}" wakes the flow "{flow}", which is not there',
        hint="correct wakes, or add the flow",
    )


def active_flows(config: Config) -> Iterable[Flow]:
    """The flows that are enabled."""
    return (flow for flow in config.flows.values() if flow.enabled)


def joined(config: Config, flow: Flow) -> list[str]:
    """The flows, this one among them, that bring records under the same name."""
    return [other.name for other in config.flows.values() if other.ledger == flow.ledger]


def flows_with(config: Config, connection: str) -> list[str]:
    """The active flows that read from a connection or deliver to it."""
    return [
        flow.name
        for flow in active_flows(config)
        if connection in {flow.source.connection.name, flow.target.connection.name}
    ]


def sharing(config: Config, flow: Flow) -> list[str]:
    """The other active flows that deliver the same entity to the same target."""
    return [
        other.name
        for other in active_flows(config)
        if other.ledger != flow.ledger
        and (other.entity, other.target.connection.name)
        == (flow.entity, flow.target.connection.name)
    ]


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
        verify = Rhythm.of(flow.schedule.verify, zone)
        if verify is not None:
            compared = store.verifications.summary(flow.name)
            last = compared.finished_at if compared else now
            found.append(Timetable(flow.name, "verify", verify, verify.next_after(last)))
    return found


def systems(config: Config) -> Systems:
    """Which connections each flow reads, its lookups among them, and how many flows may at once."""
    read_by = {
        flow.name: {end.connection.name for end in (flow.source, *(e.end for e in flow.lookups))}
        for flow in active_flows(config)
    }
    parallel = {name: each.reading.parallel for name, each in config.connections.items()}
    return Systems(read_by, parallel)


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


def pair_wrappers(
    config: Config, connection: str, pairs: Pairs, looking: Callable[[str], Look]
) -> dict[str, WrapTarget]:
    """For each flow of a pair that delivers to this connection: the look before writing.

    `looking` gives what reads the side that is written to, by the flow that does so.
    """
    found: dict[str, WrapTarget] = {}
    for flow in config.targets()[connection]:
        if flow.name in pairs:
            pair, side = pairs[flow.name]
            there = 1 - side
            look = looking(pair.plan.flows[there])
            found[flow.name] = partial(TwoWayTarget, pair=pair, side=there, look=look)
    return found


def target_makers(config: Config, connection: str) -> dict[str, MakeTarget]:
    """For each flow to this connection what makes its target; equal options share one.

    Where all are equal, messages of flows that are gone are delivered the same way.
    """
    alike: list[tuple[Options, MakeTarget]] = []  # options need not be hashable
    found: dict[str, MakeTarget] = {}
    for flow in config.targets()[connection]:
        options = flow.target.options
        make = next((make for other, make in alike if other == options), None)
        if make is None:
            make = partial(config.build_target, flow.name)
            alike.append((options, make))
        found[flow.name] = make
    return {**found, ANY_FLOW: alike[0][1]} if len(alike) == 1 else found


def delivery_settings(config: Config, target: str) -> DeliverySettings:
    """How a target connection is delivered to."""
    return DeliverySettings(**dict(config.connections[target].delivery))

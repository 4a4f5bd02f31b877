"""Whether every system answers: each is logged into and read a little, nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from functools import partial
from typing import TypeAlias

from agent.assembly import active_flows, sharing
from agent.config import Config, Connection, End, Flow
from agent.contract import AnySource, AnyTarget, Finding
from agent.errors import SyncError
from agent.intake import FlowPlan

Reached: TypeAlias = tuple[str, str, Finding | SyncError]
"""Name of the flow or connection, which end of it, what it answered."""


def reach(config: Config, plans: Mapping[str, FlowPlan], only: str = "") -> Iterator[Reached]:
    """Reach the systems of one active flow or of all; read a little, change nothing."""
    asked: list[End] = []
    shown: set[str] = set()
    for flow in active_flows(config):
        if only in {"", flow.name}:
            plan = plans[flow.name]
            yield from _checked(flow.name, "source", plan.make_source)
            for lookup in plan.lookups:
                where = f"{flow.name}.{lookup.name}"
                yield from _checked(where, "lookup", lookup.make_source)
            name = flow.target.connection.name
            others = sharing(config, flow)
            if others:
                told = f"also delivered by {', '.join(others)}: of equal keys the last one wins"
                yield flow.name, "target", Finding(f"{flow.entity} in {name}", told)
            if flow.target not in asked:
                asked.append(flow.target)
                make_target = partial(config.build_target, flow.name)
                yield from _checked(name, "target", make_target)
            for connection in connections_of(flow):
                if connection.name not in shown:
                    shown.add(connection.name)
                    yield from _shown(connection)


def connections_of(flow: Flow) -> list[Connection]:
    """What a flow reads and delivers to, each once."""
    ends = [flow.source, *(lookup.end for lookup in flow.lookups), flow.target]
    return list({end.connection.name: end.connection for end in ends}.values())


def _shown(connection: Connection) -> Iterator[Reached]:
    """What a server shows to anybody. That it does not answer was told by the check."""
    with suppress(SyncError):
        for finding in connection.options.endings():
            yield connection.name, "connection", finding


def _checked(name: str, end: str, make: Callable[[], AnySource | AnyTarget]) -> Iterator[Reached]:
    try:
        with closing(make()) as connector:
            for finding in connector.check():
                yield name, end, finding
    except SyncError as error:
        yield name, end, error

"""What must hold of two flows that carry the same records both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent.config.configuration import Flow
from agent.config.problems import did_you_mean

_RULES = ("newest", "hold")


class PairProblem(NamedTuple):
    """One problem, and the path to it below `two_way`."""

    path: tuple[str, ...]
    text: str
    hint: str


def problems_of_pair(flow: Flow, flows: Mapping[str, Flow]) -> Iterator[PairProblem]:
    """Everything that is wrong with `two_way` of this flow."""
    two_way = flow.two_way
    if two_way is None:
        return
    other = flows.get(two_way.other)
    if other is None:
        hint = did_you_mean(two_way.other, flows)
        yield PairProblem(("with",), f'there is no flow "{two_way.other}"', hint)
        return
    for reason, hint in _mismatches(flow, other):
        yield PairProblem(
            ("with",), f'"{flow.name}" and "{other.name}" are no pair: {reason}', hint
        )
    names = (flow.name, other.name)
    if two_way.conflicts not in (*_RULES, *names):
        text = f'"conflicts" cannot be "{two_way.conflicts}"'
        yield PairProblem(("conflicts",), text, f"there are: {', '.join((*_RULES, *names))}")
    for field, owner in two_way.owners.items():
        if owner not in names:
            text = f'"{owner}" cannot own a field'
            yield PairProblem(("owners", field), text, f"there are: {', '.join(names)}")
    fields = flow.mapping.fields.keys() | other.mapping.fields.keys()
    for path, field in (
        *((("owners", name), name) for name in two_way.owners),
        *(((("changed_at",), two_way.changed_at),) if two_way.changed_at else ()),
    ):
        if field not in fields:
            text = f'neither mapping has a field "{field}"'
            yield PairProblem(path, text, did_you_mean(field, fields))


def _mismatches(flow: Flow, other: Flow) -> Iterator[tuple[str, str]]:
    if other is flow or other.two_way is not None:
        yield "`two_way` stands in one flow of the two", "take it out of one"
    if other.entity != flow.entity:
        yield "their entities differ", "make both alike"
    ends = (flow.source.connection.name, flow.target.connection.name)
    if ends != (other.target.connection.name, other.source.connection.name):
        yield "they do not go between the same two connections", "one there, the other back"
    if flow.joins or other.joins:
        yield "one of them joins another flow", "take `joins` out"
    if flow.enabled is not other.enabled:
        yield "one of them is switched off", "switch both on or off"

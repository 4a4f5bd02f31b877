"""Flows that follow a preset: its plain data under what the flow says itself.

Everything of a preset stands, for messages, where the flow names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.config.problems import Place
from agent.config.yaml_text import Items, Node, Scalar, Section
from agent.contract import Preset

MERGED = ("source", "mapping")
"""Keys whose own keys are merged one by one; every other key is taken as a whole."""


def followed(flow: Section, preset: Preset, place: Place) -> Section:
    """The flow's section, filled up with what the preset says."""
    given = _section(preset.flow, place)
    found = _under(flow, given)
    for name in MERGED:
        own, ready = flow.nodes.get(name), given.nodes.get(name)
        if isinstance(own, Section) and isinstance(ready, Section):
            found.nodes[name] = _under(own, ready)
    return found


def _under(own: Section, given: Section) -> Section:
    """The keys of both, the own ones first; one without a value takes that of the preset away."""
    dropped = {
        name
        for name, node in own.nodes.items()
        if isinstance(node, Scalar) and node.text is None and name in given.nodes
    }
    merged = Section(own.place, dict(own.nodes), dict(own.key_places))
    for name, node in given.nodes.items():
        merged.nodes.setdefault(name, node)
        merged.key_places.setdefault(name, given.key_places[name])
    return merged.without(*dropped)


def _section(values: Mapping[str, Any], place: Place) -> Section:
    """Plain data as if all of it stood in the file at that place."""
    nodes = {name: _node(each, place) for name, each in values.items()}
    return Section(place, nodes, dict.fromkeys(nodes, place))


def _node(value: Any, place: Place) -> Node:
    if isinstance(value, dict):
        return _section(value, place)
    if isinstance(value, list):
        return Items(place, tuple(_node(each, place) for each in value))
    return Scalar(place, value)
